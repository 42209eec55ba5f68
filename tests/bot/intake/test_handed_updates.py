"""Updates that their person's queue has before they are stored: stored and handled in one commit."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.clock import wall_clock
from bot.intake import person_queues
from bot.intake.person_queues import PersonQueues
from domain.moments import Moment
from domain.people.bots import number_at
from domain.refusals import TooQuick
from storage.boxes.inbox import NO_HOLDER, EarlierUpdateWaits, ReceivedUpdate
from storage.boxes.receiving import Receiving
from storage.database import Database
from storage.drivers.connection import SWEEP_SCOPE
from storage.drivers.records import Page
from storage.drivers.writer import JobQueue, WriteJob
from storage.unit import UnitOfWork
from tests.bot.conftest import until

HUGE = 2**70  # a number that no JSON of ours holds
# Each time a row is written: whether it was new, and its state.
NOTES = {
    "sqlite": """
CREATE TABLE written (update_id BIGINT, is_new BIGINT, state TEXT);
CREATE TRIGGER note_new AFTER INSERT ON inbox BEGIN INSERT INTO written VALUES (NEW.update_id, 1, NEW.state); END;
CREATE TRIGGER note_change AFTER UPDATE ON inbox BEGIN INSERT INTO written VALUES (NEW.update_id, 0, NEW.state); END;
""",
    "postgresql": """
CREATE TABLE written (update_id BIGINT, is_new BIGINT, state TEXT);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO written VALUES (NEW.update_id, CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE 0 END, NEW.state);
  RETURN NULL;
