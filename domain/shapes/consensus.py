"""Consensus of drawings: the shapes that a weighted majority drew, each with its confidence, and one for the whole.

A cluster is a thing or it is none: each worker who drew it speaks for it with log a / (1 − a), a the probability that
they are right, and each who did not speaks against it with as much (as one coin a worker, Dawid & Skene 1979). Who is
wrong more often than right hardly counts for or against what others drew; what such a worker alone drew is a thing with
the probability that they are right. Kept is what is more likely a thing than not.

The whole is right where its mean likeness to the truth reaches the kind's threshold. Its confidence is the probability
of that, with each cluster kept or left out rightly by itself and the kept ones as like the truth as their drawings are
like what they came to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import NamedTuple

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
    counterpart,
    point_of,
    polygon_of,
)

LEAST = 0.1  # shapes less alike are no pair
NONE, WHOLE = 0.25, 0.75  # how alike a shape must be to earn anything, and all


class Pair(NamedTuple):
    """The place of a shape in either drawing, and how alike the two are."""

    one: int
    other: int
    alike: float


def paired(one: Sequence[Shape], other: Sequence[Shape], least: float = LEAST) -> list[Pair]:
    """The most alike first, each shape once."""
    found = [
        Pair(at, to, likeness)
        for at, mine in enumerate(one)
        for to, theirs in enumerate(other)
        if (likeness := alike(mine, theirs)) >= least
    ]
    found.sort(key=lambda pair: (-pair.alike, pair.one, pair.other))
    kept, first, second = list[Pair](), set[int](), set[int]()
    for pair in found:
        if pair.one not in first and pair.other not in second:
            kept.append(pair)
            first.add(pair.one)
            second.add(pair.other)
    return kept


def score(one: Sequence[Shape], other: Sequence[Shape]) -> float:
    """How alike the pairs are, on average over all shapes of both; a shape without its pair counts 0. 1 of two empty
    drawings."""
    return _mean([pair.alike for pair in paired(one, other)], len(one) + len(other))


def merit(one: Sequence[Shape], other: Sequence[Shape]) -> float:
    """What share of one drawing's shapes agrees with the other's, and the other way round (`credit`)."""
    return _mean([credit(pair.alike) for pair in paired(one, other)], len(one) + len(other))


def credit(likeness: float) -> float:
    """Of a shape that is so alike: nothing up to NONE, all from WHOLE, one half at 0.5."""
    return min(1.0, max(0.0, (likeness - NONE) / (WHOLE - NONE)))


def _mean(pairs: Sequence[float], shapes: int) -> float:
    """Two shapes of a pair are one of the whole."""
    return sum(pairs) / (shapes - len(pairs)) if shapes else 1.0


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


LEAST_VOTES, MOST = 0.03, 0.97  # workers count at least and at most as if they were right so often
LIGHTEST = 0.05  # log odds and weight of who is wrong more often than right: where all are, the majority decides
SHARP = 3.0
MANY = 5  # people of whom one hardly moves the middle
ALONE = 0.8  # how like the truth a shape of one worker is taken to be

Drawings = Sequence[Sequence[Shape]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The shapes, each with the probability that it is a thing, in their order; `confidence`: of all together."""

    shapes: tuple[Shape, ...]
    sure: tuple[float, ...]
    confidence: float


def drawn_together(drawings: Drawings, accuracies: Sequence[float], threshold: float) -> Drawn:
    """Of at least one drawing."""
    odds = [_log_odds(each) for each in accuracies]
    found = _found(drawings, odds)
    kept = [(each, sure) for each, sure in found if sure > 0.5]
    missed = [sure for _, sure in found if sure <= 0.5]
    confidence = _confidence([sure for _, sure in kept], missed, _mean_likeness([each for each, _ in kept]), threshold)
    if not kept:  # nothing is there, as far as anybody looked
        confidence = min(confidence, _sigmoid(sum(max(0.0, each) for each in odds) + min(0.0, max(odds))))
    by_shape = sorted(((each.middle, sure) for each, sure in kept), key=lambda pair: pair[0].order)
    return Drawn(tuple(shape for shape, _ in by_shape), tuple(sure for _, sure in by_shape), confidence)


