"""Records of a sheet, unpacked once into a file that is quick to read again."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import orjson

from formats.errors import RowError, problem, refused
from formats.tables.source import Source
from formats.tables.table import MAX_ROWS, FileWarning, Row, Table

TEXT_LIMIT = 100 << 20  # bytes of all cells' text: a shared string may occur in a million cells
TITLES = 20  # sheets that are named as not read


@dataclass(frozen=True, slots=True)
class Record:
    """A row's number and cells; `formulas` are the columns that hold one without a saved value, from 0."""

    line: int
    cells: list[str]
    formulas: list[int]


def spooled(found: Iterator[Record], titles: Sequence[str]) -> Table:
    """The first record is the header; short rows are filled. `titles` are those of the workbook's sheets."""
    first = next(found, None)
    if first is None:
        if len(titles) > 1:
            raise refused(1, "", "", "rows_first_sheet", sheets=tuple(titles[1 : TITLES + 1]))
        raise refused(1, "", "", "file_not_empty")
    if first.formulas:
        raise refused(first.line, column_name(first.formulas[0]), "", "saved_value")
    unpacked, header = _unpacked(found), tuple(first.cells)

    def rows() -> Iterator[Row | RowError]:
        with unpacked.open() as written:
            for record in written:
                yield from _fitted(header, first.line, *orjson.loads(record))

    more = tuple(titles[1 : TITLES + 1])
    return Table(header, first.line, rows, (FileWarning("sheets_ignored", {"sheets": more}),) if more else ())


def record_of(line: int, row: dict[int, str], formulas: Sequence[int] = ()) -> Record | None:
    """None for a row without anything in it. `row` are its cells by their column."""
    width = 1 + max((at for at, value in row.items() if value.strip()), default=-1)
    if not width and not formulas:
        return None
    return Record(line, [row.get(at, "") for at in range(width)], sorted(set(formulas)))


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


def _fitted(
    header: tuple[str, ...], first: int, line: int, cells: list[str], formulas: list[int]
) -> Iterator[Row | RowError]:
    width = len(header)
    if len(cells) > width:
        yield problem(line, "", " · ".join(cells), "sheet_cells", wanted=width, first=first, found=len(cells))
    elif formulas:
        for at in formulas:
            yield problem(line, header[at] if at < width else column_name(at), "", "saved_value")
    else:
        yield line, cells + [""] * (width - len(cells))


def column_name(at: int) -> str:
    """1 → B: the name of a spreadsheet's column."""
    name, number = "", at + 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def plain(written: str) -> str:
    """A number as people write it: 3 for 3.0; to the 15 digits that a sheet shows, 435 for 434.99999999999994."""
    if written.lstrip("-").isdecimal():
        return written
    number = float(f"{float(written):.15g}")
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{Decimal(repr(number)):f}"
