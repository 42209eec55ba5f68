"""`python -m benchmarks goals`: runs, one after the other, the commands behind each goal for speed, and tells in one
table what was wanted and what was found.

Three hours on a quiet machine; `--only soak,homes` runs some, `--list` tells what there is. The table takes
goals from every page of results, so that it is whole after some were measured again, each with its day.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.tables import WRITE, day_of, goals_of, keep


@dataclass(frozen=True, slots=True)
class Goal:
    """`wanted` of what; the command's table is kept in benchmarks/results, as `page`. It takes so many minutes."""

    name: str
    command: str
    minutes: int
    wanted: tuple[str, ...]
    page: str = ""  # where it is not the name


GOALS = (
    Goal(
        "pipeline",
        "pipeline --people 64 --sizes middle --seconds 6 --rounds 3 --label-studio",
        15,
        (
            "pipeline on SQLite, CPU an answer, against the library alone: ≤ 1.25 ×",
            "the same in session mode, where both make two calls an answer: ≤ 1.25 ×",
            "pipeline against the usual stack ≥ 16 ×, against Label Studio's best ≥ 100 ×",
            "storage on SQLite, 64 people, against sqlite3 with our rows and keys: ≥ 2.3 ×",
            "p99 against p50, 64 people: ≤ 2.5 ×",
        ),
    ),
    Goal("profile", "profile", 3, ("where the CPU of an answer goes, by component",)),
    Goal(
        "versions",
        "versions --rounds 2",
        10,
        ("PostgreSQL, one process, 64 people, against the version before answers were judged in sets: ≥ 5 ×",),
    ),
    Goal("homes", "homes --people 64 --milliseconds 4", 4, ("2 and 4 processes against one: ≥ 1.5 and 1.9 ×",)),
    Goal(
        "relay",
        "relay --workers 10000 --sweep --projects 1000",
        14,
        ("1,000 open projects: ≥ 98 % of 30 messages a second, an answer waits ≤ 150 ms at the 99th percentile",),
        "relay_projects",
    ),
    Goal(
        "scale",
        "scale --tasks 1000,1000000",
        15,
        (
            "next task at a million: ≤ 15 µs on SQLite, ≤ 60 on PostgreSQL",
            "import ≥ 0.5 of bare executemany; an answer meanwhile ≤ 20 ms on SQLite, ≤ 40 on PostgreSQL, p99",
            "CSV ≥ 0.75 of csv.writer, its first row within 2 s",
            "10,000 open projects: all sweeps < 2 % of a core",
        ),
    ),
    Goal(
        "growth",
        "growth --sizes 10000,100000,1000000 --rounds 3",
        40,
        ("10,000 stored answers to a million: what an answer, a press and a start cost ≤ 1.3 ×; the rest is linear",),
    ),
    Goal(
        "answers",
        "relay --answers 160",
        4,
        ("one bot at Telegram's limit, in place: ≥ 28 answers a second",),
        "relay_answers",
    ),
    Goal(
        "pauses",
        "processes --pauses 20",
        15,
        ("an answer after a kill ≤ 2 s with two or more processes, ≤ 6 s with one; after a freeze ≤ 8 s",),
    ),
    Goal("dashboard", "dashboard", 10, ("100,000 tasks: first paint ≤ 1 s, filter ≤ 300 ms",)),
    Goal("memory", "memory --answers 1000000", 2, ("a million answers in one project: < 400 MiB in all",)),
    Goal("soak", "pipeline --soak 20 --database sqlite", 21, ("memory level over twenty minutes",)),
    Goal("faults", "faults --kills 5", 15, ("every promise kept, every control red",)),
)

HEAD = ("| goal | wanted | found | | command, day |", "| --- | --: | --: | --- | --- |")


def main(arguments: list[str]) -> int:
    """How many commands failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks goals", description=__doc__)
    parser.add_argument("--only", default="", help="names, with commas between them")
    parser.add_argument("--list", action="store_true", help="only tells the commands")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    chosen = [goal for goal in GOALS if not options.only or goal.name in options.only.split(",")]
    failed = sum(_told(goal) if options.list else _run(goal, options.write) for goal in chosen)
    if options.write and not options.list:
        keep("goals", "Goals for speed", "goals", "\n".join([*HEAD, *_found()]))
    return failed


def _found() -> Iterator[str]:
    """A row for each goal that a page of results tells."""
    for goal in GOALS:
        page = goal.page or goal.name
        for row in goals_of(page):
            yield f"{row} [{goal.name}]({page}.md), {day_of(page)} |"


def _told(goal: Goal) -> int:
    print(f"{goal.name} ({goal.minutes} min): python -m benchmarks {goal.command}")
    for wanted in goal.wanted:
        print(f"    {wanted}")
    return 0


def _run(goal: Goal, write: bool) -> int:
    _told(goal)
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks", *goal.command.split(), *(["--write"] if write else [])]
    failed = subprocess.run(command, check=False).returncode != 0
    print(f"{goal.name}: {'FAILED' if failed else 'done'} after {(time.monotonic() - began) / 60:.0f} min", flush=True)
    return int(failed)
