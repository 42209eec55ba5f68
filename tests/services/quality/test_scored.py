"""How many answers a task's scores count: those that say something, stand, and come from workers who are heard. Answer
by answer it is the number that a refit comes to."""

from dataclasses import replace
from typing import Any

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.tasks import TaskId
from domain.quality.live import WorkerModel
from domain.quality.machine import MachineAnswer, MachineModel
from jobs import refits
from services.fairness import rejections
from services.quality import consensus
from services.quality import gold as gold_service
from services.work import submit
from storage.database import Database
from storage.invariants import find_violations
from storage.quality.models import Fitted
from storage.unit import UnitOfWork
from tests.house import House, furnish

REASON = "The writer is angry, so this is not positive."
WAYS: list[dict[str, Any]] = [
    {},
    {"confidence": 0.999},
    {"models": ("",), "confidence": 0.999, "ai": {1: (MachineAnswer("", "positive"),)}},
]


def say(unit: UnitOfWork, worker: PersonId, said: str | None) -> TaskId:
    """A worker answers the task they are given."""
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None, "nothing was offered"
    submit.submit_answer(unit, person, in_hand.id, said, None)
    return in_hand.task


def reject_last(unit: UnitOfWork, house: House) -> None:
    found = unit.reviews.list_waiting(house.project, 0, 100)[-1]
    requester, project = unit.people.get(house.requester), unit.projects.get(house.project)
    rejections.reject_submission(unit, requester, project, found, 2, REASON)


def know(unit: UnitOfWork, house: House, gold: bool, unheard: int) -> None:
    """As if a refit had found that this worker (by place) tells nothing; with `gold` it weighed people, too."""
    shared, newcomer = consensus.get_opening_models(2)
    if gold:
        shared = replace(shared, people=0.6, classes=(0.1, -0.1))
    project = unit.projects.get(house.project)
    shared = replace(shared, machines=tuple(MachineModel(name, 0.8, 40.0, 20, 1.2) for name in project.models))
    nobody: WorkerModel = replace(newcomer, evidence=((-0.7, -0.7), (-0.7, -0.7)))
    unit.models.keep(house.project, shared, Fitted(60, 0, unit.now), [(house.workers[unheard], nobody)])


def compare(unit: UnitOfWork, house: House, task_id: TaskId) -> int:
    """How many are counted, once what is stored is what all answers say, with the models that are kept."""
    task = unit.tasks.get(task_id)
    found = consensus.recompute_consensus(unit, unit.projects.get(house.project), task)
    assert (task.scored, task.consensus) == (found.scored, found.answer)
    assert task.confidence == pytest.approx(found.confidence)
    assert (task.scores is None) == (found.scores is None)
    assert list(task.scores or ()) == pytest.approx(list(found.scores or ()))
    assert (task.state == "closed") == found.done
    return task.scored


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("gold", [False, True])
@pytest.mark.parametrize("first", ["0", None])
async def test_each_answer_leaves_what_all_of_them_say(
    database: Database, now: Moment, way: dict[str, Any], gold: bool, first: str | None
) -> None:
    """The unheard speaks first, or second after “can't tell”; the fourth answer is rejected."""
    most = {"overlap": 8, "max_overlap": 8, "accept": "review", **way}
    house = await database.transact(lambda unit: furnish(unit, workers=8, tasks=1, **most), now)
    task, second = house.tasks[0], first is None
    await database.transact(know, now, house, gold, int(second))
    answers = (first, "1", None, "0", "1", "1", None, "0")
    counted = [0, 0, 0, 0, 1, 2, 2, 3] if second else [0, 1, 1, 1, 2, 3, 3, 4]
    for worker, said, expected in zip(house.workers, answers, counted, strict=True):
        if await database.transact(lambda unit: unit.tasks.get(task).state, now) == "closed":
            break
        await database.transact(say, now, worker, said)
        if worker == house.workers[3]:
            await database.transact(reject_last, now, house)
        assert await database.transact(compare, now, house, task) == expected
    assert await database.transact(find_violations, now) == []


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_a_refit_counts_as_many(database: Database, now: Moment) -> None:
    """One worker repeats the model, which the first refit finds; then everybody answers on."""
    says = {n: (MachineAnswer("", "positive", 0.5),) for n in range(1, 42)}
    beside = {"models": ("",), "confidence": 0.99, "overlap": 6, "max_overlap": 6, "accept": "review"}
    house = await database.transact(lambda unit: furnish(unit, workers=7, tasks=41, ai=says, **beside), now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    for worker, few, said in zip(house.workers, (30, 14, 14), ("0", "1", "1"), strict=False):
        for _ in range(few):
            await database.transact(say, now, worker, said)
    await refits.refit(database, project, lambda: now)
    nobody = await database.transact(lambda unit: unit.models.for_answer(house.project, house.workers[0]), now)
    assert nobody is not None
    assert not nobody[1].is_heard
    await database.transact(lambda unit: unit.connection.changed("UPDATE enrolments SET later = 0"), now)
    for worker, each in zip((house.workers[0], *house.workers[3:]), ("0", "1", None, "0", "1"), strict=True):
        for _ in range(5):
            await database.transact(say, now, worker, each)
        if each == "0" and worker != house.workers[0]:
            await database.transact(reject_last, now, house)

    def scored(unit: UnitOfWork) -> list[int]:
        return [unit.tasks.get(task).scored for task in house.tasks]

    live = await database.transact(scored, now)
    received = await database.transact(lambda unit: [unit.tasks.get(task).received for task in house.tasks], now)
    assert set(live) >= {0, 1, 2}
    assert sum(received) - sum(live) == 30 + 5 + 5 + 1  # of the unheard, “can't tell”, and the one that was rejected
    await refits.refit(database, project, lambda: now)
    assert await database.transact(scored, now) == live
    for task in house.tasks:
        await database.transact(compare, now, house, task)


async def test_what_becomes_gold_counts_none_and_its_neighbours_what_they_have(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=4, tasks=2, overlap=4, max_overlap=4), now)
    await database.transact(know, now, house, True, 3)
    for worker, said in zip(house.workers, ("0", None, "0", "1"), strict=True):
        for _ in house.tasks:
            await database.transact(say, now, worker, said)

    def look(unit: UnitOfWork) -> None:
        project, (gold, other) = unit.projects.get(house.project), map(unit.tasks.get, house.tasks)
        assert gold.scored == other.scored == 2
        posterior = gold_service._get_posteriors(unit, project, [other])[other.id]
        assert max(posterior) == pytest.approx(other.confidence)
        gold_service.make_gold(unit, project, gold.id, ("positive",))
        made, kept = map(unit.tasks.get, house.tasks)
        assert (made.scores, made.scored, kept.scored) == (None, 0, 2)

    await database.transact(look, now)
