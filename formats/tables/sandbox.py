"""Reads a file of tasks in a child process; one that exceeds its limits of memory or time is killed and refused.

The waiting task can be cancelled at any moment; the process ends with it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from errno import ENOSPC
from itertools import chain
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import orjson

from formats.errors import FileErrors, RowError, unreadable_file
from formats.media.archive import Brought
from formats.tables.columns import NO_WISH, AiWish
from formats.tables.encoding import Source
from formats.tables.forked import processes
from formats.tables.reading import TaskFile
from formats.tables.table import FileWarning
from formats.tables.tasks import SpooledRow, StreamedRows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """Limits of one file: bytes of memory, seconds of processor time and of waiting, bytes of rows."""

    memory: int = 192 << 20
    cpu: int = 60
    seconds: float = 120.0
    size: int = 64 << 20


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """The arguments of `read_tasks`."""

    filename: str
    options: tuple[str, ...] | None
    kind: str
    template: str | None
    leave_out: bool = False
    ai: AiWish = NO_WISH
    header: bool = True
    limits: SandboxLimits = field(default=SandboxLimits())


@dataclass(frozen=True, slots=True)
class Beside:
    """An empty file for the media that rows name, and the ZIP they come in where that is not the file itself."""

    media: BinaryIO
    archive: BinaryIO | None = None


class SpooledRows(StreamedRows):
    """Checked rows in a file, read again on each pass; an index reads up to it."""

    def __init__(self, rows: BinaryIO, columns: tuple[str, ...], count: int) -> None:
        super().__init__(columns, count)
        self._source = Source(rows)

    def spooled(self) -> Iterator[SpooledRow]:
        with self._source.open() as lines:
            yield from chain.from_iterable(map(orjson.loads, lines))


async def read(
    place: BinaryIO,
    rows: BinaryIO,
    question: ReadRequest,
    heard: Callable[[int], None] = lambda checked: None,
    beside: Beside | None = None,
) -> TaskFile:
    """Raises FileErrors, also for exceeded limits, and OSError where the disk is full. `rows` is an empty file that
    stays open while they are read."""
    with TemporaryFile() as unwanted:
        return await _ended(place, rows, question, heard, beside or Beside(cast(BinaryIO, unwanted)))


async def _ended(
    place: BinaryIO, rows: BinaryIO, question: ReadRequest, heard: Callable[[int], None], beside: Beside
) -> TaskFile:
    limits, archive = question.limits, (beside.archive,) if beside.archive else ()
    place.seek(0)
    files = [each.fileno() for each in (place, rows, beside.media, *archive)]
    try:
        async with asyncio.timeout(limits.seconds), processes.begun(files) as (reader, writer):
            said = await _asked(reader, writer, question, heard)
    except TimeoutError:
        said = {"limit": "time"}
    return _answer(said, rows, limits)


async def _asked(
    reader: StreamReader, writer: StreamWriter, question: ReadRequest, heard: Callable[[int], None]
) -> dict[str, Any]:
    """The child's last message; {"limit": "ended"} when it ended before."""
    writer.write(_written(question))
    media: list[dict[str, Any]] = []
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it read the question
        async for line in reader:
            said: dict[str, Any] = orjson.loads(line)
            if "checked" in said:
                heard(said["checked"])
            elif "media" in said:
                media += said["media"]
            else:
                return {**said, "media": media}
    return {"limit": "ended"}


def _written(question: ReadRequest) -> bytes:
    limits = {"memory": question.limits.memory, "seconds": question.limits.cpu, "size": question.limits.size}
    names = ("filename", "options", "kind", "template", "leave_out", "ai", "header")
    asked = {name: getattr(question, name) for name in names}
    return orjson.dumps({**asked, "limits": limits}, option=orjson.OPT_APPEND_NEWLINE)


def _answer(said: dict[str, Any], rows: BinaryIO, limits: SandboxLimits) -> TaskFile:
    if "errors" in said:
        problems = tuple(RowError(**_facts(error)) for error in said["errors"])
        raise FileErrors(problems, said["total"], said["empty"])
    if "full" in said:
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    if "file" not in said:
        log.warning("A file was given up", extra={"reason": said.get("limit") or said["bug"]})
        if "bug" in said:
            raise unreadable_file(1, "", "", "file_readable", kind="")
        told = {"seconds": round(limits.seconds), "megabytes": limits.memory >> 20}
        raise unreadable_file(1, "", "", "file_limits", **told)
    about = said["file"]
    columns, warnings = tuple(about["columns"]), tuple(FileWarning(**_facts(each)) for each in about["warnings"])
    spooled = SpooledRows(rows, columns, about["count"])
    options, template, print_ = tuple(about["options"]), about["template"], about["sha256"]
    models, media = tuple(about["models"]), tuple(Brought(**each) for each in said["media"])
    return TaskFile(columns, spooled, options, template, print_, warnings, said["bytes"], models, media)


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    """A problem or a warning as it was in the child."""
    facts = {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in told["facts"].items()}
    return {**told, "facts": facts}
