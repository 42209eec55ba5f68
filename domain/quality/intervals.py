"""Shares with few tries behind them: the prior, Wilson's score interval (J. Am. Stat. Assoc. 22, 1927), log odds."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # files are read without numpy
    from domain.quality.crowd import Floats

Counts = TypeVar("Counts", float, "Floats")
SURE = 1.96  # the normal quantile of a 95 % interval
PERSON = 0.75  # how often one person's answer is right where nothing is known (the mean over public crowds)
BELIEVED = 4.0  # tries that what is usual counts for beside somebody's own
LEAST, MOST = 0.02, 0.98  # no accuracy is believed beyond


def believed(right: Counts, tried: Counts, usual: float) -> Counts:
    """The posterior mean of a share, of which BELIEVED tries are what is `usual`."""
    return (right + usual * BELIEVED) / (tried + BELIEVED)


def wilson(right: float, tried: float, quantile: float = SURE) -> tuple[float, float]:
    """Where the share of right ones lies, of so many tries, pseudo-tries among them; anywhere without any."""
    if not tried:
        return 0.0, 1.0
    n, p, z = tried, right / tried, quantile
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def bounded(accuracy: float) -> float:
    return min(MOST, max(LEAST, accuracy))


def log_odds(accuracy: float, classes: int) -> float:
    """Nats by which an answer of this accuracy lifts its class over another one; errors fall on all others alike."""
    kept = bounded(accuracy)
    return log(kept / (1 - kept) * max(1, classes - 1))


@dataclass(frozen=True, slots=True)
class Skill:
    """Estimated `accuracy`, and the (pseudo-)answers behind it."""

    accuracy: float
    answers: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, Wilson's."""
        return wilson(self.accuracy * self.answers, self.answers)

    @property
    def at_most(self) -> float:
        """The upper end of the one-sided 90 % interval."""
        return wilson(self.accuracy * self.answers, self.answers, 1.28)[1]
