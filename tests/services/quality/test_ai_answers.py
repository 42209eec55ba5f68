"""Models' answers in the consensus: who agrees with them is asked once, who differs is not alone."""

from dataclasses import replace
from typing import Any

import pytest

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.tasks import Task
from domain.quality.machine import MachineAnswer, MachineModel
from jobs import refits
from services.quality import consensus
from services.work import submit
from storage.database import Database
from storage.invariants import find_violations
from storage.quality.models import Fitted
from storage.unit import UnitOfWork
from tests.house import FUNDS, House, furnish

SAYS = {1: (MachineAnswer("", "positive"),)}
ASKED: dict[str, Any] = {"models": ("",), "confidence": 0.8, "overlap": 3, "max_overlap": 5}
OPEN = "SELECT coalesce(sum(free), 0) FROM openings WHERE project = :project"


async def house_of(database: Database, now: Moment, **changes: Any) -> House:
    given = {"workers": 6, "tasks": 1, "ai": SAYS, **ASKED, **changes}
    return await database.transact(lambda unit: furnish(unit, **given), now)


async def answered(database: Database, now: Moment, house: House, *answers: str | None) -> tuple[Task, int]:
    """After workers gave these answers, one after the other: the task, and the places that are open; no rule broken."""

    def answer(unit: UnitOfWork, worker: PersonId, said: str | None) -> None:
        person = unit.people.get(worker)
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None, "nothing was offered"
        submit.submit_answer(unit, person, in_hand.id, said, None)

    def look(unit: UnitOfWork) -> tuple[Task, int]:
        assert find_violations(unit) == []
        return unit.tasks.get(house.tasks[0]), int(unit.connection.all(OPEN, project=house.project)[0][0])

    for worker, said in zip(house.workers, answers, strict=False):
        await database.transact(lambda unit, worker=worker, said=said: answer(unit, worker, said), now)  # type: ignore[misc]
    return await database.transact(look, now)


async def test_people_are_asked_one_by_one(database: Database, now: Moment) -> None:
    task, places = await answered(database, now, await house_of(database, now))
    assert (task.ai, places) == (SAYS[1], 1)


async def test_a_task_without_a_models_answer_keeps_its_overlap(database: Database, now: Moment) -> None:
    house = await house_of(database, now, ai={})
    assert (await answered(database, now, house))[1] == 3


async def test_who_agrees_with_the_machine_is_asked_once_and_the_rest_comes_back(
    database: Database, now: Moment
) -> None:
    house = await house_of(database, now)
    task, places = await answered(database, now, house, "0")
    assert (task.consensus, task.state, task.received, places) == ("positive", "closed", 1, 0)
    ended = await database.transact(lambda unit: unit.projects.get(house.project), now)
    assert ended.state == "complete"
    free = await database.transact(lambda unit: unit.ledger.balance("requester:1000:available", "EUR"), now)
    assert free == FUNDS - ended.cost_each


async def test_who_differs_is_not_alone(database: Database, now: Moment) -> None:
    """An unchecked machine and one person differ: more people are asked, one by one, up to the largest overlap."""
    house = await house_of(database, now)
    task, places = await answered(database, now, house, "1")
    assert (task.state, task.received, places) == ("open", 1, 1)
    task, places = await answered(database, now, replace(house, workers=house.workers[1:]), "1", "1", "1")
    assert (task.consensus, task.state, task.received) == ("negative", "closed", 4)


async def test_disagreement_ends_with_the_largest_overlap(database: Database, now: Moment) -> None:
    house = await house_of(database, now, confidence=0.99)
    task, places = await answered(database, now, house, "1", "0", "1", "0", "1")
    assert (task.state, task.received, places) == ("closed", 5, 0)


async def test_cant_tell_closes_nothing(database: Database, now: Moment) -> None:
    """However sure the machine is, nobody has answered yet."""
    sure = {1: (MachineAnswer("", "positive", 0.99),)}
    house = await house_of(database, now, ai=sure)
    task, places = await answered(database, now, house, None)
    assert (task.consensus, task.state, task.received, places) == (None, "open", 1, 1)


