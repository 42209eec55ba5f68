"""One thing in a process of its own, so that its memory can be told: `python -m benchmarks.scale.alone WHAT URL …`.

It prints a line of JSON: seconds, rows, and by how many megabytes the process grew at most.
"""

import asyncio
import csv
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

import orjson
import psutil

from benchmarks.scale.ground import FORM, TERMS, requester, sent
from bot.clock import wall_clock
from services import arriving, exports, importing, parting, projects
from services.arriving import Told
from storage.database import Database
from storage.dialects import dialect_of

CHUNK = 2_000
BARE_TABLE = """
CREATE TABLE bare_tasks (id BIGSERIAL PRIMARY KEY, project BIGINT NOT NULL, position BIGINT NOT NULL, key TEXT NOT NULL,
  content TEXT NOT NULL, gold TEXT, overlap BIGINT NOT NULL, state TEXT NOT NULL, UNIQUE (project, position),
  UNIQUE (project, key)
);"""
BARE_ROW = """
INSERT INTO bare_tasks (project, position, key, content, gold, overlap, state)
VALUES (1, :at, :key, :content, :gold, 3, 'draft')"""
BARE_RESULTS = "SELECT key, content, consensus, confidence, received, state FROM tasks WHERE project = :project"


async def bring_in(url: str, file: str) -> int:
    """A file as the bot takes it: checked, written step by step, shown."""
    database, path = Database(url), Path(file)
    with path.open("rb") as place:  # noqa: ASYNC230 (nothing else runs here)
        delivered = sent(path, place, "scale")
        await arriving.stage(
            database,
            wall_clock,
            lambda unit: importing.project_begun(unit, requester(unit), FORM, delivered, TERMS),
            delivered,
            Told(path.name),
        )
        await database.transact(
            lambda unit: projects.create(unit, requester(unit), FORM, delivered, TERMS), wall_clock()
        )
    await database.close()
    return len(delivered.file.rows)


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
    parting.LARGEST = 1 << 40
    database = Database(url)
    made = await exports.results(database, {"number": int(project), "format": "csv"}, wall_clock())
    await database.close()
    return await asyncio.to_thread(_lines, made.path) - 1


def _lines(path: Path) -> int:
    with path.open("rb") as written:
        count = sum(1 for _ in written)
    path.unlink()
    return count


async def take_out_bare(url: str, project: str) -> int:
    """A cursor and csv.writer, cells as they are."""
    count = 0
    database = Database(url)
    with NamedTemporaryFile("w", newline="") as file:
        table = csv.writer(file)
        async for row in database.rows(BARE_RESULTS, project=int(project)):
            table.writerow(row)
            count += 1
    await database.close()
    return count


WORKS: dict[str, Callable[[str, str], Awaitable[int]]] = {
    "import": bring_in,
    "import bare": bring_in_bare,
    "export": take_out,
    "export bare": take_out_bare,
}


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(what: str, url: str, about: str) -> None:
    before, began = psutil.Process().memory_info().rss / 2**20, time.perf_counter()
    rows = asyncio.run(_run(WORKS[what], url, about))
    took = time.perf_counter() - began
    print(json.dumps({"seconds": took, "rows": rows, "megabytes": megabytes() - before}))


async def _run(work: Callable[[str, str], Awaitable[int]], url: str, about: str) -> int:
    return await work(url, about)


if __name__ == "__main__":
    main(*sys.argv[1:])
