"""WebP: RIFF chunks. Those stay that pixels and colours need."""

from collections.abc import Iterator

from formats.media.camera_data import exif
from formats.media.camera_data.limits import MOST

SHOWN = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
EXTENDED, EXIF = b"VP8X", b"EXIF"
HAS_EXIF, HAS_XMP = 0x08, 0x04  # flags of the extended header


def pieces(content: bytes) -> Iterator[bytes]:
    chunks, end = _chunks(content)
    stay = [_kept(chunk) for chunk in chunks]
    if stay == chunks:
        yield content
        return
    turned = any(chunk[:4] == EXIF for chunk in stay)
    stay = [_flagged(chunk, turned) if chunk[:4] == EXTENDED else chunk for chunk in stay]
    missing = sum(map(len, chunks)) - sum(map(len, stay))
    size = int.from_bytes(content[4:8], "little") - missing
    yield b"RIFF" + max(0, size).to_bytes(4, "little") + b"WEBP"
    yield from stay
    if end < 8 + int.from_bytes(content[4:8], "little"):  # a break
        yield content[end:]


def _chunks(content: bytes) -> tuple[list[bytes], int]:
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


def _kept(chunk: bytes) -> bytes:
    if chunk[:4] == EXIF:
        stays = exif.kept(chunk[8:].removeprefix(exif.MARK))
        return EXIF + len(stays).to_bytes(4, "little") + stays if stays else b""
    return chunk if chunk[:4] in SHOWN else b""


def _flagged(header: bytes, turned: bool) -> bytes:
    flags = header[8] & ~(HAS_EXIF | HAS_XMP) | (HAS_EXIF if turned else 0)
    return header[:8] + bytes((flags,)) + header[9:]
