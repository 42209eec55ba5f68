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
    box_of,
    counterpart,
    measure_alikeness,
    point_of,
    polygon_of,
)

LEAST = 0.1  # shapes less alike are no pair
NONE, WHOLE = 0.25, 0.75  # how alike a shape must be to earn anything, and all


class Pair(NamedTuple):
    """Positions of two paired shapes in their drawings, and how alike the shapes are."""

    own_index: int
    other_index: int
    alike: float


def pair_shapes(shapes: Sequence[Shape], other_shapes: Sequence[Shape], least: float = LEAST) -> list[Pair]:
    """Return pairs of the most similar shapes, each shape in one pair at most; shapes less alike than `least` are no
    pair."""
    candidates = [
        Pair(own_index, other_index, likeness)
        for own_index, mine in enumerate(shapes)
        for other_index, theirs in enumerate(other_shapes)
        if (likeness := measure_alikeness(mine, theirs)) >= least
    ]
    candidates.sort(key=lambda pair: (-pair.alike, pair.own_index, pair.other_index))
    pairs, paired, other_paired = list[Pair](), set[int](), set[int]()
    for pair in candidates:
        if pair.own_index not in paired and pair.other_index not in other_paired:
            pairs.append(pair)
            paired.add(pair.own_index)
            other_paired.add(pair.other_index)
    return pairs


def measure_likeness(shapes: Sequence[Shape], other_shapes: Sequence[Shape]) -> float:
    """Return how alike the pairs are, on average over all shapes of both drawings; a shape without its pair counts 0.
    Two empty drawings have 1."""
    return _mean([pair.alike for pair in pair_shapes(shapes, other_shapes)], len(shapes) + len(other_shapes))


def measure_merit(shapes: Sequence[Shape], other_shapes: Sequence[Shape]) -> float:
    """Return the share of one drawing's shapes that agrees with the other's, and the other way round (`credit`)."""
    return _mean([credit(pair.alike) for pair in pair_shapes(shapes, other_shapes)], len(shapes) + len(other_shapes))


def credit(likeness: float) -> float:
    """Return the credit of a shape with this likeness: nothing up to NONE, all from WHOLE, one half at 0.5."""
    return min(1.0, max(0.0, (likeness - NONE) / (WHOLE - NONE)))


def _mean(pairs: Sequence[float], shapes: int) -> float:
    """Return the mean over all shapes of two drawings; two paired shapes count as one."""
    return sum(pairs) / (shapes - len(pairs)) if shapes else 1.0


JOINS = 0.4
ROUNDS = 2
CANDIDATES = 7  # polygons of the most trusted, of which one gives the corners


@dataclass(slots=True)
class Cluster:
    """Shapes that different people drew of one thing, by person; `middle` is the shape they are merged to."""

    middle: Shape
    drawn: dict[int, Shape] = field(default_factory=dict)


def cluster_shapes(drawings: Sequence[Sequence[Shape]], weights: Sequence[float]) -> list[Cluster]:
    """Return the clusters in the order of their middles; people are numbered by their place in `drawings`."""
    order = sorted(range(len(drawings)), key=lambda person: (-weights[person], person))
    groups: list[Cluster] = []
    for _ in range(ROUNDS):
        groups = [Cluster(group.middle) for group in groups]
        for person in order:
            _join_clusters(groups, person, drawings[person], weights)
        groups = [group for group in groups if group.drawn]
        for group in groups:
            group.middle = merge_shapes(group.drawn, weights)
    return sorted(groups, key=lambda group: group.middle.order)


def merge_shapes(drawn: Mapping[int, Shape], weights: Sequence[float]) -> Shape:
    """Return the weighted median of each coordinate; of spans the lower one of two, so that a worker drew it. Boxes and
    polygons together become whichever of the two has more weight."""
    sample = next(iter(drawn.values()))
    if len(drawn) == 1:
        return sample
    sure = [weights[person] for person in drawn]
    if isinstance(sample, Point):
        points = [shape for shape in drawn.values() if isinstance(shape, Point)]
        return point_of(sample.label, median([p.x for p in points], sure), median([p.y for p in points], sure))
    if isinstance(sample, Interval):
        return _interval(sample, [shape for shape in drawn.values() if isinstance(shape, Interval)], sure)
    polygons = {person: shape for person, shape in drawn.items() if isinstance(shape, Polygon)}
    if 2 * sum(weights[person] for person in polygons) > sum(sure):
        return _polygon(polygons, weights)
    sides = zip(*(shape.bounds for shape in drawn.values() if isinstance(shape, Box | Polygon)), strict=True)
    left_side, top, right, bottom = (median(side, sure) for side in sides)
    return box_of(sample.label, (left_side, top, right, bottom))


