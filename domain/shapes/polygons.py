"""Geometry of polygons, each a ring of corners (x, y); what is inside is decided by the even-odd rule.

What two polygons share is counted in the cells of a grid over the picture: each polygon's cells are the bits of one
number, so that a drawing of many polygons that all overlap is compared in a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, hypot
from typing import NamedTuple

Corner = tuple[float, float]
Ring = Sequence[Corner]

GRID = 512  # cells across and down
UNLIKE = 0.2  # polygons whose bounds allow less than this have nothing in common that would matter


class Cells(NamedTuple):
    """The cells inside, of all rows from the `first` on, and how many; the ring's sides and its area."""

    first: int
    bits: int
    inside: int
    bounds: tuple[float, float, float, float]
    area: float


def place(value: float, digits: int) -> float:
    """A fraction of a side, rounded and inside of it."""
    return min(1.0, max(0.0, round(value, digits)))


def area(ring: Ring) -> float:
    """By the shoelace formula; below zero where the corners go counter-clockwise (y points down)."""
    following = [*ring[1:], *ring[:1]]
    return sum(x * below - right * y for (x, y), (right, below) in zip(ring, following, strict=True)) / 2


def normalised(ring: Ring) -> tuple[Corner, ...]:
    """Clockwise from the least corner, without corners that repeat the one before."""
    kept = [corner for at, corner in enumerate(ring) if corner != ring[at - 1]] or list(ring[:1])
    if area(kept) < 0:
        kept.reverse()
    first = kept.index(min(kept))
    return (*kept[first:], *kept[:first])


def intersection_over_union(one: tuple[Corner, ...], other: tuple[Corner, ...]) -> float:
    """Of the cells whose middle is inside; 0 where the bounds alone tell that it is below UNLIKE."""
    mine, theirs = cells(one), cells(other)
    (left, top, right, bottom), (left2, top2, right2, bottom2) = mine.bounds, theirs.bounds
    across, down = min(right, right2) - max(left, left2), min(bottom, bottom2) - max(top, top2)
    if across <= 0 or down <= 0 or across * down < UNLIKE * max(mine.area, theirs.area):
        return 0.0
    first = max(mine.first, theirs.first)
    both = (mine.bits >> (first - mine.first) * GRID & theirs.bits >> (first - theirs.first) * GRID).bit_count()
    either = mine.inside + theirs.inside - both
    return both / either if either else 1.0


@lru_cache(maxsize=1_000)
def cells(ring: tuple[Corner, ...]) -> Cells:
    around = bounds(ring)
    first, last = int(around[1] * GRID), min(GRID - 1, int(around[3] * GRID))
    rows = (_row(crossings(ring, (row + 0.5) / GRID)).to_bytes(GRID // 8, "little") for row in range(first, last + 1))
    bits = int.from_bytes(b"".join(rows), "little")
    return Cells(first, bits, bits.bit_count(), around, abs(area(ring)))


def _row(line: Sequence[float]) -> int:
    """A bit for each cell of a row whose middle is between two crossings."""
    bits = 0
    for enters, leaves in zip(line[::2], line[1::2], strict=True):
        begin, end = ceil(enters * GRID - 0.5), ceil(leaves * GRID - 0.5)
        bits |= ((1 << end - begin) - 1) << begin
    return bits


def crossings(ring: Ring, y: float) -> list[float]:
    """Where a horizontal line enters and leaves it, from left to right."""
    found = []
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        if (y1 > y) != (y2 > y):
            found.append(x1 + (y - y1) * (x2 - x1) / (y2 - y1))
        x1, y1 = x2, y2
    found.sort()
    return found


def counterpart(ring: Ring, own: Ring, corner: Corner) -> Corner:
    """What a corner of `own` is in another ring: the nearest corner, where the corner is the nearest to that one, too,
    else the nearest point of the edge."""
    following = [*ring[1:], *ring[:1]]
    found = min(ring, key=lambda each: _distance(each, corner))
    if min(own, key=lambda each: _distance(each, found)) == corner:
        return found
    points = (_nearest(begin, end, corner) for begin, end in zip(ring, following, strict=True))
    return min(points, key=lambda each: _distance(each, corner))


def _distance(one: Corner, other: Corner) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def bounds(ring: Ring) -> tuple[float, float, float, float]:
    across, down = [x for x, _ in ring], [y for _, y in ring]
    return min(across), min(down), max(across), max(down)


def _nearest(begin: Corner, end: Corner, corner: Corner) -> Corner:
    across, down = end[0] - begin[0], end[1] - begin[1]
    length = across * across + down * down
    share = ((corner[0] - begin[0]) * across + (corner[1] - begin[1]) * down) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    return begin[0] + share * across, begin[1] + share * down
