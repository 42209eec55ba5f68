"""A program asks what a model's answer is worth: at once where the model may decide, else people say it."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from domain.moments import Moment, later
from domain.people.webhooks import PROJECT_ENDED, TASK_CLOSED
from domain.projects.lifecycle import ConfirmStop
from domain.projects.projects import ProjectState
from domain.projects.tasks import Review
from domain.quality.live import ProjectModel
from domain.quality.machine import new_models
from domain.refusals import BadInput, FileRefused, KeyReused, NotFound, TakesNoReviews, WrongState
from handlers.screen import english_refusal_text
from services.act import Act, House
from services.projects import lifecycle
from services.quality import consensus, model_reviews
from storage.database import Database
from storage.invariants import find_violations
from storage.quality.models import Fitted
from storage.secrets import CONTROL
from storage.unit import UnitOfWork
from tests.house import FUNDS, furnish, settle_plans
from tests.house import House as Furnished
from tests.invariants.flows import turn
from tests.web.asker import house_of

KNOWS: dict[str, Any] = {"models": ("",), "confidence": 0.7, "ai_decides": True, "overlap": 1, "max_overlap": 3}
EACH = 55_000


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    return house_of(database, now)


def learnt(right: int, tried: int) -> ProjectModel:
    machine = replace(new_models(("",), 2)[0], gold=tried, would_decide=tried, would_be_right=right, accuracy=0.95)
    return replace(consensus.get_opening_models(2)[0], machines=(machine,))


def begun(unit: UnitOfWork, house: House, right: int = 0, workers: int = 3, **changes: Any) -> tuple[Act, Furnished]:
    """A project whose only task is decided; its model was right on so many of 40 gold tasks."""
    found = furnish(unit, workers, 1, 0, **{**KNOWS, **changes})
    if right:
        unit.models.keep(found.project, learnt(right, 40), Fitted(1, 0, unit.now), ())
    return Act(unit, unit.people.get(found.requester), house), found


def ask(act: Act, project: int, text: str = "It shines.", **changes: Any) -> Review:
    told: dict[str, Any] = {"prediction": "positive", "confidence": 0.99, "model": "", "id": None, "threshold": 0.0}
    return model_reviews.request_review(act, project, {"text": text}, **{**told, **changes})


def ordinary(act: Act, project: int, **changes: Any) -> Review:
    """The next one that is no control."""
    number, secret = 0, act.unit.secrets.get(CONTROL)
    while True:
        number += 1
        made = ask(act, project, f"It shines {number}.", **changes)
        if not consensus.is_control(secret, project, made.number):
            return made


def events(unit: UnitOfWork) -> list[str]:
    return [kind for _, _, kind, _ in unit.webhooks.list_events(100)]


async def test_a_model_that_gold_has_shown_safe_answers_at_once(database: Database, house: House, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        act, found = begun(unit, house, right=40)
        before = unit.ledger.balance("requester:1000:available", "EUR")
        made = ordinary(act, found.project)
        assert (made.state, made.answer, made.by, made.answers) == ("decided", "positive", "model", 0)
        assert made.confidence is not None
        assert made.confidence > 0.7
        asked = unit.ledger.balance("requester:1000:available", "EUR")
        assert (before - asked) % (3 * EACH) == 0  # of controls alone
        unsure = ask(act, found.project, "Less sure.", confidence=0.6, threshold=0.8)
        assert (unsure.state, unsure.answer, unsure.by) == ("waiting", None, "")
        assert asked - unit.ledger.balance("requester:1000:available", "EUR") == 3 * EACH
        consensus.apply_models_verdicts(unit, unit.projects.get(found.project), learnt(20, 40), [made.number])
        assert model_reviews.get_review(act, made.number) == made
        assert find_violations(unit) == []

    await database.transact(play, now)


async def test_people_decide_about_any_other(database: Database, house: House, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        unit.secrets.get(CONTROL)
        act, found = begun(unit, house, right=20)
        unit.webhooks.add(act.person.id, "https://pouce.example/hook", (), "sealed")
        made = ask(act, found.project, id="case 7")
        assert (made.id, made.state) == ("case 7", "waiting")
        assert ask(act, found.project, id="case 7") == made
        with pytest.raises(KeyReused):
            ask(act, found.project, id="case 7", prediction="negative")
        assert find_violations(unit) == []
        for worker in found.workers:
            turn(unit, worker)
            turn(unit, worker)
        decided = ask(act, found.project, id="case 7")
        assert (decided.state, decided.by, decided.answers > 0) == ("decided", "people", True)
        assert unit.projects.get(found.project).state is ProjectState.COMPLETE
        assert (events(unit).count(TASK_CLOSED), events(unit).count(PROJECT_ENDED)) == (2, 0)
        assert unit.ledger.balance("requester:1000:available", "EUR") > FUNDS - 6 * EACH
        assert find_violations(unit) == []

    await database.transact(play, now)


async def test_the_next_one_wakes_a_project_without_any(database: Database, house: House, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        act, found = begun(unit, house, workers=4)
        for worker in found.workers:
            turn(unit, worker)
        assert unit.projects.get(found.project).state is ProjectState.COMPLETE
        late = replace(act, unit=UnitOfWork(unit.connection, later(now, 60_000)))
        for number in range(2):
            made = ask(late, found.project, f"Again {number}.")
            assert late.unit.projects.get(found.project).state is ProjectState.RUNNING
            assert find_violations(late.unit) == []
            for worker in found.workers:
                turn(late.unit, worker)
            assert model_reviews.get_review(late, made.number).state == "decided"
        stopped = ask(late, found.project, "The last one.")
        lifecycle.stop_project(late, found.project, sure=True)
        assert model_reviews.get_review(late, stopped.number).state == "stopped"
        with pytest.raises(WrongState):
            ask(late, found.project, "One more.")
        assert find_violations(late.unit) == []

    await database.transact(play, now)


async def test_the_next_one_gives_out_no_gold_of_before_whose_money_went_back(
    database: Database, house: House, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end closes its first tasks at once and the others later, as in a project of more than 500 tasks."""
    monkeypatch.setattr(lifecycle, "FIRST", 1)

    def play(unit: UnitOfWork) -> None:
        found = furnish(unit, 3, 1, 2, **KNOWS)
        act = Act(unit, unit.people.get(found.requester), house)
        gold = "DELETE FROM openings WHERE gold = 1 RETURNING task, free"
        kept = unit.connection.all(gold)  # until the only task is decided
        for worker in found.workers:
            turn(unit, worker)
        assert unit.projects.get(found.project).state is ProjectState.COMPLETE
        for task, free in kept:
            unit.openings.give_back(found.project, True, task, free)
        made = ask(act, found.project, "Again.")
        assert unit.projects.get(found.project).state is ProjectState.RUNNING
        assert unit.connection.all("SELECT task FROM openings") == [(made.number,)]
        assert unit.bulk_updates.find(found.project, "close") is None
        assert find_violations(unit) == []

    await database.transact(play, now)


