"""The shapes: boxes, polygons and points on a picture in fractions of its sides (0…1, from the top left corner), spans
of a text in code points, regions of a sound in seconds.

How alike two shapes are is a number in 0…1: intersection over union (IoU) of boxes, polygons and intervals; of points
1 − d / (2 × NEAR), so that one half is a distance of NEAR.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, hypot
from typing import Any, NamedTuple

from domain.projects.tasks import AUDIO, PHOTO, VOICE, split_media

Corner = tuple[float, float]
Ring = Sequence[Corner]

GRID = 512  # cells across and down
UNLIKE = 0.2  # polygons whose bounds allow less than this have nothing in common that would matter


class Cells(NamedTuple):
    """Raster of a ring: the cells inside by row from `first_row` on, their number, and the ring's bounds and area."""

    first_row: int
    bits: int
    inside: int
    bounds: tuple[float, float, float, float]
    area: float


def round_fraction(value: float, digits: int) -> float:
    """Return a fraction of a side, rounded and bounded to 0…1."""
    return min(1.0, max(0.0, round(value, digits)))


def area(ring: Ring) -> float:
    """Return the area by the shoelace formula; below zero if the corners go counter-clockwise (y points down)."""
    following = [*ring[1:], *ring[:1]]
    return sum(x * below - right * y for (x, y), (right, below) in zip(ring, following, strict=True)) / 2


def normalised(ring: Ring) -> tuple[Corner, ...]:
    """Return the ring clockwise from its least corner, without corners that repeat the one before."""
    corners = [corner for index, corner in enumerate(ring) if corner != ring[index - 1]] or list(ring[:1])
    if area(corners) < 0:
        corners.reverse()
    start = corners.index(min(corners))
    return (*corners[start:], *corners[:start])


def intersection_over_union(first_ring: tuple[Corner, ...], second_ring: tuple[Corner, ...]) -> float:
    """Return the share of the cells inside either ring that are inside both; 0 if the bounds alone show that it is
    below UNLIKE."""
    mine, theirs = rasterize(first_ring), rasterize(second_ring)
    (left_a, top, right, bottom), (left2, top2, right2, bottom2) = mine.bounds, theirs.bounds
    across, down = min(right, right2) - max(left_a, left2), min(bottom, bottom2) - max(top, top2)
    if across <= 0 or down <= 0 or across * down < UNLIKE * max(mine.area, theirs.area):
        return 0.0
    top_row = max(mine.first_row, theirs.first_row)
    both = (
        mine.bits >> (top_row - mine.first_row) * GRID & theirs.bits >> (top_row - theirs.first_row) * GRID
    ).bit_count()
    either = mine.inside + theirs.inside - both
    return both / either if either else 1.0


