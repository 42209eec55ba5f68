"""Photos and voice messages as files: a zip of answers with a table, part after part.

Each file is downloaded when the zip is made, so that erased or rejected answers are in none. What a camera wrote into a
picture is taken out.
"""

import asyncio
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import orjson

from domain.answers import kind_of
from domain.moments import Moment, as_datetime
from domain.people.people import PersonId
from domain.people.pseudonyms import pseudonym
from domain.projects.projects import Project
from domain.projects.result_messages import ProjectFile
from formats.media.camera_data import clean
from formats.shapes import media_columns
from formats.writing import FILES, WRITERS, Value
from jobs.exports import project_of, titled
from jobs.file_parts import LARGEST
from jobs.made_files import MadeFile, place
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import MEDIA
from storage.unit import UnitOfWork

AT_ONCE = 100  # answers read together
MOST = 5_000  # answers in one zip
ROOM = 400  # bytes an entry takes in a zip besides its content
TABLE = "answers.csv"

Fetch = Callable[[str, BinaryIO], Awaitable[str | None]]
"""Writes the file of this id; its path at Telegram, None where Telegram does not give it any more."""


@dataclass(slots=True)
class Archive:
    """A zip that grows on disk: `rows` are the rows of its table."""

    project: Project
    file: zipfile.ZipFile
    called: Callable[[int], str]
    rows: list[list[Value]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    size: int = 0
    last: int = 0

    def has_room(self, size: int, row: list[Value]) -> bool:
        return not self.rows or (len(self.rows) < MOST and self.size + size + _length(row) <= LARGEST - ROOM)

    def add(self, file: BinaryIO, name: str, row: list[Value]) -> None:
        if name:
            file.seek(0)
            with self.file.open(name, "w") as into:
                while block := file.read(1 << 20):
                    into.write(block)
            self.names.add(name)
        self.rows.append(row)
        self.size += file.tell() + _length(row)

    def name(self, key: str, worker: str, ending: str) -> str:
        """By the task and the pseudonym, as every file system takes it; another where it is taken."""
        plain = re.sub(r"[^\w-]+", "-", key).strip("-")[:60] or "task"
        named = next(n for n in _numbered(f"{plain}-{worker}") if f"{n}{ending}" not in self.names)
        return f"{named}{ending}"

    def close(self) -> None:
        columns = media_columns(self.project.columns)
        with self.file.open(TABLE, "w") as into:
            WRITERS["csv"].write(cast(BinaryIO, into), columns, self.rows)
        self.file.close()


async def zipped(fetch: Fetch, database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """As many answers as fit, from behind the last of the part before; a letter for the next part, if there is one."""
    project, secret = await project_of(database, facts, now)
    path = place(f".{FILES}")
    called = cache(partial(pseudonym, secret, project.requester))
    archive = Archive(project, zipfile.ZipFile(path, "w"), called, last=facts.get("after", 0))
    try:
        more = await _fill(archive, fetch, database)
        await asyncio.to_thread(archive.close)
    except BaseException:
        path.unlink()
        raise
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, "files", FILES), now)
    part = facts.get("part", 1)
    if more:
        await database.transact(order_next, now, project, facts, archive.last, part + 1)
    name = f"files-{project.id}-{titled(project)}{f'.{part}' if more or part > 1 else ''}.{FILES}"
    return MadeFile(path, name, "application/zip")


async def _fill(archive: Archive, fetch: Fetch, database: Database) -> bool:
    """Whether there is more than fits."""
    async for row in _answers(archive, database):
        with TemporaryFile() as file:
            told, named = await _named(archive, fetch, row, cast(BinaryIO, file))
            if not archive.has_room(file.tell(), told):
                return True
            await asyncio.to_thread(archive.add, cast(BinaryIO, file), named, told)
        archive.last = row[0]
    return False


async def _named(archive: Archive, fetch: Fetch, row: Row, file: BinaryIO) -> tuple[list[Value], str]:
    """An answer's row in the table, with its file's name; empty where Telegram does not have the file."""
    _, key, content, worker, answer, milliseconds, state, at = row
    found = await fetch(answer.split()[0], file)
    await asyncio.to_thread(clean, file)
    file.seek(0, 2)
    usual = kind_of(archive.project.kind).file_ending
    name = "" if found is None else archive.name(key, archive.called(worker), Path(found).suffix.lower() or usual)
    note = "" if name else "not given by Telegram any more"
    cells = orjson.loads(content)
    shown = [cells.get(column, "") for column in archive.project.columns]
    when = as_datetime(at)
    return [key, *shown, archive.called(worker), name, note, milliseconds / 1000, state, when], name


async def _answers(archive: Archive, database: Database) -> AsyncIterator[Row]:
    """Reads answers in pages: downloads hold no reading transaction open, and erasures meanwhile take effect."""
    while True:
        values = {"project": archive.project.id, "after": archive.last, "limit": AT_ONCE}
        rows = [row async for row in database.rows(MEDIA, **values)]
        for row in rows:
            yield row
        if len(rows) < AT_ONCE:
            return


def order_next(unit: UnitOfWork, project: Project, facts: dict[str, Any], after: int, part: int) -> None:
    """Once, however often the part before is made; not to who left the team since."""
    key = f"part:{project.id}:{FILES}:{facts.get('ordered', 0)}:{after}"
    reader = PersonId(facts.get("reader") or project.requester)
    if not unit.teams.is_side(project.requester, reader):
        return
    unit.outbox.tell(reader, ProjectFile(**{**facts, "after": after, "part": part}), key=key)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, MOST + 2))


def _length(row: list[Value]) -> int:
    """Bytes of a row of the table at most, and of an entry of the zip besides its content."""
    return ROOM + sum(2 * len(str(cell).encode()) + 4 for cell in row)
