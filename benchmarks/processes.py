"""`python -m benchmarks processes`: answers a second of one process and of two over one PostgreSQL, behind a balancer.

The people, the local Telegram and the balancer are one more process; the server is one, too: two cores are few for it.

`--pauses 20`: instead, how long somebody waits who writes at the moment in which the process that sends is killed, or
frozen. Updates are polled; one that is killed is started again at once, as systemd does.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import time
from pathlib import Path

from benchmarks.databases import NAMES, fresh
from benchmarks.tables import WRITE, Goal, goals_table, keep
from domain.money.amounts import Millionths
from faults.campaign import Campaign, Plan, campaign
from faults.cluster import BotProcess, Cluster, behind_a_balancer, soon
from faults.waiting import free_port
from simulator.running import Telegram, serve

CHEAP = {"pay": Millionths(5_000), "fee": Millionths(500)}
WARM = 2.0  # seconds before it is measured
PAUSES = (("sqlite", 1, 6.0), ("postgresql", 1, 6.0), ("postgresql", 2, 2.0), ("postgresql", 4, 2.0))
FROZEN = 8.0  # seconds at most until somebody is answered when the process that sends is frozen
ROLES = ("relay", "scheduler", "receiver")
ROOT = Path(__file__).parents[1]
STORED = "SELECT count(*) FROM submissions"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks processes", description=__doc__)
    parser.add_argument("--people", type=int, default=32, help="at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=4, help="of one and two processes in turn")
    parser.add_argument("--pauses", type=int, default=0, help="instead: so many kills, and half as many freezes")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    if options.pauses:
        return _measure_pauses(options.pauses, options.write)
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


def _measure_pauses(times: int, write: bool) -> int:
    goals = []
    for database, processes, most in PAUSES:
        killed, frozen = asyncio.run(_pauses(database, processes, times))
        name = f"{NAMES[database]}, {processes} process{'es' if processes > 1 else ''}"
        goals.append(Goal(f"{name}: answer after a kill, p99 of {times}", most, _percentile(killed, 0.99), " s", True))
        if frozen:
            goals.append(
                Goal(f"{name}: answer after a freeze, worst of {len(frozen)}", FROZEN, max(frozen), " s", True)
            )
        print(name, "killed:", _shown(killed), "frozen:", _shown(frozen), flush=True)
    print(table := goals_table(goals))
    if write:
        keep("pauses", "When a process is killed or frozen", f"processes --pauses {times}", table)
    return 0


def _percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


def _shown(seconds: list[float]) -> str:
    return " ".join(f"{each:.1f}" for each in sorted(seconds))


async def _pauses(database: str, processes: int, times: int) -> tuple[list[float], list[float]]:
    """Seconds until an answer after each kill and after each freeze of the process that has the relay."""
    killed, frozen = list[float](), list[float]()
    with fresh(database) as found:
        async with serve() as telegram:
            running = [await _start(telegram, found.url) for _ in range(processes)]
            try:
                await soon(lambda: _lead(running), 60)
                for _ in range(times):
                    one = await _leader(running)
                    one.process.kill()
                    running.remove(one)
                    starting = asyncio.create_task(_start(telegram, found.url))
                    killed.append(await _answered(telegram))
                    running.append(await starting)
                    await soon(lambda: _lead(running), 60)
                for _ in range(times // 2 if processes > 1 else 0):
                    one = await _leader(running)
                    one.process.send_signal(signal.SIGSTOP)
                    frozen.append(await _answered(telegram))
                    one.process.send_signal(signal.SIGCONT)
                    await soon(lambda: _lead(running), 60)
            finally:
                for one in running:
                    one.process.kill()
                    await one.process.wait()
    return killed, frozen


async def _start(telegram: Telegram, url: str) -> BotProcess:
    """`pouce run`, from nothing."""
    port = free_port()
    told = {"BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "DATABASE_URL": url, "HTTP_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, "LOG_LEVEL": "ERROR", **told}
    )
    return BotProcess(port, process)


async def _lead(running: list[BotProcess]) -> bool:
    """Return whether all answer, and each role is somewhere."""
    figures = [await one.figures() for one in running]
    return all(figures) and all(f'pouce_leading{{role="{role}"}} 1' in "".join(figures) for role in ROLES)


async def _leader(running: list[BotProcess]) -> BotProcess:
    """Return one that has the relay: on a busy machine two may say so for a second, of whom one has lost it."""
    return next(iter([one for one in running if "relay" in await one.roles()]))


async def _answered(telegram: Telegram) -> float:
    """Seconds from a request to its answer."""
    began, phone = time.monotonic(), await telegram.phone(f"Asker {time.monotonic_ns()}")
    await phone.say("/help")
    await phone.wait_for("/", timeout=60)
    return time.monotonic() - began
