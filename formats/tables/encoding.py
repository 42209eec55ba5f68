"""The encoding of a text file: by BOM, else UTF-8 if valid, else guessed."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import threading
from collections.abc import Iterator
from typing import (
    Any,
    BinaryIO,
    TextIO,
    cast,
)

from formats.errors import unreadable_file


class _View(io.RawIOBase):
    """Reads a shared file at its own position; closing it leaves the file open."""

    def __init__(self, file: BinaryIO, lock: threading.Lock) -> None:
        self._file = file
        self._lock = lock
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}
        with self._lock:
            self._at = self._file.seek(0, io.SEEK_END) + offset if whence == io.SEEK_END else starts[whence] + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        with self._lock:
            self._file.seek(self._at)
            read = self._file.read(len(view))
        view[: len(read)] = read
        self._at += len(read)
        return len(read)


class Source:
    """Bytes, or a seekable binary file that the caller keeps open for as long as rows are read."""

    def __init__(self, data: bytes | BinaryIO) -> None:
        self._data = data
        self._lock = threading.Lock()

    def open(self) -> BinaryIO:
        """The file from its start, independent of every other opening."""
        if isinstance(self._data, bytes | bytearray):
            return io.BytesIO(self._data)
        return cast(BinaryIO, io.BufferedReader(_View(self._data, self._lock), 1 << 16))

    def head(self, size: int) -> bytes:
        with self.open() as file:
            return file.read(size)

    def sha256(self) -> str:
        digest = hashlib.sha256()
        with self.open() as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = (
    "cp1252",
    "cp1251",
    "cp1250",
    "cp1253",
    "cp1254",
    "koi8_r",
    "mac_roman",
    "gb18030",
    "shift_jis",
    "euc_kr",
    "big5",
)
LATIN_9 = "iso8859_15"
# What Windows-1252 reads where Latin-9 has € and Œ, œ, Ÿ: a currency sign, and fractions that touch letters.
_MISREAD = re.compile("¤|(?<=[^\\W\\d_])[¼½¾]|[¼½¾](?=[^\\W\\d_])")
SAMPLE = 1 << 16
FEW = 4  # letters beyond ASCII: with fewer, a guess is a toss, and Windows-1252 the likeliest
CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


def encoding_of(source: Source) -> str:
    """A codec's name; raises FileErrors for binary data."""
    head = source.head(SAMPLE)
    for bom, name in BOMS:
        if head.startswith(bom):
            return _proven(source, name)
    if wide := _utf16_without_bom(head):
        return _proven(source, wide)
    if _decodes(source, "utf-8") and _controls(head) < 0.3:
        return "utf-8"
    if line := _broken_utf8_line(source):
        raise unreadable_file(line, "", "", "encoding")
    if _controls(head) > 0.01:
        raise unreadable_file(1, "", "", "encoding")
    sample = _foreign_lines(source)
    guess = _guessed(sample)
    return _proven(source, LATIN_9 if guess == LEGACY[0] and _is_latin_9(sample) else guess)


def text(source: Source, encoding: str) -> TextIO:
    """The file as text with its own line ends; lines are an editor's lines."""
    return io.TextIOWrapper(source.open(), encoding=encoding, newline="")


def _proven(source: Source, encoding: str) -> str:
    if not _decodes(source, encoding):
        raise unreadable_file(1, "", "", "encoding")
    return encoding


def _decodes(source: Source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with source.open() as file:
        try:
            for block in _blocks(file):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(SAMPLE):
        yield block


def _utf16_without_bom(head: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in every other byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    many = len(head) // 3
    if len(head) < 4 or max(even, odd) < max(many, 1) or min(even, odd) > many // 8:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _controls(head: bytes) -> float:
    """The share of control characters."""
    return 1 - len(head.translate(None, CONTROLS)) / len(head)


def _broken_utf8_line(source: Source) -> int | None:
    """The first line that is not UTF-8 in a file whose other lines are: damage, not another encoding."""
    whole, broken, first = 0, 0, None
    with source.open() as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            if _decoded(line, "utf-8") is not None:
                whole += 1
            else:
                broken, first = broken + 1, first or number
    return first if whole > broken else None


def _foreign_lines(source: Source) -> bytes:
    """The lines that tell encodings apart, up to a sample's size."""
    found, size = [], 0
    with source.open() as file:
        for line in file:
            if not line.isascii():
                found.append(line)
                size += len(line)
            if size > SAMPLE // 4:
                break
    return b"".join(found)[:SAMPLE]


def _guessed(sample: bytes) -> str:
    """Of the code pages that read cleanest, the first of LEGACY: a few words often read well in several."""
    if sum(byte > 127 for byte in sample) < FEW:
        return LEGACY[0]
    from charset_normalizer import from_bytes  # here: 10 MB that UTF-8 files never need

    matches = list(from_bytes(sample, cp_isolation=list(LEGACY)))
    if not matches:
        return LEGACY[0]
    cleanest = min(match.chaos for match in matches)
    texts = {str(match) for match in matches if match.chaos <= cleanest}
    return next((name for name in LEGACY if _decoded(sample, name) in texts), matches[0].encoding)


def _is_latin_9(sample: bytes) -> bool:
    """Of a text that reads as Windows-1252: nothing where only that page has letters, and signs out of place."""
    no_windows = not any(0x80 <= byte < 0xA0 for byte in sample)
    return no_windows and _MISREAD.search(sample.decode(LEGACY[0], "replace")) is not None


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return None
