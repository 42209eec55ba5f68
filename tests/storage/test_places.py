"""Openings, assignments, submissions, tasks: the last place has one taker, and each worker one answer."""

import asyncio

import pytest

from domain.draws import SHUFFLE_MASK
from domain.moments import MINUTE, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId, AssignmentState, SubmissionId
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import House, furnish, shuffled

SUBMITTED = AssignmentState.SUBMITTED


def assign(unit: UnitOfWork, house: House, task: TaskId, worker: PersonId) -> AssignmentId | None:
    return unit.assignments.add(house.project, task, worker, unit.now, later(unit.now, 10 * MINUTE))


def answer(unit: UnitOfWork, house: House, task: TaskId, worker: PersonId, held: bool = False) -> SubmissionId:
    assignment = assign(unit, house, task, worker)
    assert assignment is not None
    assert unit.assignments.end(assignment, SUBMITTED)
    until = later(unit.now, 1) if held else None
    return unit.submissions.add(
        assignment, unit.projects.get(house.project), task, worker, "positive", None, 900, "accepted", until, unit.now
    )


async def furnished(database: Database, now: Moment, **changes: int) -> House:
    return await database.transact(furnish, now, **changes)


async def test_the_last_place_has_exactly_one_taker(database: Database, database_url: str, now: Moment) -> None:
    house = await furnished(database, now, tasks=1, overlap=3, max_overlap=3)
    others = [Database(database_url) for _ in range(4)]
    taken = await asyncio.gather(
        *(other.transact(lambda unit: unit.openings.take(house.tasks[0]), now) for other in others for _ in range(4))
    )
    assert sum(taken) == 3
    assert not await database.transact(lambda unit: unit.openings.has(house.tasks[0]), now)
    await asyncio.gather(*(other.close() for other in others))


async def test_a_place_given_back_is_offered_again(database: Database, now: Moment) -> None:
    house = await furnished(database, now, tasks=1, overlap=1, max_overlap=1)

    def take_and_return(unit: UnitOfWork) -> list[bool]:
        seen = [unit.openings.take(house.tasks[0]), unit.openings.any_left(house.project)]
        for _ in range(2):
            unit.openings.give_back(house.project, False, house.tasks[0])
        return [*seen, *(unit.openings.take(house.tasks[0]) for _ in range(3))]

    assert await database.transact(take_and_return, now) == [True, False, True, True, False]


async def test_what_lies_ahead_and_what_came_back_is_looked_at_once(database: Database, now: Moment) -> None:
    house = await furnished(database, now, tasks=9, gold=1)
    worker = house.workers[0]

    def look(unit: UnitOfWork, cursor: int, back: int, gold: bool = False) -> tuple[list[TaskId], list[TaskId]]:
        near = unit.openings.near(worker, house.project, gold, cursor, back, few=2)
        return [place.task for place in near.ahead], [place.task for place in near.returned]

    def walk(unit: UnitOfWork) -> list[tuple[list[TaskId], list[TaskId]]]:
        answer(unit, house, one, worker)
        for task in (five, three, five):
            unit.openings.give_back(house.project, False, task)
        first = unit.openings.near(worker, house.project, False, 0, 0)
        assert [place.had for place in first.ahead] == [True, *[False] * 7]
        keys = [place.shuffle_key for place in first.ahead]
        return [
            look(unit, keys[0], 0),
            look(unit, keys[7], first.returned[0].back),
            look(unit, SHUFFLE_MASK, 99),
            look(unit, 0, 0, gold=True),
        ]

    one, two, three, _, five, _, _, _, nine = await database.transact(shuffled, now, house.project)
    found = await database.transact(walk, now)
    assert found == [([two, three], [three, five]), ([nine], [five]), ([], []), ([house.tasks[9]], [])]


async def test_closing_takes_every_place_away(database: Database, now: Moment) -> None:
    house = await furnished(database, now, tasks=2, gold=1)

    def close(unit: UnitOfWork) -> tuple[bool, ...]:
        unit.openings.close(house.tasks[0])
        first = (
            unit.openings.has(house.tasks[0]),
            unit.openings.has(house.tasks[1]),
            unit.openings.any_left(house.project, gold=True),
        )
        unit.bulk_updates.close(house.project, 0, 9, "stopped")
        return (*first, unit.openings.any_left(house.project), unit.openings.any_left(house.project, gold=True))

    assert await database.transact(close, now) == (False, True, True, False, False)


async def test_a_worker_has_one_task_in_hand(database: Database, now: Moment) -> None:
    house = await furnished(database, now)
    first = await database.transact(assign, now, house, house.tasks[0], house.workers[0])
    assert first is not None
    assert await database.transact(assign, now, house, house.tasks[1], house.workers[0]) is None
    found = await database.transact(lambda unit: unit.assignments.active_for(house.workers[0]), now)
    assert found is not None
    assert (found.id, found.task, found.state) == (first, house.tasks[0], AssignmentState.ACTIVE)


