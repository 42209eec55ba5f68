"""/quality says how good each model was, and what it saved beside people alone."""

from dataclasses import replace
from typing import Any

import pytest

from domain.messages import Message
from domain.moments import Moment
from domain.projects.tasks import TaskId
from domain.quality.crowd import AnswerColumns
from domain.quality.figures import ModelDoubt, ModelsReport, ProjectQuality, count_right_on_gold
from domain.quality.learners import AnswerSpec
from domain.quality.machine import Doubt, MachineAnswer, MachineModel, ModelWarning, new_models
from handlers.quality.figures import ShowQuality
from services.quality import consensus
from services.work import submit
from storage.database import Database
from storage.quality.models import Fitted
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn

ASKED: dict[str, Any] = {"models": ("",), "confidence": 0.8, "overlap": 3, "max_overlap": 5, "tasks": 2}
SAYS = {n: (MachineAnswer("", "positive"),) for n in (1, 2)}


def shown(unit: UnitOfWork, house: House) -> tuple[Message, ...]:
    found = press(act_of(unit, house.requester), ShowQuality(project=house.project))
    assert isinstance(found, tuple)
    return found


async def test_what_was_saved_is_counted_beside_people_alone(database: Database, now: Moment) -> None:
    """One of two tasks is done with one answer; people alone would have taken more than two."""

    def ask(unit: UnitOfWork) -> ModelsReport:
        house = furnish(unit, ai=SAYS, **ASKED)
        person = unit.people.get(house.workers[0])
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        submit.submit_answer(unit, person, in_hand.id, "0", None)
        picture, models = shown(unit, house)
        assert isinstance(picture, ProjectQuality)
        assert isinstance(models, ModelsReport)
        return models

    found = await database.transact(ask, now)
    assert (found.closed, found.once, found.never) == (1, 1, 0)
    assert 0 < found.saved < 4 * 55_000  # less than the places that were not needed
    assert (found.models[0].name, found.models[0].gold) == ("", 0)


async def test_what_a_refit_doubts_is_told_without_naming_workers(database: Database, now: Moment) -> None:
    def ask(unit: UnitOfWork) -> tuple[ModelsReport, TaskId]:
        house = furnish(unit, ai=SAYS, **ASKED)
        doubts = (
            ModelWarning(Doubt.DRIFT, str(house.tasks[1]), 0.9, 0.6),
            ModelWarning(Doubt.COPIED, str(house.workers[0])),
            ModelWarning(Doubt.COPIED, str(house.workers[1])),
        )
        machine = replace(new_models(("",), 2)[0], warnings=doubts)
        shared = replace(consensus.get_opening_models(2)[0], machines=(machine,))
        unit.models.keep(house.project, shared, Fitted(60, 0, now), ())
        found = shown(unit, house)[1]
        assert isinstance(found, ModelsReport)
        return found, house.tasks[1]

    found, _ = await database.transact(ask, now)
    assert found.models[0].doubts == (ModelDoubt("drift", "t2", 0.9, 0.6),)
    assert found.models[0].repeated == 2


async def test_projects_without_models_have_no_such_message(database: Database, now: Moment) -> None:
    found = await database.transact(lambda unit: shown(unit, furnish(unit)), now)
    assert [type(message) for message in found] == [ProjectQuality]


@pytest.mark.parametrize(
    ("names", "once_kept", "read"),
    [(("",), '"weights":[1.25,0.5]', 1.25), (("x", "y"), '"ring":0,"weight":1.25', 0.625)],
)
async def test_models_stored_by_earlier_versions_are_read(
    database: Database, now: Moment, names: tuple[str, ...], once_kept: str, read: float
) -> None:
    """A weight for each label, or one for all models of a ring; the next refit stores one each."""
    old = "UPDATE project_models SET model = replace(model, :now_kept, :once_kept) WHERE project = :project"

    def ask(unit: UnitOfWork) -> tuple[MachineModel, ...]:
        house = furnish(unit, ai=SAYS, **ASKED)
        machines = tuple(replace(each, weight=1.25) for each in new_models(names, 2))
        shared = replace(consensus.get_opening_models(2)[0], machines=machines)
        unit.models.keep(house.project, shared, Fitted(0, 0), [(house.workers[0], shared.newcomer)])
        values = {"now_kept": '"weight":1.25', "once_kept": once_kept, "project": house.project}
        assert unit.connection.changed(old, **values) == 1
        known = UnitOfWork(unit.connection, now).models.for_answer(house.project, house.workers[0])
        assert known is not None
        return known[0].machines

    assert await database.transact(ask, now) == tuple(replace(each, weight=read) for each in new_models(names, 2))


async def test_a_calibration_stored_by_earlier_versions_is_read(database: Database, now: Moment) -> None:
    """Of it the shift is left, where answers are no classes."""
    old = "UPDATE project_models SET model = replace(model, :now_kept, :once_kept) WHERE project = :project"

    def ask(unit: UnitOfWork) -> float:
        house = furnish(unit)
        shared = replace(consensus.get_opening_models(2)[0], shift=-1.5)
        unit.models.keep(house.project, shared, Fitted(0, 0), [])
        once = '"calibration":{"shift":-1.5,"slope":1.0,"crowding":0.0}'
        assert unit.connection.changed(old, now_kept='"shift":-1.5', once_kept=once, project=house.project) == 1
        known = UnitOfWork(unit.connection, now).models.for_answer(house.project, house.workers[0])
        assert known is not None
        return known[0].shift

    assert await database.transact(ask, now) == -1.5


async def test_a_report_says_what_the_models_did_to_accuracy(database: Database, now: Moment) -> None:
    def ask(unit: UnitOfWork) -> tuple[ModelsReport, ModelsReport]:
        says = {task: (MachineAnswer("", "positive"),) for task in range(1, 15)}
        house = furnish(unit, workers=3, gold=12, ai=says, models=("",), tasks=2, max_overlap=3)
        before = shown(unit, house)[1]
        for worker in house.workers:
            turn(unit, worker)
            turn(unit, worker)
        after = shown(unit, house)[-1]
        assert isinstance(before, ModelsReport)
        assert isinstance(after, ModelsReport)
        return before, after

    before, after = await database.transact(ask, now)
    assert (before.on_gold, before.gold) == (None, 12)
    assert after.on_gold is not None
    assert after.on_gold.checked == after.on_gold.checked_alone > 0


def test_a_model_that_is_right_where_people_err_makes_results_right() -> None:
    """Each of three people errs on two tasks of five, always together with another; the model never errs."""
    mistaken = {0: (1, 2), 1: (2, 3), 2: (1, 3)}
    answers = AnswerColumns()
    for task in range(1, 26):
        for worker in (1, 2, 3):
            answers.add(task, worker, "negative" if worker in mistaken.get(task % 5, ()) else "positive")
    gold = dict.fromkeys(range(1, 26), ("positive",))
    spec = AnswerSpec("choice", ("positive", "negative"), machines={t: (MachineAnswer("", "positive"),) for t in gold})
    with_model, alone = (count_right_on_gold(each, answers, gold) for each in (spec, replace(spec, machines={})))
    assert with_model[0] == alone[0] == 25
    assert with_model[1] > alone[1]
