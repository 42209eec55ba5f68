"""HEIC and AVIF: boxes that point at each other by place, so what goes is overwritten where it stands.

`meta` names the items of a file (`iinf`) and says where they lie (`iloc`); Exif and XMP are items like the picture.
Other boxes that hold no part of it (a film behind it, a maker's own) become free space.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from formats.media.camera_data import exif
from formats.media.camera_data.limits import MOST

SHOWN = frozenset((b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"))
EXIF, NOTES = b"Exif", b"mime"  # kinds of items; XMP is one of the latter
# Where an item's bytes are counted from: the file's beginning, or that of `idat`; they lie in another file.
IN_FILE, IN_META, ELSEWHERE = 0, 1, -1


class Box(NamedTuple):
    name: bytes
    start: int
    body: int
    end: int


class _Cursor:
    """Reads whole numbers, one behind another. Raises struct.error behind the end."""

    def __init__(self, content: bytes, at: int, end: int) -> None:
        self.content, self.at, self.end = content, at, end

    def number(self, size: int) -> int:
        if self.at + size > self.end:
            raise struct.error
        self.at += size
        return int.from_bytes(self.content[self.at - size : self.at])


def pieces(content: bytes) -> Iterator[bytes]:
    """Of one piece. A film is left alone: its picture is no item."""
    boxes = list(islice(_boxes(content, 0, len(content)), MOST))
    meta = next((box for box in boxes if box.name == b"meta"), None)
    if meta is None or not boxes or any(box.name == b"moov" for box in boxes):
        yield content
        return
    cleaned = bytearray(content)
    try:
        for name, start, end in _notes(content, meta):
            cleaned[start:end] = _blank(name, content[start:end])
    except struct.error:
        pass  # broken: what was found goes
    for box in boxes:
        if box.name not in SHOWN:
            cleaned[box.start + 4 : box.start + 8] = b"free"
            cleaned[box.body : box.end] = bytes(box.end - box.body)
    yield bytes(cleaned)


def _boxes(content: bytes, at: int, end: int) -> Iterator[Box]:
    """Those that are whole."""
    while at + 8 <= end:
        size, name, body = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(content[at + 8 : at + 16]), at + 16
        last = end if size == 0 else at + size
        if not body <= last <= end:
            return
        yield Box(name, at, body, last)
        at = last


def _notes(content: bytes, meta: Box) -> Iterator[tuple[bytes, int, int]]:
    """Where Exif and XMP lie, by kind: no more bytes in all than the file has. Raises struct.error where a box is
    shorter than it says."""
    inner = {box.name: box for box in islice(_boxes(content, meta.body + 4, meta.end), MOST)}
    named, placed = inner.get(b"iinf"), inner.get(b"iloc")
    if named is None or placed is None:
        return
    kinds, left = dict(_items(content, named)), len(content)
    beginning = {IN_FILE: 0, IN_META: inner[b"idat"].body if b"idat" in inner else None}
    for item, where, start, length in islice(_places(_Cursor(content, placed.body, placed.end)), MOST):
        name, base = kinds.get(item, b""), beginning.get(where)
        if name in (EXIF, NOTES) and base is not None and length <= left:
            left -= length
            yield name, base + start, min(base + start + length, len(content))


def _items(content: bytes, named: Box) -> Iterator[tuple[int, bytes]]:
    """Each item's number and kind."""
    wide = content[named.body] > 0
    for box in islice(_boxes(content, named.body + (8 if wide else 6), named.end), MOST):
        version = content[box.body] if box.name == b"infe" else 0
        if version >= 2:
            at = _Cursor(content, box.body + 4, box.end)
            number = at.number(2 if version == 2 else 4)
            at.number(2)
            yield number, at.number(4).to_bytes(4)


def _places(at: _Cursor) -> Iterator[tuple[int, int, int, int]]:
    """Of each part of an item its number, how its bytes are counted, where they begin, and how many they are."""
    version = at.number(4) >> 24
    sizes = at.number(2)
    offset, length, base, index = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15)
    for _ in range(at.number(2 if version < 2 else 4)):
        item = at.number(2 if version < 2 else 4)
        where = at.number(2) & 15 if version > 0 else IN_FILE
        elsewhere = at.number(2) != 0
        start = at.number(base)
        for _ in range(at.number(2)):
            at.number(index if version > 0 else 0)
            begins, long = start + at.number(offset), at.number(length)
            yield item, ELSEWHERE if elsewhere else where, begins, long


def _blank(name: bytes, note: bytes) -> bytes:
    """As long as it was: of Exif the orientation, which four bytes precede that say where it begins."""
    if name != EXIF or len(note) < 4:
        return bytes(len(note))
    begins = 4 + int.from_bytes(note[:4])
    return (bytes(4) + exif.alone(exif.orientation(note[begins:]))).ljust(len(note), b"\0")[: len(note)]