def merits(drawings: Drawings, accuracies: Sequence[float]) -> list[float]:
    """Of each drawing the share of it that is right: shapes earn as they are like what the others drew, and things that
    were left out count against it. Clusters are taken for what they likely are (SHARP), else merits would shrink from
    round to round; where nothing is decided they are both."""
    odds = [_log_odds(each) for each in accuracies]
    weights = _weights(odds)
    found = [(each, _sigmoid(SHARP * _thing(each, odds))) for each in clusters(drawings, weights)]
    return [_merit(person, shapes, found, weights) for person, shapes in enumerate(drawings)]


def _merit(
    person: int, shapes: Sequence[Shape], found: Sequence[tuple[Cluster, float]], weights: Sequence[float]
) -> float:
    earned, counted = 0.0, float(len(shapes))
    for cluster, sure in found:
        own = cluster.drawn.get(person)
        if own is None:
            counted += sure
        else:
            earned += sure * _credit(own, person, cluster, weights)
    return earned / counted if shapes else 1 / (1 + counted)


def _credit(own: Shape, person: int, cluster: Cluster, weights: Sequence[float]) -> float:
    """By what the others drew; alone, nothing speaks against where it is. Where many drew a polygon, what all came to
    is as good, and known."""
    if isinstance(own, Polygon) and len(cluster.drawn) >= MANY:
        return credit(alike(own, cluster.middle))
    others = {other: shape for other, shape in cluster.drawn.items() if other != person}
    return credit(alike(own, merged(others, weights))) if others else 1.0


def _found(drawings: Drawings, odds: Sequence[float]) -> list[tuple[Cluster, float]]:
    """The clusters, each with the probability that it is a thing."""
    return [(each, _sigmoid(_thing(each, odds))) for each in clusters(drawings, _weights(odds))]


def _log_odds(accuracy: float) -> float:
    held = min(MOST, max(LEAST_VOTES, accuracy))
    return log(held / (1 - held))


def _weights(odds: Sequence[float]) -> list[float]:
    return [max(LIGHTEST, each) for each in odds]


def _thing(cluster: Cluster, odds: Sequence[float]) -> float:
    """The log odds that it is one."""
    told = sum(each if person in cluster.drawn else -each for person, each in enumerate(_weights(odds)))
    alone = min(odds[person] for person in cluster.drawn) if len(cluster.drawn) == 1 else 0.0
    return told + min(0.0, alone)


def _sigmoid(score: float) -> float:
    return 1 / (1 + exp(-score)) if score > -700 else 0.0


def _mean_likeness(kept: Sequence[Cluster]) -> float:
    """The mean over clusters of how like their middle their drawings are."""
    each = [
        sum(alike(shape, cluster.middle) for shape in cluster.drawn.values()) / len(cluster.drawn)
        if len(cluster.drawn) > 1
        else ALONE
        for cluster in kept
    ]
    return sum(each) / len(each) if each else ALONE


def _confidence(kept: Sequence[float], missed: Sequence[float], likeness: float, threshold: float) -> float:
    """P(the mean likeness reaches the threshold): so many of the kept are things, so many of the others too."""
    if not kept:
        return _counts(missed)[0]
    right, lacking = _counts(kept), _counts(missed)
    return sum(
        one * other
        for things, one in enumerate(right)
        for more, other in enumerate(lacking)
        if likeness * things >= threshold * (len(kept) + more)
    )


def _counts(probabilities: Sequence[float]) -> list[float]:
    """P(so many of them are so), of 0, 1, … all, each by itself."""
    found = [1.0]
    for probability in probabilities:
        longer = [each * (1 - probability) for each in found] + [0.0]
        for at, each in enumerate(found):
            longer[at + 1] += each * probability
        found = longer
    return found
