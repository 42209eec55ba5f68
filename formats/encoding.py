"""Which encoding a text file is in: a BOM says so, valid UTF-8 proves itself, the rest is guessed."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from formats.errors import refused
from formats.source import Source

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
SAMPLE = 1 << 16
CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"
CONTROLS_ALLOWED = 0.01


def encoding_of(source: Source) -> str:
    """A codec's name; raises FileErrors for what is not text."""
    head = source.head(SAMPLE)
    for bom, name in BOMS:
        if head.startswith(bom):
            return _proven(source, name)
    if wide := _utf16_without_bom(head):
        return _proven(source, wide)
    if _decodes(source, "utf-8"):
        return "utf-8"
    if len(head.translate(None, CONTROLS)) < len(head) * (1 - CONTROLS_ALLOWED):
        raise refused(1, "", "", "encoding")
    return _proven(source, _guessed(_foreign_lines(source)))


def text(source: Source, encoding: str) -> TextIO:
    """The file as text with its own line ends; lines are an editor's lines."""
    return io.TextIOWrapper(source.open(), encoding=encoding, newline="")


def _proven(source: Source, encoding: str) -> str:
    if not _decodes(source, encoding):
        raise refused(1, "", "", "encoding")
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
    many = len(head) // 4
    if len(head) < 4 or max(even, odd) < max(many, 1) or min(even, odd) > many // 10:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


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
    """Windows-1252 unless another code page reads clearly better."""
    from charset_normalizer import from_bytes  # here: 10 MB that UTF-8 files never need

    matches = list(from_bytes(sample, cp_isolation=list(LEGACY)))
    if not matches:
        return "cp1252"
    western = next((match for match in matches if match.encoding == "cp1252"), None)
    best = matches[0]
    return "cp1252" if western and western.chaos <= best.chaos else best.encoding
