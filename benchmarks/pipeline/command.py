"""The command: rounds in turn, the table printed and written into the manual."""

import argparse
import asyncio
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.pipeline.ground import GOLD, TASKS, ground
from benchmarks.pipeline.rounds import Measured, over_http, storage_alone

PAGE = Path("docs/performance.md")
PLACE = re.compile(r"(<!-- pipeline: measured -->\n).*?(<!-- end -->)", re.DOTALL)
BOTH = ("sqlite", "postgresql")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main(arguments: list[str]) -> int:
    options = _parsed(arguments)
    asyncio.run(_measure(options))
    return 0


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks pipeline", description=__doc__)
    parser.add_argument("--people", type=_numbers, default=[1, 16, 64], help="at once, such as 1,16,64")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")
    parser.add_argument("--database", choices=BOTH, help="only this one")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE}")
    return parser.parse_args(arguments)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


async def _measure(options: argparse.Namespace) -> None:
    measured: list[Measured] = []
    for people in options.people:
        measured.append(
            await over_http("library alone", "benchmarks.pipeline.bare", "sqlite:///none.db", people, options.seconds)
        )
        for database in [options.database] if options.database else BOTH:
            measured += await _on(database, people, options.seconds)
    table = "\n".join([*HEAD, *map(_row, measured)])
    print(table)
    if options.write:
        _write(table, options)


async def _on(database: str, people: int, seconds: float) -> list[Measured]:
    with ground(database, people) as (url, house):
        raw = await storage_alone(url, house, people, seconds)
    with ground(database, people) as (url, _):
        whole = await over_http(f"pipeline, {NAMES[database]}", "benchmarks.pipeline.whole", url, people, seconds)
    return [Measured(f"storage alone, {NAMES[database]}", people, raw.seconds, raw.cpu, raw.times, raw.note), whole]


HEAD = (
    "| what | people | answers/s | per CPU second | p50 ms | p95 ms | p99 ms | |",
    "| --- | --: | --: | --: | --: | --: | --: | --- |",
)


def _row(measured: Measured) -> str:
    percentiles = " | ".join(f"{measured.percentile(share):.1f}" for share in (0.5, 0.95, 0.99))
    figures = f"{measured.rate:,.0f} | {measured.per_cpu:,.0f} | {percentiles}"
    return f"| {measured.what} | {measured.people} | {figures} | {measured.note} |"


def _write(table: str, options: argparse.Namespace) -> None:
    """Between the two marks on the page."""
    today = datetime.now(UTC).date().isoformat()
    where = f"{today}, Python {platform.python_version()}, {os.cpu_count()} cores, {TASKS + GOLD:,} tasks"
    people = ",".join(map(str, options.people))
    again = f"`python -m benchmarks pipeline --people {people} --seconds {options.seconds:g} --write`"
    text = f"{where}. Again: {again}.\n\n{table}\n"
    PAGE.write_text(PLACE.sub(lambda found: found[1] + text + found[2], PAGE.read_text()))
