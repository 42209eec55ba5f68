"""`python -m benchmarks faults`: everything that can happen, one thing after the other, and the negative controls."""

import argparse
import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.faults.ground import Ground, ground
from benchmarks.faults.killing import killed_at_random
from benchmarks.faults.page import Line, page, table
from benchmarks.faults.record import record, recorded
from benchmarks.faults.scenario import BOTH, Scenario
from benchmarks.faults.table import SCENARIOS, TAKEN_AWAY
from benchmarks.tables import WRITE, keep
from faults.campaign import campaign


def main(arguments: list[str]) -> int:
    """0 when every promise was kept and every control was seen through."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks faults")
    parser.add_argument("--kills", type=int, default=100, help="at random, on each database, in rounds of 25")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="names or parts of names, with commas between them")
    parser.add_argument("--database", nargs="+", default=list(BOTH), choices=BOTH)
    parser.add_argument("--record", type=Path, help="keeps each result there, and tells all that are kept there")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    lines = [line for database in options.database for line in _on(database, options)]
    if options.record:
        lines = recorded(options.record)
    print(table(lines))
    if options.write:
        keep("faults", "Through faults", f"faults --seed {options.seed} --kills {options.kills}", page(lines))
    return 0 if all(line.is_well for line in lines) else 1


def _on(database: str, options: argparse.Namespace) -> Iterator[Line]:
    parts = [part.strip().replace("_", " ") for part in options.only.split(",")]
    with ground(database) as place:
        for scenario in (*SCENARIOS, *TAKEN_AWAY):
            if database in scenario.databases and any(part in scenario.name for part in parts):
                line = _line(database, place, scenario, options)
                if options.record:
                    record(options.record, line)
                yield line


def _line(database: str, place: Ground, scenario: Scenario, options: argparse.Namespace) -> Line:
    line = Line(database, scenario)
    for round_ in _rounds(scenario, options):
        line = asyncio.run(_struck(line, place, round_))
    print(f"{database}: {scenario.name}: {line.verdict} ({line.seconds:.0f} s, {line.told} received)", flush=True)
    for untrue in () if line.is_well else line.untrue[:5]:
        print(f"    {untrue}", flush=True)
    return line


def _rounds(scenario: Scenario, options: argparse.Namespace) -> Iterator[Scenario]:
    """Kills come in rounds, each on a new database with its own seed; whatever else happens, happens once."""
    seed, each = options.seed * 1000, scenario.plan.kills
    if scenario.happens is not killed_at_random or scenario.control:
        yield replace(scenario, plan=replace(scenario.plan, seed=seed))
        return
    for number in range(-(-options.kills // each)):
        kills = min(each, options.kills - number * each)
        yield replace(scenario, plan=replace(scenario.plan, seed=seed + number, kills=kills))


async def _struck(line: Line, place: Ground, scenario: Scenario) -> Line:
    began = time.monotonic()
    with place.fresh() as (url, folder), place.whole():
        if scenario.control:
            scenario.control.weaken(url)
        async with campaign(scenario.plan, url, folder / "log") as fire:
            fire.server = place
            found = await scenario.struck(fire)
    kills = scenario.plan.kills if scenario.happens is killed_at_random else 0
    return line.plus(kills, time.monotonic() - began, found)
