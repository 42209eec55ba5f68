"""What things cost beside 10,000 to 10,000,000 stored answers with their ledger: flat, or linear with a slope.

All sizes are there at once and measured in turn, so that what else the machine does falls on all of them."""

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import psycopg

from benchmarks.databases import NAMES, Fresh, fresh
from benchmarks.pipeline import rounds
from benchmarks.scale import measures
from benchmarks.stored_answers import MARK_LETTERS_SENT, OPEN_TASKS, PEOPLE, StoredAnswers, settle, store_answers
from benchmarks.tables import WRITE, Goal, goals_table, keep
from bot.clock import wall_clock
from bot.running import settle_memory
from services.money.statements import read_statement
from services.money.wallet import read_balance
from storage.database import one_transaction
from storage.unit import UnitOfWork

SIZES = {"sqlite": (10_000, 100_000, 1_000_000), "postgresql": (10_000, 100_000, 1_000_000, 10_000_000)}
FLAT = {  # what must cost the same at every size, with its unit
    "an answer, CPU": "µs",
    "an answer, p50": "ms",
    "the next task": "µs",
    "/balance": "ms",
    "a month's statement": "ms",
    "first row of /results": "ms",
    "start to the first answer": "s",
    "memory after it": "MiB",
}
LINEAR = ("verify", "backup", "restore")  # what reads everything
MOST_GROWTH = 1.3
Figures = dict[str, float]


@dataclass(slots=True)
class Size:
    """A database of one size, and each round's figures of what is measured there."""

    place: Fresh
    stored: StoredAnswers
    figures: dict[str, list[float]] = field(default_factory=dict)

    def add(self, figures: Figures) -> None:
        for name, figure in figures.items():
            self.figures.setdefault(name, []).append(figure)

    def median(self, name: str) -> float | None:
        """Return None for what was not measured at this size."""
        return median(self.figures[name]) if name in self.figures else None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks growth", description=__doc__)
    parser.add_argument("--database", choices=NAMES, help="only this one")
    parser.add_argument("--sizes", type=_numbers, help="such as 1000,10000; by default all that the goal names")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="of answers in each round")
    parser.add_argument("--restore-up-to", type=int, default=1_000_000, help="answers: larger ones take long")
    parser.add_argument("--folder", type=Path, help="of the databases: 10,000,000 answers should take some 30 GB")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    settle_memory()
    parts = [_measure(name, options) for name in ([options.database] if options.database else NAMES)]
    text = "\n\n".join([*(table for table, _ in parts), goals_table(goal for _, goals in parts for goal in goals)])
    print(text)
    if options.write:
        keep("growth", "Growth", f"growth --rounds {options.rounds}", text)
    return 0


def _numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def _measure(database: str, options: argparse.Namespace) -> tuple[str, list[Goal]]:
    """Return the table of one database, and its goals."""
    with ExitStack() as stack:
        sizes = []
        for answers in options.sizes or SIZES[database]:
            place = stack.enter_context(fresh(database, options.folder))
            began = time.monotonic()
            stored = store_answers(place.url, answers, (options.sizes or SIZES[database])[0])
            settle(place.url)
            asyncio.run(measures.alone("export", place.url, stored.newest))  # relearns, which is measured elsewhere
            print(f"{database}: {stored.answers:,} answers stored in {time.monotonic() - began:.0f} s", flush=True)
            sizes.append(Size(place, stored))
        for size in (size for _ in range(options.rounds) for size in sizes):
            size.add(asyncio.run(_measure_flat(size, options.seconds)))
            print(database, f"{size.stored.answers:,}", size.figures, flush=True)
        for size in sizes:
            for name, *figures in asyncio.run(_measure_linear(size, options.restore_up_to)):
                size.add(dict(zip((name, f"{name}, memory"), figures, strict=True)))
            print(database, f"{size.stored.answers:,}", size.figures, flush=True)
        return table_of(database, sizes), list(goals_of(database, sizes))


async def _measure_flat(size: Size, seconds: float) -> Figures:
    url, stored = size.place.url, size.stored
    round_ = await rounds.storage_alone(url, stored.house, PEOPLE, seconds)
    with one_transaction(url, wall_clock()) as unit:
        unit.connection.changed(MARK_LETTERS_SENT)
    with one_transaction(url, wall_clock(), read_only=True) as unit:
        reading = _measure_reading(unit, stored)
    start, memory = await measures.started(url)
    return {
        "an answer, CPU": round_.cost + 1e6 * round_.server / len(round_.times),
        "an answer, p50": round_.percentile(0.5),
        "the next task": measures.pick(url, stored.house.project, OPEN_TASKS),
        **reading,
        "first row of /results": 1e3 * (await measures.alone("export", url, stored.newest))["first"],
        "start to the first answer": start,
        "memory after it": memory,
    }