async def test_one_that_rests_can_be_stopped_for_good(database: Database, house: House, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        act, found = begun(unit, house, workers=4)
        unit.webhooks.add(act.person.id, "https://pouce.example/hook", (), "sealed")
        ask(act, found.project)
        for _ in range(2):
            for worker in found.workers:
                turn(unit, worker)
        assert unit.projects.get(found.project).state is ProjectState.COMPLETE
        assert isinstance(lifecycle.ask_to_stop(act, found.project), ConfirmStop)
        assert events(unit).count(PROJECT_ENDED) == 0
        lifecycle.stop_project(act, found.project, sure=True)
        assert unit.projects.get(found.project).state is ProjectState.STOPPED
        assert events(unit).count(PROJECT_ENDED) == 1
        for refused in (partial(ask, text="One more."), partial(lifecycle.stop_project, sure=True)):
            with pytest.raises(WrongState):
                refused(act, found.project)
        assert find_violations(unit) == []

    await database.transact(play, now)


async def test_one_without_an_id_has_a_name_of_its_own(database: Database, house: House, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        act, found = begun(unit, house)
        taken = ask(act, found.project, id="review 3")
        made = [ask(act, found.project) for _ in range(2)]
        assert len({taken.id, *(each.id for each in made)}) == 3
        assert find_violations(unit) == []

    await database.transact(play, now)


async def test_a_refusal_names_the_options_as_people_write_them(database: Database, house: House, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        act, found = begun(unit, house)
        with pytest.raises(FileRefused) as refused:
            ask(act, found.project, prediction="perhaps")
        assert english_refusal_text(refused.value).endswith(
            "line 1, ai: “perhaps” – expected one of positive, negative"
        )

    await database.transact(play, now)


async def test_what_cannot_be_reviewed_is_refused(database: Database, house: House, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        act, found = begun(unit, house)
        with pytest.raises(TakesNoReviews):
            ask(act, found.project, model="gpt")
        with pytest.raises(BadInput):
            model_reviews.request_review(act, found.project, {"words": "x"}, "positive", 0.9, "", None, 0.0)
        for text in (" ", "x" * 20_000, {"deep": [10**40]}, float("nan")):
            with pytest.raises(FileRefused):
                model_reviews.request_review(act, found.project, {"text": text}, "positive", 0.9, "", None, 0.0)
        with pytest.raises(FileRefused):
            ask(act, found.project, prediction="perhaps")
        with pytest.raises(NotFound):
            ask(replace(act, person=unit.people.get(found.workers[0])), found.project)
        with pytest.raises(NotFound):
            model_reviews.get_review(act, found.tasks[0])
        (draft,) = settle_plans(unit, act.person.id, 1, tasks=1, **KNOWS)
        with pytest.raises(WrongState):
            ask(act, draft)
        unit.batches.begin(found.project, act.person.id, "more", "more.csv", 3)
        with pytest.raises(TakesNoReviews):
            ask(act, found.project)
        assert find_violations(unit) == []

    await database.transact(play, now)