END $$;
CREATE TRIGGER note_change AFTER INSERT OR UPDATE ON inbox FOR EACH ROW EXECUTE FUNCTION note()""",
}
WRITTEN = "SELECT update_id, is_new, state FROM written ORDER BY update_id, is_new DESC"
ENDS = "SELECT update_id, person, payload, state, received_at, ended_at FROM inbox ORDER BY update_id"


class Read(PersonQueues):
    """Notes what is read, and what is handled; `raises` by update what its handler raises in its transaction."""

    def __init__(self, database: Database) -> None:
        self.read, self.done, self.raises = list[int](), list[ReceivedUpdate](), dict[int, list[Exception]]()
        super().__init__(database, self._end, wall_clock, bots=(1, 2))

    async def _end(self, update: ReceivedUpdate) -> float | None:
        def end(unit: UnitOfWork) -> bool:
            ended = unit.inbox.finish(update.update_id)
            if self.raises.get(update.update_id):
                raise self.raises[update.update_id].pop()
            return ended

        try:
            if await self.database.transact(end, wall_clock()):
                self.done.append(update)
        except (EarlierUpdateWaits, TooQuick):
            return 0.01
        return None

    def _list_waiting(
        self, unread: Mapping[int, int], known: frozenset[int], unit: UnitOfWork
    ) -> list[Page[ReceivedUpdate]]:
        pages = super()._list_waiting(unread, known, unit)
        self.read += [update.update_id for page in pages for update in page.records]
        return pages

    def is_read(self) -> bool:
        return self.ended and not self.behind

    @property
    def numbers(self) -> list[int]:
        return [each.update_id for each in self.done]


@pytest.fixture
async def queues(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Read]:
    """They read once at the start, and when they are told to."""
    monkeypatch.setattr(person_queues, "GLANCE", 600.0)
    queues = Read(database)
    running = asyncio.create_task(queues.run())
    await until(queues.is_read)
    yield queues
    running.cancel()
    await queues.stop(2)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


async def test_what_is_received_is_stored_and_handled_in_one_commit(queues: Read) -> None:
    notes = NOTES[queues.database.dialect.name]
    await queues.database.transact(lambda unit: unit.connection.script(notes), wall_clock())
    commits = queues.database.commits
    async with _busy(queues):
        receiving = asyncio.create_task(_receive(queues, _update(1, 7), _update(2, 8), _update(3, 9)))
        await until(lambda: queues.database._writer.jobs.qsize() == 4)
        marking = asyncio.create_task(queues.database.transact_beside(SWEEP_SCOPE, _mark, wall_clock()))
        await until(lambda: queues.database._writer.jobs.qsize() == 5)
    await asyncio.gather(receiving, marking)
    await until(lambda: len(queues.done) == 3)
    assert queues.database.commits == commits + 2
    assert await _rows(queues, WRITTEN) == [(number, 1, "done") for number in (1, 2, 3)]
    assert queues.read == []
    assert {each.update_id: each.payload for each in queues.done} == {n: _update(n, n + 6) for n in (1, 2, 3)}
    rows = await _rows(queues, ENDS)
    assert [row[:4] for row in rows] == [(number, 0, "", "done") for number in (1, 2, 3)]
    assert all(0 < received_at <= ended_at for *_, received_at, ended_at in rows)


async def test_the_writer_gets_what_is_behind_together_with_what_is_ahead() -> None:
    loop, seen = asyncio.get_running_loop(), list[int]()
    jobs, (ahead, behind, later) = (
        JobQueue(),
        [WriteJob(_mark, wall_clock(), loop, loop.create_future()) for _ in "123"],
    )

    async def hand_in() -> None:
        jobs.put(behind)
        seen.append(jobs.qsize())

    task = asyncio.create_task(hand_in())
    await jobs.put_ahead(ahead)
    assert seen == [0]
    jobs.put(later)
    assert [jobs.get_nowait() for _ in range(jobs.qsize())] == [ahead, behind, later]
    await task


async def test_of_one_person_the_second_follows_the_first(queues: Read) -> None:
    queues.raises[1] = [TooQuick()] * 1_000
    await _receive(queues, _update(1, 7), _update(2, 7), _update(3, 8))
    await until(lambda: queues.numbers == [3])
    assert await _waiting(queues) == [1, 2]
    queues.raises.clear()
    await until(lambda: len(queues.done) == 3)
    assert queues.numbers == [3, 1, 2]
    assert await _waiting(queues) == []


async def test_what_fails_is_stored_by_itself_before_it_is_confirmed(queues: Read) -> None:
    queues.raises[1] = [TooQuick()] * 1_000
    await _receive(queues, _update(1, 7), _update(2, 8))
    await until(lambda: queues.numbers == [2])
    waiting = [row[:3] for row in await _rows(queues, ENDS) if row[3] == "waiting"]
    assert waiting == [(1, 7, '{"update_id":1,"callback_query":{"from":{"id":7}}}')]
    queues.raises.clear()
    await until(lambda: len(queues.done) == 2)
    assert queues.numbers == [2, 1]


async def test_what_comes_twice_is_handled_once(queues: Read) -> None:
    await asyncio.gather(_receive(queues, _update(1, 7), _update(1, 7)), _receive(queues, _update(1, 7)))
    await until(lambda: not queues.known)
    await _receive(queues, _update(1, 7), _update(2, 7))
    await until(lambda: len(queues.done) == 2)
    await until(lambda: not queues.known)
    assert queues.numbers == [1, 2]


async def test_what_is_not_stored_is_not_handled(queues: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = queues.database.freely

    async def fails(service: Any, now: Moment, ahead: bool) -> None:
        def storing(unit: UnitOfWork) -> None:
            service(unit)
            raise ZeroDivisionError

        await whole(storing, now, ahead)

    monkeypatch.setattr(queues.database, "freely", fails)
    with pytest.raises(ZeroDivisionError):
        await _receive(queues, _update(1, 7))
    await until(lambda: not queues.known)
    assert queues.done == []
    assert await _rows(queues, ENDS) == []
    monkeypatch.undo()
    await _receive(queues, _update(1, 7))
    await until(lambda: len(queues.done) == 1)


async def test_what_was_there_before_is_read_first(database: Database) -> None:
    await database.transact(lambda unit: unit.inbox.store([ReceivedUpdate(1, 7, _update(1, 7))]), wall_clock())
    queues = Read(database)
    running = asyncio.create_task(queues.run())
    await _receive(queues, _update(2, 7))
    await until(lambda: len(queues.done) == 2)
    assert queues.numbers == [1, 2]
    assert queues.read == [1, 2]
    running.cancel()
    await queues.stop(2)


async def test_one_that_waits_for_an_earlier_one_is_not_stored_as_ended(queues: Read) -> None:
    """It was stored by another process; nobody here has it."""
    await queues.database.transact(_kept(1, 7, "other"), wall_clock())
    await until(queues.is_read)
    await _receive(queues, _update(2, 7), _update(3, 8))
    await until(lambda: queues.numbers == [3])
    assert await _waiting(queues) == [1, 2]
    await queues.database.transact(lambda unit: unit.inbox.finish(1), wall_clock())
    await until(lambda: queues.numbers == [3, 2])


async def test_what_cannot_be_stored_is_handed_over_as_it_is_kept(queues: Read) -> None:
    await _receive(queues, {**_update(4, 7), "text": HUGE})
    await until(lambda: len(queues.done) == 1)
    assert queues.done[0].payload == {"update_id": 4}


async def test_what_another_holds_is_not_taken(queues: Read) -> None:
    await Receiving(queues.database, wall_clock, lambda person: "other", None, lambda: queues)([_update(1, 7)])
    await _receive(queues, _update(2, 8))
    await until(lambda: len(queues.done) == 1)
    assert queues.numbers == [2]


async def test_while_others_handle_updates_they_are_stored_first(queues: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "is_shared", True)
    await _receive(queues, _update(1, 7))
    await until(lambda: len(queues.done) == 1)
    assert queues.read == [1]


async def test_a_lower_number_is_read_at_once_of_another_bot_or_stored_late(
    queues: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queues read at a signal only: none of these updates waits for the next reading from the start."""
    monkeypatch.setattr(Database, "is_shared", True)
    for number, bot in ((100, 2), (100, 1), (60, 1), (99, 2)):
        await Receiving(queues.database, wall_clock, queues=lambda: queues, bot=bot)([_update(number, number + bot)])
        await until(lambda number=number, bot=bot: number_at(bot, number) in queues.numbers)  # type: ignore[misc]
    assert queues.numbers == [number_at(bot, number) for number, bot in ((100, 2), (100, 1), (60, 1), (99, 2))]


