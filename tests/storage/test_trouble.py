"""Full disks, lost connections, conflicts: every caller gets the error, nothing is partly stored, the next
transaction works."""

import asyncio
import threading
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from domain.moments import Moment
from storage.database import Database
from storage.drivers.connection import BadDatabaseUrl, Unavailable, error_name
from storage.drivers.dialects import dialect_of
from storage.drivers.postgresql import PostgreSQL, PostgreSQLConnection
from storage.unit import UnitOfWork
from tests.storage.test_transactions import put, settings

REFUSES = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"""
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON settings DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.value = 'heavy') EXECUTE FUNCTION refuse()"""


def fill_the_disk(unit: UnitOfWork) -> None:
    unit.connection.all(f"PRAGMA max_page_count = {unit.connection.all('PRAGMA page_count')[0][0]}")


async def test_a_full_disk_is_told_and_nothing_is_kept(sqlite_url: str, now: Moment) -> None:
    database = Database(sqlite_url)

    def heavy(unit: UnitOfWork) -> None:
        fill_the_disk(unit)
        put(unit, "heavy", "x" * 1_000_000)

    with pytest.raises(Unavailable, match="full") as told:
        await database.transact(heavy, now)
    assert error_name(told.value) == "SQLITE_FULL"
    assert await database.transact(settings, now, "heavy") == []
    assert await database.transact(put, now, "light") == "light"
    await database.close()


async def test_a_commit_that_fails_is_told_to_all_who_shared_it(postgresql_url: str, now: Moment) -> None:
    database = Database(postgresql_url)
    await database.transact(lambda unit: unit.connection.script(f"{REFUSES};{AT_COMMIT}"), now)
    outcomes = await asyncio.gather(
        *(database.transact(put, now, f"shared{n}", "heavy") for n in range(5)), return_exceptions=True
    )
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert {error_name(outcome) for outcome in outcomes if isinstance(outcome, Unavailable)} == {"53100/DiskFull"}
    assert await database.transact(settings, now, "shared") == []
    assert await database.transact(put, now, "light") == "light"
    await database.close()


async def test_a_server_that_became_read_only_is_unavailable_until_it_is_writable(
    postgresql_url: str, now: Moment
) -> None:
    """As a standby is, and as providers set a server whose disk is nearly full."""
    database = Database(postgresql_url)

    async def becomes(state: str) -> None:
        connection = database._writer.connection
        assert isinstance(connection, PostgreSQLConnection)
        await asyncio.to_thread(connection.driver.execute, f"SET default_transaction_read_only = {state}".encode())

    await database.transact(put, now, "before")
    await becomes("on")
    for many in (1, 3):
        tried = (database.transact(put, now, f"meanwhile{n}") for n in range(many))
        outcomes = await asyncio.gather(*tried, return_exceptions=True)
        told = [(type(each), error_name(each)) for each in outcomes if isinstance(each, Exception)]
        assert told == [(Unavailable, "25006/ReadOnlySqlTransaction")] * many
    await becomes("off")
    assert await database.transact(put, now, "after") == "after"
    assert await database.transact(settings, now, "meanwhile") == []
    await database.close()


def kill_the_others(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_a_connection_killed_between_transactions_is_replaced(postgresql_url: str, now: Moment) -> None:
    database = Database(postgresql_url)
    await database.transact(put, now, "before")
    kill_the_others(postgresql_url)
    await asyncio.gather(*(database.transact(put, now, f"after{n}") for n in range(3)))
    assert await database.transact(settings, now, "after") == ["after0", "after1", "after2"]
    await database.close()


async def test_a_connection_killed_inside_a_transaction_keeps_nothing_half(postgresql_url: str, now: Moment) -> None:
    database, deaths = Database(postgresql_url), iter((True, False, False))

    def die_once(unit: UnitOfWork) -> None:
        put(unit, "half")
        if next(deaths):
            kill_the_others(postgresql_url)
        put(unit, "whole")

    outcome = (await asyncio.gather(database.transact(die_once, now), return_exceptions=True))[0]
    kept = await database.transact(settings, now, "")
    assert ("half" in kept) == ("whole" in kept) == (outcome is None)
    await database.close()


async def test_a_server_that_is_not_there_is_unavailable(now: Moment) -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable):
        await database.transact(put, now, "never")
    await database.close()


async def test_a_bug_in_a_statement_is_no_outage(database: Database, now: Moment) -> None:
    with pytest.raises(Exception, match="nowhere") as raised:
        await database.transact(lambda unit: unit.connection.all("SELECT 1 FROM nowhere"), now)
    assert not isinstance(raised.value, Unavailable)


async def test_two_transactions_that_wait_for_each_other_both_end_well(postgresql_url: str, now: Moment) -> None:
    one, two, meeting = Database(postgresql_url), Database(postgresql_url), threading.Barrier(2)
    await one.transact(lambda unit: (put(unit, "a", "0"), put(unit, "b", "0")), now)
    met: set[str] = set()

    def raise_both(unit: UnitOfWork, first: str, second: str) -> None:
        for name in (first, second):
            row = unit.connection.one(
                "UPDATE settings SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = :n RETURNING 1",
                n=name,
            )
            assert row
            if name == first and first not in met:
                met.add(first)
                meeting.wait(10)

    await asyncio.gather(
        one.freely(lambda unit: raise_both(unit, "a", "b"), now),
        two.freely(lambda unit: raise_both(unit, "b", "a"), now),
    )
    assert await one.transact(lambda unit: (unit.settings.get("a"), unit.settings.get("b")), now) == ("2", "2")
    await asyncio.gather(one.close(), two.close())


async def test_a_serialization_failure_is_tried_again(
    postgresql_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = Database(postgresql_url), Database(postgresql_url)
    tries: list[str | None] = []
    await one.transact(put, now, "count", "0")
    monkeypatch.setattr(PostgreSQL, "begin", PostgreSQL.begin_reading)  # repeatable read

    def slowly(unit: UnitOfWork) -> None:
        value = unit.settings.get("count")
        tries.append(value)
        if len(tries) == 1:
            other = two.freely(lambda unit: put(unit, "count", "5"), now)
            asyncio.run_coroutine_threadsafe(other, loop).result(10)
        put(unit, "count", f"{value}!")

    loop = asyncio.get_running_loop()
    await one.freely(slowly, now)
    assert (tries, await one.transact(lambda unit: unit.settings.get("count"), now)) == (["0", "5"], "5!")
    await asyncio.gather(one.close(), two.close())


@pytest.mark.parametrize("url", ["", "pouce.db", "sqlite://", "sqlite:///", "mysql://a/b"])
def test_a_malformed_address_says_what_was_expected(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="sqlite:///FILE"):
        dialect_of(url)


def odd_name(path: Path) -> Path:
    return path.rename(path.with_name("a b#c?d%20.db"))


async def test_a_file_name_with_signs_of_its_own_is_that_very_file(sqlite_url: str, now: Moment) -> None:
    odd = odd_name(Path(sqlite_url.removeprefix("sqlite:///")))
    database = Database(f"sqlite:///{quote(str(odd))}")
    await database.transact(put, now, "here")
    assert [row async for row in database.rows("SELECT name FROM settings WHERE name = 'here'")] == [("here",)]
    await database.close()