def median(values: Sequence[float], weights: Sequence[float], lower: bool = False) -> float:
    """Return the value with at most half of the weight on either side; of two such values their mean, or the lower one.
    Raise ValueError without values."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    half, reached = sum(weights) / 2, 0.0
    for place, index in enumerate(order):
        reached += weights[index]
        if reached > half * (1 + 1e-9) or place == len(order) - 1:
            return values[index]
        if reached >= half * (1 - 1e-9):
            return values[index] if lower else (values[index] + values[order[place + 1]]) / 2
    raise ValueError("no value")


def _join_clusters(groups: list[Cluster], person: int, shapes: Sequence[Shape], weights: Sequence[float]) -> None:
    """Add the person's shapes to the clusters that they are like; the others begin clusters of their own."""
    pairs = pair_shapes(shapes, [group.middle for group in groups], JOINS)
    joined = {pair.own_index: groups[pair.other_index] for pair in pairs}
    for index, shape in enumerate(shapes):
        if index not in joined:
            groups.append(Cluster(shape, {person: shape}))
            continue
        joined[index].drawn[person] = shape
        if not isinstance(shape, Polygon):  # whose middle takes time: it follows after the round
            joined[index].middle = merge_shapes(joined[index].drawn, weights)


def _interval(sample: Interval, drawn: Sequence[Interval], weights: Sequence[float]) -> Shape:
    """Return the interval of the median start and end; they keep their order, since each start is before its end."""
    starts, ends = [interval.start for interval in drawn], [interval.end for interval in drawn]
    if isinstance(sample, Span):
        return Span(sample.label, median(starts, weights, lower=True), median(ends, weights, lower=True))
    start, end = (round(median(values, weights), DECIMALS) for values in (starts, ends))
    return Region(sample.label, start, end)


def _polygon(drawn: Mapping[int, Polygon], weights: Sequence[float]) -> Polygon:
    """Return the polygon most like the others, with each corner moved to the weighted median of its counterparts;
    unmoved if that makes it less like the others."""
    shapes, sure = list(drawn.values()), [weights[person] for person in drawn]
    heaviest = sorted(range(len(shapes)), key=lambda index: (-sure[index], index))[:CANDIDATES]
    likeness = {index: _likeness(shapes[index], shapes, sure) for index in heaviest}
    best = max(heaviest, key=lambda index: (likeness[index], -index))
    corners = []
    for corner in shapes[best].corners:
        near = [counterpart(polygon.corners, shapes[best].corners, corner) for polygon in shapes]
        corners.append((median([x for x, _ in near], sure), median([y for _, y in near], sure)))
    moved = polygon_of(shapes[best].label, corners)
    return moved if len(moved.corners) > 2 and _likeness(moved, shapes, sure) >= likeness[best] else shapes[best]


def _likeness(polygon: Polygon, polygons: Sequence[Polygon], weights: Sequence[float]) -> float:
    return sum(
        weight * measure_alikeness(polygon, other_polygon)
        for other_polygon, weight in zip(polygons, weights, strict=True)
    )


LEAST_VOTES, MOST = 0.03, 0.97  # workers count at least and at most as if they were right so often
LIGHTEST = 0.05  # log odds and weight of who is wrong more often than right: where all are, the majority decides
SHARP = 3.0
MANY = 5  # people of whom one hardly moves the middle
ALONE = 0.8  # how like the truth a shape of one worker is taken to be

Drawings = Sequence[Sequence[Shape]]


@dataclass(frozen=True, slots=True)
class MergedDrawing:
    """Merged shapes in their order, each with the probability that it is a thing; `confidence` is that of the whole."""

    shapes: tuple[Shape, ...]
    sure: tuple[float, ...]
    confidence: float


def merge_drawings(drawings: Drawings, accuracies: Sequence[float], threshold: float) -> MergedDrawing:
    """Return the consensus of at least one drawing."""
    odds = [_log_odds(item) for item in accuracies]
    weighed = _weigh_clusters(drawings, odds)
    kept_clusters = [(item, sure) for item, sure in weighed if sure > 0.5]
    missed = [sure for _, sure in weighed if sure <= 0.5]
    confidence = _confidence(
        [sure for _, sure in kept_clusters], missed, _mean_likeness([item for item, _ in kept_clusters]), threshold
    )
    if not kept_clusters:  # nothing is there, as far as anybody looked
        confidence = min(confidence, _sigmoid(sum(max(0.0, item) for item in odds) + min(0.0, max(odds))))
    by_shape = sorted(((item.middle, sure) for item, sure in kept_clusters), key=lambda pair: pair[0].order)
    return MergedDrawing(tuple(shape for shape, _ in by_shape), tuple(sure for _, sure in by_shape), confidence)


