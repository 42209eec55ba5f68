"""Models' answers to the questions of a form: heard, judged and exported question by question."""

import csv
import json
from typing import Any

import pytest

from domain.moments import Moment
from domain.projects.form_questions import gold_from, pack_answers
from domain.projects.tasks import Task
from domain.quality.crowd import WorkerAnswer
from domain.quality.gold import TARGET_GOLD
from domain.quality.machine import MachineAnswer
from formats.captions.questions import read_lines
from jobs import exports, refits
from services.projects import preflight
from services.quality import consensus, figures, gold
from services.quality.consensus import NOBODY
from services.work import submit
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.house import House, furnish

OPTIONS = read_lines("choice | A car? | yes, no | name=car\nnumber | How many? | if yes | name=many")
SAYS = (MachineAnswer("", "yes", 0.9, "car"), MachineAnswer("", "2", None, "many"))
FORM: dict[str, Any] = {"kind": "form", "options": OPTIONS, "models": ("",), "confidence": 0.6}
BOUNDS: dict[str, Any] = {"overlap": 3, "max_overlap": 5}
GOLD = 12
PLACES = "SELECT coalesce(sum(free), 0) FROM openings WHERE project = :project"


async def house_of(database: Database, now: Moment, **changes: Any) -> House:
    given = {"workers": 5, "tasks": 1, "ai": {1: SAYS}, **FORM, **BOUNDS, **changes}
    return await database.transact(lambda unit: furnish(unit, **given), now)


async def answered(database: Database, now: Moment, house: House, *answers: Any) -> tuple[Task, int]:
    """After workers answered the first task so, one after the other: the task, and the places that are open."""

    def answer(unit: UnitOfWork) -> tuple[Task, int]:
        for worker, said in zip(house.workers, answers, strict=False):
            person = unit.people.get(worker)
            submit.show_work(unit, person)
            in_hand = unit.assignments.active_for(worker)
            assert in_hand is not None, "nothing was offered"
            submit.submit_answer(unit, person, in_hand.id, json.dumps(said), None)
        assert find_violations(unit) == []
        return unit.tasks.get(house.tasks[0]), int(unit.connection.all(PLACES, project=house.project)[0][0])

    return await database.transact(answer, now)


async def test_who_agrees_at_every_question_is_asked_alone(database: Database, now: Moment) -> None:
    house = await house_of(database, now)
    task, places = await answered(database, now, house, ["yes", "2"])
    assert (task.consensus, task.state, task.received, places) == (
        pack_answers({"car": "yes", "many": "2"}), "closed", 1, 0
    )  # fmt: skip


@pytest.mark.parametrize("said", [["no"], ["yes", "7"]])
async def test_who_differs_at_one_question_is_not_alone(database: Database, now: Moment, said: list[str]) -> None:
    task, places = await answered(database, now, await house_of(database, now), said)
    assert (task.state, task.received, places) == ("open", 1, 1)


async def test_a_model_counts_at_its_own_question_alone(database: Database, now: Moment) -> None:
    """It said nothing of how many there are: one person is not sure enough there."""
    heard = await answered(database, now, await house_of(database, now), ["yes", "2"])
    partly = await house_of(database, now, ai={1: SAYS[:1]}, title="Another")
    task, places = await answered(database, now, partly, ["yes", "2"])
    assert (task.state, places) == ("open", 1)
    assert task.scores is not None
    assert heard[0].scores is not None
    assert task.scores[0] == heard[0].scores[0]
    assert task.scores[1] < 0.6 < heard[0].scores[1]


async def judged_house(database: Database, now: Moment, **changes: Any) -> House:
    """A model that gold has found right about cars and wrong about how many, refitted."""
    gold = gold_from({"car": ("yes",), "many": ("5",)}, OPTIONS)[0]
    rows = range(1, GOLD + 2)
    given = {"gold": GOLD, "known": dict.fromkeys(rows, gold), "ai": dict.fromkeys(rows, SAYS), **changes}
    house = await house_of(database, now, **given)
    await refits.refit_due_projects(database, lambda: now)
    return house