@lru_cache(maxsize=1_000)
def rasterize(ring: tuple[Corner, ...]) -> Cells:
    """Return the raster of a ring on the grid."""
    around = bounds(ring)
    first_row, last = int(around[1] * GRID), min(GRID - 1, int(around[3] * GRID))
    rows = (
        _row(crossings(ring, (row + 0.5) / GRID)).to_bytes(GRID // 8, "little") for row in range(first_row, last + 1)
    )
    bits = int.from_bytes(b"".join(rows), "little")
    return Cells(first_row, bits, bits.bit_count(), around, abs(area(ring)))


def _row(line: Sequence[float]) -> int:
    """Return a bit for each cell of a row whose centre lies between two crossings."""
    bits = 0
    for enters, leaves in zip(line[::2], line[1::2], strict=True):
        begin, end = ceil(enters * GRID - 0.5), ceil(leaves * GRID - 0.5)
        bits |= ((1 << end - begin) - 1) << begin
    return bits


def crossings(ring: Ring, y: float) -> list[float]:
    """Return where a horizontal line enters and leaves the ring, from left to right."""
    xs = []
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        if (y1 > y) != (y2 > y):
            xs.append(x1 + (y - y1) * (x2 - x1) / (y2 - y1))
        x1, y1 = x2, y2
    xs.sort()
    return xs


def counterpart(ring: Ring, own: Ring, corner: Corner) -> Corner:
    """Return the place in another ring of a corner of `own`: the nearest corner, if the corner is the nearest to that
    one, too; else the nearest point of the edge."""
    following = [*ring[1:], *ring[:1]]
    nearest_corner = min(ring, key=lambda each: _distance(each, corner))
    if min(own, key=lambda each: _distance(each, nearest_corner)) == corner:
        return nearest_corner
    points = (_nearest(begin, end, corner) for begin, end in zip(ring, following, strict=True))
    return min(points, key=lambda each: _distance(each, corner))


def _distance(corner: Corner, other_corner: Corner) -> float:
    return hypot(corner[0] - other_corner[0], corner[1] - other_corner[1])


def bounds(ring: Ring) -> tuple[float, float, float, float]:
    across, down = [x for x, _ in ring], [y for _, y in ring]
    return min(across), min(down), max(across), max(down)


def _nearest(begin: Corner, end: Corner, corner: Corner) -> Corner:
    across, down = end[0] - begin[0], end[1] - begin[1]
    length = across * across + down * down
    share = ((corner[0] - begin[0]) * across + (corner[1] - begin[1]) * down) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    return begin[0] + share * across, begin[1] + share * down


NEAR = 0.05  # of the picture's sides: the distance at which two points are half alike
DIGITS, DECIMALS = 4, 2  # kept of a fraction, of a second

Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Box:
    label: str
    x: float
    y: float
    width: float
    height: float

    @property
    def bounds(self) -> Bounds:
        return self.x, self.y, self.x + self.width, self.y + self.height

    @property
    def order(self) -> tuple[Any, ...]:
        return self.label, "", self.x, self.y, self.width, self.height

    def document(self) -> dict[str, Any]:
        return {"label": self.label, "x": self.x, "y": self.y, "width": self.width, "height": self.height}


@dataclass(frozen=True, slots=True)
class Polygon:
    label: str
    corners: tuple[Corner, ...]

    @property
    def bounds(self) -> Bounds:
        across, down = zip(*self.corners, strict=True)
        return min(across), min(down), max(across), max(down)

    @property
    def order(self) -> tuple[Any, ...]:
        return self.label, "polygon", self.corners

    def document(self) -> dict[str, Any]:
        return {"label": self.label, "points": [list(corner) for corner in self.corners]}


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    x: float
    y: float

    @property
    def order(self) -> tuple[Any, ...]:
        return self.label, "", self.x, self.y

    def document(self) -> dict[str, Any]:
        return {"label": self.label, "x": self.x, "y": self.y}


@dataclass(frozen=True, slots=True)
class Interval:
    """Interval from `start` to before `end`."""

    label: str
    start: float
    end: float

    @property
    def order(self) -> tuple[Any, ...]:
        return self.start, self.end, self.label

    def document(self) -> dict[str, Any]:
        return {"label": self.label, "start": self.start, "end": self.end}


class Span(Interval):
    """Interval of a text in code points: whole numbers."""

    __slots__ = ()


class Region(Interval):
    """Interval of a sound in seconds."""

    __slots__ = ()


Shape = Box | Polygon | Point | Span | Region


def measure_alikeness(shape: Shape, other_shape: Shape) -> float:
    """Return how much of two shapes is the same, 0…1; shapes of other labels are nothing alike. A box and a polygon are
    compared by their bounds."""
    if shape.label != other_shape.label:
        return 0.0
    if isinstance(shape, Point) and isinstance(other_shape, Point):
        return max(0.0, 1 - hypot(shape.x - other_shape.x, shape.y - other_shape.y) / (2 * NEAR))
    if isinstance(shape, Interval) and isinstance(other_shape, Interval):
        return _overlap_of_intervals(shape, other_shape)
    if isinstance(shape, Polygon) and isinstance(other_shape, Polygon):
        return intersection_over_union(shape.corners, other_shape.corners)
    if isinstance(shape, Box | Polygon) and isinstance(other_shape, Box | Polygon):
        return _overlap_of_boxes(shape.bounds, other_shape.bounds)
    return 0.0


def box_of(label: str, bounds: Bounds) -> Box:
    """Return the box with rounded coordinates, kept inside the picture."""
    x, y = round_fraction(bounds[0], DIGITS), round_fraction(bounds[1], DIGITS)
    width = min(round(bounds[2] - bounds[0], DIGITS), round(1 - x, DIGITS))
    height = min(round(bounds[3] - bounds[1], DIGITS), round(1 - y, DIGITS))
    return Box(label, x, y, width, height)


def polygon_of(label: str, corners: Sequence[Corner]) -> Polygon:
    """Return the polygon from its corner nearest to the left edge, clockwise, without a last corner that repeats the
    first."""
    return Polygon(label, normalised([(round_fraction(x, DIGITS), round_fraction(y, DIGITS)) for x, y in corners]))


def point_of(label: str, x: float, y: float) -> Point:
    return Point(label, round_fraction(x, DIGITS), round_fraction(y, DIGITS))


def _overlap_of_intervals(interval: Interval, other_interval: Interval) -> float:
    shared = min(interval.end, other_interval.end) - max(interval.start, other_interval.start)
    if shared <= 0:
        return 0.0
    return shared / (max(interval.end, other_interval.end) - min(interval.start, other_interval.start))


def _overlap_of_boxes(bounds: Bounds, other_bounds: Bounds) -> float:
    across = min(bounds[2], other_bounds[2]) - max(bounds[0], other_bounds[0])
    down = min(bounds[3], other_bounds[3]) - max(bounds[1], other_bounds[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    either = (
        (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
        + (other_bounds[2] - other_bounds[0]) * (other_bounds[3] - other_bounds[1])
        - both
    )
    return both / either


_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def pictures_of(template: str, content: Mapping[str, str]) -> list[str]:
    return [medium.file for medium in split_media(template, content).media if medium.kind == PHOTO]


def sounds_of(template: str, content: Mapping[str, str]) -> list[str]:
    return [medium.file for medium in split_media(template, content).media if medium.kind in (AUDIO, VOICE)]


def texts_of(template: str, content: Mapping[str, str]) -> list[str]:
    """Return the cells that are shown and are no media; spans are marked in the first of them."""
    places = _PLACEHOLDER.findall(split_media(template, content).template)
    return [content[place] for place in dict.fromkeys(places) if place in content]


def text_of(template: str, content: Mapping[str, str]) -> str:
    return next(iter(texts_of(template, content)), "")
