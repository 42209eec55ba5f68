"""The shapes: boxes, polygons and points on a picture in fractions of its sides (0…1, from the top left corner), spans
of a text in code points, regions of a sound in seconds.

How alike two shapes are is a number in 0…1: intersection over union (IoU) of boxes, polygons and intervals; of points
1 − d / (2 × NEAR), so that one half is a distance of NEAR.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from domain.shapes.polygons import Corner, intersection_over_union, normalised, place

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
    """From `start` to before `end`."""

    label: str
    start: float
    end: float

    @property
    def order(self) -> tuple[Any, ...]:
        return self.start, self.end, self.label

    def document(self) -> dict[str, Any]:
        return {"label": self.label, "start": self.start, "end": self.end}


class Span(Interval):
    """In code points of a text: whole numbers."""

    __slots__ = ()


class Region(Interval):
    """In seconds of a sound."""

    __slots__ = ()


Shape = Box | Polygon | Point | Span | Region


def alike(one: Shape, other: Shape) -> float:
    """How much of them is the same, 0…1; shapes of other labels are nothing alike. A box and a polygon are compared by
    their bounds."""
    if one.label != other.label:
        return 0.0
    if isinstance(one, Point) and isinstance(other, Point):
        return max(0.0, 1 - hypot(one.x - other.x, one.y - other.y) / (2 * NEAR))
    if isinstance(one, Interval) and isinstance(other, Interval):
        return _overlap(one, other)
    if isinstance(one, Polygon) and isinstance(other, Polygon):
        return intersection_over_union(one.corners, other.corners)
    if isinstance(one, Box | Polygon) and isinstance(other, Box | Polygon):
        return _shared(one.bounds, other.bounds)
    return 0.0


def box_of(label: str, bounds: Bounds) -> Box:
    """Kept inside the picture after rounding."""
    x, y = place(bounds[0], DIGITS), place(bounds[1], DIGITS)
    width = min(round(bounds[2] - bounds[0], DIGITS), round(1 - x, DIGITS))
    height = min(round(bounds[3] - bounds[1], DIGITS), round(1 - y, DIGITS))
    return Box(label, x, y, width, height)


def polygon_of(label: str, corners: Sequence[Corner]) -> Polygon:
    """From its corner nearest to the left edge, clockwise, without the last one where it repeats the first."""
    return Polygon(label, normalised([(place(x, DIGITS), place(y, DIGITS)) for x, y in corners]))


def point_of(label: str, x: float, y: float) -> Point:
    return Point(label, place(x, DIGITS), place(y, DIGITS))


def _overlap(one: Interval, other: Interval) -> float:
    shared = min(one.end, other.end) - max(one.start, other.start)
    if shared <= 0:
        return 0.0
    return shared / (max(one.end, other.end) - min(one.start, other.start))


def _shared(one: Bounds, other: Bounds) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    either = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - both
    return both / either
