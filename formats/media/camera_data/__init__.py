"""Pictures without what a camera wrote into them: the place, the time, the device, notes, a film or a second picture
behind the first.

The pixels stay as they are, nothing is encoded anew, and colours and orientation are kept. What is read is JPEG, PNG,
WebP, HEIC and AVIF. A file of another kind passes unchanged, and of a broken one whatever stands behind the break.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from formats.media.camera_data import heif, jpeg, png, webp

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
    if head.startswith(jpeg.HEAD):
        return jpeg.pieces
    if head.startswith(png.HEAD):
        return png.pieces
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return webp.pieces
    return heif.pieces if head[4:8] == b"ftyp" else None
