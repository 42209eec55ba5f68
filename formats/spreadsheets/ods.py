"""OpenDocument spreadsheets (LibreOffice, Google Sheets): the cells of the first sheet as text, from an XML stream.

A row or a cell that is repeated is written once, with a number: it is repeated here, up to what a file may have.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from formats.errors import FileErrors, unreadable_file
from formats.spreadsheets.workbook import (
    LAST_ROW,
    LONGEST,
    Attributes,
    Parser,
    Record,
    blocks,
    parse,
    plain,
    record_of,
    refuse_bombs,
    spooled,
)
from formats.tables.encoding import Source
from formats.tables.table import MAX_COLUMNS, Table

CELLS = frozenset({"table-cell", "covered-table-cell"})
# What stands in a cell and is not its text: comments, drawings, readings of characters, deleted cells.
BESIDE = frozenset({"annotation", "frame", "g", "custom-shape", "ruby-text", "tracked-changes", "shapes", "note"})
NUMBERS = frozenset({"float", "currency", "percentage"})
_CLOCK = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_WHITE = re.compile(r"[ \t\r\n]+")
SPACE, TAB, BREAK = "\1\2\3"  # no XML holds them: stand for what is written as an element
_SPACES = str.maketrans({SPACE: " ", TAB: "\t", BREAK: "\n"})


def read(source: Source) -> Table:
    """Values as last calculated; rows without any value are skipped."""
    refuse_bombs(source, "ods")
    archive = zipfile.ZipFile(source.open())
    try:
        with archive:
            if _is_locked(archive):
                raise unreadable_file(1, "", "", "no_password")
            titles = _Titles()
            parse(archive, "content.xml", titles)
            return spooled(_records(archive), titles.found)
    except (FileErrors, MemoryError):
        raise
    except Exception as error:  # a part that is missing, truncated or invalid
        raise unreadable_file(1, "", "", "file_readable", kind="ods") from error


def _is_locked(archive: zipfile.ZipFile) -> bool:
    with archive.open("META-INF/manifest.xml") as part:
        return b"encryption-data" in part.read(1 << 20)


def _records(archive: zipfile.ZipFile) -> Iterator[Record]:
    cells = _Cells()
    with cast(BinaryIO, archive.open("content.xml")) as part:
        for block in blocks(part):
            cells.feed(block)
            for times, record in cells.rows:
                for ahead in range(times):
                    yield Record(record.line + ahead, record.cells, record.formulas)
            cells.rows.clear()
            if cells.ended:
                return


class _Titles(Parser):
    """The names of the sheets; a sheet inside a cell is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0

    def start(self, name: str, given: Attributes) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append(given.get("table:name", ""))

    def end(self, name: str) -> None:
        self._depth -= name == "table"


class _Cells(Parser):
    """`rows`: how often each row occurs. `ended` once the first sheet has."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, Record]] = []
        self.ended = False
        self._line, self._times, self._column = 1, 1, 0
        self._row: dict[int, str] = {}
        self._formulas: list[int] = []
        self._cell: Attributes = {}
        self._lines: list[str] = []
        self._depth = self._beside = 0

    def start(self, name: str, given: Attributes) -> None:
        if name in BESIDE or self._beside:
            self._beside += 1
        elif name == "table":
            self._depth += 1
        elif self._depth == 1 and not self.ended:
            self._begin(name, given)

    def _begin(self, name: str, given: Attributes) -> None:
        if name in CELLS:
            self._cell, self._lines = given, []
        elif name == "table-row":
            self._times, self._column = _repeated(given, "rows"), 0
        elif name == "p":
            self.listen()
        elif self.heard is not None and name in ("s", "tab", "line-break"):
            count = min(int(given.get("text:c", 1)), LONGEST) if name == "s" else 1
            self._hear({"s": SPACE * count, "tab": TAB}.get(name, BREAK))

    def _hear(self, text: str) -> None:
        if not self._beside:
            super()._hear(text)

    def end(self, name: str) -> None:
        if self._beside:
            self._beside -= 1
        elif name == "table":
            self._depth -= 1
            self.ended = self.ended or not self._depth
        elif self._depth == 1 and not self.ended:
            self._end_part(name)

    def _end_part(self, name: str) -> None:
        if name == "p" and self.heard is not None:
            if sum(map(len, self._lines)) <= LONGEST:
                self._lines.append(_WHITE.sub(" ", "".join(self.heard)).strip(" ").translate(_SPACES))
            self.heard = None
        elif name in CELLS:
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        times, first = _repeated(self._cell, "columns"), self._column
        self._column += times
        value, at = _value(self._cell, "\n".join(self._lines)), min(first, MAX_COLUMNS)
        if not value and "table:formula" in self._cell and "office:value-type" not in self._cell:
            self._formulas.append(at)
        elif value:
            for column in range(at, min(self._column, MAX_COLUMNS + 1) or 1):
                self._row[column] = value
            self._row.setdefault(at, value)

    def _end_row(self) -> None:
        record = record_of(self._line, self._row, self._formulas)
        self._line += self._times
        if record is not None:
            if self._line - 1 > LAST_ROW:
                raise unreadable_file(record.line, "", str(self._line - 1), "row_number", limit=LAST_ROW)
            self.rows.append((self._times, record))
        self._row, self._formulas = {}, []


def _repeated(given: Attributes, what: str) -> int:
    return max(1, int(given.get(f"table:number-{what}-repeated", 1)))


def _value(cell: Attributes, text: str) -> str:
    kind = cell.get("office:value-type", "")
    if kind in NUMBERS and "office:value" in cell:
        return plain(cell["office:value"])
    if kind == "date" and "office:date-value" in cell:
        return cell["office:date-value"].removesuffix("T00:00:00")
    if kind == "time" and (clock := _CLOCK.fullmatch(cell.get("office:time-value", ""))):
        return ":".join(part.zfill(2) for part in clock.groups())
    if kind == "boolean" and "office:boolean-value" in cell:
        return cell["office:boolean-value"]
    return text or cell.get("office:string-value", "")
