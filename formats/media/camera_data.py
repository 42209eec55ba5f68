"""Removal of what a camera wrote into pictures: the place, the time, the device, notes, a film or a second picture
behind the first.

The pixels stay as they are, nothing is encoded anew, and colours and orientation are kept. JPEG, PNG, WebP, HEIC
and AVIF are read. A file of another kind passes unchanged, and so does the rest of a damaged file behind the
damage."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import BinaryIO, NamedTuple

ORIENTATION_TAG, SHORT_TYPE = 0x0112, 3
UPRIGHT = 1
EXIF_MARK = b"Exif\0\0"  # before the directory in JPEG, and in some WebP files


def read_orientation(tiff: bytes) -> int:
    """Return the orientation, 1 to 8 as Exif counts; 1 if the directory says nothing or can't be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == ORIENTATION_TAG and kind == SHORT_TYPE:
                return int(value) if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass
    return UPRIGHT


def orientation_directory(orientation: int) -> bytes:
    """Return an Exif directory that holds the orientation and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION_TAG, SHORT_TYPE, 1, orientation, 0, 0)


def keep_orientation(tiff: bytes) -> bytes:
    """Return a directory with this one's orientation alone, or b"" if the picture is upright."""
    orientation_value = read_orientation(tiff)
    return b"" if orientation_value == UPRIGHT else orientation_directory(orientation_value)


MAX_PIECES = 10_000  # segments, chunks, boxes, or places of notes; what stands behind them stays as it is


HEAD_BYTES = 16  # bytes that tell

Pieces = Callable[[bytes], Iterator[bytes]]


def without_camera_data(content: bytes) -> bytes:
    """Return the picture without camera data; the same object if there is none."""
    pieces = _find_reader(content[:HEAD_BYTES])
    if pieces is None:
        return content
    cleaned = b"".join(pieces(content))
    return content if cleaned == content else cleaned


def remove_camera_data(file: BinaryIO) -> None:
    """Remove camera data from the file, in place; the whole file is in memory meanwhile."""
    file.seek(0)
    pieces = _find_reader(file.read(HEAD_BYTES))
    if pieces is None:
        return
    file.seek(0)
    content = file.read()
    file.seek(0)
    file.writelines(pieces(content))
    file.truncate()


def _find_reader(head: bytes) -> Pieces | None:
    if head.startswith(JPEG_HEAD):
        return jpeg_pieces
    if head.startswith(PNG_HEAD):
        return png_pieces
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return webp_pieces
    return heif_pieces if head[4:8] == b"ftyp" else None