def sure_at(*probabilities: float) -> dict[int, tuple[MachineAnswer, ...]]:
    """One answer a task, in their order."""
    return {n: (MachineAnswer("", "positive", each),) for n, each in enumerate(probabilities, 1)}


def take(unit: UnitOfWork, worker: PersonId, tasks: int, said: str) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    for _ in range(tasks):
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None, "nothing was offered"
        submit.submit_answer(unit, person, in_hand.id, said, None)


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_what_a_copyist_closed_alone_opens_again_once_they_are_found(database: Database, now: Moment) -> None:
    """Whoever repeats the model is believed until two others differ from both, where it was not sure itself."""
    house = await house_of(database, now, tasks=41, ai=sure_at(*[0.5] * 14, *[0.99] * 26))
    await database.transact(take, now, house.workers[0], 40, "0")
    alone = await database.transact(lambda unit: [unit.tasks.get(task) for task in house.tasks[14:40]], now)
    assert {(task.state, task.received) for task in alone} == {("closed", 1)}
    for worker in house.workers[1:3]:
        await database.transact(take, now, worker, 14, "1")
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    await refits.refit(database, project, lambda: now)
    tasks = await database.transact(lambda unit: [unit.tasks.get(task.id) for task in alone], now)
    assert {task.state for task in tasks} == {"open"}
    assert all((task.confidence or 0) < 0.8 for task in tasks)
    assert await database.transact(find_violations, now) == []


async def test_who_is_not_heard_closes_nothing_beside_a_model_however_sure_it_is(
    database: Database, now: Moment
) -> None:
    house = await house_of(database, now)
    shared, newcomer = consensus.get_opening_models(2)
    sure = replace(shared, machines=(MachineModel("", 0.9, 40.0, 40, 5.0),))
    unheard = replace(newcomer, evidence=((-0.7, -0.7), (-0.7, -0.7)))
    both = [(house.workers[0], unheard), (house.workers[1], newcomer)]
    await database.transact(lambda unit: unit.models.keep(house.project, sure, Fitted(60, 0, now), both), now)
    task, places = await answered(database, now, house, "0")
    assert (task.state, task.received, places) == ("open", 1, 1)
    task, _ = await answered(database, now, replace(house, workers=house.workers[1:]), "0")
    assert (task.state, task.received) == ("closed", 2)


@pytest.mark.parametrize(("kind", "options", "ai", "said"), [("number", (), "12", "12"), ("text", (), "Yes", "yes")])
async def test_other_kinds_hear_the_machine_too(
    database: Database, now: Moment, kind: str, options: tuple[str, ...], ai: str, said: str
) -> None:
    told = {1: (MachineAnswer("", ai),)}
    house = await house_of(database, now, kind=kind, options=options, ai=told, confidence=0.5)
    task, _ = await answered(database, now, house, said)
    assert (task.consensus, task.state, task.received) == (said, "closed", 1)


@pytest.mark.parametrize(
    ("kind", "options", "right"), [("choice", ("positive", "negative"), "positive"), ("text", (), "positive")]
)
async def test_gold_judges_a_model_before_anybody_has_answered(
    database: Database, now: Moment, kind: str, options: tuple[str, ...], right: str
) -> None:
    told = {n: (MachineAnswer("", right),) for n in range(1, 42)}
    house = await house_of(database, now, kind=kind, options=options, tasks=20, gold=21, ai=told)
    await refits.refit_due_projects(database, lambda: now)
    known = await database.transact(lambda unit: unit.models.for_answer(house.project, PersonId(0)), now)
    assert known is not None
    (machine,) = known[0].machines
    assert machine.gold == 21
    assert machine.accuracy > 0.85
    before = await database.transact(lambda unit: unit.models.fitted(house.project).at, now)
    await refits.refit_due_projects(database, lambda: later(now, 60_000))
    assert await database.transact(lambda unit: unit.models.fitted(house.project).at, now) == before  # once is enough
