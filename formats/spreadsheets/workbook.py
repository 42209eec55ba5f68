"""The parts of an Excel workbook, read as streams: its sheets, its shared strings, its date formats.

Fonts, fills and defined names are skipped, so that they cost time and no memory.
"""

from __future__ import annotations

import mmap
import re
import zipfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from tempfile import TemporaryFile
from typing import IO
from xml.parsers import expat

from formats.errors import refused

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
        raise refused(1, "", "", "file_not_empty")
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
