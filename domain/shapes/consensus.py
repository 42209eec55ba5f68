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

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from domain.shapes.clustering import Cluster, clusters, merged
from domain.shapes.matching import credit
from domain.shapes.shape import Polygon, Shape, alike

LEAST, MOST = 0.03, 0.97  # workers count at least and at most as if they were right so often
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
    confidence = _confidence([sure for _, sure in kept], missed, _likeness([each for each, _ in kept]), threshold)
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
    held = min(MOST, max(LEAST, accuracy))
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


def _likeness(kept: Sequence[Cluster]) -> float:
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
