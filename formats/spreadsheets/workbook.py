"""Readers of Excel workbooks: the parts of XLSX read as streams (sheets, shared strings, date formats), and XLS by
a library.

Fonts, fills and defined names are skipped, so that they cost time and no memory."""

from __future__ import annotations

import mmap
import re
import weakref
import zipfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from posixpath import join, normpath
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast
from xml.parsers import expat

import orjson

from formats.errors import RowError, row_problem, unreadable_file
from formats.tables.encoding import Source
from formats.tables.table import MAX_COLUMNS, MAX_ROWS, FileTable, FileWarning, Row

MAX_UNPACKED_BYTES = 256 << 20  # bytes of all parts
MAX_RATIO = 200
SMALL_PART_BYTES = 4 << 20  # bytes: a part of so few may be packed as tightly as it likes
PLAIN_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may want gigabytes to unpack
# A part that only this format has.
FORMATS_BY_PART = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("Index/Document.iwa", "numbers"),
    ("META-INF/manifest.xml", "ods"),
)
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
SHEET_TYPES = (b"spreadsheet", b"spreadsheet-template")


def detect_format(source: Source, filename: str) -> str:
    """Return xlsx, ods, another format that is a ZIP inside, or zip. Raise FileErrors, naming the kind that the
    file's name says, for a damaged file."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            names = frozenset(archive.namelist())
            detected = next((name for part, name in FORMATS_BY_PART if part in names), "zip")
            return _detect_open_document(archive, names) if detected == "ods" else detected
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise unreadable_file(1, "", "", "file_readable", kind=_format_of_name(filename)) from error


def _format_of_name(filename: str) -> str:
    suffix = filename.rpartition(".")[2].casefold()
    return suffix if suffix in ("xlsx", "ods") else "zip"


def _detect_open_document(archive: zipfile.ZipFile, names: frozenset[str]) -> str:
    """Return ods, odt or zip. Raise FileErrors for a document with a password."""
    if "encrypted-package" in names:  # with a password, LibreOffice packs the whole document once more
        raise unreadable_file(1, "", "", "no_password")
    if "mimetype" not in names or "content.xml" not in names:
        return "zip"
    with archive.open("mimetype") as part:
        mime = part.read(100).strip()
    if not mime.startswith(OPEN_DOCUMENT):
        return "zip"
    return "ods" if mime.removeprefix(OPEN_DOCUMENT) in SHEET_TYPES else "odt"


def require_bounded(source: Source, kind: str) -> None:
    """Raise FileErrors if the declared sizes are too large or too tightly packed; zipfile never unpacks more of a
    part than it declares."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise unreadable_file(1, "", "", "file_readable", kind=kind) from error
    if any(part.compress_type not in PLAIN_COMPRESSIONS for part in parts):
        raise unreadable_file(1, "", "", "file_readable", kind=kind)
    is_suspicious = any(part.file_size > max(SMALL_PART_BYTES, MAX_RATIO * part.compress_size) for part in parts)
    if is_suspicious or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise unreadable_file(1, "", "", "file_size", limit=MAX_UNPACKED_BYTES >> 20)


MAX_TEXT_BYTES = 100 << 20  # bytes of all cells' text: a shared string may occur in a million cells
MAX_SHOWN_TITLES = 20  # sheets that are named as not read


@dataclass(frozen=True, slots=True)
class Record:
    """A row's number and cells; `formulas` are the columns, from 0, with a formula whose value was not saved."""

    line: int
    cells: list[str]
    formulas: list[int]


def to_table(records: Iterator[Record], titles: Sequence[str]) -> FileTable:
    """Return the table of these records, which are written to a file. The first record is the header; short rows
    are filled. `titles` are the workbook's sheets; a warning names the others. Raise FileErrors without a header."""
    header_record = next(records, None)
    if header_record is None:
        if len(titles) > 1:
            raise unreadable_file(1, "", "", "rows_first_sheet", sheets=tuple(titles[1 : MAX_SHOWN_TITLES + 1]))
        raise unreadable_file(1, "", "", "file_not_empty")
    if header_record.formulas:
        raise unreadable_file(header_record.line, column_name(header_record.formulas[0]), "", "saved_value")
    unpacked, header = _spool_records(records), tuple(header_record.cells)

    def rows() -> Iterator[Row | RowError]:
        with unpacked.open() as lines:
            for record in lines:
                yield from _fit_to_header(header, header_record.line, *orjson.loads(record))

    other_sheets = tuple(titles[1 : MAX_SHOWN_TITLES + 1])
    return FileTable(
        header,
        header_record.line,
        rows,
        (FileWarning("sheets_ignored", {"sheets": other_sheets}),) if other_sheets else (),
    )


