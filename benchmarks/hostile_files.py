"""`python -m benchmarks hostile_files`: three hundred malformed and hostile files, each read as uploads are.

Each is read in a process of its own with its limits. Printed: how many were refused, what the refusals expect, the most
memory that a reading process took, the slowest. Exits 1 where one was taken, was a bug of ours, or took more than ROOM;
or where one of three odd but harmless ones was refused.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import time
from collections import Counter
from tempfile import TemporaryFile

from formats.errors import FileErrors
from formats.tables import sandbox
from formats.tables.sandbox import Beside, ReadRequest
from tests.formats.campaign import Case, bearable, large, small

ROOM = 300 << 20  # bytes any file may take


async def ending(case: Case) -> tuple[str, bool]:
    """The key of the first problem, and whether it is a bug of ours; "taken" for a file that was read."""
    _, name, make = case
    with TemporaryFile() as place, TemporaryFile() as rows, TemporaryFile() as media:
        place.write(make())
        place.flush()
        try:
            question = ReadRequest(name, ("yes", "no"), "choice", None)
            await sandbox.read(place, rows, question, beside=Beside(media))  # type: ignore[arg-type]
        except FileErrors as refused:
            first = refused.errors[0]
            return first.expected, first.facts.get("kind") == ""
        return "taken", False


def peak() -> int:
    """The most bytes that any reading process took so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


async def measured() -> int:
    counts, failed, slowest = Counter[str](), list[str](), (0.0, "")
    for case in (*small(), *large()):
        began = time.perf_counter()
        found, is_bug = await ending(case)
        slowest = max(slowest, (time.perf_counter() - began, case[0]))
        counts[found] += 1
        failed += [case[0]] if is_bug or found == "taken" else []
    failed += [case[0] for case in bearable() if (await ending(case))[0] != "taken"]
    print(f"{counts.total()} files, {counts.total() - counts['taken']} refused, most memory {peak() >> 20} MB,")
    print(f"slowest {slowest[0]:.1f} s ({slowest[1]})")
    for key, count in counts.most_common():
        print(f"{count:5}  {key}")
    print(*(f"FAILED {what}" for what in failed), sep="\n")
    return int(bool(failed) or peak() > ROOM)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks hostile_files", description=__doc__)
    parser.parse_args(arguments)
    return asyncio.run(measured())
