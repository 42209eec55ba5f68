"""Letters of a task and edits that tidy are held, and what one transaction does is seen by the next of its batch."""

import asyncio
from collections.abc import Collection
from typing import cast

import pytest

from domain.moments import MINUTE, Moment
from domain.people.accounts import PersonId
from domain.projects.tasks import TaskId
from domain.work.messages import TaskGone, TaskMoved
from storage.boxes.live_messages import TIDYING
from storage.boxes.outbox import Lane
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.house import furnish
from tests.letters import due_letters

MESSAGE, TASK = 7, TaskGone("a task")


def worker_of(unit: UnitOfWork) -> PersonId:
    (worker,) = furnish(unit, workers=1, tasks=2).workers
    return worker


def test_an_edit_that_tidies_is_dropped_though_it_was_written_a_moment_ago(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        worker = worker_of(unit)
        unit.outbox.shown.forget_tidying(worker, MESSAGE)  # there is none: that is known from here on
        unit.outbox.tell(worker, TASK, lane=Lane.TIDY, edits=MESSAGE)
        unit.outbox.tell(worker, TASK, lane=Lane.TIDY, edits=MESSAGE + 1)
        unit.outbox.tell(worker, TaskMoved("another"), edits=MESSAGE)
    with one_transaction(database_url, now) as unit:
        unit.outbox.shown.forget_tidying(worker, MESSAGE + 2)
        left = [(letter.screen, letter.edits) for letter in due_letters(unit, 10)]
    assert left == [(TaskMoved.stored_as, MESSAGE), (TaskGone.stored_as, MESSAGE + 1)]


async def test_what_tidies_is_known_from_commit_to_commit_and_found_again_where_it_is_not(
    database: Database, database_url: str, now: Moment
):
    """However it was written: with others or under a key, by this process or by another, before others were sent."""
    worker = await database.transact(worker_of, now)

    def tidies(unit: UnitOfWork, message: int, key: str | None = None) -> None:
        unit.outbox.tell(worker, TASK, lane=Lane.TIDY, edits=message, key=key)

    def edits(unit: UnitOfWork, message: int) -> list[int | None]:
        unit.outbox.tell(worker, TaskMoved("another"), edits=message)
        waiting = [letter for letter in due_letters(unit, 100) if letter.lane is Lane.TIDY]
        unit.outbox.mark_sent([(letter.id, None) for letter in due_letters(unit, 100) if letter.lane is not Lane.TIDY])
        return sorted(letter.edits or 0 for letter in waiting)

    await database.transact(tidies, now, 1)
    await database.transact(tidies, now, 2)
    assert await database.transact(edits, now, 1) == [2]
    await database.transact(tidies, now, 3)
    await database.transact(tidies, now, 4, "under a key")
    assert await database.transact(edits, now, 3) == [2, 4]
    assert await database.transact(edits, now, 4) == [2]
    with one_transaction(database_url, now) as unit:
        tidies(unit, 5)
    assert await database.transact(edits, now, 5) == [2]
    await asyncio.gather(*(database.transact(tidies, now, message) for message in range(10, 80)))
    assert await database.transact(edits, now, 79) == [2, *range(10, 79)]
    assert await database.transact(edits, now, 10) == [2, *range(11, 79)]


async def test_what_a_failed_transaction_was_to_tidy_is_not_known(database: Database, now: Moment):
    worker = await database.transact(worker_of, now)

    def fails(unit: UnitOfWork) -> None:
        unit.outbox.tell(worker, TASK, lane=Lane.TIDY, edits=MESSAGE)
        raise LookupError

    def edits(unit: UnitOfWork) -> Collection[int]:
        unit.outbox.shown.forget_tidying(worker, MESSAGE)
        return cast(Collection[int], unit.connection.get(TIDYING, worker))

    assert await database.transact(edits, now) == frozenset()
    with pytest.raises(LookupError):
        await database.transact(fails, now)
    assert await database.transact(edits, now) == frozenset()


def test_a_message_that_moves_on_shows_the_task_no_more_and_one_under_way_will(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        worker = worker_of(unit)
        found = unit.tasks.get(TaskId(1))
        task = unit.assignments.add(found.project, found.id, worker, now, Moment(now + MINUTE))
        assert task is not None
        unit.outbox.tell(worker, TASK, edits=MESSAGE, assignment=task)
        assert unit.outbox.shown.find_times_in_place(task, MESSAGE) == (now, None)
    with one_transaction(database_url, Moment(now + 1)) as unit:
        unit.outbox.mark_sent([(letter.id, MESSAGE) for letter in due_letters(unit, 10)])
        unit.outbox.tell(worker, TASK, edits=MESSAGE + 1, assignment=task)
    with one_transaction(database_url, Moment(now + 2)) as unit:
        assert unit.outbox.shown.find_times_in_place(task, MESSAGE) == (now, now + 1)
        unit.outbox.shown.clear_message(task, MESSAGE - 1)  # which has nothing to do with it
        assert unit.outbox.was_shown_in(task, MESSAGE)
        unit.outbox.shown.clear_message(task, MESSAGE)
        assert unit.outbox.shown.find_times_in_place(task, MESSAGE) is None
        assert unit.outbox.shown.find_times_in_place(task, MESSAGE + 1) == (now + 1, None)
        assert unit.outbox.find_message(task) is None
        unit.outbox.mark_sent([(letter.id, MESSAGE + 1) for letter in due_letters(unit, 10)])
        assert unit.outbox.find_message(task) == MESSAGE + 1
        assert not unit.outbox.was_shown_in(task, MESSAGE)
