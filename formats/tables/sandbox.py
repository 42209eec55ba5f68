"""Reading a file of tasks in a child process; one that exceeds its limits of memory or time is killed and refused.

The waiting task can be cancelled at any moment; the process ends with it."""

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
from formats.media.archive import ArchiveMedium
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
class MediaFiles:
    """An empty file for the media that rows name, and the ZIP they come in unless that is the file itself."""

    media: BinaryIO
    archive: BinaryIO | None = None


class SpooledRows(StreamedRows):
    """Checked rows in a file, read again on each pass; an index reads all rows before it."""

    def __init__(self, rows: BinaryIO, columns: tuple[str, ...], count: int) -> None:
        super().__init__(columns, count)
        self._source = Source(rows)

    def spooled(self) -> Iterator[SpooledRow]:
        with self._source.open() as lines:
            yield from chain.from_iterable(map(orjson.loads, lines))


async def read_in_sandbox(
    place: BinaryIO,
    rows: BinaryIO,
    request: ReadRequest,
    on_progress: Callable[[int], None] = lambda checked: None,
    media_files: MediaFiles | None = None,
) -> TaskFile:
    """Return the checked file; `rows` is an empty file that stays open while they are read. Raise FileErrors, also
    for exceeded limits, and OSError if the disk is full."""
    with TemporaryFile() as unused_media:
        return await _read_with_timeout(
            place, rows, request, on_progress, media_files or MediaFiles(cast(BinaryIO, unused_media))
        )


async def _read_with_timeout(
    place: BinaryIO, rows: BinaryIO, request: ReadRequest, on_progress: Callable[[int], None], media_files: MediaFiles
) -> TaskFile:
    limits, archive = request.limits, (media_files.archive,) if media_files.archive else ()
    place.seek(0)
    files = [file.fileno() for file in (place, rows, media_files.media, *archive)]
    try:
        async with asyncio.timeout(limits.seconds), processes.start_process(files) as (reader, writer):
            result = await _ask_child(reader, writer, request, on_progress)
    except TimeoutError:
        result = {"limit": "time"}
    return _to_task_file(result, rows, limits)


async def _ask_child(
    reader: StreamReader, writer: StreamWriter, request: ReadRequest, on_progress: Callable[[int], None]
) -> dict[str, Any]:
    """Send the request and return the child's last message; {"limit": "ended"} if it ended before."""
    writer.write(_to_message(request))
    media: list[dict[str, Any]] = []
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it read the question
        async for line in reader:
            message: dict[str, Any] = orjson.loads(line)
            if "checked" in message:
                on_progress(message["checked"])
            elif "media" in message:
                media += message["media"]
            else:
                return {**message, "media": media}
    return {"limit": "ended"}


def _to_message(request: ReadRequest) -> bytes:
    limits = {"memory": request.limits.memory, "seconds": request.limits.cpu, "size": request.limits.size}
    names = ("filename", "options", "kind", "template", "leave_out", "ai", "header")
    arguments = {name: getattr(request, name) for name in names}
    return orjson.dumps({**arguments, "limits": limits}, option=orjson.OPT_APPEND_NEWLINE)


def _require_file(result: dict[str, Any], limits: SandboxLimits) -> dict[str, Any]:
    """Return the facts about a file that was read. Raise FileErrors for its errors, a limit or a bug; OSError if the
    disk is full."""
    if "errors" in result:
        problems = tuple(RowError(**_decode_facts(error)) for error in result["errors"])
        raise FileErrors(problems, result["total"], result["empty"])
    if "full" in result:
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    if "file" not in result:
        log.warning("A file was given up", extra={"reason": result.get("limit") or result["bug"]})
        if "bug" in result:
            raise unreadable_file(1, "", "", "file_readable", kind="")
        facts = {"seconds": round(limits.seconds), "megabytes": limits.memory >> 20}
        raise unreadable_file(1, "", "", "file_limits", **facts)
    file_facts: dict[str, Any] = result["file"]
    return file_facts


def _to_task_file(result: dict[str, Any], rows: BinaryIO, limits: SandboxLimits) -> TaskFile:
    """Return the file of a result. Raise as `_require_file` does."""
    file_facts = _require_file(result, limits)
    columns, warnings = (
        tuple(file_facts["columns"]),
        tuple(FileWarning(**_decode_facts(fields)) for fields in file_facts["warnings"]),
    )
    spooled = SpooledRows(rows, columns, file_facts["count"])
    options, template, sha256 = tuple(file_facts["options"]), file_facts["template"], file_facts["sha256"]
    models, media = tuple(file_facts["models"]), tuple(ArchiveMedium(**fields) for fields in result["media"])
    return TaskFile(
        columns=columns,
        rows=spooled,
        options=options,
        template=template,
        sha256=sha256,
        warnings=warnings,
        size=result["bytes"],
        models=models,
        media=media,
    )


def _decode_facts(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a problem's or warning's fields with the types they had in the child."""
    facts = {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in fields["facts"].items()}
    return {**fields, "facts": facts}
