"""Checks of a photo's pixels, and its print: a difference hash of 64 bits.

Blank: hardly any contrast. Dark: hardly any light. Blurred: no part of it has edges (the variance of the Laplacian,
J. L. Pech-Pacheco et al. 2000, in the sharpest of 16 tiles, so that a sharp thing before a plain wall is sharp).
Screenshot: a phone's shape, and most neighbouring pixels exactly alike, which no camera makes. All are hints for a
question to the sender, never more. The print is Krawetz' dHash: whether each of 8 × 8 cells is darker than the one to
its right.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from domain.work.file_checks import EVERY, FileChecks
from domain.work.retakes import Flaw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

SIDE, TILES = 640, 4  # pixels of the longer side that is looked at; tiles along each side
LEAST = 64  # pixels of a side
MOST_PIXELS = 16_000_000  # of a picture that has to be decoded whole
FLAT, TALL = 0.58, 1.6  # share of neighbours alike in a screenshot; how much longer than wide it is
CELLS = 8


@dataclass(frozen=True, slots=True)
class PictureLook:
    """`print` is empty where a picture is too plain to have one."""

    flaws: tuple[Flaw, ...]
    print: str


def look(file: BinaryIO, checks: FileChecks = EVERY) -> PictureLook | None:
    """None where it is no picture, or one too small to be judged or too large to be decoded."""
    from PIL import Image, UnidentifiedImageError  # here: 10 MB that other files never need

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
            picture.draft("L", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than this needs
            if min(picture.size) < LEAST or picture.width * picture.height > MOST_PIXELS:
                return None
            return _looked(picture, checks)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None


def _looked(picture: Image, checks: FileChecks) -> PictureLook:
    long, wide = max(picture.size), min(picture.size)
    grey = picture.convert("L")
    whole = np.asarray(grey, dtype=np.float32)
    grey.thumbnail((SIDE, SIDE))
    pixels = np.asarray(grey, dtype=np.float32)
    dark, plain = whole.mean() < checks.limit(Flaw.DARK), whole.std() < checks.limit(Flaw.BLANK)
    if plain:
        return PictureLook(tuple(checks.wanted(Flaw.DARK if dark else Flaw.BLANK)), "")
    found = [Flaw.DARK] if dark else []
    if not dark and long > TALL * wide and _alike(whole) > FLAT:
        found.append(Flaw.SCREENSHOT)
    if not found and _sharpest(pixels) < checks.limit(Flaw.BLURRED):
        found.append(Flaw.BLURRED)
    return PictureLook(tuple(checks.wanted(*found)), _print(grey))


def _alike(pixels: NDArray[np.float32]) -> float:
    """The share of pixels that are exactly like the one below and the one beside."""
    if min(pixels.shape) < 2:
        return 0.0
    return float(((np.diff(pixels, axis=0)[:, :-1] == 0) & (np.diff(pixels, axis=1)[:-1] == 0)).mean())


def _sharpest(pixels: NDArray[np.float32]) -> float:
    if min(pixels.shape) < 4 * TILES:
        return float("inf")
    middle = pixels[1:-1, 1:-1]
    edges = pixels[:-2, 1:-1] + pixels[2:, 1:-1] + pixels[1:-1, :-2] + pixels[1:-1, 2:] - 4 * middle
    tiles = (tile for row in np.array_split(edges, TILES) for tile in np.array_split(row, TILES, axis=1))
    return max(float(tile.var()) for tile in tiles)


def _print(grey: Image) -> str:
    cells = np.asarray(grey.resize((CELLS + 1, CELLS)), dtype=np.int16)
    bits = (cells[:, 1:] > cells[:, :-1]).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):0{CELLS * CELLS // 4}x}"