async def test_gold_judges_a_model_at_each_question(database: Database, now: Moment) -> None:
    house = await judged_house(database, now, ai_decides=True)

    def look(unit: UnitOfWork) -> None:
        project = unit.projects.get(house.project)
        of = figures.find_models_report(unit, project)
        assert of is not None
        car, many = of.models
        assert [(each.name, each.question, each.gold) for each in of.models] == [("", "car", GOLD), ("", "many", GOLD)]
        assert car.accuracy > 0.9 > 0.3 > many.accuracy
        assert of.proposed == 0 < TARGET_GOLD  # the project is small
        outlook = preflight.forecast_savings(unit, project, 1)
        assert outlook is not None
        assert [(each.question, each.right, each.seen) for each in outlook.models] == [
            ("car", GOLD, GOLD), ("many", 0, GOLD)
        ]  # fmt: skip
        assert (outlook.most, outlook.decides) == (0, False)
        shared, _ = consensus.get_models(unit, project, NOBODY)
        task = unit.tasks.get(house.tasks[0])
        assert consensus.find_models_verdict(project, task, shared, b"secret") is None  # people are asked every form

    await database.transact(look, now)


async def test_what_is_learnt_of_a_model_weighs_its_answers(database: Database, now: Moment) -> None:
    """Sure of the car with one person; a model that miscounts is no reason to believe one who differs less."""
    house = await judged_house(database, now)
    task, _ = await answered(database, now, house, ["yes", "7"], ["yes", "7"])
    assert task.consensus == pack_answers({"car": "yes", "many": "7"})
    assert task.scores is not None
    assert task.scores[0] > 0.9


async def test_results_say_of_each_question_whether_the_model_agrees(database: Database, now: Moment) -> None:
    house = await house_of(database, now)
    await answered(database, now, house, ["yes", "7"], ["yes", "7"])
    made = await exports.make_results_file(database, {"number": house.project, "format": "csv"}, now)
    (row,) = csv.DictReader(made.path.read_text("utf-8-sig").splitlines())
    made.path.unlink()
    told = [(row[f"ai:{of}"], row[f"ai_confidence:{of}"], row[f"ai_agrees:{of}"]) for of in ("car", "many")]
    assert told == [("yes", "0.9", "true"), ("2", "", "false")]


async def test_people_and_models_differ_where_they_do_at_one_question(database: Database, now: Moment) -> None:
    house = await house_of(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    said = [
        WorkerAnswer(1, 1, pack_answers({"car": "yes", "many": "2"})),
        WorkerAnswer(2, 1, pack_answers({"car": "yes", "many": "3"})),
    ]
    both = dict.fromkeys((1, 2, 3), SAYS)
    assert gold.count_contested(project, both, [*said, WorkerAnswer(3, 1, pack_answers({"car": "yes"}))]) == 1


async def test_people_of_one_mind_are_as_sure_at_a_question_as_in_a_project_of_one(
    database: Database, now: Moment
) -> None:
    """Without gold a wanted confidence is the crowd's own certainty; before, every task ran to its most answers."""
    question, asked = read_lines("choice | A car? | yes, no | name=car"), {"ai": {}, "models": (), "overlap": 2}
    form = await house_of(database, now, **{**asked, "options": question, "confidence": 0.75})
    plain = {"kind": "choice", "options": ("yes", "no"), "title": "Another"}
    alone = await house_of(database, now, **{**asked, **plain, "confidence": 0.75})
    one, _ = await answered(database, now, form, ["yes"], ["yes"])
    other, _ = await answered(database, now, alone, 0, 0)
    assert (one.state, one.received, one.confidence) == (other.state, other.received, other.confidence)
    assert (one.state, one.received) == ("closed", 2)
