"""Excel workbooks: the first sheet in, one sheet (or as many as a million rows need) out."""

from __future__ import annotations

import re
import weakref
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import orjson

from domain.answers import AnswerType
from formats.errors import FileErrors, RowError, problem, refused
from formats.tables.sheet import Meanings, Record, column_name, records
from formats.tables.source import Source
from formats.tables.table import MAX_ROWS, FileWarning, Row, Table
from formats.tables.workbook import Strings, date_formats, sheets
from formats.values import Value

UNPACKED_LIMIT = 256 << 20  # bytes of all parts
TEXT_LIMIT = 100 << 20  # bytes of all cells' text: a shared string may occur in a million cells
RATIO_LIMIT = 200
SHEET_ROWS = 1_048_576
CELL_LIMIT = 32_767
TITLES = 20  # sheets that are named as not read
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(source: Source) -> Table:
    """Values as last calculated; rows without any value are skipped; short rows are filled."""
    _refuse_bombs(source)
    try:
        with zipfile.ZipFile(source.open()) as archive:
            return _read(archive)
    except (FileErrors, MemoryError):
        raise
    except Exception as error:  # a part that is missing, truncated or invalid
        raise refused(1, "", "", "file_readable", kind="xlsx") from error


def _read(archive: zipfile.ZipFile) -> Table:
    """Unpacks the first sheet once, into a file that is quick to read again."""
    book = sheets(archive)
    meanings = Meanings(Strings(archive, book.strings), date_formats(archive, book.styles), book.counts_from_1904)
    found = records(archive, book.found[0][1], meanings)
    first = next(found, None)
    if first is None:
        raise refused(1, "", "", "file_not_empty")
    if first.formulas:
        raise refused(first.line, column_name(first.formulas[0]), "", "saved_value")
    unpacked, header = _unpacked(found), tuple(first.cells)

    def rows() -> Iterator[Row | RowError]:
        with unpacked.open() as written:
            for record in written:
                yield from _fitted(header, *orjson.loads(record))

    more = tuple(title for title, _ in book.found[1 : TITLES + 1])
    return Table(header, first.line, rows, (FileWarning("sheets_ignored", {"sheets": more}),) if more else ())


def _unpacked(found: Iterator[Record]) -> Source:
    spool = TemporaryFile()  # noqa: SIM115  # closed with the last of the rows' readers, below
    size = 0
    for record in islice(found, MAX_ROWS + 1):
        written = orjson.dumps((record.line, record.cells, record.formulas), option=orjson.OPT_APPEND_NEWLINE)
        size += len(written)
        if size > TEXT_LIMIT:
            raise refused(record.line, "", "", "text_size", limit=TEXT_LIMIT >> 20)
        spool.write(written)
    unpacked = Source(cast(BinaryIO, spool))
    weakref.finalize(unpacked, spool.close)
    return unpacked


def _fitted(header: tuple[str, ...], line: int, cells: list[str], formulas: list[int]) -> Iterator[Row | RowError]:
    width = len(header)
    if len(cells) > width:
        yield problem(line, "", " · ".join(cells), "cells", wanted=width, found=len(cells))
    elif formulas:
        for at in formulas:
            yield problem(line, header[at] if at < width else column_name(at), "", "saved_value")
    else:
        yield line, cells + [""] * (width - len(cells))


def _refuse_bombs(source: Source) -> None:
    """Refuses by the declared sizes; zipfile never unpacks more of a part than it declares."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise refused(1, "", "", "file_readable", kind="xlsx") from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise refused(1, "", "", "file_kind", found="zip")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise refused(1, "", "", "file_readable", kind="xlsx")  # others may want gigabytes to unpack
    packed_too_well = any(part.file_size > max(4 << 20, RATIO_LIMIT * part.compress_size) for part in parts)
    if packed_too_well or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise refused(1, "", "", "file_size", limit=UNPACKED_LIMIT >> 20)


def write(
    file: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    answer_type: AnswerType = AnswerType.OPTION,
    beside: Sequence[Sequence[Value]] = (),
) -> None:
    """Text is never a formula; times are in UTC; longer text is cut to Excel's 32,767 characters. `beside`: rows of a
    last sheet, `quality`."""
    from openpyxl import Workbook  # here: 15 MB that other formats never need

    book = Workbook(write_only=True)
    sheet: Any = None
    for number, row in enumerate(rows):
        if number % (SHEET_ROWS - 1) == 0:
            sheet = _new_sheet(book, columns)
        sheet.append([_written(sheet, value) for value in row])
    if sheet is None:
        _new_sheet(book, columns)
    for number, row in enumerate(beside):
        sheet = book.create_sheet("quality") if number == 0 else sheet
        sheet.append([_written(sheet, value) for value in row])
    book.save(file)


def _new_sheet(book: Any, columns: Sequence[str]) -> Any:
    sheet = book.create_sheet()
    sheet.append([_written(sheet, name) for name in columns])
    return sheet


def _written(sheet: Any, value: Value) -> Any:
    """The value openpyxl writes unchanged: text that looks like a formula or an error stays text."""
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
