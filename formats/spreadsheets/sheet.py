"""The cells of a worksheet as text, row by row, from an XML stream; rows missing in the stream are not produced."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from formats.errors import refused
from formats.spreadsheets.spool import Record, plain, record_of
from formats.spreadsheets.workbook import Attributes, Parser, Strings, blocks
from formats.tables.table import MAX_COLUMNS

LAST_ROW = 1_048_576
_TEXTS = frozenset({"v", "t", "f"})


@dataclass(frozen=True, slots=True)
class Meanings:
    """The meanings of numbers in cells: shared strings and date formats."""

    strings: Strings
    dates: bytearray
    counts_from_1904: bool

    def value(self, kind: str, style: str, written: str) -> str:
        if not written or kind in ("str", "inlineStr", "e"):
            return written
        if kind == "s":
            return self.strings[int(written)]
        if kind == "b":
            return "true" if written.strip() == "1" else "false"
        if kind == "d":
            return written.removesuffix("T00:00:00")
        at = int(style or 0)
        return self.date(float(written)) if at < len(self.dates) and self.dates[at] else plain(written)

    def date(self, days: float) -> str:
        """Days since the workbook's first; a number no date is written as stays a number."""
        whole, rest = divmod(round(days * 86_400_000), 86_400_000)
        clock = (datetime.min + timedelta(milliseconds=rest)).time()
        if 0 <= days < 1:
            return clock.isoformat()
        excels = datetime(1899, 12, 31 if whole < 60 else 30)  # Excel knows a 29 February 1900
        first = datetime(1904, 1, 1) if self.counts_from_1904 else excels
        try:
            found = datetime.combine((first + timedelta(days=whole)).date(), clock)
        except OverflowError:
            return plain(str(days))
        return found.date().isoformat() if clock == time() else found.isoformat()


def records(archive: zipfile.ZipFile, name: str, meanings: Meanings) -> Iterator[Record]:
    """Rows with anything in them. Raises FileErrors for a row behind a sheet's last."""
    cells = _Cells(meanings)
    with archive.open(name) as part:
        for block in blocks(part):
            cells.feed(block)
            yield from cells.rows
            cells.rows.clear()


class _Cells(Parser):
    def __init__(self, meanings: Meanings) -> None:
        super().__init__()
        self.rows: list[Record] = []
        self._meanings = meanings
        self._line, self._column = 0, -1
        self._row: dict[int, str] = {}
        self._formulas: list[int] = []
        self._kind, self._style, self._value, self._formula = "", "", "", False

    def start(self, name: str, given: Attributes) -> None:
        if name in _TEXTS:
            self._formula = self._formula or name == "f"
            self.listen()
        elif name == "c":
            self._begin(given)
        elif name == "rPh":
            self._kind = "spoken" if self._kind == "inlineStr" else self._kind
        elif name == "row":
            self._line = _row_number(given.get("r"), self._line)
            self._column = -1

    def _begin(self, given: Attributes) -> None:
        self._column = _column(given.get("r", ""), self._column)
        self._kind, self._style = given.get("t", "n"), given.get("s", "")
        self._value, self._formula = "", False

    def end(self, name: str) -> None:
        if name == "v":
            self._value = self.text()
        elif name == "t" and self._kind == "inlineStr":
            self._value = (self._value + self.text())[: 2 * 32_767]
        elif name in _TEXTS:
            self.heard = None
        elif name == "rPh":
            self._kind = "inlineStr" if self._kind == "spoken" else self._kind
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()

    def _end_cell(self) -> None:
        at = min(self._column, MAX_COLUMNS)
        if self._formula and not self._value and self._kind != "str":
            self._formulas.append(at)
        elif value := self._meanings.value(self._kind, self._style, self._value):
            self._row[at] = value

    def _end_row(self) -> None:
        if record := record_of(self._line, self._row, self._formulas):
            self.rows.append(record)
        self._row, self._formulas = {}, []


def _row_number(written: str | None, before: int) -> int:
    number = int(written) if written else before + 1
    if not 1 <= number <= LAST_ROW:
        raise refused(before + 1, "", str(number), "row_number", limit=LAST_ROW)
    return number


def _column(reference: str, before: int) -> int:
    """B7 → 1; a cell that does not say where it is follows the one before."""
    letters = reference.rstrip("0123456789").upper()
    if not letters or len(letters) > 3:
        return before + 1
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
