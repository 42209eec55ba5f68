"""Reader of OpenDocument spreadsheets (LibreOffice, Google Sheets): the cells of the first sheet as text, from an
XML stream.

A repeated row or cell is written once, with a number: it is repeated here, up to what a file may have."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from formats.errors import FileErrors, unreadable_file
from formats.spreadsheets.workbook import (
    MAX_CELL_CHARS,
    MAX_ROW_NUMBER,
    Attributes,
    Parser,
    Record,
    iter_blocks,
    parse_part,
    plain_number,
    require_bounded,
    to_record,
    to_table,
)
from formats.tables.encoding import Source
from formats.tables.table import MAX_COLUMNS, FileTable

CELL_ELEMENTS = frozenset({"table-cell", "covered-table-cell"})
# What stands in a cell and is not its text: comments, drawings, readings of characters, deleted cells.
IGNORED_ELEMENTS = frozenset(
    {"annotation", "frame", "g", "custom-shape", "ruby-text", "tracked-changes", "shapes", "note"}
)
NUMERIC_TYPES = frozenset({"float", "currency", "percentage"})
_CLOCK = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_WHITE = re.compile(r"[ \t\r\n]+")
SPACE_MARK, TAB_MARK, BREAK_MARK = "\1\2\3"  # no XML holds them: stand for what is written as an element
_SPACES = str.maketrans({SPACE_MARK: " ", TAB_MARK: "\t", BREAK_MARK: "\n"})


def read_table(source: Source) -> FileTable:
    """Return the first sheet's table, with values as last calculated; rows without any value are skipped. Raise
    FileErrors for a file with a password or one that cannot be read."""
    require_bounded(source, "ods")
    archive = zipfile.ZipFile(source.open())
    try:
        with archive:
            if _is_locked(archive):
                raise unreadable_file(1, "", "", "no_password")
            titles = _TitleParser()
            parse_part(archive, "content.xml", titles)
            return to_table(_iter_records(archive), titles.found)
    except (FileErrors, MemoryError):
        raise
    except Exception as error:  # a part that is missing, truncated or invalid
        raise unreadable_file(1, "", "", "file_readable", kind="ods") from error


def _is_locked(archive: zipfile.ZipFile) -> bool:
    with archive.open("META-INF/manifest.xml") as part:
        return b"encryption-data" in part.read(1 << 20)


def _iter_records(archive: zipfile.ZipFile) -> Iterator[Record]:
    cells = _CellParser()
    with cast(BinaryIO, archive.open("content.xml")) as part:
        for block in iter_blocks(part):
            cells.feed(block)
            for times, record in cells.rows:
                for offset in range(times):
                    yield Record(record.line + offset, record.cells, record.formulas)
            cells.rows.clear()
            if cells.ended:
                return


class _TitleParser(Parser):
    """Parser of the sheets' names; a sheet inside a cell is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append(attributes.get("table:name", ""))

    def end(self, name: str) -> None:
        self._depth -= name == "table"


class _CellParser(Parser):
    """Parser of the first sheet's cells. `rows`: each row and how often it occurs. `ended`: the first sheet has
    ended."""

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

    def start(self, name: str, attributes: Attributes) -> None:
        if name in IGNORED_ELEMENTS or self._beside:
            self._beside += 1
        elif name == "table":
            self._depth += 1
        elif self._depth == 1 and not self.ended:
            self._begin_part(name, attributes)

    def _begin_part(self, name: str, attributes: Attributes) -> None:
        if name in CELL_ELEMENTS:
            self._cell, self._lines = attributes, []
        elif name == "table-row":
            self._times, self._column = _repeat_count(attributes, "rows"), 0
        elif name == "p":
            self.listen()
        elif self.heard is not None and name in ("s", "tab", "line-break"):
            count = min(int(attributes.get("text:c", 1)), MAX_CELL_CHARS) if name == "s" else 1
            self._hear({"s": SPACE_MARK * count, "tab": TAB_MARK}.get(name, BREAK_MARK))

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
            if sum(map(len, self._lines)) <= MAX_CELL_CHARS:
                self._lines.append(_WHITE.sub(" ", "".join(self.heard)).strip(" ").translate(_SPACES))
            self.heard = None
        elif name in CELL_ELEMENTS:
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        times, first_column = _repeat_count(self._cell, "columns"), self._column
        self._column += times
        value, column_index = _cell_text(self._cell, "\n".join(self._lines)), min(first_column, MAX_COLUMNS)
        if not value and "table:formula" in self._cell and "office:value-type" not in self._cell:
            self._formulas.append(column_index)
        elif value:
            for column in range(column_index, min(self._column, MAX_COLUMNS + 1) or 1):
                self._row[column] = value
            self._row.setdefault(column_index, value)

    def _end_row(self) -> None:
        record = to_record(self._line, self._row, self._formulas)
        self._line += self._times
        if record is not None:
            if self._line - 1 > MAX_ROW_NUMBER:
                raise unreadable_file(record.line, "", str(self._line - 1), "row_number", limit=MAX_ROW_NUMBER)
            self.rows.append((self._times, record))
        self._row, self._formulas = {}, []


def _repeat_count(attributes: Attributes, axis: str) -> int:
    return max(1, int(attributes.get(f"table:number-{axis}-repeated", 1)))


def _cell_text(cell: Attributes, text: str) -> str:
    kind = cell.get("office:value-type", "")
    if kind in NUMERIC_TYPES and "office:value" in cell:
        return plain_number(cell["office:value"])
    if kind == "date" and "office:date-value" in cell:
        return cell["office:date-value"].removesuffix("T00:00:00")
    if kind == "time" and (clock := _CLOCK.fullmatch(cell.get("office:time-value", ""))):
        return ":".join(part.zfill(2) for part in clock.groups())
    if kind == "boolean" and "office:boolean-value" in cell:
        return cell["office:boolean-value"]
    return text or cell.get("office:string-value", "")
