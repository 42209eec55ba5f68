"""Reader of the first sheet of Excel workbooks, and writer of one sheet, or as many as a million rows need."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from domain.handing_in import AnswerType, ExportType
from formats.errors import FileErrors, unreadable_file
from formats.result_columns import Value, as_number, column_types, content_positions
from formats.spreadsheets.workbook import (
    NumberMeanings,
    SharedStrings,
    iter_records,
    read_date_formats,
    read_sheets,
    require_bounded,
    to_table,
)
from formats.tables.encoding import Source
from formats.tables.table import FileTable

MAX_SHEET_ROWS = 1_048_576
MAX_CELL_CHARS = 32_767
TIME_COLUMN_CHARS, NARROW_COLUMN_CHARS, WIDE_COLUMN_CHARS = 20, 12, 40  # widths of columns, in characters
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_table(source: Source) -> FileTable:
    """Return the first sheet's table, with values as last calculated; rows without any value are skipped, short
    rows are filled. Raise FileErrors if the workbook cannot be read."""
    require_bounded(source, "xlsx")
    try:
        with zipfile.ZipFile(source.open()) as archive:
            return _read_archive(archive)
    except (FileErrors, MemoryError):
        raise
    except Exception as error:  # a part that is missing, truncated or invalid
        raise unreadable_file(1, "", "", "file_readable", kind="xlsx") from error


def _read_archive(archive: zipfile.ZipFile) -> FileTable:
    book = read_sheets(archive)
    meanings = NumberMeanings(
        SharedStrings(archive, book.strings), read_date_formats(archive, book.styles), book.counts_from_1904
    )
    rows = iter_records(archive, book.parts[0][1], meanings)
    return to_table(rows, [title for title, _ in book.parts])


def write(
    file: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    answer_type: ExportType = AnswerType.OPTION,
    beside: Sequence[Sequence[Value]] = (),
) -> None:
    """Write a workbook. Text is never a formula; times are in UTC; longer text is cut to Excel's 32,767 characters.
    `beside`: rows of a last sheet, `quality`."""
    from openpyxl import Workbook  # here: 15 MB that other formats never need

    book, types = Workbook(write_only=True), column_types(columns, answer_type)
    sheet: Any = None
    for number, row in enumerate(rows):
        if number % (MAX_SHEET_ROWS - 1) == 0:
            sheet = _add_sheet(book, columns, types)
        sheet.append(
            [
                _to_cell(sheet, _to_number(value) if column_type == "float" else value)
                for column_type, value in zip(types, row, strict=True)
            ]
        )
    if sheet is None:
        _add_sheet(book, columns, types)
    for number, row in enumerate(beside):
        sheet = book.create_sheet("quality") if number == 0 else sheet
        sheet.append([_to_cell(sheet, cell) for cell in row])
    book.save(file)


def _add_sheet(book: Any, columns: Sequence[str], types: Sequence[str]) -> Any:
    """Add a sheet with its header row, which stays in sight; columns are wide enough for their heads, times and
    some words of text."""
    from openpyxl.utils import get_column_letter  # here: as in write

    sheet, content = book.create_sheet(), content_positions(columns)
    sheet.freeze_panes = "A2"
    for position, (name, column_type) in enumerate(zip(columns, types, strict=True)):
        width = max(
            len(name) + 2,
            TIME_COLUMN_CHARS
            if column_type == "time"
            else WIDE_COLUMN_CHARS
            if position in content
            else NARROW_COLUMN_CHARS,
        )
        sheet.column_dimensions[get_column_letter(position + 1)].width = min(width, WIDE_COLUMN_CHARS)
    sheet.append([_to_cell(sheet, name) for name in columns])
    return sheet


def _to_number(value: Value) -> Value:
    """Return a numeric answer, which is stored as text, as a number; 12 stays an integer and what is no number
    ("can't tell") unchanged."""
    number = as_number(value)
    if number is None:
        return value  # as "can't tell"
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _to_cell(sheet: Any, value: Value) -> Any:
    """Return what openpyxl writes unchanged: text that looks like a formula or an error stays text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell  # here: as in write

    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)[:MAX_CELL_CHARS]
    if not text.startswith(("=", "#")):
        return text
    literal = WriteOnlyCell(sheet, text)
    literal.data_type = "s"
    return literal