def to_record(line: int, row: dict[int, str], formulas: Sequence[int] = ()) -> Record | None:
    """Return the record of a row's cells by column, or None if there is nothing in the row."""
    width = 1 + max((column for column, value in row.items() if value.strip()), default=-1)
    if not width and not formulas:
        return None
    return Record(line, [row.get(column, "") for column in range(width)], sorted(set(formulas)))


def _spool_records(records: Iterator[Record]) -> Source:
    """Write the records to a temporary file, which is deleted with the returned source. Raise FileErrors for too
    much text."""
    spool = TemporaryFile()  # noqa: SIM115  # closed with the last of the rows' readers, below
    size = 0
    for record in islice(records, MAX_ROWS + 1):
        line_json = orjson.dumps((record.line, record.cells, record.formulas), option=orjson.OPT_APPEND_NEWLINE)
        size += len(line_json)
        if size > MAX_TEXT_BYTES:
            raise unreadable_file(record.line, "", "", "text_size", limit=MAX_TEXT_BYTES >> 20)
        spool.write(line_json)
    unpacked = Source(cast(BinaryIO, spool))
    weakref.finalize(unpacked, spool.close)
    return unpacked


def _fit_to_header(
    header: tuple[str, ...], header_line: int, line: int, cells: list[str], formulas: list[int]
) -> Iterator[Row | RowError]:
    """Yield the row filled to the header's width, or the problems of a row that is too long or has formulas without
    values."""
    width = len(header)
    if len(cells) > width:
        yield row_problem(line, "", " · ".join(cells), "sheet_cells", wanted=width, first=header_line, found=len(cells))
    elif formulas:
        for column in formulas:
            yield row_problem(line, header[column] if column < width else column_name(column), "", "saved_value")
    else:
        yield line, cells + [""] * (width - len(cells))


def column_name(index: int) -> str:
    """Return the name of a spreadsheet's column: 1 is B."""
    name, number = "", index + 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def plain_number(text: str) -> str:
    """Return a number as people write it: 3 for 3.0; with the 15 digits that a sheet shows, 435 for
    434.99999999999994."""
    if text.lstrip("-").isdecimal():
        return text
    number = float(f"{float(text):.15g}")
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{Decimal(repr(number)):f}"


BLOCK_BYTES = 1 << 16  # bytes parsed at a time
MAX_TAG_BYTES = 1 << 20  # bytes
MAX_CELL_CHARS = (
    40_000  # characters of a cell that are kept: no program writes more than 32,767, and 10,000 are allowed
)
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))  # built-in formats
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheets:
    """Titles and parts of the sheets, in the workbook's order; `counts_from_1904` is how old Macs wrote dates."""

    parts: tuple[tuple[str, str], ...]
    strings: str | None
    styles: str | None
    counts_from_1904: bool


