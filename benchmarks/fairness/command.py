"""`python -m benchmarks fairness`: thirty virtual days, a line for each promise, and the controls that turn it red."""

import argparse
import asyncio
from collections.abc import Sequence
from random import Random
from unittest.mock import patch

from benchmarks.databases import fresh
from benchmarks.fairness import report
from benchmarks.fairness.controls import CONTROLS, Control
from benchmarks.fairness.promises import PROMISES
from benchmarks.fairness.promises.promise import Line, opened
from benchmarks.fairness.ran import Ran, Size
from benchmarks.fairness.run import run
from storage import secrets as stored_secrets
from tests.databases import memory


def main(arguments: list[str]) -> int:
    """0 where every promise holds, and with --controls every control turns its line red."""
    options = _parsed(arguments)
    size = Size(options.days, options.workers, seed=options.seed)
    lines, controls = list[Line](), list[tuple[Control, Line]]()
    if not options.only_controls:
        ran, lines = judged(options.database, size)
        print(report.head(ran), report.table(lines), sep="\n\n", flush=True)
        if options.write:
            report.write(ran, lines)
    if options.controls or options.only_controls:
        for control in CONTROLS:
            controls.append((control, controlled(options.database, control)))
            print(report.control(*controls[-1]), flush=True)
        if options.write:
            report.write_controls(controls)
    broken = any(not line.verdict.holds for line in lines)
    return int(broken or any(not line.verdict.broken for _, line in controls))


def judged(database: str, size: Size, control: Control | None = None, only: str = "") -> tuple[Ran, list[Line]]:
    """A town of this size on a database of its own, and what became of the promises. Lots are drawn by its seed."""
    with fresh(database, memory()) as place, patch.object(stored_secrets, "token_bytes", Random(size.seed).randbytes):
        ran = asyncio.run(run(place.url, size, control.prepare if control else lambda town: None))
        with opened(ran) as books:
            return ran, [Line(each, each.read(books)) for each in PROMISES if only in ("", each.name)]


def controlled(database: str, control: Control, size: Size | None = None) -> Line:
    """The control's own line."""
    with control.applied():
        _, (line,) = judged(database, size or control.size, control, only=control.promise)
    return line


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks fairness", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--controls", action="store_true", help="each promise once more, switched off")
    parser.add_argument("--only-controls", action="store_true", help="the controls without the thirty days")
    parser.add_argument("--write", action="store_true", help="write the tables into benchmarks/results/")
    return parser.parse_args(arguments)
