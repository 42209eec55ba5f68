"""`python -m benchmarks versions`: answers a second of this version and an earlier one on PostgreSQL, measured in turn.

The earlier one is checked out beside this one for the time being, and measured by its own command, with the same Python
and libraries; no Telegram.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.tables import WRITE, Goal, goals_table, keep

ROOT = Path(__file__).parents[1]
BEFORE = "50598812"  # the last version that judged each answer by itself
WANTED = 5.0  # times its answers a second
ROW = re.compile(r"^\| storage alone, PostgreSQL \|[^|]*\| (?P<people>\d+) \| (?P<rate>[\d,]+) \|", re.MULTILINE)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks versions", description=__doc__)
    parser.add_argument("--before", default=BEFORE, help="the earlier commit")
    parser.add_argument("--people", type=int, default=64, help="at once")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=2, help="of both in turn")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    with _checked_out(options.before) as earlier:
        rates = [[_rate(at, options.people, options.seconds) for at in (earlier, ROOT)] for _ in range(options.rounds)]
    before, now = (statistics.median(each) for each in zip(*rates, strict=True))
    found = (
        f"{options.people} people: {before:,.0f} answers/s at {options.before}, {now:,.0f} now: {now / before:.2f} ×."
    )
    goal = Goal(f"PostgreSQL, one process, {options.people} people, against {options.before}", WANTED, now / before)
    found += f"\n\n{goals_table([goal])}"
    print(found)
    if options.write:
        again = f"versions --people {options.people} --seconds {options.seconds:g} --rounds {options.rounds}"
        keep("versions", "PostgreSQL, this version and an earlier one", again, found)
    return 0


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pouce-") as folder:
        place = Path(folder, "earlier")
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", place, commit], cwd=ROOT, check=True)
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=ROOT, check=True)


def _rate(place: Path, people: int, seconds: float) -> float:
    asked = f"pipeline --people {people} --sizes middle --database postgresql --rounds 1 --seconds {seconds:g}"
    command = [sys.executable, "-m", "benchmarks", *asked.split()]
    told = subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout
    found = [row for row in ROW.finditer(told) if int(row["people"]) == people]
    print(f"{place.name}: {found[-1]['rate']} answers/s", flush=True)
    return float(found[-1]["rate"].replace(",", ""))
