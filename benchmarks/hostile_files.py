"""`python -m benchmarks hostile_files [--bot] [--write]`: three hundred malformed and hostile files.

Each is read as uploads are, in a process of its own with its limits; with --bot each is sent to the real bot by a
requester's phone, and the answer is kept. Printed: how many were refused, what the refusals expect (or the answers),
the most memory that a reading process took, the slowest. Exits 1 where one was taken, was a bug of ours, or took more
than ROOM; where one of three odd but harmless ones was refused; or where something of one was imported.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sqlite3
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Event, Thread

from benchmarks.tables import WRITE, keep
from bot.demo import story
from bot.demo.demo import running_house
from formats.errors import FileErrors
from formats.tables import sandbox
from formats.tables.sandbox import MediaFiles, ReadRequest
from simulator.crowd.client import Phone, text_of
from tests.formats.campaign import Case, bearable, large, small
from tests.formats.processes import children

ROOM = 300 << 20  # bytes any file may take
NOTHING, LONGEST = ("❌", "📎"), 150.0  # how an answer begins where nothing is imported, and seconds it may take
CAPTION = "/newproject\ntitle: Good?\ninstructions: Read it.\nkind: choice\noptions: yes, no\npay: 0.05"
HIGHEST = re.compile(r"VmHWM:\s+(\d+) kB")
TABLES = ("projects", "tasks", "batches")
SHOWN, WIDTH = 2, 260  # lines of an answer in the table, and characters


async def ending(case: Case) -> tuple[str, bool]:
    """The key of the first problem, and whether it is a bug of ours; "taken" for a file that was read."""
    _, name, make = case
    with TemporaryFile() as place, TemporaryFile() as rows, TemporaryFile() as media:
        place.write(make())
        place.flush()
        try:
            question = ReadRequest(name, ("yes", "no"), "choice", None)
            await sandbox.read_in_sandbox(place, rows, question, media_files=MediaFiles(media))  # type: ignore[arg-type]
        except FileErrors as refused:
            first = refused.errors[0]
            return first.expected, first.facts.get("kind") == ""
        return "taken", False


class Watch(Thread):
    """The most bytes that a reading process took. What the kernel says of ended ones counts this process's own, too,
    from which they were forked."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.ended = 0, Event()

    def run(self) -> None:
        while not self.ended.wait(0.01):
            for child in children(os.getpid()):
                with suppress(OSError):
                    place = Path(f"/proc/{child}")
                    if b"formats.tables.fork_server" in (place / "cmdline").read_bytes():
                        found = HIGHEST.search((place / "status").read_text())
                        self.peak = max(self.peak, int(found[1]) << 10 if found else 0)


async def measured() -> int:
    watch = Watch()
    watch.start()
    counts, failed, slowest = Counter[str](), list[str](), (0.0, "")
    for case in (*small(), *large()):
        began = time.perf_counter()
        found, is_bug = await ending(case)
        slowest = max(slowest, (time.perf_counter() - began, case[0]))
        counts[found] += 1
        failed += [case[0]] if is_bug or found == "taken" else []
    failed += [case[0] for case in bearable() if (await ending(case))[0] != "taken"]
    watch.ended.set()
    print(f"{counts.total()} files, {counts.total() - counts['taken']} refused, most memory {watch.peak >> 20} MB,")
    print(f"slowest {slowest[0]:.1f} s ({slowest[1]})")
    for key, count in counts.most_common():
        print(f"{count:5}  {key}")
    print(*(f"FAILED {what}" for what in failed), sep="\n")
    return int(bool(failed) or watch.peak > ROOM)


async def answered() -> tuple[list[str], str]:
    """What failed, and the page: every file is sent to the real bot, its answer read on the phone."""
    failed, rows, slowest = list[str](), list[str](), (0.0, "")
    with TemporaryDirectory(prefix="pouce-hostile-") as folder:
        async with running_house(folder, unhurried=False) as (telegram, url):
            rosa = (await story.prepare_house(telegram)).requester
            for what, name, make in (*small(), *large()):
                began, content = time.perf_counter(), make()
                if not content:  # Telegram takes no empty file
                    continue
                await rosa.upload(content, name, CAPTION)
                said = await _reply(rosa)
                slowest = max(slowest, (time.perf_counter() - began, what))
                failed += [] if said.startswith(NOTHING) else [f"{what}: {said[:80]}"]
                rows.append(f"| {what} | {_cell(said)} |")
            with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
                kept = [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]
            failed += [f"something was imported: {kept}"] if any(kept) else []
    took = f"{slowest[0]:.1f} s ({slowest[1]})"
    head = (
        f"{len(rows)} files sent to the real bot, {len(rows) - len(failed)} answered with a reason; projects, tasks and"
        f" batches in the database afterwards: {' · '.join(map(str, kept))}. Slowest answer: {took}. Memory is measured"
        " without --bot.\n"
    )
    return failed, "\n".join([head, "| file | the bot's answer |", "| --- | --- |", *rows])


async def _reply(rosa: Phone) -> str:
    """The last word on the file: a message on its way is edited into it, or followed by it."""
    try:
        return text_of(await rosa.wait_for(lambda m: text_of(m).startswith((*NOTHING, "📋", "😔")), LONGEST))
    except TimeoutError:
        return f"no answer within {LONGEST} s: {rosa.text}"


def _cell(said: str) -> str:
    """On one line, without the line that all answers begin with."""
    lines = [line for line in said.splitlines() if line and not line.startswith("❌")]
    more = f" (and {len(lines) - SHOWN} more)" if len(lines) > SHOWN else ""
    return " ".join(lines[:SHOWN]).replace("|", "\\|")[:WIDTH] + more


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks hostile_files", description=__doc__)
    parser.add_argument("--bot", action="store_true", help="send each to the real bot and keep its answer")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    if not options.bot:
        return asyncio.run(measured())
    failed, text = asyncio.run(answered())
    print(text, *(f"FAILED {what}" for what in failed), sep="\n")
    if options.write:
        keep("hostile_files", "Malformed and hostile files, and what the bot answers", "hostile_files --bot", text)
    return int(bool(failed))