def measure_merits(drawings: Drawings, accuracies: Sequence[float]) -> list[float]:
    """Return the share of each drawing that is right: shapes earn as they are like the others' shapes, and things that
    were left out count against it. Clusters are taken for what they likely are (SHARP), else merits would shrink from
    round to round; undecided ones count as both."""
    odds = [_log_odds(item) for item in accuracies]
    weights = _weights(odds)
    weighed = [(item, _sigmoid(SHARP * _log_odds_of_thing(item, odds))) for item in cluster_shapes(drawings, weights)]
    return [_merit(person, shapes, weighed, weights) for person, shapes in enumerate(drawings)]


def _merit(
    person: int, shapes: Sequence[Shape], weighed: Sequence[tuple[Cluster, float]], weights: Sequence[float]
) -> float:
    """Return the share of one person's drawing that is right; of an empty one, by the number of things that others
    drew."""
    earned, counted = 0.0, float(len(shapes))
    for cluster, sure in weighed:
        own = cluster.drawn.get(person)
        if own is None:
            counted += sure
        else:
            earned += sure * _credit(own, person, cluster, weights)
    return earned / counted if shapes else 1 / (1 + counted)


def _credit(own: Shape, person: int, cluster: Cluster, weights: Sequence[float]) -> float:
    """Return the shape's credit by what the others drew; 1 if no other drew it. Where many drew a polygon, their common
    middle is as good, and known."""
    if isinstance(own, Polygon) and len(cluster.drawn) >= MANY:
        return credit(measure_alikeness(own, cluster.middle))
    other_shapes = {drawer: shape for drawer, shape in cluster.drawn.items() if drawer != person}
    return credit(measure_alikeness(own, merge_shapes(other_shapes, weights))) if other_shapes else 1.0


def _weigh_clusters(drawings: Drawings, odds: Sequence[float]) -> list[tuple[Cluster, float]]:
    """Return the clusters, each with the probability that it is a thing."""
    return [(group, _sigmoid(_log_odds_of_thing(group, odds))) for group in cluster_shapes(drawings, _weights(odds))]


def _log_odds(accuracy: float) -> float:
    bounded = min(MOST, max(LEAST_VOTES, accuracy))
    return log(bounded / (1 - bounded))


def _weights(odds: Sequence[float]) -> list[float]:
    return [max(LIGHTEST, log_odds) for log_odds in odds]


def _log_odds_of_thing(cluster: Cluster, odds: Sequence[float]) -> float:
    """Return the log odds that the cluster is a thing."""
    support = sum(weight if person in cluster.drawn else -weight for person, weight in enumerate(_weights(odds)))
    alone = min(odds[person] for person in cluster.drawn) if len(cluster.drawn) == 1 else 0.0
    return support + min(0.0, alone)


def _sigmoid(score: float) -> float:
    return 1 / (1 + exp(-score)) if score > -700 else 0.0


def _mean_likeness(groups: Sequence[Cluster]) -> float:
    """Return the mean over clusters of how like their middle their drawings are."""
    likenesses = [
        sum(measure_alikeness(shape, cluster.middle) for shape in cluster.drawn.values()) / len(cluster.drawn)
        if len(cluster.drawn) > 1
        else ALONE
        for cluster in groups
    ]
    return sum(likenesses) / len(likenesses) if likenesses else ALONE


def _confidence(
    kept_probabilities: Sequence[float], missed_probabilities: Sequence[float], likeness: float, threshold: float
) -> float:
    """Return P(the mean likeness reaches the threshold), over the numbers of kept and of missed clusters that are
    things."""
    if not kept_probabilities:
        return _counts(missed_probabilities)[0]
    right, lacking = _counts(kept_probabilities), _counts(missed_probabilities)
    return sum(
        p_things * p_missing
        for things, p_things in enumerate(right)
        for missing_things, p_missing in enumerate(lacking)
        if likeness * things >= threshold * (len(kept_probabilities) + missing_things)
    )


def _counts(probabilities: Sequence[float]) -> list[float]:
    """Return P(0, 1, … all of them are true), each independent of the others."""
    counts = [1.0]
    for probability in probabilities:
        longer = [probability_so_far * (1 - probability) for probability_so_far in counts] + [0.0]
        for index, probability_so_far in enumerate(counts):
            longer[index + 1] += probability_so_far * probability
        counts = longer
    return counts
