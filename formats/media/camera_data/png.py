"""PNG: chunks. Those stay that pixels and colours need."""

import zlib
from collections.abc import Iterator
from itertools import islice

from formats.media.camera_data import exif
from formats.media.camera_data.limits import MOST

HEAD = b"\x89PNG\r\n\x1a\n"
SHOWN = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP sBIT pHYs bKGD hIST sPLT mDCV cLLI acTL fcTL fdAT".split())
LAST, EXIF = b"IEND", b"eXIf"


def pieces(content: bytes) -> Iterator[bytes]:
    """What stands behind the last chunk goes as well, if anything was written into the picture."""
    yield HEAD
    written, end, name = False, len(HEAD), b""
    for start, end in islice(_chunks(content), MOST):
        chunk, name = content[start:end], content[start + 4 : start + 8]
        stays = _kept(chunk)
        written |= stays != chunk
        yield stays
    if not (written and name == LAST):
        yield content[end:]


def _chunks(content: bytes) -> Iterator[tuple[int, int]]:
    """Where those begin and end that are whole."""
    at, name = len(HEAD), b""
    while name != LAST and (end := at + 12 + int.from_bytes(content[at : at + 4])) <= len(content):
        name = content[at + 4 : at + 8]
        yield at, end
        at = end


def _kept(chunk: bytes) -> bytes:
    """A name that begins with a capital is of a chunk that no reader can do without."""
    name = chunk[4:8]
    if name == EXIF:
        stays = exif.kept(chunk[8:-4])
        return _chunk(EXIF, stays) if stays else b""
    return chunk if name[:1].isupper() or name in SHOWN else b""


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)