def _measure_reading(unit: UnitOfWork, stored: StoredAnswers) -> Figures:
    """Milliseconds of what a worker reads of the ledger; the median of some workers."""
    balances, statements = [], []
    for worker in stored.house.workers:
        person = unit.people.get(worker)
        began = time.perf_counter()
        balance = read_balance(unit, person, "EUR")
        read = time.perf_counter()
        (account,) = read_statement(unit, person, stored.month, "EUR")
        balances.append(1e3 * (read - began))
        statements.append(1e3 * (time.perf_counter() - read))
        if not balance.entries or not account.lines:
            raise RuntimeError(f"worker {worker} has no stored answers")
    return {"/balance": median(balances), "a month's statement": median(statements)}


async def _measure_linear(size: Size, restore_up_to: int) -> list[tuple[str, float, float]]:
    """Return the name, seconds and MiB of each work that reads everything, in a process of its own."""
    url, copy = size.place.url, size.place.folder / "backup"
    works = [("verify", url, ""), ("backup", url, str(copy))]
    if size.stored.answers <= restore_up_to:
        works.append(("restore", _url_beside(url), str(copy)))
    found = []
    for name, at, about in works:
        figures = await measures.alone(name, at, about)
        found.append((name, figures["seconds"], figures["megabytes"]))
    copy.unlink()
    return found


def _url_beside(url: str) -> str:
    """Return the address of an empty database beside this one."""
    if url.startswith("sqlite"):
        return f"{url}-restored"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
    return urlsplit(url)._replace(path="/restored").geturl()


def table_of(database: str, sizes: Sequence[Size]) -> str:
    """Return a line a figure and a column a size, the last one says how it grows."""
    columns = [f"{size.stored.answers:,}" for size in sizes]
    lines = [
        f"| {NAMES[database]}, stored answers | {' | '.join(columns)} | |",
        f"| --- |{' --: |' * len(sizes)} --- |",
    ]
    for name, unit in FLAT.items():
        lines.append(
            _line(f"{name}, {unit}", [size.median(name) for size in sizes], f"flat: {_growth(name, sizes):.2f} ×")
        )
    for name in LINEAR:
        slope = f"linear: {_slope(name, sizes):.1f} s a million"
        lines.append(_line(f"{name}, s", [size.median(name) for size in sizes], slope))
        lines.append(
            _line(f"{name}, memory above the start, MiB", [size.median(f"{name}, memory") for size in sizes], "")
        )
    return "\n".join(lines)


def _line(name: str, figures: Sequence[float | None], note: str) -> str:
    cells = ["" if figure is None else f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}" for figure in figures]
    return f"| {name} | {' | '.join(cells)} | {note} |"


def goals_of(database: str, sizes: Sequence[Size]) -> Iterator[Goal]:
    """Yield a goal for each figure: at the largest size at most MOST_GROWTH times what it is at the smallest; what
    reads everything takes that much more an answer at the largest than at the size before it."""
    reach = f"{sizes[0].stored.answers:,} to {sizes[-1].stored.answers:,} answers"
    for name in FLAT:
        yield Goal(f"{NAMES[database]}, {reach}: {name}", MOST_GROWTH, _growth(name, sizes), most=True)
    for name in LINEAR:
        *_, before, last = _measured(name, sizes)
        growth = (last[1] / last[0]) / (before[1] / before[0])
        title = f"{NAMES[database]}, {before[0]:,} to {last[0]:,} answers: {name}, time an answer"
        yield Goal(title, MOST_GROWTH, growth, most=True)


def _measured(name: str, sizes: Sequence[Size]) -> list[tuple[int, float]]:
    """Return (answers, figure) of each size at which it was measured."""
    figures = [(size.stored.answers, size.median(name)) for size in sizes]
    return [(answers, figure) for answers, figure in figures if figure is not None]


def _growth(name: str, sizes: Sequence[Size]) -> float:
    """Return the highest figure of all sizes as a multiple of the smallest size's."""
    figures = [figure for _, figure in _measured(name, sizes)]
    return max(figures) / figures[0]


def _slope(name: str, sizes: Sequence[Size]) -> float:
    """Return the seconds that a million answers more take, between the two largest sizes."""
    *_, before, last = _measured(name, sizes)
    return 1e6 * (last[1] - before[1]) / (last[0] - before[0])
