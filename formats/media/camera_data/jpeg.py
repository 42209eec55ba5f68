"""JPEG: segments up to the scans. Application segments go, but for JFIF, the colour profile and Adobe's colours."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from formats.media.camera_data import exif
from formats.media.camera_data.limits import MOST

HEAD = b"\xff\xd8\xff"
SOI, EOI, SOS, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
APP0, APP1, APP15 = 0xE0, 0xE1, 0xEF
KEPT = {APP0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_MARKER = re.compile(rb"\xff+([\x01-\xfe])")
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def pieces(content: bytes) -> Iterator[bytes]:
    """What a camera hangs behind the picture goes as well, if it wrote anything into it."""
    written = False
    ends = list(islice(_ends(content), MOST))
    for start, end in pairwise(ends):
        segment = content[start:end]
        stays = _kept(segment)
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


def _kept(segment: bytes) -> bytes:
    """Of Exif the orientation."""
    found = _MARKER.match(segment)
    marker = found[1][0] if found else 0
    body = segment[found.end() + 2 :] if found else b""
    if marker == APP1 and body.startswith(exif.MARK):
        stays = exif.kept(body.removeprefix(exif.MARK))
        return _segment(exif.MARK + stays) if stays else b""
    if marker == COMMENT or APP0 <= marker <= APP15:
        return segment if marker in KEPT and body.startswith(KEPT[marker]) else b""
    return segment


def _segment(body: bytes) -> bytes:
    return bytes((0xFF, APP1)) + (len(body) + 2).to_bytes(2) + body
