"""Updates that are handed to their person's queue once they are committed, without being read."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.clock import wall_clock
from bot.intake import person_queues
from bot.intake.person_queues import PersonQueues
from storage.boxes.inbox import NOBODY
from storage.boxes.received import Received
from storage.database import Database
from storage.drivers.records import Page
from storage.unit import UnitOfWork
from tests.bot.conftest import until

HUGE = 2**70  # a number that no JSON of ours holds


class Read(PersonQueues):
    """Notes what is read, and what is handled."""

    def __init__(self, database: Database) -> None:
        self.read, self.done = list[int](), list[Received]()
        super().__init__(database, self._end, wall_clock)

    async def _end(self, update: Received) -> None:
        await self.database.transact(lambda unit: unit.inbox.finish(update.update_id), wall_clock())
        self.done.append(update)

    def _read(self, known: frozenset[int], unit: UnitOfWork) -> Page[Received]:
        page = super()._read(known, unit)
        self.read += [each.update_id for each in page.found]
        return page

    def is_read(self) -> bool:
        return self.ended and not self.behind


@pytest.fixture
async def queues(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Read]:
    """They read once at the start, and when they are told to."""
    monkeypatch.setattr(person_queues, "GLANCE", 600.0)
    database = Database(sqlite_url)
    queues = Read(database)
    yield queues
    await queues.stop(2)
    await database.close()


async def test_what_is_stored_is_handled_without_a_reading(queues: Read) -> None:
    running = asyncio.create_task(queues.run())
    await until(queues.is_read)
    await _store(queues, _update(1, 7), _update(2, 8), _update(3, 7))
    await until(lambda: len(queues.done) == 3)
    assert queues.read == []
    assert {each.update_id: each.payload for each in queues.done} == {n: _update(n, 0).payload for n in (1, 2, 3)}
    assert [each.update_id for each in queues.done if each.person == 7] == [1, 3]
    running.cancel()


async def test_what_was_there_before_is_read_first(queues: Read) -> None:
    await _store(queues, _update(1, 7))
    running = asyncio.create_task(queues.run())
    await _store(queues, _update(2, 7))
    await until(lambda: len(queues.done) == 2)
    assert [each.update_id for each in queues.done] == [1, 2]
    running.cancel()


async def test_what_cannot_be_stored_is_handed_over_as_it_is_kept(queues: Read) -> None:
    running = asyncio.create_task(queues.run())
    await until(queues.is_read)
    await _store(queues, Received(4, 7, {"update_id": 4, "text": HUGE}))
    await until(lambda: len(queues.done) == 1)
    assert queues.done[0].payload == {"update_id": 4}
    running.cancel()


async def test_what_another_holds_is_not_taken(queues: Read) -> None:
    running = asyncio.create_task(queues.run())
    await until(queues.is_read)
    await queues.database.transact(lambda unit: unit.inbox.store([_update(1, 7)], lambda person: "other"), wall_clock())
    await _store(queues, _update(2, 8))
    await until(lambda: len(queues.done) == 1)
    assert [each.update_id for each in queues.done] == [2]
    running.cancel()


def _update(number: int, person: int) -> Received:
    return Received(number, person, {"update_id": number, "text": "x"})


async def _store(queues: Read, *updates: Received) -> None:
    await queues.database.transact(lambda unit: unit.inbox.store(updates, lambda person: NOBODY), wall_clock())
