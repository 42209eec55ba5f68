"""Geometry of polygons, each a ring of corners (x, y); what is inside is decided by the even-odd rule.

Areas that two polygons share are measured along ROWS horizontal lines: exactly across, by the midpoint rule down.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import hypot

Corner = tuple[float, float]
Ring = Sequence[Corner]

ROWS = 32
UNLIKE = 0.2  # polygons whose bounds allow less than this have nothing in common that would matter


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


@lru_cache(maxsize=20_000)
def intersection_over_union(one: tuple[Corner, ...], other: tuple[Corner, ...]) -> float:
    """0 where the bounds alone tell that it is below UNLIKE."""
    left, top, right, bottom = _bounds(one)
    left2, top2, right2, bottom2 = _bounds(other)
    across, down = min(right, right2) - max(left, left2), min(bottom, bottom2) - max(top, top2)
    most = max(abs(area(one)), abs(area(other)))
    if across <= 0 or down <= 0 or across * down < UNLIKE * most:
        return 0.0
    begin, end = min(top, top2), max(bottom, bottom2)
    both = either = 0.0
    for row in range(ROWS):
        y = begin + (end - begin) * (row + 0.5) / ROWS
        first, second = crossings(one, y), crossings(other, y)
        shared = _shared(first, second)
        both += shared
        either += _length(first) + _length(second) - shared
    return both / either if either > 0 else 0.0


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


def _bounds(ring: Ring) -> tuple[float, float, float, float]:
    across, down = [x for x, _ in ring], [y for _, y in ring]
    return min(across), min(down), max(across), max(down)


def _length(line: Sequence[float]) -> float:
    return sum(line[1::2]) - sum(line[::2])


def _shared(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(
        max(0.0, min(one[at + 1], other[to + 1]) - max(one[at], other[to]))
        for at in range(0, len(one) - 1, 2)
        for to in range(0, len(other) - 1, 2)
    )


def _nearest(begin: Corner, end: Corner, corner: Corner) -> Corner:
    across, down = end[0] - begin[0], end[1] - begin[1]
    length = across * across + down * down
    share = ((corner[0] - begin[0]) * across + (corner[1] - begin[1]) * down) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    return begin[0] + share * across, begin[1] + share * down
