"""A clone has the settings of another project, and what of its rows was chosen."""

import pytest

from domain.moments import Moment
from domain.projects.drafts import CloneOffer
from domain.projects.preflight import Preflight
from domain.projects.projects import ProjectState
from domain.quality.machine import MachineAnswer
from domain.refusals import NotFound, UnknownChoice
from handlers.projects.drafts import CloneProject, OfferClone
from handlers.projects.launches import Launch
from handlers.projects.progress import DeleteDraft
from services.projects import drafts
from services.work import submit
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish

CONTENT = """
SELECT position, key, content, gold, overlap, ai, state, received FROM tasks
WHERE project = :project ORDER BY position"""


def clone(unit: UnitOfWork, house: House, what: str, message: int = 1) -> Preflight:
    found = press(act_of(unit, house.requester, message=message), CloneProject(number=house.project, what=what))
    assert isinstance(found, tuple)
    assert isinstance(found[-1], Preflight)
    return found[-1]


async def test_its_rows_come_along_as_they_were_asked(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        ai = {1: [MachineAnswer("m", "positive", 0.9)]}
        form = {"models": ("m",), "content": ("violence",), "max_overlap": 5, "confidence": 0.9}
        house = furnish(unit, tasks=3, gold=2, ai=ai, **form)
        submit.show_work(unit, unit.people.get(house.workers[0]))  # a running project may be cloned
        offer = press(act_of(unit, house.requester), OfferClone(number=house.project))
        assert offer == CloneOffer(house.project, "Is the review positive?", 3, 2, drafts.MOST)
        for what, counts in (("none", (0, 0, 0)), ("gold", (0, 2, 6)), ("all", (3, 2, 3 * 5 + 2 * 3))):
            card = clone(unit, house, what)
            assert (card.price.tasks, card.price.gold, card.price.submissions) == counts
            made = unit.projects.get(card.number)  # type: ignore[arg-type]
            source = unit.projects.get(house.project)
            asked = (made.content, made.instructions, made.pay, made.fee)
            assert asked == (source.content, source.instructions, source.pay, source.fee)
            assert made.state is ProjectState.DRAFT
        rows = unit.connection.all(CONTENT, project=card.number)
        before = unit.connection.all(CONTENT, project=house.project)
        assert [row[0] for row in rows] == [1, 2, 3, 4, 5]
        assert [list(row)[1:6] for row in rows] == [list(row)[1:6] for row in before]
        assert {(row[6], row[7]) for row in rows} == {("draft", 0)}
        press(act_of(unit, house.requester), Launch(number=card.number))
        assert unit.projects.get(card.number).state is ProjectState.RUNNING  # type: ignore[arg-type]
        assert invariants.find_violations(unit) == []

    await database.transact(play, now)


async def test_without_its_models_a_clone_keeps_the_confidence_that_was_named_alone(database: Database, now: Moment):
    """The one that is usual beside models would close its tasks before they have their overlap."""
    ai = {1: [MachineAnswer("m", "positive")]}

    def play(unit: UnitOfWork) -> list[tuple[float | None, bool]]:
        form = {"models": ("m",), "confidence": 0.7, "usual_confidence": True}
        house = furnish(unit, tasks=3, gold=2, ai=ai, **form)
        made = [unit.projects.get(clone(unit, house, what).number) for what in ("none", "gold")]  # type: ignore[arg-type]
        return [(each.confidence, each.usual_confidence) for each in made]

    assert await database.transact(play, now) == [(None, False), (0.7, True)]


async def test_a_clone_keeps_a_confidence_that_was_named(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> list[tuple[float | None, bool]]:
        house = furnish(unit, tasks=3, ai={1: [MachineAnswer("m", "positive")]}, models=("m",), confidence=0.7)
        made = [unit.projects.get(clone(unit, house, what).number) for what in ("none", "all")]  # type: ignore[arg-type]
        return [(each.confidence, each.usual_confidence) for each in made]

    assert await database.transact(play, now) == [(0.7, False)] * 2


async def test_a_second_press_makes_no_second_draft_and_a_deleted_one_leaves_nothing(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, tasks=1, gold=1)
        card = clone(unit, house, "gold")
        assert clone(unit, house, "gold").number == card.number
        assert clone(unit, house, "gold", message=2).number != card.number
        press(act_of(unit, house.requester), DeleteDraft(number=card.number))
        assert unit.projects.find(card.number) is None

    await database.transact(play, now)


async def test_only_ones_own_of_a_size_that_can_be_copied(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(drafts, "MOST", 3)

    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, tasks=3, gold=1)
        clone(unit, house, "gold")
        for what in ("all", "some"):
            with pytest.raises(UnknownChoice):
                clone(unit, house, what)
        unit.people.make_requester(house.workers[0], True)
        with pytest.raises(NotFound):
            press(act_of(unit, house.workers[0]), CloneProject(number=house.project, what="none"))

    await database.transact(play, now)
