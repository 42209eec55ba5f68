"""A process that reads one file of tasks in a sandbox, forked by `fork_server.py`.

The question is a line of JSON on standard input; what comes of it are lines of JSON on standard output: `{"checked":
rows}` now and then, `{"media": […]}` for what was brought, last the file, its problems, or what went wrong with it. The
rows themselves are written into ROWS, media into MEDIA. The process has limits of memory and processor time, and ends
with its parent.
"""

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
from formats.media.archive import Archive
from formats.spreadsheets import workbook
from formats.tables.columns import AiWish
from formats.tables.encoding import Source
from formats.tables.forked import stand_back
from formats.tables.reading import TaskFile, read_tasks
from formats.tables.tasks import SpooledRow
from formats.values import iter_chunks

DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG
AT_ONCE = 500  # media told of in a line
TOGETHER = 10  # rows of a line: each may be of megabytes
SCRATCH = 2  # times as large as the rows a file of a reader's own may be


def read_file(parent: int, file: int, rows: int, media: int, archive: int | None = None) -> None:
    """The number of the parent, then those of open files; ARCHIVE is a ZIP with media beside the file."""
    question = orjson.loads(sys.stdin.buffer.readline())
    limits = question.pop("limits")
    _limit(parent, **limits)
    with os.fdopen(file, "rb") as given, os.fdopen(media, "wb") as brought:
        beside = os.fdopen(archive, "rb") if archive is not None else None
        try:
            with os.fdopen(rows, "wb") as written:
                said = _outcome(Given(given, beside, brought), written, limits["size"], question)
        except OSError as error:  # of the rows that were written last
            said = _said_of(error)
        _tell(said)


def _limit(parent: int, memory: int, seconds: int, size: int) -> None:
    """Sets a limit that the system enforces; an unknown one is skipped."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    limits = ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, SCRATCH * size))
    for what, most in limits:
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))
    stand_back()


class Given:
    """The file, a ZIP beside it, and the file that media are appended to."""

    def __init__(self, file: BinaryIO, beside: BinaryIO | None, media: BinaryIO) -> None:
        self.file, self.beside, self.media = file, beside, media

    def opened(self, filename: str) -> tuple[BinaryIO, str, Archive | None]:
        """The table, its name, and the media beside it. Raises FileErrors."""
        if self.beside is not None:
            return self.file, filename, Archive(Source(self.beside), self.media)
        source = Source(self.file)
        if source.head(4) != b"PK\x03\x04" or workbook.format_of(source, filename) != "zip":
            return self.file, filename, None
        archive = Archive(source, self.media)
        name, table = archive.table()
        return table, name, archive


def _outcome(given: Given, written: BinaryIO, size: int, question: dict[str, Any]) -> dict[str, Any]:
    try:
        spool = Spool(written, size)
        table, name, archive = given.opened(question.pop("filename"))
        asked = {**_read(question), "archive": archive, "filename": name}
        file = read_tasks(table, heard=lambda rows: _tell({"checked": rows}), taken=spool.add, **asked)
        if spool.count != len(file.rows):  # they could not be told before the whole file was read
            for row in file.rows.spooled():
                spool.add(row)
        spool.flush()
        given.media.flush()
        for some in iter_chunks(archive.brought.values() if archive else (), AT_ONCE):
            _tell({"media": some})
        return {"file": _described(file), "bytes": spool.size}
    except FileErrors as found:
        return {"errors": found.errors, "total": found.total, "empty": found.empty}
    except (MemoryError, RecursionError, OSError) as error:
        return _said_of(error)
    except Exception as error:  # a bug: its place is reported, without the file's content
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {"bug": f"{type(error).__name__} in {os.path.basename(place.filename)}:{place.lineno}"}


def _said_of(error: BaseException) -> dict[str, Any]:
    return {"full": True} if is_disk_full(error) else {"limit": type(error).__name__}


def _read(question: dict[str, Any]) -> dict[str, Any]:
    options = question["options"]
    ai = AiWish(tuple(question["ai"]["named"]), question["ai"]["adds"])
    return {**question, "options": None if options is None else tuple(options), "ai": ai}


def _described(file: TaskFile) -> dict[str, Any]:
    facts = {name: getattr(file, name) for name in ("columns", "options", "template", "sha256", "warnings", "models")}
    return {**facts, "count": len(file.rows)}


class Spool:
    """Rows as lines of JSON, several in one (`TOGETHER`); `size` is how many bytes that is."""

    def __init__(self, written: BinaryIO, most: int) -> None:
        self.written, self.most, self.size, self.count = written, most, 0, 0
        self._rows: list[SpooledRow] = []

    def add(self, row: SpooledRow) -> None:
        self._rows.append(row)
        self.count += 1
        if len(self._rows) == TOGETHER:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self.size += self.written.write(orjson.dumps(self._rows, option=orjson.OPT_APPEND_NEWLINE))
            if self.size > self.most:
                raise unreadable_file(self._rows[0][0], "", "", "text_size", limit=self.most >> 20)
            self._rows.clear()


def _tell(news: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(news, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
