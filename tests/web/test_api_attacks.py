"""Nobody reads or moves what isn't theirs, whatever they send; and no key is served faster than its pace."""

import asyncio
import os
import subprocess
import sys
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

import aiohttp
import pytest

from domain.moments import Moment
from storage.database import Database
from tests.storage.test_upgrade import everything
from tests.web import forged
from tests.web.asker import Asker, asking, house_of
from tests.web.forged import CANARY, REFUSED, ForgedCall, Keys
from web.api.endpoint import Pace, Problem
from web.api.table import ENDPOINTS

FREE = 1e9  # requests a second: the pace is not what is tried
CALLS = 200
CHECKS = "positive_data_acceptance"  # what is well-formed is refused all the same where money is missing

ROOT = Path(__file__).parents[2]


async def sent(asker: Asker, call: ForgedCall) -> tuple[int, str]:
    url = asker.url.removesuffix("/api/v1") + call.path
    async with asker.http.request(call.method, url, data=call.body, headers=call.headers) as answer:
        return answer.status, await answer.text()


async def test_forged_calls_are_refused_and_tell_nothing(database: Database, database_url: str, now: Moment):
    house = house_of(database, now)
    keys = await database.transact(forged.settle, now, house)
    async with asking(house, keys.anna, Pace(per_second=FREE, burst=FREE)) as anna:
        assert CANARY in str((await anna.get("/projects/1")).body)
        before = await asyncio.to_thread(everything, database_url)
        for call in islice(forged.calls(keys, Random(2026)), CALLS):
            status, text = await sent(anna, call)
            assert status in REFUSED, (call, status, text)
            assert CANARY not in text, (call, text)
        after = await asyncio.to_thread(everything, database_url)
    noted = {"api_keys"}  # when they were used
    assert {table: after[table] for table in after.keys() - noted} == {
        table: before[table] for table in before.keys() - noted
    }


async def test_bodies_that_are_none_are_refused(database: Database, now: Moment):
    house = house_of(database, now)
    keys: Keys = await database.transact(forged.settle, now, house)
    async with asking(house, keys.anna) as anna:
        form = b'--b\r\nContent-Disposition: form-data; name="\x9c\xc3"\r\n\r\nx\r\n--b--\r\n'
        broken = await anna.post("/projects", form, **{"Content-Type": "multipart/form-data; boundary=b"})
        large = await anna.post("/bonuses", b" " * (2 << 20), **{"Content-Type": "application/json"})
        rows = await anna.post("/projects", b" " * (5 << 20), **{"Content-Type": "application/json"})
        deep = await anna.post("/projects", b"[" * 100_000, **{"Content-Type": "application/json"})
        huge = await anna.post("/projects/1/tasks", {"tasks": [{"text": 10**40, "more": [None, {}]}]})
        named = await anna.post("/projects", b"text\nx", **{"Content-Type": "text/csv"})
    assert [each.status for each in (broken, large, rows, deep, huge, named)] == [422, 413, 413, 422, 422, 422]
    assert {each.headers["Content-Type"] for each in (broken, large, rows, deep, huge, named)} == {
        "application/problem+json"
    }


async def test_a_header_that_is_no_utf8_is_told_why(database: Database, now: Moment):
    async with asking(house_of(database, now), "") as nobody:
        host, port = nobody.url.split("/")[2].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /api/v1/balance HTTP/1.1\r\nHost: x\r\nX-Who: cl\xe9\r\n\r\n")
        told = await reader.read()
        writer.close()
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in told
    assert b'"code":"unreadable"' in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_schemathesis_finds_no_call_that_fails(database: Database, now: Moment, tmp_path: Path):
    """A few calls of each operation, the same in every run; `python -m benchmarks api` tries many."""
    house = house_of(database, now)
    keys = await database.transact(forged.settle, now, house)
    async with asking(house, keys.anna, Pace(per_second=FREE, burst=FREE, at_once=100)) as anna:
        asked = ("--max-examples", "1", "--phases", "fuzzing", "--generation-deterministic", "--no-color")
        place = [sys.executable, "-m", "schemathesis.cli", "run", f"{anna.url}/openapi.json"]
        call = [*place, "-H", f"Authorization: Bearer {anna.key}", *asked, "--exclude-checks", CHECKS]
        kept = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis")}  # its tables of characters
        run = partial(subprocess.run, call, capture_output=True, text=True, check=False, cwd=tmp_path, env=kept)
        ended = await asyncio.to_thread(run)
    assert ended.returncode == 0, ended.stdout[-5_000:] + ended.stderr[-2_000:]
    assert f"Tested: {len(ENDPOINTS)}" in ended.stdout


async def test_a_key_has_a_pace_and_others_have_theirs():
    clock = [0.0]
    pace = Pace(lambda: clock[0], per_second=2, burst=3, at_once=2)
    for _ in range(3):
        async with pace.take_turn("a"):
            pass
    with pytest.raises(Problem) as refused:
        await pace.take_turn("a").__aenter__()
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "1")
    async with pace.take_turn("b"), pace.take_turn("b"):
        with pytest.raises(Problem):
            await pace.take_turn("b").__aenter__()
    clock[0] = 0.5
    async with pace.take_turn("a"):
        pass


async def test_too_many_requests_are_told_when_to_come_back(database: Database, now: Moment):
    house = house_of(database, now)
    keys = await database.transact(forged.settle, now, house)
    async with asking(house, keys.anna, Pace(per_second=0.1, burst=2)) as anna:
        answers = [await anna.get("/balance") for _ in range(3)]
        others = await anna.with_key(keys.reads).get("/balance")
    assert [each.status for each in answers] == [200, 200, 429]
    assert (answers[2].headers["Retry-After"], others.status) == ("10", 200)


async def test_openapi_and_its_page_need_no_key(database: Database, now: Moment):
    async with asking(house_of(database, now), "") as nobody, aiohttp.ClientSession() as http:
        async with http.get(f"{nobody.url}/openapi.json") as answer:
            told = await answer.json()
        async with http.get(f"{nobody.url}/docs") as answer:
            page = await answer.text()
    assert told["openapi"] == "3.1.0"
    for path, operations in told["paths"].items():
        assert path in page
        assert all(each["responses"].keys() >= {"401", "403", "429"} for each in operations.values())
    assert "<script" not in page
