"""The parts of an Excel workbook, read as streams: its sheets, its shared strings, its date formats.

Fonts, fills and defined names are skipped, so that they cost time and no memory.
"""

from __future__ import annotations

import mmap
import re
import weakref
import zipfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import (
    date,
    datetime,
    time,
    timedelta,
)
from decimal import Decimal
from itertools import islice
from posixpath import join, normpath
from tempfile import TemporaryFile
from typing import (
    IO,
    Any,
    BinaryIO,
    cast,
)
from xml.parsers import expat

import orjson

from formats.errors import RowError, row_problem, unreadable_file
from formats.tables.encoding import Source
from formats.tables.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    FileWarning,
    Row,
    Table,
)

UNPACKED_LIMIT = 256 << 20  # bytes of all parts
RATIO_LIMIT = 200
SMALL = 4 << 20  # bytes: a part of so few may be packed as tightly as it likes
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may want gigabytes to unpack
# A part that only this format has.
SIGNS = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("Index/Document.iwa", "numbers"),
    ("META-INF/manifest.xml", "ods"),
)
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
SHEETS = (b"spreadsheet", b"spreadsheet-template")


def format_of(source: Source, filename: str) -> str:
    """xlsx, ods, another format that is a ZIP inside, or zip. One that is cut short is called what its name says."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            names = frozenset(archive.namelist())
            found = next((name for part, name in SIGNS if part in names), "zip")
            return _open_document(archive, names) if found == "ods" else found
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise unreadable_file(1, "", "", "file_readable", kind=_named(filename)) from error


def _named(filename: str) -> str:
    ending = filename.rpartition(".")[2].casefold()
    return ending if ending in ("xlsx", "ods") else "zip"


def _open_document(archive: zipfile.ZipFile, names: frozenset[str]) -> str:
    if "encrypted-package" in names:  # with a password, LibreOffice packs the whole document once more
        raise unreadable_file(1, "", "", "no_password")
    if "mimetype" not in names or "content.xml" not in names:
        return "zip"
    with archive.open("mimetype") as part:
        said = part.read(100).strip()
    if not said.startswith(OPEN_DOCUMENT):
        return "zip"
    return "ods" if said.removeprefix(OPEN_DOCUMENT) in SHEETS else "odt"


def refuse_bombs(source: Source, kind: str) -> None:
    """Refuses by the declared sizes; zipfile never unpacks more of a part than it declares."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise unreadable_file(1, "", "", "file_readable", kind=kind) from error
    if any(part.compress_type not in PLAIN for part in parts):
        raise unreadable_file(1, "", "", "file_readable", kind=kind)
    packed_too_well = any(part.file_size > max(SMALL, RATIO_LIMIT * part.compress_size) for part in parts)
    if packed_too_well or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise unreadable_file(1, "", "", "file_size", limit=UNPACKED_LIMIT >> 20)


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
            raise unreadable_file(1, "", "", "rows_first_sheet", sheets=tuple(titles[1 : TITLES + 1]))
        raise unreadable_file(1, "", "", "file_not_empty")
    if first.formulas:
        raise unreadable_file(first.line, column_name(first.formulas[0]), "", "saved_value")
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
            raise unreadable_file(record.line, "", "", "text_size", limit=TEXT_LIMIT >> 20)
        spool.write(written)
    unpacked = Source(cast(BinaryIO, spool))
    weakref.finalize(unpacked, spool.close)
    return unpacked


def _fitted(
    header: tuple[str, ...], first: int, line: int, cells: list[str], formulas: list[int]
) -> Iterator[Row | RowError]:
    width = len(header)
    if len(cells) > width:
        yield row_problem(line, "", " · ".join(cells), "sheet_cells", wanted=width, first=first, found=len(cells))
    elif formulas:
        for at in formulas:
            yield row_problem(line, header[at] if at < width else column_name(at), "", "saved_value")
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


BLOCK = 1 << 16  # bytes parsed at a time
LONGEST_TAG = 1 << 20  # bytes
LONGEST = 40_000  # characters of a cell that are kept: no program writes more than 32,767, and 10,000 are allowed
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))  # built-in formats
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheets:
    """Titles and parts, in the workbook's order; `counts_from_1904` is how old Macs wrote dates."""

    found: tuple[tuple[str, str], ...]
    strings: str | None
    styles: str | None
    counts_from_1904: bool


