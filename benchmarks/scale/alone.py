"""One measurement in its own process, so that its memory can be measured: `python -m benchmarks.scale.alone WHAT URL
…`.

It prints a line of JSON: seconds, seconds of CPU (with those of its own child processes), seconds until the first row
was in the file, rows, and by how many megabytes the process grew at most.
"""

import asyncio
import csv
import json
import resource
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

import orjson
import psutil

from benchmarks.pipeline.rounds import memory_of
from benchmarks.scale.ground import bring
from bot.clock import wall_clock
from bot.running import settle_memory
from jobs import exports, figures
from storage import backups
from storage.database import Database, one_transaction
from storage.drivers.dialects import dialect_of
from storage.invariants import iter_findings

CHUNK = 2_000
BARE_TABLE = """
CREATE TABLE bare_tasks (id BIGSERIAL PRIMARY KEY, project BIGINT NOT NULL, position BIGINT NOT NULL, key TEXT NOT NULL,
  content TEXT NOT NULL, gold TEXT, overlap BIGINT NOT NULL, state TEXT NOT NULL, UNIQUE (project, position),
  UNIQUE (project, key)
);"""
BARE_ROW = """
INSERT INTO bare_tasks (project, position, key, content, gold, overlap, state)
VALUES (1, :at, :key, :content, :gold, 3, 'draft')"""
# The same cells as in our file: key, text, consensus, submissions, state, live consensus, gold, crowd, votes.
BARE_RESULTS = """
SELECT key, content, consensus, confidence, received, state, live, live_confidence, gold, NULL, 0, 0, 0
FROM tasks WHERE project = :project ORDER BY position"""
# The same where workers have answered: the votes of each option, as anybody would count them.
BARE_ANSWERED = """
SELECT t.key, t.content, t.consensus, t.confidence, t.received, t.state, t.live, t.live_confidence, t.gold, NULL,
  count(CASE WHEN s.answer IS NULL AND s.id IS NOT NULL THEN 1 END), count(CASE WHEN s.answer = 'positive' THEN 1 END),
  count(CASE WHEN s.answer = 'negative' THEN 1 END)
FROM tasks t LEFT JOIN submissions s ON s.task = t.id WHERE t.project = :project
GROUP BY t.position, t.id ORDER BY t.position"""


async def bring_in(url: str, file: str) -> int:
    database = Database(url)
    rows = await bring(database, Path(file), "scale")
    await database.close()
    return rows


async def bring_in_bare(url: str, file: str) -> int:
    """csv.reader and executemany into a table of the same columns, a commit for each chunk."""
    dialect, count = dialect_of(url), 0
    connection = dialect.open()
    connection.script(dialect.ddl(BARE_TABLE))
    with Path(file).open(newline="") as written:  # noqa: ASYNC230 (nothing else runs here)
        rows = csv.reader(written)
        next(rows)
        while chunk := list(islice(rows, CHUNK)):
            connection.changed(dialect.begin())
            connection.many(
                BARE_ROW,
                (
                    {"at": at, "key": str(at), "content": orjson.dumps({"text": text}).decode(), "gold": gold or None}
                    for at, (text, gold) in enumerate(chunk, count)
                ),
            )
            connection.changed("COMMIT")
            count += len(chunk)
    connection.changed("DROP TABLE bare_tasks")
    connection.close()
    return count


async def take_out(url: str, project: str) -> int:
    """`/results N csv` as the bot makes it, before it is zipped; its rows, by its lines."""
    exports.MAX_FILE_BYTES = 1 << 40
    database = Database(url)
    FIRST.watch()
    made = await exports.make_results_file(database, {"number": int(project), "format": "csv"}, wall_clock())
    await database.close()
    return await asyncio.to_thread(_lines, made.path) - 1


class FirstRow(threading.Thread):
    """Seconds from `watch` to the first row in the file that is made."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.began, self.after, self.path = 0.0, 0.0, Path()

    def watch(self) -> None:
        """The next file."""
        make = figures.create_file

        def made(suffix: str) -> Path:
            self.path = make(suffix)
            self.start()
            return self.path

        figures.create_file, self.began = made, time.perf_counter()

    def run(self) -> None:
        while not self.path.stat().st_size:
            time.sleep(0.005)
        self.after = time.perf_counter() - self.began


FIRST = FirstRow()


def _lines(path: Path) -> int:
    with path.open("rb") as written:
        count = sum(1 for _ in written)
    path.unlink()
    return count


async def take_out_bare(url: str, project: str) -> int:
    """A cursor and csv.writer: as many cells, as they are."""
    return await _bare(url, BARE_RESULTS, project)


async def take_out_bare_answered(url: str, project: str) -> int:
    return await _bare(url, BARE_ANSWERED, project)


async def _bare(url: str, sql: str, project: str) -> int:
    count = 0
    database = Database(url)
    with NamedTemporaryFile("w", newline="") as file:
        table = csv.writer(file)
        async for row in database.rows(sql, project=int(project)):
            table.writerow(row)
            count += 1
    await database.close()
    return count


async def verify(url: str, _: str) -> int:
    """Return the number of invariants; raise RuntimeError if one is broken."""
    with one_transaction(url, wall_clock(), read_only=True) as unit:
        findings = list(iter_findings(unit))
    broken = [violation for finding in findings for violation in finding.violations]
    if broken:
        raise RuntimeError(f"broken: {broken}")
    return len(findings)


async def back_up(url: str, file: str) -> int:
    """Write a backup and return 1, the number of files."""
    backups.back_up(url, Path(file))
    return 1


async def restore(url: str, file: str) -> int:
    """Restore a backup and return 1, the number of files."""
    backups.restore(url, Path(file), wall_clock())
    return 1


WORKS: dict[str, Callable[[str, str], Awaitable[int]]] = {
    "import": bring_in,
    "import bare": bring_in_bare,
    "export": take_out,
    "export bare": take_out_bare,
    "export bare answered": take_out_bare_answered,
    "verify": verify,
    "backup": back_up,
    "restore": restore,
}


class Watch(threading.Thread):
    """By how many bytes this process and its children have grown at most, and the seconds of CPU it took to see that:
    to find its children psutil reads of all processes there are."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.process, self.ended = psutil.Process(), threading.Event()
        self.before, self.grown, self.cpu = memory_of(self.process), 0, 0.0

    def run(self) -> None:
        while not self.ended.wait(0.05):
            self.grown = max(self.grown, memory_of(self.process) - self.before)
            self.cpu = time.thread_time()


def main(what: str, url: str, about: str) -> None:
    watch, began, before = Watch(), time.perf_counter(), time.process_time()
    settle_memory()
    watch.start()
    rows = asyncio.run(_run(WORKS[what], url, about))
    took = time.perf_counter() - began
    watch.ended.set()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() + children.ru_utime + children.ru_stime - before - watch.cpu
    found = {"seconds": took, "cpu": cpu, "first": FIRST.after, "rows": rows, "megabytes": watch.grown / 2**20}
    print(json.dumps(found))


async def _run(work: Callable[[str, str], Awaitable[int]], url: str, about: str) -> int:
    return await work(url, about)


if __name__ == "__main__":
    main(*sys.argv[1:])