async def test_each_bot_is_read_to_its_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """More updates wait than one page holds, of a bot of each range and of a bot that is named no longer."""
    monkeypatch.setattr(person_queues, "CHUNK", 70)
    numbers = [number_at(bot, number) for bot in (1, 2, 7) for number in range(1, 101)]
    waiting = [ReceivedUpdate(number, position, {}) for position, number in enumerate(numbers, start=1)]
    await database.transact(lambda unit: unit.inbox.store(waiting), wall_clock())
    queues = Read(database)
    running = asyncio.create_task(queues.run())
    await until(lambda: len(queues.done) == len(numbers))
    assert sorted(queues.numbers) == numbers
    running.cancel()
    await queues.stop(2)


def _mark(unit: UnitOfWork) -> None:
    """As the relay marks a letter that was sent."""
    unit.connection.changed("UPDATE outbox SET tries = 0 WHERE id = 0")


@asynccontextmanager
async def _busy(queues: Read) -> AsyncIterator[None]:
    """The writer is in the midst of a transaction."""
    begun, enough = threading.Event(), threading.Event()

    def work(unit: UnitOfWork) -> None:
        begun.set()
        enough.wait(10)

    working = asyncio.create_task(queues.database.transact(work, wall_clock()))
    await until(begun.is_set)
    yield
    enough.set()
    await working


def _kept(number: int, person: int, holder: str) -> Any:
    return lambda unit: unit.inbox.store(
        [ReceivedUpdate(number, person, _update(number, person))], lambda person: holder
    )


def _update(number: int, person: int) -> dict[str, Any]:
    return {"update_id": number, "callback_query": {"from": {"id": person}}}


async def _receive(queues: Read, *updates: dict[str, Any]) -> None:
    await Receiving(queues.database, wall_clock, lambda person: NO_HOLDER, None, lambda: queues)(updates)


async def _rows(queues: Read, sql: str) -> Sequence[Any]:
    return [tuple(row) async for row in queues.database.rows(sql)]


async def _waiting(queues: Read) -> list[int]:
    return [row[0] for row in await _rows(queues, ENDS) if row[3] == "waiting"]