class Parser:
    """Calls `start` and `end` with names that have lost their prefix; text only while `heard` is a list."""

    def __init__(self) -> None:
        self.heard: list[str] | None = None
        self.length = 0
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin_document
        self._parser.CharacterDataHandler = self._hear
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def start(self, name: str, given: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element has ended."""

    def listen(self) -> None:
        self.heard, self.length = [], 0

    def text(self) -> str:
        """What was heard since `listen`."""
        found = "".join(self.heard or ())
        self.heard = None
        return _ESCAPED.sub(_unescaped, found) if "_x" in found else found

    def feed(self, block: bytes) -> None:
        """Raises ExpatError for a tag without end: expat would keep it whole, and look for its end again and again."""
        self._parser.Parse(block, not block)
        self._fed += len(block)
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TAG:
            raise expat.ExpatError("a tag without end")

    def _begin_document(self, name: str, given: Attributes) -> None:
        """Who gives a prefix to the first element gives it to all."""
        prefixed = ":" in name
        self._parser.StartElementHandler = self._start if prefixed else self.start
        self._parser.EndElementHandler = self._end if prefixed else self.end
        self._parser.StartElementHandler(name, given)

    def _start(self, name: str, given: Attributes) -> None:
        self.start(name.rpartition(":")[2], given)

    def _end(self, name: str) -> None:
        self.end(name.rpartition(":")[2])

    def _hear(self, text: str) -> None:
        if self.heard is not None and self.length <= LONGEST:
            self.heard.append(text)
            self.length += len(text)


def _refuse_doctype(*about: object) -> None:
    raise expat.ExpatError("a document type")


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def blocks(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces, and an empty one for its end."""
    while block := part.read(BLOCK):
        yield block
    yield b""


def parse(archive: zipfile.ZipFile, name: str, parser: Parser) -> None:
    with archive.open(name) as part:
        for block in blocks(part):
            parser.feed(block)


def sheets(archive: zipfile.ZipFile) -> Sheets:
    """Raises FileErrors for a workbook without a sheet of cells."""
    listed, parts = _Listed(), _Relations()
    parse(archive, "xl/workbook.xml", listed)
    parse(archive, "xl/_rels/workbook.xml.rels", parts)
    names = set(archive.namelist())
    found = [(title, parts.named.get(number, ("", ""))) for title, number in listed.sheets]
    kept = tuple((title, path) for title, (kind, path) in found if kind == "worksheet" and path in names)
    if not kept:
        raise unreadable_file(1, "", "", "file_not_empty")
    of = {kind: path for kind, path in parts.named.values() if path in names}
    return Sheets(kept, of.get("sharedStrings"), of.get("styles"), listed.counts_from_1904)


class _Listed(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.counts_from_1904 = False

    def start(self, name: str, given: Attributes) -> None:
        if name == "sheet":
            number = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((given.get("name", ""), number))
        elif name == "workbookPr":
            self.counts_from_1904 = given.get("date1904", "0") in ("1", "true")


class _Relations(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, tuple[str, str]] = {}

    def start(self, name: str, given: Attributes) -> None:
        if name == "Relationship":
            target = given.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            self.named[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], path)


class Strings:
    """The texts that cells share, in a file: a list of them would be ten times larger than they are."""

    def __init__(self, archive: zipfile.ZipFile, name: str | None) -> None:
        self._ends = array("I", [0])
        self._view: mmap.mmap | None = None
        if name is None:
            return
        with TemporaryFile() as file:
            parse(archive, name, _Shared(file.write, self._ends))
            file.flush()
            if self._ends[-1]:
                self._view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, number: int) -> str:
        """IndexError for a number there is no text of."""
        start, end = self._ends[number], self._ends[number + 1]
        return self._view[start:end].decode() if self._view else ""


class _Shared(Parser):
    """Each `si` is one text, in one piece or in several; what is written above it for its pronunciation is no text."""

    def __init__(self, write: Callable[[bytes], object], ends: array[int]) -> None:
        super().__init__()
        self._write, self._ends = write, ends
        self._pieces: list[str] = []
        self._spoken = False

    def start(self, name: str, given: Attributes) -> None:
        if name == "t" and not self._spoken:
            self.listen()
        elif name == "rPh":
            self._spoken = True

    def end(self, name: str) -> None:
        if name == "t" and self.heard is not None:
            self._pieces.append(self.text())
        elif name == "rPh":
            self._spoken = False
        elif name == "si":
            written = "".join(self._pieces)[:LONGEST].encode()
            self._pieces.clear()
            self._write(written)
            self._ends.append(self._ends[-1] + len(written))


def date_formats(archive: zipfile.ZipFile, name: str | None) -> bytearray:
    """For each cell format 1 where it shows a date or a time, else 0."""
    found = _Formats()
    if name is not None:
        parse(archive, name, found)
    return found.cells


class _Formats(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.cells = bytearray()
        self._dates = set(_DATES)
        self._inside = False

    def start(self, name: str, given: Attributes) -> None:
        if name == "numFmt" and _shows_date(given.get("formatCode", "")):
            self._dates.add(int(given.get("numFmtId", "0")))
        elif name == "xf" and self._inside:
            self.cells.append(int(given.get("numFmtId", "0")) in self._dates)
        elif name == "cellXfs":
            self._inside = True

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False


def _shows_date(code: str) -> bool:
    return any(letter in "dmhys" for letter in _QUOTED.sub("", code.split(";", 1)[0]).casefold())


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
        raise unreadable_file(before + 1, "", str(number), "row_number", limit=LAST_ROW)
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


# The stream of a workbook that was saved with a password, in its container.
LOCKED = "EncryptedPackage".encode("utf-16-le")


def read(source: Source) -> Table:
    """Values as last calculated; rows without any value are skipped."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # here: other formats never need it

    with source.open() as file:
        if LOCKED in file.read():
            raise unreadable_file(1, "", "", "no_password")
    try:
        book = CalamineWorkbook.from_filelike(source.open())
        return spooled(_records(book.get_sheet_by_index(0)), book.sheet_names)
    except PasswordError as error:
        raise unreadable_file(1, "", "", "no_password") from error
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise unreadable_file(1, "", "", "file_readable", kind="xls") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library's own language, and no Exception
            raise
        raise unreadable_file(1, "", "", "file_readable", kind="xls") from error


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
