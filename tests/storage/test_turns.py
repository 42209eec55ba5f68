"""Writers of several processes over PostgreSQL follow each other; one that stops in its midst is not waited for."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator

import psycopg
import pytest

from domain.moments import Moment
from storage.database import Database
from storage.drivers import postgresql
from storage.drivers.connection import Unavailable
from storage.drivers.postgresql import NotificationListener
from storage.unit import UnitOfWork
from tests.storage.test_transactions import put

PUT_AHEAD = "UPDATE settings SET value = 'again' WHERE name = :name"


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


def count(unit: UnitOfWork) -> int:
    """Reads, thinks, writes: what two at once get wrong."""
    found = int(unit.settings.get("count") or 0)
    time.sleep(0.02)
    put(unit, "count", str(found + 1))
    return found + 1


async def test_what_was_read_is_still_so_when_it_is_written(database: Database, other: Database, now: Moment) -> None:
    await asyncio.gather(*(each.transact(count, now) for each in (database, other) * 8))
    assert await database.transact(lambda unit: unit.settings.get("count"), now) == "16"


async def test_without_turns_it_would_not_be(database: Database, other: Database, now: Moment) -> None:
    both_have_read = threading.Barrier(2, timeout=20)

    def count_at_once(unit: UnitOfWork) -> None:
        found = int(unit.settings.get("count") or 0)
        both_have_read.wait()
        put(unit, "count", str(found + 1))

    await database.transact(put, now, "count", "0")
    await asyncio.gather(database.freely(count_at_once, now), other.freely(count_at_once, now))
    assert await database.transact(lambda unit: unit.settings.get("count"), now) == "1"


async def test_rows_taken_in_opposite_order_never_wait_in_a_circle(
    database: Database, other: Database, now: Moment
) -> None:
    begun = []

    def both(unit: UnitOfWork, *names: str) -> None:
        begun.append(names)
        for name in names:
            put(unit, name, str(len(begun)))
            time.sleep(0.05)

    await database.transact(both, now, "a", "b")
    await asyncio.gather(database.transact(both, now, "a", "b"), other.transact(both, now, "b", "a"))
    assert len(begun) == 3  # who loses in a circle begins again


@pytest.mark.parametrize("ahead", [False, True])
async def test_who_freezes_in_the_midst_is_ended_and_keeps_nothing(
    database_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch, ahead: bool
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_TRANSACTION_MS", 150)
    frozen, other = Database(database_url), Database(database_url)

    begun, thaws = threading.Event(), threading.Event()

    def freeze(unit: UnitOfWork) -> None:
        put(unit, "frozen")
        assert unit.settings.get("frozen") is not None  # it has its turn, and the row
        if ahead:  # the server does it while we think about the next one
            unit.connection.pipeline.send_ahead([(PUT_AHEAD, {"name": "frozen"})])  # type: ignore[attr-defined]
        begun.set()
        thaws.wait(60)
        time.sleep(0.6)  # it is begun again, and ended again
        put(unit, "thawed")

    lost = asyncio.ensure_future(frozen.transact(freeze, now))
    assert await asyncio.to_thread(begun.wait, 20)
    await other.transact(put, now, "other")
    thaws.set()
    with pytest.raises(Unavailable):
        await lost
    assert await frozen.transact(lambda unit: unit.settings.get("frozen"), now) is None
    await asyncio.gather(frozen.close(), other.close())


@pytest.mark.parametrize("server_tells", [True, False])
async def test_letters_another_process_writes_are_heard_of(
    database: Database, other: Database, now: Moment, monkeypatch: pytest.MonkeyPatch, server_tells: bool
) -> None:
    def cannot(self: NotificationListener) -> None:
        raise psycopg.errors.FeatureNotSupported

    if not server_tells:
        monkeypatch.setattr(NotificationListener, "_listen", cannot)
    heard = asyncio.Event()
    other.on("outbox", heard.set)
    other.listen()
    while not heard.is_set():  # it takes a moment until the ear is open
        await database.transact(lambda unit: unit.signals.add("outbox"), now)
        await asyncio.sleep(0.02)
