"""Exif, the notes of a camera: a TIFF directory, of which the orientation alone is kept."""

import struct

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
