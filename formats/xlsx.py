"""Excel workbooks: the first sheet in, one sheet (or as many as a million rows need) out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from domain.handing_in import AnswerType, ExportType
from formats.errors import FileErrors, refused
from formats.result_columns import (
    Value,
    as_number,
    content_in,
    meanings,
)
from formats.spreadsheets.workbook import (
    Meanings,
    Strings,
    date_formats,
    records,
    refuse_bombs,
    sheets,
    spooled,
)
from formats.tables.encoding import Source
from formats.tables.table import Table

SHEET_ROWS = 1_048_576
CELL_LIMIT = 32_767
TIMES, NARROW, WIDE = 20, 12, 40  # widths of columns, in characters
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(source: Source) -> Table:
    """Values as last calculated; rows without any value are skipped; short rows are filled."""
    refuse_bombs(source, "xlsx")
    try:
        with zipfile.ZipFile(source.open()) as archive:
            return _read(archive)
    except (FileErrors, MemoryError):
        raise
    except Exception as error:  # a part that is missing, truncated or invalid
        raise refused(1, "", "", "file_readable", kind="xlsx") from error


def _read(archive: zipfile.ZipFile) -> Table:
    book = sheets(archive)
    meanings = Meanings(Strings(archive, book.strings), date_formats(archive, book.styles), book.counts_from_1904)
    found = records(archive, book.found[0][1], meanings)
    return spooled(found, [title for title, _ in book.found])


def write(
    file: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
    answer_type: ExportType = AnswerType.OPTION,
    beside: Sequence[Sequence[Value]] = (),
) -> None:
    """Text is never a formula; times are in UTC; longer text is cut to Excel's 32,767 characters. `beside`: rows of a
    last sheet, `quality`."""
    from openpyxl import Workbook  # here: 15 MB that other formats never need

    book, meant = Workbook(write_only=True), meanings(columns, answer_type)
    sheet: Any = None
    for number, row in enumerate(rows):
        if number % (SHEET_ROWS - 1) == 0:
            sheet = _new_sheet(book, columns, meant)
        sheet.append([_written(sheet, _number(v) if m == "float" else v) for m, v in zip(meant, row, strict=True)])
    if sheet is None:
        _new_sheet(book, columns, meant)
    for number, row in enumerate(beside):
        sheet = book.create_sheet("quality") if number == 0 else sheet
        sheet.append([_written(sheet, value) for value in row])
    book.save(file)


def _new_sheet(book: Any, columns: Sequence[str], meant: Sequence[str]) -> Any:
    """Its heads stay in sight; columns are wide enough for their heads, times and some words of text."""
    from openpyxl.utils import get_column_letter  # here: as in write

    sheet, content = book.create_sheet(), content_in(columns)
    sheet.freeze_panes = "A2"
    for at, (name, meaning) in enumerate(zip(columns, meant, strict=True)):
        width = max(len(name) + 2, TIMES if meaning == "time" else WIDE if at in content else NARROW)
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(width, WIDE)
    sheet.append([_written(sheet, name) for name in columns])
    return sheet


def _number(value: Value) -> Value:
    """Answers of numeric kinds are kept as words; 12 stays without a point."""
    number = as_number(value)
    if number is None:
        return value  # as "can't tell"
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


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
