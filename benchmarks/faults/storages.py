"""The database is full, locked, restarted, or asks to begin again."""

import asyncio
import resource
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg

from benchmarks.faults.scenario import at_work, goes_on, stored
from faults.campaign import Campaign

LOCKED = 8.0  # seconds: longer than the lease
LOCK = "LOCK TABLE inbox, outbox, submissions, transfers, leases IN ACCESS EXCLUSIVE MODE"
TABLES = ("inbox", "outbox", "submissions", "transfers")
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {what} RETURN NULL; END $$"""
FULL = "RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full';"
UNLUCKY = "IF random() < 0.03 THEN RAISE EXCEPTION 'once more' USING ERRCODE = 'serialization_failure'; END IF;"
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refuse()"""
AT_ONCE = "CREATE TRIGGER refuse AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
GIVEN_UP = "SELECT count(*) FROM inbox WHERE state = 'dead'"


async def disk_full_at_commit(fire: Campaign) -> list[str]:
    """Nothing is kept and nothing is promised while it lasts; work goes on by itself once there is room."""
    await at_work(fire)
    async with _full(fire):
        await asyncio.sleep(1)
        before = stored(fire)
        await asyncio.sleep(5)
        kept = stored(fire) - before
    back = await goes_on(fire, patience=60)
    await fire.peace()
    broken = [f"{kept} answers were kept on a full disk"] if kept else []
    return [*broken, f"work went on after {back:.0f} s"] if back > 40 else broken


@asynccontextmanager
async def _full(fire: Campaign) -> AsyncIterator[None]:
    """No file of the process may grow; on PostgreSQL every commit of what matters says there is no room."""
    if fire.database_url.startswith("postgresql"):
        async with _refusing(fire, FULL, AT_COMMIT):
            yield
        return
    process, before = fire.alive[0].pid, resource.prlimit(fire.alive[0].pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def _refusing(fire: Campaign, what: str, trigger: str) -> AsyncIterator[None]:
    async with await psycopg.AsyncConnection.connect(fire.database_url, autocommit=True) as connection:
        await _insist(connection, REFUSE.format(what=what))
        for table in TABLES:
            await _insist(connection, trigger.format(table=table))
        try:
            yield
        finally:
            await _insist(connection, "DROP FUNCTION refuse CASCADE")


async def _insist(connection: psycopg.AsyncConnection[Any], sql: Any) -> None:
    """Whoever asks for several tables may be the one whom PostgreSQL asks to begin again."""
    for _ in range(20):
        with suppress(psycopg.errors.DeadlockDetected):
            await connection.execute(sql)
            return
    raise TimeoutError(sql)


async def database_locked_by_another(fire: Campaign) -> list[str]:
    """Longer than the lease lasts: all wait, nobody is told otherwise, and go on within 15 seconds."""
    await at_work(fire)
    async with _locked(fire):
        await asyncio.sleep(LOCKED)
    back = await goes_on(fire)
    await fire.peace()
    return [f"work went on after {back:.0f} s"] if back > 15 else []


@asynccontextmanager
async def _locked(fire: Campaign) -> AsyncIterator[None]:
    if fire.database_url.startswith("postgresql"):
        async with await _all_tables_locked(fire.database_url):
            yield
        return
    connection: Any = sqlite3.connect(fire.database_url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


async def _all_tables_locked(url: str) -> psycopg.AsyncConnection[Any]:
    """Whoever locks one table after the other may be the one whom PostgreSQL asks to begin again."""
    for _ in range(10):
        connection = await psycopg.AsyncConnection.connect(url)
        with suppress(psycopg.errors.DeadlockDetected):
            await connection.execute(LOCK)
            return connection
        await connection.close()
    raise TimeoutError("the tables could not be locked")


async def database_restarted_at_once(fire: Campaign) -> list[str]:
    """Three times, without a word: what was told received is there, and work goes on within 20 seconds."""
    await at_work(fire)
    slowest = 0.0
    for _ in range(3):
        await asyncio.to_thread(fire.server.restart)
        began = time.monotonic()
        await goes_on(fire)
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.sleep(1)
    await fire.peace()
    return [f"work went on after {slowest:.0f} s"] if slowest > 20 else []


async def server_fails_over_to_its_standby(fire: Campaign) -> list[str]:
    """The server is gone for good: what was told received is on the standby, and work goes on within 30 seconds."""
    standby = await asyncio.to_thread(fire.server.follow)
    fire.database_url += f",{standby}&target_session_attrs=read-write"
    await at_work(fire)
    await asyncio.to_thread(fire.server.fail_over)
    back = await goes_on(fire, answers=20, patience=60)
    await fire.peace()
    return [f"work went on after {back:.0f} s"] if back > 30 else []


async def serialization_failures(fire: Campaign) -> list[str]:
    """Three rows in a hundred ask to begin again: nobody sees it, no update is given up."""
    await at_work(fire)
    async with _refusing(fire, UNLUCKY, AT_ONCE):
        await goes_on(fire, answers=40, patience=60)
    await fire.peace()
    return [f"{dead} updates were given up"] if (dead := fire.look(GIVEN_UP)[0][0]) else []
