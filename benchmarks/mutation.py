"""Mutation tests of the ledger's two modules: one small change at a time; a change no test fails for survives.

Libraries that do this change Python and leave strings alone; here nine tenths of what could be wrong is SQL.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.tables import WRITE, keep

FILES = ("domain/money/ledger.py", "storage/money/ledger.py")
TESTS = (
    "tests/storage/test_ledger.py",
    "tests/storage/test_currencies.py",
    "tests/services/money/test_transfers.py",
    "tests/services/money/test_topups.py",
    "tests/machines/test_ledger_machine.py",
    "tests/machines/test_flows.py",
    "tests/storage/test_hash_chain.py",
    "tests/formats/test_hledger.py",
    "tests/cli/test_ledger.py",
    "tests/stories/money/test_balance.py",
)
LONGEST = 240  # seconds of one run; a change that never ends is noticed too

# What is looked for, and what stands there instead.
CHANGES = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r" AND ", " OR "),
        (r"(?<=[a-z_]) = (?=:|[a-z]\.)", " <> "),
        (r" DESC\b", ""),
        (r" LIMIT (?::limit|1)\b", ""),
        (r"ORDER BY [a-z., ]+", ""),
        (r"ON CONFLICT \([a-z, ]+\) DO NOTHING", ""),
        (r"NOT EXISTS", "EXISTS"),
        (r" > ", " >= "),
        (r"\bis None\b", "is not None"),
        (r"\bis not None\b", "is None"),
        (r"\bnot (?=self)", ""),
        (r"(?<=[a-z\])]) \+ (?=1|[a-z])", " - "),
        (r"(?<=[a-z]) != ", " == "),
        (r"(?<=[a-z]) == ", " != "),
        (r"\bif (?=[a-z])", "if not "),
        (r"(?<=return )(?=[a-z(\[])", "None and "),
        (r"\[0\]", "[-1]"),
        (r":pending\"", ":waiting\""),
        (r":available\"", ":there\""),
        (r":(?:budget|disputed|topup|payout)\"", ":mine\""),
        (r"startswith", "endswith"),
        (r"\.debit\b", ".credit"),
        (r"\.credit\b", ".debit"),
        (r"\bamount=transfer\.amount", "amount=transfer.amount + 1"),
        (r"self\.memo\b", '""'),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    file: str
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"`{self.file}:{self.line}` `{self.before.strip()}` → `{self.after.strip()}`"


def mutants(file: str) -> Iterator[Mutant]:
    """Every change at every place outside of comments and docstrings."""
    in_docstring = False
    for number, line in enumerate(Path(file).read_text().splitlines(), 1):
        quotes = line.count('"""')
        is_prose = in_docstring or line.lstrip().startswith(('"""', "#"))
        if quotes == 1 and (in_docstring or (is_prose and not line.rstrip().endswith('= """'))):
            in_docstring = not in_docstring
        if not is_prose and not line.startswith(("from ", "import ")):
            for pattern, instead in CHANGES:
                for found in pattern.finditer(line):
                    yield Mutant(file, number, line, line[: found.start()] + instead + line[found.end() :])


def main(arguments: list[str]) -> int:
    """Prints the survivors; with --write they are kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks mutation")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--most", type=int, help="only so many changes, evenly spread")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    found = [mutant for file in FILES for mutant in mutants(file)]
    step = max(1, len(found) // options.most) if options.most else 1
    tried = found[::step]
    survivors = _survivors(tried, options.jobs)
    text = _listed(tried, survivors)
    print(text)
    if options.write:
        keep("mutation", "Mutants of the ledger's code", "mutation", text)
    return 0


def _survivors(tried: list[Mutant], jobs: int) -> list[Mutant]:
    rooms: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="pouce-") as folder:
        for number in range(jobs):
            rooms.put(_copy(Path(folder) / str(number)))
        if _is_noticed(rooms, None):
            raise SystemExit("the tests fail before anything was changed")
        with ThreadPoolExecutor(jobs) as pool:
            noticed = list(pool.map(lambda mutant: _is_noticed(rooms, mutant), tried))
    return [mutant for mutant, seen in zip(tried, noticed, strict=True) if not seen]


def _copy(room: Path) -> Path:
    """What git knows of, as it stands here."""
    for name in subprocess.check_output(["git", "ls-files"], text=True).splitlines():
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, room / name)
    return room


def _is_noticed(rooms: "SimpleQueue[Path]", mutant: Mutant | None) -> bool:
    room = rooms.get()
    whole = (room / mutant.file).read_text() if mutant else ""
    try:
        if mutant:
            lines = whole.splitlines()
            lines[mutant.line - 1] = mutant.after
            (room / mutant.file).write_text("\n".join(lines) + "\n")
        return _fails(room)
    finally:
        if mutant:
            (room / mutant.file).write_text(whole)
        rooms.put(room)


def _fails(room: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", *TESTS]
    try:
        return subprocess.run(command, cwd=room, capture_output=True, timeout=LONGEST).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def _listed(tried: list[Mutant], survivors: list[Mutant]) -> str:
    listed = "\n".join(f"- {mutant}" for mutant in survivors) or "None."
    noticed = len(tried) - len(survivors)
    return f"{len(tried)} changes were tried; {noticed} were noticed, {len(survivors)} were not:\n\n{listed}"