class Parser:
    """A stream parser that calls `start` and `end` with names without their prefix, and collects text only between
    `listen` and `text`."""

    def __init__(self) -> None:
        self.heard: list[str] | None = None
        self.length = 0
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin_document
        self._parser.CharacterDataHandler = self._hear
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def start(self, name: str, attributes: Attributes) -> None:
        """Called when an element begins; does nothing here."""

    def end(self, name: str) -> None:
        """Called when an element has ended; does nothing here."""

    def listen(self) -> None:
        """Begin to collect text."""
        self.heard, self.length = [], 0

    def text(self) -> str:
        """Return the text collected since `listen`, and stop collecting."""
        joined = "".join(self.heard or ())
        self.heard = None
        return _ESCAPED.sub(_unescaped, joined) if "_x" in joined else joined

    def feed(self, block: bytes) -> None:
        """Parse a block; an empty one is the end. Raise ExpatError for a tag without end, which expat would keep
        whole and search again and again."""
        self._parser.Parse(block, not block)
        self._fed += len(block)
        if self._fed - self._parser.CurrentByteIndex > MAX_TAG_BYTES:
            raise expat.ExpatError("a tag without end")

    def _begin_document(self, name: str, attributes: Attributes) -> None:
        """Choose the handlers: a document that gives a prefix to its first element gives it to all."""
        prefixed = ":" in name
        self._parser.StartElementHandler = self._start if prefixed else self.start
        self._parser.EndElementHandler = self._end if prefixed else self.end
        self._parser.StartElementHandler(name, attributes)

    def _start(self, name: str, attributes: Attributes) -> None:
        self.start(name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        self.end(name.rpartition(":")[2])

    def _hear(self, text: str) -> None:
        if self.heard is not None and self.length <= MAX_CELL_CHARS:
            self.heard.append(text)
            self.length += len(text)


def _refuse_doctype(*about: object) -> None:
    raise expat.ExpatError("a document type")


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def iter_blocks(part: IO[bytes]) -> Iterator[bytes]:
    """Yield the part in pieces, and an empty piece for its end."""
    while block := part.read(BLOCK_BYTES):
        yield block
    yield b""


def parse_part(archive: zipfile.ZipFile, name: str, parser: Parser) -> None:
    with archive.open(name) as part:
        for block in iter_blocks(part):
            parser.feed(block)


def read_sheets(archive: zipfile.ZipFile) -> Sheets:
    """Return the workbook's sheets of cells. Raise FileErrors if there are none."""
    sheet_list, relations = _SheetListParser(), _RelationParser()
    parse_part(archive, "xl/workbook.xml", sheet_list)
    parse_part(archive, "xl/_rels/workbook.xml.rels", relations)
    names = set(archive.namelist())
    titled_parts = [(title, relations.named.get(number, ("", ""))) for title, number in sheet_list.sheets]
    cell_sheets = tuple((title, path) for title, (kind, path) in titled_parts if kind == "worksheet" and path in names)
    if not cell_sheets:
        raise unreadable_file(1, "", "", "file_not_empty")
    parts_by_kind = {kind: path for kind, path in relations.named.values() if path in names}
    return Sheets(
        cell_sheets, parts_by_kind.get("sharedStrings"), parts_by_kind.get("styles"), sheet_list.counts_from_1904
    )


class _SheetListParser(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.counts_from_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            number = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), number))
        elif name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904", "0") in ("1", "true")


class _RelationParser(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            self.named[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)


class SharedStrings:
    """The texts that cells share, in a file: a list of them would take ten times as much memory."""

    def __init__(self, archive: zipfile.ZipFile, name: str | None) -> None:
        self._ends = array("I", [0])
        self._view: mmap.mmap | None = None
        if name is None:
            return
        with TemporaryFile() as file:
            parse_part(archive, name, _SharedStringParser(file.write, self._ends))
            file.flush()
            if self._ends[-1]:
                self._view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, number: int) -> str:
        """Return the text with this number. Raise IndexError if there is none."""
        start, end = self._ends[number], self._ends[number + 1]
        return self._view[start:end].decode() if self._view else ""


class _SharedStringParser(Parser):
    """Parser of shared texts. Each `si` is one text, in one piece or in several; text above it for its
    pronunciation is left out."""

    def __init__(self, write: Callable[[bytes], object], ends: array[int]) -> None:
        super().__init__()
        self._write, self._ends = write, ends
        self._pieces: list[str] = []
        self._spoken = False

    def start(self, name: str, attributes: Attributes) -> None:
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
            text = "".join(self._pieces)[:MAX_CELL_CHARS].encode()
            self._pieces.clear()
            self._write(text)
            self._ends.append(self._ends[-1] + len(text))


def read_date_formats(archive: zipfile.ZipFile, name: str | None) -> bytearray:
    """Return for each cell format 1 if it shows a date or a time, else 0."""
    parser = _FormatParser()
    if name is not None:
        parse_part(archive, name, parser)
    return parser.cells