async def test_a_worker_gets_a_task_once_in_a_lifetime(database: Database, now: Moment) -> None:
    house = await furnished(database, now)

    def twice(unit: UnitOfWork) -> AssignmentId | None:
        first = assign(unit, house, house.tasks[0], house.workers[0])
        assert first
        unit.assignments.end(first, AssignmentState.SKIPPED)
        return assign(unit, house, house.tasks[0], house.workers[0])

    assert await database.transact(twice, now) is None


async def test_of_sixteen_who_end_an_assignment_one_does(database: Database, database_url: str, now: Moment) -> None:
    house = await furnished(database, now)
    assignment = await database.transact(assign, now, house, house.tasks[0], house.workers[0])
    assert assignment
    others = [Database(database_url) for _ in range(4)]
    ended = await asyncio.gather(
        *(o.transact(lambda unit: unit.assignments.end(assignment, SUBMITTED), now) for o in others for _ in range(4))
    )
    assert sum(ended) == 1
    await asyncio.gather(*(other.close() for other in others))


async def test_an_overdue_assignment_is_found_until_it_ends(database: Database, now: Moment) -> None:
    house = await furnished(database, now)
    assignment = await database.transact(assign, now, house, house.tasks[0], house.workers[0])
    assert assignment

    def look(unit: UnitOfWork, at: Moment) -> list[AssignmentId]:
        return [found.id for found in unit.assignments.overdue(at, 10)]

    due = later(now, 10 * MINUTE)
    assert await database.transact(look, now, later(due, -1)) == []
    assert await database.transact(look, now, due) == [assignment]
    counts = lambda unit: (unit.assignments.live(house.project), unit.assignments.live_on(house.tasks[0]))  # noqa: E731
    assert await database.transact(counts, now) == (1, 1)
    await database.transact(lambda unit: unit.assignments.end(assignment, AssignmentState.EXPIRED), now)
    assert (await database.transact(look, now, due), await database.transact(counts, now)) == ([], (0, 0))


async def test_an_answer_is_stored_once_per_assignment(database: Database, now: Moment) -> None:
    house = await furnished(database, now)
    number = await database.transact(answer, now, house, house.tasks[0], house.workers[0])

    def again(unit: UnitOfWork) -> None:
        one = unit.submissions.get(number)
        unit.submissions.add(
            one.assignment,
            unit.projects.get(one.project),
            *(one.task, one.worker, "negative", None, 1, "accepted", None, unit.now),
        )

    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.transact(again, now)
    found = await database.transact(lambda unit: unit.gold_tasks.answers(house.tasks[0]), now)
    assert [said for _, _, said in found] == ["positive"]


async def test_held_pay_is_let_go_once(database: Database, now: Moment) -> None:
    house = await furnished(database, now)
    number = await database.transact(answer, now, house, house.tasks[0], house.workers[0], held=True)

    def held(unit: UnitOfWork) -> tuple[int, ...]:
        by_project = unit.submissions.held_by_project(house.workers[0])
        due = unit.submissions.held_due(later(unit.now, 1), 10)
        return len(unit.submissions.held_of(house.workers[0], house.project)), len(by_project), len(due)

    assert await database.transact(held, now) == (1, 1, 1)
    released = [await database.transact(lambda unit: unit.submissions.release(number), now) for _ in range(2)]
    assert released == [True, False]
    assert await database.transact(held, now) == (0, 0, 0)


async def test_a_task_counts_what_it_received(database: Database, now: Moment) -> None:
    house = await furnished(database, now, tasks=2)
    await asyncio.gather(*(database.transact(lambda unit: unit.tasks.receive(house.tasks[0]), now) for _ in range(5)))
    task = await database.transact(lambda unit: unit.tasks.get(house.tasks[0]), now)
    assert (task.received, task.content, task.gold, task.state) == (5, {"text": "review 1"}, None, "open")


async def test_unknown_rows_are_none_or_a_lookup_error(database: Database, now: Moment) -> None:
    def look(unit: UnitOfWork) -> tuple[object, ...]:
        return unit.projects.find(9), unit.assignments.find(AssignmentId(9)), unit.people.find_by_telegram_id(9)

    assert await database.transact(look, now) == (None, None, None)
    for lost in (
        lambda unit: unit.projects.get(ProjectId(9)),
        lambda unit: unit.tasks.get(TaskId(9)),
        lambda unit: unit.people.get(PersonId(9)),
    ):
        with pytest.raises(LookupError):
            await database.transact(lost, now)