HEIF_SHOWN = frozenset((b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"))
HEIF_EXIF, HEIF_MIME = b"Exif", b"mime"  # kinds of items; XMP is one of the latter
# Where an item's bytes are counted from: the file's beginning, or that of `idat`; they lie in another file.
FROM_FILE, FROM_IDAT, IN_OTHER_FILE = 0, 1, -1


class HeifBox(NamedTuple):
    """A box of HEIF: its name, where it starts, where its body starts, and where it ends."""

    name: bytes
    start: int
    body: int
    end: int


class _Cursor:
    """A reader of consecutive integers. It raises struct.error behind its end."""

    def __init__(self, content: bytes, position: int, end: int) -> None:
        self.content, self.position, self.end = content, position, end

    def read_integer(self, size: int) -> int:
        """Return the next integer of this many bytes. Raise struct.error if fewer are left."""
        if self.position + size > self.end:
            raise struct.error
        self.position += size
        return int.from_bytes(self.content[self.position - size : self.position])


def heif_pieces(content: bytes) -> Iterator[bytes]:
    """Yield the picture as one piece, with Exif and XMP blanked and foreign boxes emptied. A film stays unchanged:
    its picture is no item."""
    boxes = list(islice(_iter_boxes(content, 0, len(content)), MAX_PIECES))
    meta = next((box for box in boxes if box.name == b"meta"), None)
    if meta is None or not boxes or any(box.name == b"moov" for box in boxes):
        yield content
        return
    cleaned = bytearray(content)
    try:
        for name, start, end in _iter_notes(content, meta):
            cleaned[start:end] = _blank_note(name, content[start:end])
    except struct.error:
        pass  # broken: what was found goes
    for box in boxes:
        if box.name not in HEIF_SHOWN:
            cleaned[box.start + 4 : box.start + 8] = b"free"
            cleaned[box.body : box.end] = bytes(box.end - box.body)
    yield bytes(cleaned)


def _iter_boxes(content: bytes, position: int, end: int) -> Iterator[HeifBox]:
    """Yield the boxes that are complete."""
    while position + 8 <= end:
        size, name, body = (
            int.from_bytes(content[position : position + 4]),
            content[position + 4 : position + 8],
            position + 8,
        )
        if size == 1:
            size, body = int.from_bytes(content[position + 8 : position + 16]), position + 16
        last = end if size == 0 else position + size
        if not body <= last <= end:
            return
        yield HeifBox(name, position, body, last)
        position = last


def _iter_notes(content: bytes, meta: HeifBox) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of Exif and XMP data: no more bytes in all than the file has. Raise struct.error if
    a box is shorter than it says."""
    inner_boxes = {box.name: box for box in islice(_iter_boxes(content, meta.body + 4, meta.end), MAX_PIECES)}
    item_infos, item_locations = inner_boxes.get(b"iinf"), inner_boxes.get(b"iloc")
    if item_infos is None or item_locations is None:
        return
    kinds, bytes_left = dict(_iter_items(content, item_infos)), len(content)
    base_by_method = {FROM_FILE: 0, FROM_IDAT: inner_boxes[b"idat"].body if b"idat" in inner_boxes else None}
    for item, method, start, length in islice(
        _iter_places(_Cursor(content, item_locations.body, item_locations.end)), MAX_PIECES
    ):
        name, base = kinds.get(item, b""), base_by_method.get(method)
        if name in (HEIF_EXIF, HEIF_MIME) and base is not None and length <= bytes_left:
            bytes_left -= length
            yield name, base + start, min(base + start + length, len(content))


def _iter_items(content: bytes, item_infos: HeifBox) -> Iterator[tuple[int, bytes]]:
    """Yield each item's number and kind."""
    has_wide_count = content[item_infos.body] > 0
    for box in islice(_iter_boxes(content, item_infos.body + (8 if has_wide_count else 6), item_infos.end), MAX_PIECES):
        version = content[box.body] if box.name == b"infe" else 0
        if version >= 2:
            cursor = _Cursor(content, box.body + 4, box.end)
            number = cursor.read_integer(2 if version == 2 else 4)
            cursor.read_integer(2)
            yield number, cursor.read_integer(4).to_bytes(4)


def _iter_places(cursor: _Cursor) -> Iterator[tuple[int, int, int, int]]:
    """Yield each part of an item: the item's number, how its bytes are counted, where they begin, and how many they
    are."""
    version = cursor.read_integer(4) >> 24
    sizes = cursor.read_integer(2)
    offset, length, base, index = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15)
    for _ in range(cursor.read_integer(2 if version < 2 else 4)):
        item = cursor.read_integer(2 if version < 2 else 4)
        method = cursor.read_integer(2) & 15 if version > 0 else FROM_FILE
        is_elsewhere = cursor.read_integer(2) != 0
        start = cursor.read_integer(base)
        for _ in range(cursor.read_integer(2)):
            cursor.read_integer(index if version > 0 else 0)
            begin, part_length = start + cursor.read_integer(offset), cursor.read_integer(length)
            yield item, IN_OTHER_FILE if is_elsewhere else method, begin, part_length


def _blank_note(name: bytes, note: bytes) -> bytes:
    """Return blank bytes of the same length; Exif keeps its orientation, behind the four bytes that say where it
    begins."""
    if name != HEIF_EXIF or len(note) < 4:
        return bytes(len(note))
    exif_start = 4 + int.from_bytes(note[:4])
    return (bytes(4) + orientation_directory(read_orientation(note[exif_start:]))).ljust(len(note), b"\0")[: len(note)]


JPEG_HEAD = b"\xff\xd8\xff"
SOI, EOI, SOS, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
APP0, APP1, APP15 = 0xE0, 0xE1, 0xEF
KEPT_SEGMENTS = {APP0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_MARKER = re.compile(rb"\xff+([\x01-\xfe])")
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def jpeg_pieces(content: bytes) -> Iterator[bytes]:
    """Yield the kept segments. If anything was removed, data behind the picture is removed, too."""
    is_changed = False
    ends = list(islice(_iter_segment_ends(content), MAX_PIECES))
    for start, end in pairwise(ends):
        segment = content[start:end]
        kept_segment = _keep_jpeg_segment(segment)
        is_changed |= kept_segment != segment
        yield kept_segment
    if not (is_changed and _marker_at(content, ends[-2]) == EOI):
        yield content[ends[-1] :]


def _iter_segment_ends(content: bytes) -> Iterator[int]:
    """Yield where the segments begin, and where the last complete one ends."""
    yield (position := 0)
    while match := _MARKER.match(content, position):
        position = _segment_end(content, match)
        if position > len(content):
            return
        yield position
        if match[1][0] == EOI:
            return


def _segment_end(content: bytes, match: re.Match[bytes]) -> int:
    """Return where the segment of this marker ends; beyond the content if it is not complete."""
    marker, position = match[1][0], match.end()
    if marker == EOI or (marker == SOI and match.start() == 0):
        return position
    length = int.from_bytes(content[position : position + 2])
    if length < 2:
        return len(content) + 1
    if marker != SOS:
        return position + length
    after = _AFTER_SCAN.search(content, position + length)
    return after.start() if after else len(content) + 1


def _marker_at(content: bytes, position: int) -> int:
    """Return the marker at this position, or 0."""
    match = _MARKER.match(content, position)
    return match[1][0] if match else 0


def _keep_jpeg_segment(segment: bytes) -> bytes:
    """Return the segment, an Exif segment with the orientation alone, or b"" if it is camera data."""
    match = _MARKER.match(segment)
    marker = match[1][0] if match else 0
    body = segment[match.end() + 2 :] if match else b""
    if marker == APP1 and body.startswith(EXIF_MARK):
        kept_exif = keep_orientation(body.removeprefix(EXIF_MARK))
        return _app1_segment(EXIF_MARK + kept_exif) if kept_exif else b""
    if marker == COMMENT or APP0 <= marker <= APP15:
        return segment if marker in KEPT_SEGMENTS and body.startswith(KEPT_SEGMENTS[marker]) else b""
    return segment


def _app1_segment(body: bytes) -> bytes:
    return bytes((0xFF, APP1)) + (len(body) + 2).to_bytes(2) + body


PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_SHOWN = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP sBIT pHYs bKGD hIST sPLT mDCV cLLI acTL fcTL fdAT".split())
PNG_END, PNG_EXIF = b"IEND", b"eXIf"


def png_pieces(content: bytes) -> Iterator[bytes]:
    """Yield the kept chunks. If anything was removed, data behind the last chunk is removed, too."""
    yield PNG_HEAD
    is_changed, end, name = False, len(PNG_HEAD), b""
    for start, end in islice(_iter_chunk_ranges(content), MAX_PIECES):
        chunk, name = content[start:end], content[start + 4 : start + 8]
        kept_chunk = _keep_png_chunk(chunk)
        is_changed |= kept_chunk != chunk
        yield kept_chunk
    if not (is_changed and name == PNG_END):
        yield content[end:]


def _iter_chunk_ranges(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each complete chunk."""
    position, name = len(PNG_HEAD), b""
    while name != PNG_END and (end := position + 12 + int.from_bytes(content[position : position + 4])) <= len(content):
        name = content[position + 4 : position + 8]
        yield position, end
        position = end


def _keep_png_chunk(chunk: bytes) -> bytes:
    """Return the chunk, an Exif chunk with the orientation alone, or b"" if it is camera data. Names with a capital
    first belong to chunks that no reader can do without."""
    name = chunk[4:8]
    if name == PNG_EXIF:
        kept_exif = keep_orientation(chunk[8:-4])
        return _png_chunk(PNG_EXIF, kept_exif) if kept_exif else b""
    return chunk if name[:1].isupper() or name in PNG_SHOWN else b""


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


WEBP_SHOWN = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_EXTENDED, WEBP_EXIF = b"VP8X", b"EXIF"
HAS_EXIF, HAS_XMP = 0x08, 0x04  # flags of the extended header


def webp_pieces(content: bytes) -> Iterator[bytes]:
    """Yield header and kept chunks, with size and flags made to fit."""
    chunks, end = _split_webp(content)
    kept_chunks = [_keep_webp_chunk(chunk) for chunk in chunks]
    if kept_chunks == chunks:
        yield content
        return
    has_exif = any(chunk[:4] == WEBP_EXIF for chunk in kept_chunks)
    kept_chunks = [_with_exif_flag(chunk, has_exif) if chunk[:4] == WEBP_EXTENDED else chunk for chunk in kept_chunks]
    removed_bytes = sum(map(len, chunks)) - sum(map(len, kept_chunks))
    size = int.from_bytes(content[4:8], "little") - removed_bytes
    yield b"RIFF" + max(0, size).to_bytes(4, "little") + b"WEBP"
    yield from kept_chunks
    if end < 8 + int.from_bytes(content[4:8], "little"):  # a break
        yield content[end:]


def _split_webp(content: bytes) -> tuple[list[bytes], int]:
    """Return the first complete chunks, at most MAX_PIECES, and where they end."""
    chunks, position = list[bytes](), 12
    limit = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while position + 8 <= limit and len(chunks) < MAX_PIECES:
        length = int.from_bytes(content[position + 4 : position + 8], "little")
        end = position + 8 + length + length % 2
        if end > limit:
            break
        chunks.append(content[position:end])
        position = end
    return chunks, position


def _keep_webp_chunk(chunk: bytes) -> bytes:
    """Return the chunk, an Exif chunk with the orientation alone, or b"" if it is camera data."""
    if chunk[:4] == WEBP_EXIF:
        kept_exif = keep_orientation(chunk[8:].removeprefix(EXIF_MARK))
        return WEBP_EXIF + len(kept_exif).to_bytes(4, "little") + kept_exif if kept_exif else b""
    return chunk if chunk[:4] in WEBP_SHOWN else b""


def _with_exif_flag(header: bytes, has_exif: bool) -> bytes:
    flags = header[8] & ~(HAS_EXIF | HAS_XMP) | (HAS_EXIF if has_exif else 0)
    return header[:8] + bytes((flags,)) + header[9:]
