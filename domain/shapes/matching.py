"""One drawing against another: which shapes are the same, and how alike the whole is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.shapes.shape import Shape, alike

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
