"""Pictures without what a camera wrote into them: the place, the time, the device, notes, a film or a second picture
behind the first.

The pixels stay as they are, nothing is encoded anew, and colours and orientation are kept. What is read is JPEG, PNG,
WebP, HEIC and AVIF. A file of another kind passes unchanged, and of a broken one whatever stands behind the break.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import BinaryIO, NamedTuple

ORIENTATION, SHORT = 0x0112, 3
UPRIGHT = 1
MARK = b"Exif\0\0"  # before the directory in JPEG, and in some WebP files


def orientation(tiff: bytes) -> int:
    """1 to 8 as Exif counts; 1 where it says nothing, or can't be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == ORIENTATION and kind == SHORT:
                return int(value) if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass
    return UPRIGHT


def alone(turned: int) -> bytes:
    """A directory that holds the orientation and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, SHORT, 1, turned, 0, 0)


def kept(tiff: bytes) -> bytes:
    """What stays of a directory; empty where the picture is upright anyway."""
    turned = orientation(tiff)
    return b"" if turned == UPRIGHT else alone(turned)


MOST = 10_000  # segments, chunks, boxes, or places of notes; what stands behind them stays as it is


HEAD = 16  # bytes that tell

Pieces = Callable[[bytes], Iterator[bytes]]


def without_camera_data(content: bytes) -> bytes:
    """The same object where there is nothing to take out."""
    pieces = _reader(content[:HEAD])
    if pieces is None:
        return content
    cleaned = b"".join(pieces(content))
    return content if cleaned == content else cleaned


def clean(file: BinaryIO) -> None:
    """In place; it is in memory meanwhile."""
    file.seek(0)
    pieces = _reader(file.read(HEAD))
    if pieces is None:
        return
    file.seek(0)
    content = file.read()
    file.seek(0)
    file.writelines(pieces(content))
    file.truncate()


def _reader(head: bytes) -> Pieces | None:
    if head.startswith(JPEG_HEAD):
        return jpeg_pieces
    if head.startswith(PNG_HEAD):
        return png_pieces
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return webp_pieces
    return heif_pieces if head[4:8] == b"ftyp" else None


HEIF_SHOWN = frozenset((b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"))
HEIF_EXIF, NOTES = b"Exif", b"mime"  # kinds of items; XMP is one of the latter
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


def heif_pieces(content: bytes) -> Iterator[bytes]:
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
        if box.name not in HEIF_SHOWN:
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
        if name in (HEIF_EXIF, NOTES) and base is not None and length <= left:
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
    if name != HEIF_EXIF or len(note) < 4:
        return bytes(len(note))
    begins = 4 + int.from_bytes(note[:4])
    return (bytes(4) + alone(orientation(note[begins:]))).ljust(len(note), b"\0")[: len(note)]


JPEG_HEAD = b"\xff\xd8\xff"
SOI, EOI, SOS, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
APP0, APP1, APP15 = 0xE0, 0xE1, 0xEF
KEPT = {APP0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_MARKER = re.compile(rb"\xff+([\x01-\xfe])")
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def jpeg_pieces(content: bytes) -> Iterator[bytes]:
    """What a camera hangs behind the picture goes as well, if it wrote anything into it."""
    written = False
    ends = list(islice(_ends(content), MOST))
    for start, end in pairwise(ends):
        segment = content[start:end]
        stays = _keep_jpeg_segment(segment)
        written |= stays != segment
        yield stays
    if not (written and _marker(content, ends[-2]) == EOI):
        yield content[ends[-1] :]


def _ends(content: bytes) -> Iterator[int]:
    """Where the segments begin, and where the last one that is whole ends."""
    yield (at := 0)
    while found := _MARKER.match(content, at):
        at = _end(content, found)
        if at > len(content):
            return
        yield at
        if found[1][0] == EOI:
            return


def _end(content: bytes, found: re.Match[bytes]) -> int:
    marker, at = found[1][0], found.end()
    if marker == EOI or (marker == SOI and found.start() == 0):
        return at
    length = int.from_bytes(content[at : at + 2])
    if length < 2:
        return len(content) + 1
    if marker != SOS:
        return at + length
    after = _AFTER_SCAN.search(content, at + length)
    return after.start() if after else len(content) + 1


def _marker(content: bytes, at: int) -> int:
    found = _MARKER.match(content, at)
    return found[1][0] if found else 0


def _keep_jpeg_segment(segment: bytes) -> bytes:
    """Of Exif the orientation."""
    found = _MARKER.match(segment)
    marker = found[1][0] if found else 0
    body = segment[found.end() + 2 :] if found else b""
    if marker == APP1 and body.startswith(MARK):
        stays = kept(body.removeprefix(MARK))
        return _segment(MARK + stays) if stays else b""
    if marker == COMMENT or APP0 <= marker <= APP15:
        return segment if marker in KEPT and body.startswith(KEPT[marker]) else b""
    return segment


def _segment(body: bytes) -> bytes:
    return bytes((0xFF, APP1)) + (len(body) + 2).to_bytes(2) + body


PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_SHOWN = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP sBIT pHYs bKGD hIST sPLT mDCV cLLI acTL fcTL fdAT".split())
LAST, PNG_EXIF = b"IEND", b"eXIf"


def png_pieces(content: bytes) -> Iterator[bytes]:
    """What stands behind the last chunk goes as well, if anything was written into the picture."""
    yield PNG_HEAD
    written, end, name = False, len(PNG_HEAD), b""
    for start, end in islice(_chunks(content), MOST):
        chunk, name = content[start:end], content[start + 4 : start + 8]
        stays = _keep_png_chunk(chunk)
        written |= stays != chunk
        yield stays
    if not (written and name == LAST):
        yield content[end:]


def _chunks(content: bytes) -> Iterator[tuple[int, int]]:
    """Where those begin and end that are whole."""
    at, name = len(PNG_HEAD), b""
    while name != LAST and (end := at + 12 + int.from_bytes(content[at : at + 4])) <= len(content):
        name = content[at + 4 : at + 8]
        yield at, end
        at = end


def _keep_png_chunk(chunk: bytes) -> bytes:
    """A name that begins with a capital is of a chunk that no reader can do without."""
    name = chunk[4:8]
    if name == PNG_EXIF:
        stays = kept(chunk[8:-4])
        return _chunk(PNG_EXIF, stays) if stays else b""
    return chunk if name[:1].isupper() or name in PNG_SHOWN else b""


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


WEBP_SHOWN = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
EXTENDED, WEBP_EXIF = b"VP8X", b"EXIF"
HAS_EXIF, HAS_XMP = 0x08, 0x04  # flags of the extended header


def webp_pieces(content: bytes) -> Iterator[bytes]:
    chunks, end = _webp_chunks(content)
    stay = [_keep_webp_chunk(chunk) for chunk in chunks]
    if stay == chunks:
        yield content
        return
    turned = any(chunk[:4] == WEBP_EXIF for chunk in stay)
    stay = [_flagged(chunk, turned) if chunk[:4] == EXTENDED else chunk for chunk in stay]
    missing = sum(map(len, chunks)) - sum(map(len, stay))
    size = int.from_bytes(content[4:8], "little") - missing
    yield b"RIFF" + max(0, size).to_bytes(4, "little") + b"WEBP"
    yield from stay
    if end < 8 + int.from_bytes(content[4:8], "little"):  # a break
        yield content[end:]


def _webp_chunks(content: bytes) -> tuple[list[bytes], int]:
    """The first of them that are whole, and where they end."""
    found, at = list[bytes](), 12
    last = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while at + 8 <= last and len(found) < MOST:
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if end > last:
            break
        found.append(content[at:end])
        at = end
    return found, at


def _keep_webp_chunk(chunk: bytes) -> bytes:
    if chunk[:4] == WEBP_EXIF:
        stays = kept(chunk[8:].removeprefix(MARK))
        return WEBP_EXIF + len(stays).to_bytes(4, "little") + stays if stays else b""
    return chunk if chunk[:4] in WEBP_SHOWN else b""


def _flagged(header: bytes, turned: bool) -> bytes:
    flags = header[8] & ~(HAS_EXIF | HAS_XMP) | (HAS_EXIF if turned else 0)
    return header[:8] + bytes((flags,)) + header[9:]
