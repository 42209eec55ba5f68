"""`python -m benchmarks treasury`: kill -9 in the circle of money, from a QR code to the worker's bank and back."""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.ground import ground
from benchmarks.tables import WRITE, keep
from faults.treasury import treasury

BOTH = ("sqlite", "postgresql")
ABOUT = """A requester scans a code for 100 euros, an admin drops the bank's statement, a card pays (after one that was
declined), a part of it goes back, a project is launched and
answered; the worker asks for the money, fills in the tax form and gives a SIRET; the bank (mock-bank) pays, sends it
back a week later, and pays again; contributions are declared and paid over; a month later the fees are invoiced. Nobody
types an amount but the one asked for. All the while the bot is killed, at a random moment of its start or its work, and
started again. In the end every movement has happened once a round, every update is done, `pouce verify` finds nothing,
and no life wrote an error."""


@dataclass(frozen=True, slots=True)
class Line:
    database: str
    kills: int
    rounds: int
    seconds: float
    untrue: Sequence[str]

    @property
    def verdict(self) -> str:
        return "kept" if not self.untrue else f"BROKEN: {self.untrue[0][:110]}"


def main(arguments: list[str]) -> int:
    """0 when every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks treasury")
    parser.add_argument("--kills", type=int, default=100, help="at least, on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", nargs="+", default=list(BOTH), choices=BOTH)
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    lines = [_on(database, options.kills, options.seed) for database in options.database]
    print(table(lines))
    if options.write:
        command = f"treasury --seed {options.seed} --kills {options.kills}"
        keep("treasury", "Killed in the circle of money", command, f"{ABOUT}\n\n{table(lines)}")
    return 0 if not any(line.untrue for line in lines) else 1


def _on(database: str, kills: int, seed: int) -> Line:
    began = time.monotonic()

    async def goes_round(url: str, log: Path) -> tuple[int, int, Sequence[str]]:
        async with treasury(url, log, seed) as house:
            found = await house.run(kills)
            return house.kills, house.rounds, found.untrue

    with ground(database) as place, place.fresh() as (url, folder):
        done = asyncio.run(goes_round(url, folder / "log"))
    line = Line(database, done[0], done[1], time.monotonic() - began, done[2])
    print(f"{database}: {line.verdict} ({line.kills} kills, {line.rounds} rounds, {line.seconds:.0f} s)", flush=True)
    for untrue in line.untrue:
        print(f"    {untrue}", flush=True)
    return line


def table(lines: Sequence[Line]) -> str:
    rows = [
        f"| {line.database} | {line.kills} | {line.rounds} | {line.seconds:.0f} | {line.verdict} |" for line in lines
    ]
    head = ["| database | kills | rounds of the circle | seconds | every promise |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])
