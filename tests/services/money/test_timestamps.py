"""The ledger's daily head is stamped by a real authority; a stamp that is not of its head is found by `verify`."""

import asyncio
import base64
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.settings import BadSetting, Settings
from bot.sweeps import AsyncSweep, timestamp_sweeps
from domain.moments import DAY, HOUR, MINUTE, Moment, later
from domain.money.ledger import MAX_RETRY_DELAY, next_retry_at
from jobs.hash_chain import Authority
from services.money import ledger
from storage.database import Database
from storage.money.hash_chain import TIMESTAMPS_FIT_HEADS
from storage.unit import UnitOfWork
from tests.cli.test_ledger import Pouce, pouce
from tests.house import furnish
from tests.timestamping import Tsa, authority

__all__ = ["pouce"]
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
ROWS = "SELECT day, tries, try_at, reason, answer, root, stamped_at FROM head_timestamps ORDER BY day"


def a_head(unit: UnitOfWork) -> None:
    """A sealed ledger, and the head of the day before."""
    if not unit.hash_chain.list_day_heads(1):
        furnish(UnitOfWork(unit.connection, Moment(unit.now - DAY)))
    ledger.seal_recent(unit)
    ledger.seal_recent(unit)


async def settled(database: Database, now: Moment) -> None:
    await database.transact(a_head, now)
    await database.transact(a_head, later(now, DAY))


async def rows(database: Database) -> list[Any]:
    return [row async for row in database.rows(ROWS)]


def faults(unit: UnitOfWork) -> list[tuple[str, str]]:
    return TIMESTAMPS_FIT_HEADS.find(unit)[1]


def trusting(tsa: Tsa) -> Callable[..., Any]:
    assert tsa.root is not None
    return Authority(tsa.url, [tsa.root]).stamp_newest_head


async def test_the_newest_head_is_stamped_once(database: Database, now: Moment, tmp_path: Path) -> None:
    await settled(database, now)
    at = later(now, DAY + HOUR)
    async with authority(tmp_path) as tsa:
        for _ in range(3):
            await trusting(tsa)(database, lambda: at)
        assert len(tsa.asked) == 1
    ((_, tries, _, _, answer, _, stamped_at),) = await rows(database)
    assert (tries, stamped_at > 0, len(base64.b64decode(answer)) > 1_000) == (0, True, True)
    assert await database.transact(faults, at) == []


def test_a_timestamp_verifies_with_openssl(pouce: Pouce, sqlite_url: str, now: Moment, tmp_path: Path) -> None:
    async def stamped() -> None:
        database = Database(sqlite_url)
        await settled(database, now)
        async with authority(tmp_path) as tsa:
            await trusting(tsa)(database, lambda: later(now, DAY))
        await database.close()

    asyncio.run(stamped())
    assert pouce(sqlite_url, "timestamps", str(tmp_path / "out"))[0] == 0
    (day,) = (file.stem for file in (tmp_path / "out").glob("*.tsr"))
    words = ["openssl", "ts", "-verify", "-in", f"{day}.tsr", "-data", f"{day}.txt", "-CAfile", f"{day}.pem"]
    check = partial(subprocess.run, words, cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert "Verification: OK" in check().stdout
    (tmp_path / "out" / f"{day}.txt").write_text("another head")
    assert check().returncode != 0


@pytest.mark.parametrize("mood", ["error", "elsewhere", "endless", "nonsense", "earlier"])
async def test_an_invalid_timestamp_is_not_stored_and_requested_again(
    mood: str, sqlite_url: str, now: Moment, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    await settled(database, now)
    async with authority(tmp_path) as tsa:
        if mood == "earlier":  # the answer to another question
            await Authority(tsa.url, [])._ask(b"another")
        tsa.mood, at = mood, later(now, DAY)
        await trusting(tsa)(database, lambda: at)
        ((day, tries, try_at, reason, answer, *_),) = await rows(database)
        assert (tries, answer, bool(reason), try_at) == (1, None, True, at + MINUTE)
        count = len(tsa.asked)
        await trusting(tsa)(database, lambda: at)
        assert len(tsa.asked) == count  # not before its time
        tsa.mood = "well"
        await trusting(tsa)(database, lambda: later(at, MINUTE))
    ((same, *_, kept, _, _),) = await rows(database)
    assert (same, kept is not None) == (day, True)
    await database.close()


async def test_an_unreachable_authority_and_an_unknown_root_are_retried(
    sqlite_url: str, now: Moment, tmp_path: Path
) -> None:
    database, at = Database(sqlite_url), later(now, DAY)
    await settled(database, now)
    async with authority(tmp_path) as tsa:
        await Authority(tsa.url, []).stamp_newest_head(database, lambda: at)
        assert "TIMESTAMP_CA" in (await rows(database))[0][3]
    await trusting(tsa)(database, lambda: later(at, HOUR))
    assert (await rows(database))[0][3] == "ClientConnectorError"
    await database.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE head_timestamps SET stamped_at = stamped_at - 1000",
        "UPDATE head_timestamps SET answer = 'AAAA'",
        "UPDATE head_timestamps SET root = 'AAAA'",
        "UPDATE head_timestamps SET answer = substr(answer, 1, 400)",
        "UPDATE chain_heads SET position = position - 1, hash = (SELECT hash FROM hash_chain s"
        " WHERE s.position = chain_heads.position - 1) WHERE day = (SELECT day FROM head_timestamps)",
    ],
)
async def test_verify_finds_a_stamp_that_is_not_of_its_head(
    change: str, sqlite_url: str, now: Moment, tmp_path: Path
) -> None:
    database, at = Database(sqlite_url), later(now, DAY)
    await settled(database, now)
    async with authority(tmp_path) as tsa:
        await trusting(tsa)(database, lambda: at)
    await database.transact(lambda unit: unit.connection.script("DROP TRIGGER chain_heads_keep;"), at)
    assert await database.transact(faults, at) == []
    await database.transact(lambda unit: unit.connection.changed(change), at)
    assert len(await database.transact(faults, at)) == 1
    await database.close()


def test_tries_are_spaced_and_bounded() -> None:
    assert [next_retry_at(tries, Moment(0)) // MINUTE for tries in range(5)] == [1, 2, 4, 8, 16]
    assert next_retry_at(10_000, Moment(0)) == MAX_RETRY_DELAY


def test_timestamps_are_off_by_default_and_a_bad_root_file_stops_the_start(tmp_path: Path) -> None:
    assert timestamp_sweeps(Settings()) == ()
    (found,) = timestamp_sweeps(Settings(timestamp_url="https://tsa.example/tsr"))
    assert isinstance(found, AsyncSweep)
    (tmp_path / "ca").write_text("none")
    with pytest.raises(BadSetting, match="TIMESTAMP_CA"):
        timestamp_sweeps(Settings(timestamp_url="https://tsa.example/tsr", timestamp_ca=str(tmp_path / "ca")))
    with pytest.raises(ValidationError, match="timestamp_ca"):
        Settings(timestamp_ca=str(tmp_path / "nowhere"))
