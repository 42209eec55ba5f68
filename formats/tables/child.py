"""A process that reads one file of tasks in a sandbox, forked by `fork_server.py`.

The request is a line of JSON on standard input; answers are lines of JSON on standard output: `{"checked":
rows}` now and then, `{"media": […]}` for media of the ZIP, last the file, its problems, or what went wrong with it. The
rows themselves are written into ROWS, media into MEDIA. The process has limits of memory and processor time, and ends
with its parent."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any, BinaryIO

import orjson

from formats.errors import FileErrors, is_disk_full, unreadable_file
from formats.media.archive import MediaArchive
from formats.spreadsheets import workbook
from formats.tables.columns import AiWish
from formats.tables.encoding import Source
from formats.tables.forked import lower_priority
from formats.tables.reading import TaskFile, read_tasks
from formats.tables.tasks import SpooledRow
from formats.values import iter_chunks

PR_SET_PDEATHSIG = 1  # PR_SET_PDEATHSIG
MEDIA_PER_LINE = 500  # media told of in a line
ROWS_PER_LINE = 10  # rows of a line: each may be of megabytes
SCRATCH_FACTOR = 2  # times as large as the rows a file of a reader's own may be


def read_file(parent: int, file: int, rows: int, media: int, archive: int | None = None) -> None:
    """Read a file in this process and send the result to the parent, whose number is `parent`. The others are
    numbers of open files; `archive` is a ZIP with media beside the file."""
    request = orjson.loads(sys.stdin.buffer.readline())
    limits = request.pop("limits")
    _apply_limits(parent, **limits)
    with os.fdopen(file, "rb") as content, os.fdopen(media, "wb") as media_file:
        archive_file = os.fdopen(archive, "rb") if archive is not None else None
        try:
            with os.fdopen(rows, "wb") as rows_file:
                result = _read_to_result(
                    InputFiles(content, archive_file, media_file), rows_file, limits["size"], request
                )
        except OSError as error:  # of the rows that were written last
            result = _to_error_result(error)
        _send(result)


def _apply_limits(parent: int, memory: int, seconds: int, size: int) -> None:
    """Set limits that the system enforces, skipping those it does not know. End this process if its parent has
    ended."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    limits = (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, SCRATCH_FACTOR * size),
    )
    for kind, limit in limits:
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))
    lower_priority()


class InputFiles:
    """The open files: the file to read, a ZIP beside it, and the file that media are appended to."""

    def __init__(self, file: BinaryIO, beside: BinaryIO | None, media: BinaryIO) -> None:
        self.file, self.beside, self.media = file, beside, media

    def opened(self, filename: str) -> tuple[BinaryIO, str, MediaArchive | None]:
        """Return the table, its name, and the archive of its media or None. Raise FileErrors."""
        if self.beside is not None:
            return self.file, filename, MediaArchive(Source(self.beside), self.media)
        source = Source(self.file)
        if source.head(4) != b"PK\x03\x04" or workbook.detect_format(source, filename) != "zip":
            return self.file, filename, None
        archive = MediaArchive(source, self.media)
        name, table = archive.table()
        return table, name, archive


def _read_to_result(inputs: InputFiles, rows_file: BinaryIO, size: int, request: dict[str, Any]) -> dict[str, Any]:
    """Read the file and return what is sent last: the file, its errors, the limit that it exceeded, or the place of
    a bug."""
    try:
        spool = RowSpool(rows_file, size)
        table, name, archive = inputs.opened(request.pop("filename"))
        arguments = {**_to_arguments(request), "archive": archive, "filename": name}
        file = read_tasks(table, on_progress=lambda rows: _send({"checked": rows}), on_row=spool.add, **arguments)
        if spool.count != len(file.rows):  # they could not be told before the whole file was read
            for row in file.rows.spooled():
                spool.add(row)
        spool.flush()
        inputs.media.flush()
        for media in iter_chunks(archive.brought.values() if archive else (), MEDIA_PER_LINE):
            _send({"media": media})
        return {"file": _file_facts(file), "bytes": spool.size}
    except FileErrors as errors:
        return {"errors": errors.errors, "total": errors.total, "empty": errors.empty}
    except (MemoryError, RecursionError, OSError) as error:
        return _to_error_result(error)
    except Exception as error:  # a bug: its place is reported, without the file's content
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {"bug": f"{type(error).__name__} in {os.path.basename(place.filename)}:{place.lineno}"}


def _to_error_result(error: BaseException) -> dict[str, Any]:
    """Return the result for an error of the system: a full disk, or a limit."""
    return {"full": True} if is_disk_full(error) else {"limit": type(error).__name__}


def _to_arguments(request: dict[str, Any]) -> dict[str, Any]:
    options = request["options"]
    ai = AiWish(tuple(request["ai"]["columns"]), request["ai"]["adds"])
    return {**request, "options": None if options is None else tuple(options), "ai": ai}


def _file_facts(file: TaskFile) -> dict[str, Any]:
    facts = {name: getattr(file, name) for name in ("columns", "options", "template", "sha256", "warnings", "models")}
    return {**facts, "count": len(file.rows)}


class RowSpool:
    """Rows written as lines of JSON, ROWS_PER_LINE in each; `size` is the number of bytes written."""

    def __init__(self, written: BinaryIO, most: int) -> None:
        self.written, self.most, self.size, self.count = written, most, 0, 0
        self._rows: list[SpooledRow] = []

    def add(self, row: SpooledRow) -> None:
        """Take a row; every ROWS_PER_LINE rows are written."""
        self._rows.append(row)
        self.count += 1
        if len(self._rows) == ROWS_PER_LINE:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait. Raise FileErrors if the file becomes larger than allowed."""
        if self._rows:
            self.size += self.written.write(orjson.dumps(self._rows, option=orjson.OPT_APPEND_NEWLINE))
            if self.size > self.most:
                raise unreadable_file(self._rows[0][0], "", "", "text_size", limit=self.most >> 20)
            self._rows.clear()


def _send(news: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(news, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
