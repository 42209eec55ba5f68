"""Which shapes of several people mean the same thing, and where that is.

Every person's shapes are paired with the clusters so far, the most alike first, each cluster once; a shape that is at
least JOINS like none begins a cluster. The most trusted begin; a second round starts from where the first one ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.shapes.matching import paired
from domain.shapes.polygons import counterpart
from domain.shapes.shape import (
    DECIMALS,
    Box,
    Interval,
    Point,
    Polygon,
    Region,
    Shape,
    Span,
    alike,
    box_of,
    point_of,
    polygon_of,
)

JOINS = 0.4
ROUNDS = 2
CANDIDATES = 7  # polygons of the most trusted, of which one gives the corners


@dataclass(slots=True)
class Cluster:
    """Who drew it, and how; `middle` is what they come to."""

    middle: Shape
    drawn: dict[int, Shape] = field(default_factory=dict)


def clusters(drawings: Sequence[Sequence[Shape]], weights: Sequence[float]) -> list[Cluster]:
    """In the order of their middles; people by their place in `drawings`."""
    order = sorted(range(len(drawings)), key=lambda person: (-weights[person], person))
    found: list[Cluster] = []
    for _ in range(ROUNDS):
        found = [Cluster(each.middle) for each in found]
        for person in order:
            _join(found, person, drawings[person], weights)
        found = [each for each in found if each.drawn]
        for each in found:
            each.middle = merged(each.drawn, weights)
    return sorted(found, key=lambda each: each.middle.order)


def merged(drawn: Mapping[int, Shape], weights: Sequence[float]) -> Shape:
    """The weighted median of each coordinate; of spans the lower one of two, so that it is somebody's. Boxes and
    polygons together come to what has more weight."""
    first = next(iter(drawn.values()))
    if len(drawn) == 1:
        return first
    sure = [weights[person] for person in drawn]
    if isinstance(first, Point):
        points = [each for each in drawn.values() if isinstance(each, Point)]
        return point_of(first.label, median([p.x for p in points], sure), median([p.y for p in points], sure))
    if isinstance(first, Interval):
        return _interval(first, [each for each in drawn.values() if isinstance(each, Interval)], sure)
    polygons = {person: each for person, each in drawn.items() if isinstance(each, Polygon)}
    if 2 * sum(weights[person] for person in polygons) > sum(sure):
        return _polygon(polygons, weights)
    sides = zip(*(each.bounds for each in drawn.values() if isinstance(each, Box | Polygon)), strict=True)
    left, top, right, bottom = (median(side, sure) for side in sides)
    return box_of(first.label, (left, top, right, bottom))


def median(values: Sequence[float], weights: Sequence[float], lower: bool = False) -> float:
    """The value with at most half of the weight on either side; the mean of two such, or the lower one."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    half, reached = sum(weights) / 2, 0.0
    for place, at in enumerate(order):
        reached += weights[at]
        if reached > half * (1 + 1e-9) or place == len(order) - 1:
            return values[at]
        if reached >= half * (1 - 1e-9):
            return values[at] if lower else (values[at] + values[order[place + 1]]) / 2
    raise ValueError("no value")


def _join(found: list[Cluster], person: int, shapes: Sequence[Shape], weights: Sequence[float]) -> None:
    """The person's shapes to the clusters."""
    pairs = paired(shapes, [each.middle for each in found], JOINS)
    joined = {pair.one: found[pair.other] for pair in pairs}
    for at, shape in enumerate(shapes):
        if at not in joined:
            found.append(Cluster(shape, {person: shape}))
            continue
        joined[at].drawn[person] = shape
        if not isinstance(shape, Polygon):  # whose middle takes time: it follows after the round
            joined[at].middle = merged(joined[at].drawn, weights)


def _interval(first: Interval, drawn: Sequence[Interval], weights: Sequence[float]) -> Shape:
    """Medians of the starts and of the ends keep their order, since each start is before its end."""
    starts, ends = [each.start for each in drawn], [each.end for each in drawn]
    if isinstance(first, Span):
        return Span(first.label, median(starts, weights, lower=True), median(ends, weights, lower=True))
    start, end = (round(median(values, weights), DECIMALS) for values in (starts, ends))
    return Region(first.label, start, end)


def _polygon(drawn: Mapping[int, Polygon], weights: Sequence[float]) -> Polygon:
    """The polygon most like the others gives the corners; each moves to the weighted median of its counterparts. Where
    that is less like them than it was, it stays as it was drawn."""
    shapes, sure = list(drawn.values()), [weights[person] for person in drawn]
    heaviest = sorted(range(len(shapes)), key=lambda at: (-sure[at], at))[:CANDIDATES]
    likeness = {at: _likeness(shapes[at], shapes, sure) for at in heaviest}
    best = max(heaviest, key=lambda at: (likeness[at], -at))
    corners = []
    for corner in shapes[best].corners:
        near = [counterpart(each.corners, shapes[best].corners, corner) for each in shapes]
        corners.append((median([x for x, _ in near], sure), median([y for _, y in near], sure)))
    moved = polygon_of(shapes[best].label, corners)
    return moved if len(moved.corners) > 2 and _likeness(moved, shapes, sure) >= likeness[best] else shapes[best]


def _likeness(one: Polygon, others: Sequence[Polygon], weights: Sequence[float]) -> float:
    return sum(weight * alike(one, other) for other, weight in zip(others, weights, strict=True))
