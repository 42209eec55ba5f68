"""Excel workbooks: the first sheet in, one sheet (or as many as a million rows need) out."""

from __future__ import annotations

import re
import weakref
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import orjson

from formats.errors import FileErrors, RowError, problem, refused
from formats.tables.source import Source
from formats.tables.table import MAX_COLUMNS, FileWarning, Row, Table
from formats.values import Value

UNPACKED_LIMIT = 256 << 20
STRINGS_LIMIT = 64 << 20  # openpyxl keeps a workbook's shared strings in memory

RATIO_LIMIT = 200
SHEET_ROWS = 1_048_576
CELL_LIMIT = 32_767
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(source: Source) -> Table:
    """Values as last calculated; rows without any value are skipped; short rows are filled."""
    _refuse_bombs(source)
    try:
        return _read(source)
    except FileErrors:
        raise
    except Exception as error:  # openpyxl lets whatever its parser stumbles on escape
        raise refused(1, "", type(error).__name__, "file_readable", kind="xlsx") from error


def _read(source: Source) -> Table:
    """Unpacks the sheet once, into a file that is quick to read again: openpyxl is not."""
    sheets, records = _open(source)
    line, cells = next(records, (1, []))
    if not cells:
        raise refused(1, "", "", "file_not_empty")
    spool = TemporaryFile()  # noqa: SIM115  # closed with the last of the rows' readers, below
    for record in records:
        spool.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    unpacked = Source(cast(BinaryIO, spool))
    weakref.finalize(unpacked, spool.close)

    def rows() -> Iterator[Row | RowError]:
        with unpacked.open() as written:
            for record in written:
                found, row = orjson.loads(record)
                yield _fitted(found, row, len(cells))

    ignored = (FileWarning("sheets_ignored", {"sheets": tuple(sheets[1:])}),) if sheets[1:] else ()
    return Table(tuple(cells), line, rows, ignored)


def _fitted(line: int, cells: list[str], width: int) -> Row | RowError:
    if len(cells) > width:
        return problem(line, "", " · ".join(cells), "cells", wanted=width, found=len(cells))
    return line, cells + [""] * (width - len(cells))


def _open(source: Source) -> tuple[list[str], Iterator[Row]]:
    from openpyxl import load_workbook  # here: 15 MB that other formats never need

    book = load_workbook(source.open(), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    if not sheets:
        raise refused(1, "", "", "file_not_empty")
    sheets[0].reset_dimensions()  # what a file says of its size is not to be trusted
    return [sheet.title for sheet in sheets], _records(sheets[0])


def _records(sheet: Any) -> Iterator[Row]:
    rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
    for line, values in enumerate(rows, start=1):
        last = MAX_COLUMNS
        while last >= 0 and values[last] is None:
            last -= 1
        cells = [_cell(value) for value in values[: last + 1]]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield line, cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _refuse_bombs(source: Source) -> None:
    """Refuses by the declared sizes; zipfile never unpacks more of a part than it declares."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise refused(1, "", "", "file_readable", kind="xlsx") from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise refused(1, "", "", "file_kind", found="zip")
    strings = sum(part.file_size for part in parts if "sharedstrings" in part.filename.casefold())
    packed_too_well = any(part.file_size > max(4 << 20, RATIO_LIMIT * part.compress_size) for part in parts)
    if packed_too_well or sum(part.file_size for part in parts) > UNPACKED_LIMIT or strings > STRINGS_LIMIT:
        raise refused(1, "", "", "file_size", limit=UNPACKED_LIMIT)


def write(file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], kind: str = "choice") -> None:
    """Text is never a formula; times are in UTC; what Excel cannot hold is cut to 32,767 characters."""
    from openpyxl import Workbook  # here: 15 MB that other formats never need

    book = Workbook(write_only=True)
    sheet: Any = None
    for number, row in enumerate(rows):
        if number % (SHEET_ROWS - 1) == 0:
            sheet = _new_sheet(book, columns)
        sheet.append([_written(sheet, value) for value in row])
    if sheet is None:
        _new_sheet(book, columns)
    book.save(file)


def _new_sheet(book: Any, columns: Sequence[str]) -> Any:
    sheet = book.create_sheet()
    sheet.append([_written(sheet, name) for name in columns])
    return sheet


def _written(sheet: Any, value: Value) -> Any:
    """What openpyxl writes as the value itself: text that looks like a formula or an error stays text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell  # here: as in write

    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)[:CELL_LIMIT]
    if not text.startswith(("=", "#")):
        return text
    literal = WriteOnlyCell(sheet, text)
    literal.data_type = "s"
    return literal