class _FormatParser(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.cells = bytearray()
        self._dates = set(_DATES)
        self._inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt" and _shows_date(attributes.get("formatCode", "")):
            self._dates.add(int(attributes.get("numFmtId", "0")))
        elif name == "xf" and self._inside:
            self.cells.append(int(attributes.get("numFmtId", "0")) in self._dates)
        elif name == "cellXfs":
            self._inside = True

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False


def _shows_date(code: str) -> bool:
    return any(letter in "dmhys" for letter in _QUOTED.sub("", code.split(";", 1)[0]).casefold())


MAX_ROW_NUMBER = 1_048_576
_TEXTS = frozenset({"v", "t", "f"})


@dataclass(frozen=True, slots=True)
class NumberMeanings:
    """The meanings of numbers in cells: shared strings and date formats."""

    strings: SharedStrings
    dates: bytearray
    counts_from_1904: bool

    def to_text(self, kind: str, style: str, text: str) -> str:
        """Return the cell's text, by its type and style."""
        if not text or kind in ("str", "inlineStr", "e"):
            return text
        if kind == "s":
            return self.strings[int(text)]
        if kind == "b":
            return "true" if text.strip() == "1" else "false"
        if kind == "d":
            return text.removesuffix("T00:00:00")
        style_index = int(style or 0)
        return (
            self.to_date_text(float(text))
            if style_index < len(self.dates) and self.dates[style_index]
            else plain_number(text)
        )

    def to_date_text(self, days: float) -> str:
        """Return the date of a number of days since the workbook's epoch; a number beyond all dates stays a number."""
        whole_days, milliseconds = divmod(round(days * 86_400_000), 86_400_000)
        clock = (datetime.min + timedelta(milliseconds=milliseconds)).time()
        if 0 <= days < 1:
            return clock.isoformat()
        excel_epoch = datetime(1899, 12, 31 if whole_days < 60 else 30)  # Excel knows a 29 February 1900
        epoch = datetime(1904, 1, 1) if self.counts_from_1904 else excel_epoch
        try:
            moment = datetime.combine((epoch + timedelta(days=whole_days)).date(), clock)
        except OverflowError:
            return plain_number(str(days))
        return moment.date().isoformat() if clock == time() else moment.isoformat()


def iter_records(archive: zipfile.ZipFile, name: str, meanings: NumberMeanings) -> Iterator[Record]:
    """Yield the rows with anything in them. Raise FileErrors for a row behind a sheet's last."""
    cells = _CellParser(meanings)
    with archive.open(name) as part:
        for block in iter_blocks(part):
            cells.feed(block)
            yield from cells.rows
            cells.rows.clear()


class _CellParser(Parser):
    def __init__(self, meanings: NumberMeanings) -> None:
        super().__init__()
        self.rows: list[Record] = []
        self._meanings = meanings
        self._line, self._column = 0, -1
        self._row: dict[int, str] = {}
        self._formulas: list[int] = []
        self._kind, self._style, self._value, self._formula = "", "", "", False

    def start(self, name: str, attributes: Attributes) -> None:
        if name in _TEXTS:
            self._formula = self._formula or name == "f"
            self.listen()
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "rPh":
            self._kind = "spoken" if self._kind == "inlineStr" else self._kind
        elif name == "row":
            self._line = _row_number(attributes.get("r"), self._line)
            self._column = -1

    def _begin_cell(self, attributes: Attributes) -> None:
        self._column = _column_index(attributes.get("r", ""), self._column)
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
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
        column = min(self._column, MAX_COLUMNS)
        if self._formula and not self._value and self._kind != "str":
            self._formulas.append(column)
        elif value := self._meanings.to_text(self._kind, self._style, self._value):
            self._row[column] = value

    def _end_row(self) -> None:
        if record := to_record(self._line, self._row, self._formulas):
            self.rows.append(record)
        self._row, self._formulas = {}, []


def _row_number(reference: str | None, last_number: int) -> int:
    """Return the row's number; without one it follows the last. Raise FileErrors for a number behind a sheet's last
    row."""
    number = int(reference) if reference else last_number + 1
    if not 1 <= number <= MAX_ROW_NUMBER:
        raise unreadable_file(last_number + 1, "", str(number), "row_number", limit=MAX_ROW_NUMBER)
    return number


def _column_index(reference: str, last_index: int) -> int:
    """Return the column's index: 1 for B7. A cell without a reference follows the last one."""
    letters = reference.rstrip("0123456789").upper()
    if not letters or len(letters) > 3:
        return last_index + 1
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


# The stream of a workbook that was saved with a password, in its container.
LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")


def read_table(source: Source) -> FileTable:
    """Return the first sheet's table, with values as last calculated; rows without any value are skipped. Raise
    FileErrors for a workbook with a password or one that cannot be read."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # here: other formats never need it

    with source.open() as file:
        if LOCKED_STREAM in file.read():
            raise unreadable_file(1, "", "", "no_password")
    try:
        book = CalamineWorkbook.from_filelike(source.open())
        return to_table(_iter_xls_records(book.get_sheet_by_index(0)), book.sheet_names)
    except PasswordError as error:
        raise unreadable_file(1, "", "", "no_password") from error
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise unreadable_file(1, "", "", "file_readable", kind="xls") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library's own language, and no Exception
            raise
        raise unreadable_file(1, "", "", "file_readable", kind="xls") from error


def _iter_xls_records(sheet: Any) -> Iterator[Record]:
    """Yield the rows with anything in them. Rows are counted from the sheet's first, cells from its first used
    column."""
    first_column = (sheet.start or (0, 0))[1]
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = {
            min(column, MAX_COLUMNS): value
            for column, cell in enumerate(row, first_column)
            if (value := _to_text(cell))
        }
        if record := to_record(line, cells):
            yield record


def _to_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return plain_number(repr(cell))
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
