"""Excel 97–2003 workbooks: the first sheet in.

The binary format is read by calamine. Its rows and columns are numbers of 16 and 8 bits, so that no cell is far away;
what a broken file may make it request is bounded by the memory of the process (`tables/child.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from formats.errors import refused
from formats.spreadsheets.spool import Record, plain, record_of, spooled
from formats.tables.source import Source
from formats.tables.table import MAX_COLUMNS, Table

# The stream of a workbook that was saved with a password, in its container.
LOCKED = "EncryptedPackage".encode("utf-16-le")


def read(source: Source) -> Table:
    """Values as last calculated; rows without any value are skipped."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # here: other formats never need it

    with source.open() as file:
        if LOCKED in file.read():
            raise refused(1, "", "", "no_password")
    try:
        book = CalamineWorkbook.from_filelike(source.open())
        return spooled(_records(book.get_sheet_by_index(0)), book.sheet_names)
    except PasswordError as error:
        raise refused(1, "", "", "no_password") from error
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise refused(1, "", "", "file_readable", kind="xls") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library's own language, and no Exception
            raise
        raise refused(1, "", "", "file_readable", kind="xls") from error


def _records(sheet: Any) -> Iterator[Record]:
    """Rows are counted from the sheet's first, cells from its first used column."""
    first = (sheet.start or (0, 0))[1]
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = {min(at, MAX_COLUMNS): value for at, cell in enumerate(row, first) if (value := _written(cell))}
        if record := record_of(line, cells):
            yield record


def _written(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return plain(repr(cell))
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
