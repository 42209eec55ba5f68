"""`python -m benchmarks processes`: answers a second of one process and of two over one PostgreSQL, behind a balancer.

The people, the local Telegram and the balancer are one more process; the server is one, too: two cores are few for it.
"""

import argparse
import asyncio
import os
import statistics
import time
from pathlib import Path

from benchmarks.databases import fresh
from benchmarks.tables import WRITE, keep
from domain.money.amounts import Millionths
from faults.campaign import Campaign, Plan, campaign
from faults.cluster import Cluster, behind_a_balancer

CHEAP = {"pay": Millionths(5_000), "fee": Millionths(500)}
WARM = 2.0  # seconds before it is measured
STORED = "SELECT count(*) FROM submissions"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks processes", description=__doc__)
    parser.add_argument("--people", type=int, default=32, help="at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=4, help="of one and two processes in turn")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(options.rounds):
        for processes, measured in rates.items():
            measured.append(asyncio.run(_round(processes, options.people, options.seconds)))
    one, two = (statistics.median(measured) for measured in rates.values())
    found = f"{options.people} people: {one:.0f} answers/s by one process, {two:.0f} by two: {two / one:.2f} times."
    print(found)
    if options.write:
        again = f"processes --people {options.people} --seconds {options.seconds:g} --rounds {options.rounds}"
        keep("processes", "One process and two over one PostgreSQL", again, found)
    return 0


async def _round(processes: int, people: int, seconds: float) -> float:
    plan = Plan(workers=people, tasks=3_000, gold=30, plans=0, project=CHEAP)
    with fresh("postgresql") as found:
        async with campaign(plan, found.url, found.folder / "log") as fire, behind_a_balancer(fire) as many:
            fire.movers = []
            await asyncio.gather(*(many.start() for _ in range(processes)))
            fire.begin()
            return await _measured(fire, many, seconds)


async def _measured(fire: Campaign, many: Cluster, seconds: float) -> float:
    await asyncio.sleep(WARM)
    began, stored, cpu = time.monotonic(), fire.look(STORED)[0][0], _cpu(many)
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    rate, used = (fire.look(STORED)[0][0] - stored) / took, (_cpu(many) - cpu) / took
    for one in fire.crowd:
        one.cancel()
    print(f"{len(many.all)} at work: {rate:.0f} answers/s, {used:.2f} cores used by them", flush=True)
    return rate


def _cpu(many: Cluster) -> float:
    """Seconds the bots have used."""
    ticks = 0
    for one in many.all:
        ticks += sum(map(int, Path(f"/proc/{one.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
