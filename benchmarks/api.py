"""The API attacked: forged calls, Schemathesis against its own OpenAPI, and the chat's answers while programs press on.

Forged calls (keys, scopes, ids, bodies) must all be refused, tell nothing of what they aim at, and change no row.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory

from benchmarks.databases import fresh
from benchmarks.tables import WRITE, keep
from domain.moments import Moment
from domain.people.accounts import PersonId
from services.act import House
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import REQUESTER, a_project, launch, settle_tasks, settle_worker
from tests.invariants.flows import turn
from tests.storage.test_upgrade import everything
from tests.web import forged
from tests.web.asker import Asker, asking, house_of, key_of
from tests.web.forged import CANARY, REFUSED, ForgedCall
from tests.web.test_api_attacks import CHECKS, sent
from web.api.endpoint import Pace

FREE = 1e9  # requests a second: the pace is not what is tried
KEYS, ANSWERS = 8, 300


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks api", description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000, help="forged")
    parser.add_argument("--examples", type=int, default=50, help="of Schemathesis, for each operation")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    with fresh(options.database) as place:
        lines = asyncio.run(_attacked(place.url, options.calls, options.examples))
    with fresh(options.database) as place:
        lines += asyncio.run(_beside(place.url))
    text = "\n".join(["| tried | came of it |", "| --- | --- |", *lines])
    print(text)
    if options.write:
        keep("api", "The API attacked", f"api --calls {options.calls} --database {options.database}", text)
    return 0 if all("**" not in line for line in lines) else 1


def _now() -> Moment:
    return Moment(int(time.time() * 1_000))


@asynccontextmanager
async def _open(url: str, pace: Pace) -> AsyncIterator[tuple[Database, Asker, forged.Keys]]:
    database = Database(url)
    house = replace(house_of(database, _now()), clock=_now)
    keys = await database.transact(forged.settle, _now(), house)
    try:
        async with asking(house, keys.anna, pace) as anna:
            yield database, anna, keys
    finally:
        await database.close()


async def _attacked(url: str, count: int, examples: int) -> list[str]:
    async with _open(url, Pace(per_second=FREE, burst=FREE, at_once=100)) as (_, anna, keys):
        told = await _forged(url, anna, keys, count)
        described = await _schemathesis(anna, examples)
    return [told, described]


async def _beside(url: str) -> list[str]:
    """At the pace that keys have."""
    async with _open(url, Pace()) as (database, anna, _):
        worker = await database.transact(_worker, _now())
        alone, fell = await _answers(database, worker), Counter[int]()
        house = house_of(database, _now())
        keys = [await database.transact(_key, _now(), house) for _ in range(KEYS)]
        programs = [asyncio.create_task(_presses(anna.with_key(key), fell)) for key in keys]
        pressed = await _answers(database, worker)
        for each in programs:
            each.cancel()
        await asyncio.gather(*programs, return_exceptions=True)
    told = f"{KEYS} keys ask 50 times a second each ({fell[200]:,} answered, {fell[429]:,} refused)"
    return [f"| {ANSWERS} answers in the chat | {alone} |", f"| … while {told} | {pressed} |"]


def _key(unit: UnitOfWork, house: House) -> str:
    anna = unit.people.find_by_telegram_id(REQUESTER)
    assert anna is not None
    return key_of(unit, house, anna.id)


async def _forged(url: str, anna: Asker, keys: forged.Keys, count: int) -> str:
    before, leaks, statuses = everything(url), [], Counter[int]()
    drawn = forged.calls(keys, Random(7))

    async def some(calls: list[ForgedCall]) -> None:
        for call in calls:
            status, text = await sent(anna, call)
            statuses[status] += 1
            if status not in REFUSED or CANARY in text:
                leaks.append(call)

    begun = time.monotonic()
    await asyncio.gather(*(some(list(islice(drawn, count // 8))) for _ in range(8)))
    after, seconds = everything(url), time.monotonic() - begun
    moved = [table for table in after if table != "api_keys" and after[table] != before[table]]
    fell = ", ".join(f"{status}: {times:,}" for status, times in sorted(statuses.items()))
    told = f"**{len(leaks)} leaks {leaks[:3]}, changed: {moved}**" if leaks or moved else "no leak, no row changed"
    return f"| {statuses.total():,} forged calls, {statuses.total() / seconds:.0f} a second | {told}; {fell} |"


async def _schemathesis(anna: Asker, examples: int) -> str:
    places = [str(Path(sys.executable).parent), *os.get_exec_path()]
    program = shutil.which("schemathesis", path=os.pathsep.join(places))
    if program is None:
        return "| Schemathesis | not installed: requirements/bench.in |"
    asked = ("--max-examples", str(examples), "--exclude-checks", CHECKS, "--continue-on-failure", "--no-color")
    header = ("-H", f"Authorization: Bearer {anna.key}")
    call = [program, "run", f"{anna.url}/openapi.json", *header, *asked]
    with TemporaryDirectory() as place:  # it keeps notes where it runs
        ended = await asyncio.to_thread(subprocess.run, call, capture_output=True, text=True, check=False, cwd=place)
    if ended.returncode:
        print(ended.stdout[-20_000:])
    found = next(
        (line.strip() for line in ended.stdout.splitlines() if line.strip()[:1].isdigit() and "generated" in line),
        "nothing",
    )
    told = "no failure" if ended.returncode == 0 else "**failures**"
    return f"| Schemathesis, all checks but {CHECKS} | {told}; {found} |"


async def _answers(database: Database, worker: PersonId) -> str:
    """Milliseconds of a transaction that takes an answer."""
    taken = []
    for _ in range(ANSWERS):
        begun = time.monotonic()
        await database.transact(lambda unit: turn(unit, worker), _now())
        taken.append((time.monotonic() - begun) * 1_000)
        await asyncio.sleep(0.005)
    parts = quantiles(taken, n=20)
    return f"median {parts[9]:.1f} ms, 95 % {parts[18]:.1f} ms"


def _worker(unit: UnitOfWork) -> PersonId:
    """Somebody who has tasks enough."""
    anna = unit.people.find_by_telegram_id(REQUESTER)
    assert anna is not None
    project = unit.projects.add(a_project(anna.id, unit.now, overlap=1, max_overlap=1))
    settle_tasks(unit, project, anna.id, 2 * ANSWERS + 50, 0)
    launch(unit, anna.id, project)
    return settle_worker(unit, 90).id


async def _presses(anna: Asker, fell: Counter[int]) -> None:
    """Readings and writings in turn."""
    while True:
        for method, path in (("GET", ""), ("POST", "/hold"), ("POST", "/resume")):
            fell[(await anna.ask(method, f"/projects/1{path}")).status] += 1
            await asyncio.sleep(0.02)
