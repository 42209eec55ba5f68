"""Detection of a text file's encoding: by BOM, else UTF-8 if valid, else guessed."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO, cast

from formats.errors import unreadable_file


class _View(io.RawIOBase):
    """A reader of a shared file at its own position; closing it leaves the file open."""

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
            block = self._file.read(len(view))
        view[: len(block)] = block
        self._at += len(block)
        return len(block)


class Source:
    """The bytes of a file, or a seekable binary file that the caller keeps open for as long as rows are read."""

    def __init__(self, data: bytes | BinaryIO) -> None:
        self._data = data
        self._lock = threading.Lock()

    def open(self) -> BinaryIO:
        """Return the file from its start, independent of every other opening."""
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
LEGACY_ENCODINGS = (
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
SAMPLE_BYTES = 1 << 16
MIN_FOREIGN_LETTERS = 4  # letters beyond ASCII: with fewer, a guess is a toss, and Windows-1252 the likeliest
CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


def detect_encoding(source: Source) -> str:
    """Return the name of the file's codec. Raise FileErrors for binary data and for a UTF-8 file with damaged lines."""
    head = source.head(SAMPLE_BYTES)
    for bom, name in BOMS:
        if head.startswith(bom):
            return _require_decodable(source, name)
    if wide := _detect_utf16(head):
        return _require_decodable(source, wide)
    if _is_decodable(source, "utf-8") and _control_share(head) < 0.3:
        return "utf-8"
    if line := _find_broken_utf8_line(source):
        raise unreadable_file(line, "", "", "encoding")
    if _control_share(head) > 0.01:
        raise unreadable_file(1, "", "", "encoding")
    sample = _sample_foreign_lines(source)
    guess = _guess_encoding(sample)
    return _require_decodable(source, LATIN_9 if guess == LEGACY_ENCODINGS[0] and _is_latin_9(sample) else guess)


def open_text(source: Source, encoding: str) -> TextIO:
    """Return the file as text with its own line ends, so that lines are an editor's lines."""
    return io.TextIOWrapper(source.open(), encoding=encoding, newline="")


def _require_decodable(source: Source, encoding: str) -> str:
    """Return the encoding. Raise FileErrors if the file cannot be decoded with it."""
    if not _is_decodable(source, encoding):
        raise unreadable_file(1, "", "", "encoding")
    return encoding


def _is_decodable(source: Source, encoding: str) -> bool:
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
    while block := file.read(SAMPLE_BYTES):
        yield block


def _detect_utf16(head: bytes) -> str | None:
    """Return the codec of UTF-16 without a BOM, or None. Latin text in UTF-16 has a zero in every other byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    third = len(head) // 3
    if len(head) < 4 or max(even, odd) < max(third, 1) or min(even, odd) > third // 8:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _control_share(head: bytes) -> float:
    """Return the share of control characters."""
    return 1 - len(head.translate(None, CONTROL_BYTES)) / len(head)


def _find_broken_utf8_line(source: Source) -> int | None:
    """Return the first line that is not UTF-8 in a file whose other lines are: damage, not another encoding. Return
    None otherwise."""
    valid_lines, broken_lines, first_broken = 0, 0, None
    with source.open() as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            if _try_decode(line, "utf-8") is not None:
                valid_lines += 1
            else:
                broken_lines, first_broken = broken_lines + 1, first_broken or number
    return first_broken if valid_lines > broken_lines else None


def _sample_foreign_lines(source: Source) -> bytes:
    """Return lines with bytes beyond ASCII, which tell encodings apart, up to a sample's size."""
    lines, size = [], 0
    with source.open() as file:
        for line in file:
            if not line.isascii():
                lines.append(line)
                size += len(line)
            if size > SAMPLE_BYTES // 4:
                break
    return b"".join(lines)[:SAMPLE_BYTES]


def _guess_encoding(sample: bytes) -> str:
    """Return the first of LEGACY_ENCODINGS among those that read cleanest: a few words often read well in several."""
    if sum(byte > 127 for byte in sample) < MIN_FOREIGN_LETTERS:
        return LEGACY_ENCODINGS[0]
    from charset_normalizer import from_bytes  # here: 10 MB that UTF-8 files never need

    matches = list(from_bytes(sample, cp_isolation=list(LEGACY_ENCODINGS)))
    if not matches:
        return LEGACY_ENCODINGS[0]
    cleanest = min(match.chaos for match in matches)
    texts = {str(match) for match in matches if match.chaos <= cleanest}
    return next((name for name in LEGACY_ENCODINGS if _try_decode(sample, name) in texts), matches[0].encoding)


def _is_latin_9(sample: bytes) -> bool:
    """Return whether a text that reads as Windows-1252 is Latin-9: no byte that only Windows-1252 has, and signs
    out of place."""
    no_windows = not any(0x80 <= byte < 0xA0 for byte in sample)
    return no_windows and _MISREAD.search(sample.decode(LEGACY_ENCODINGS[0], "replace")) is not None


def _try_decode(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return None
