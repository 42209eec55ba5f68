"""`python -m benchmarks faults`: rounds of kill -9 under load on each database, and the negative controls."""

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.faults.page import Line, page, table
from storage.dialects import dialect_of
from storage.migrating import migrate
from tests.conftest import start_postgresql
from tests.crash.campaign import Found, Plan, campaign
from tests.crash.controls import CONTROLS, Control

PAGE = Path("docs/faults.md")
ROUND = Plan(kills=25, workers=32, tasks=440, gold=44)


def main(arguments: list[str]) -> int:
    """0 when every promise was kept and every control was seen through."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks faults")
    parser.add_argument("--kills", type=int, default=500, help="on each database, in rounds of 25")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    lines = asyncio.run(_everything(options))
    print(table(lines))
    if options.write:
        PAGE.write_text(page(lines, options, datetime.now(UTC).date(), time.monotonic() - began))
    return 0 if all(line.is_well for line in lines) else 1


async def _everything(options: argparse.Namespace) -> list[Line]:
    lines = []
    for database in options.databases:
        lines.append(await _kills(database, options.kills, options.seed))
        lines += [await _control(control, database) for control in CONTROLS]
    return lines


async def _kills(database: str, kills: int, seed: int) -> Line:
    """Rounds, each on a new database, each with its own seed."""
    line = Line(database, "kill -9")
    for number in range(-(-kills // ROUND.kills)):
        plan = replace(ROUND, seed=seed * 1000 + number, kills=min(ROUND.kills, kills - number * ROUND.kills))
        found = await _round(database, plan)
        line = line.plus(plan.kills, found)
        print(f"{database}: {line.kills} kills, {line.stored} answers, {len(line.untrue)} untrue", flush=True)
    return line


async def _control(control: Control, database: str) -> Line:
    found = await _round(database, control.campaign, control)
    line = Line(database, control.name, control=control).plus(control.campaign.kills, found)
    print(f"{database}: {control.name}: {'seen' if line.is_well else 'NOT SEEN'}", flush=True)
    return line


async def _round(database: str, plan: Plan, control: Control | None = None) -> Found:
    with _fresh(database) as (url, folder):
        if control is not None:
            control.weaken(url)
        async with campaign(plan, url, folder / "log") as under_fire:
            return await under_fire.run()


@contextmanager
def _fresh(database: str) -> Iterator[tuple[str, Path]]:
    """A database that waits for its disk as in earnest: (address, folder)."""
    folder = Path(tempfile.mkdtemp(prefix="pouce-"))
    server = start_postgresql(folder) if database == "postgresql" else None
    try:
        url = server.get_uri() if server else f"sqlite:///{folder / 'pouce.db'}"
        migrate(dialect_of(url))
        yield url, folder
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder)
