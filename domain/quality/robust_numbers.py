"""Robust consensus of numbers: Huber's M-estimate (Ann. Math. Stat. 35, 1964), and Student's t around it.

The variance of an answer of weight w has a scaled-inverse-χ² prior worth PRIOR answers around (SPREAD × tolerance)² / w
(Gelman et al., Bayesian Data Analysis, 3.2): two who agree to the digit are not certain. The robust spread of n answers
tells as much as EFFICIENCY × (n − 1) of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from domain.quality.crowd import Floats

PRIOR, SPREAD = 5, 1.6
BEND = 1.5  # residuals beyond this many scales count for less (Huber's k)
MAD_TO_SIGMA = 1.4826
EFFICIENCY = 0.5  # of a median deviation against the standard deviation: .37 of many normal values, more of few
ROUNDS, SETTLED = 30, 1e-6  # of the iteration; of the spread


@dataclass(frozen=True, slots=True)
class Centre:
    """`value`, its standard error, and the degrees of freedom of its t distribution."""

    value: float
    error: float
    freedom: float

    def probability(self, low: float, high: float) -> float:
        """P(the true value is between low and high)."""
        return float(np.diff(stdtr(self.freedom, (np.array([low, high]) - self.value) / self.error))[0])

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % credible interval."""
        half = self.error * float(stdtrit(self.freedom, 0.975))
        return self.value - half, self.value + half


def centre_of(values: Sequence[float], trust: Sequence[float], tolerance: float) -> Centre:
    """Of n ≥ 1 values; `trust` is their precision, `tolerance` > 0 is the difference that would not matter."""
    weights, given = np.asarray(trust, dtype=np.float64), np.asarray(values, dtype=np.float64)
    median = weighted_median(given, weights)
    same = weights[given == median]
    if same.sum() * 2 > weights.sum():  # where most of the weight is on one value, that value is the centre
        value, spread, weights = median, 0.0, same
    else:
        value, spread = location(given, weights)
    further, total = EFFICIENCY * (len(weights) - 1), float(weights.sum())
    foretold = (SPREAD * tolerance) ** 2 / total
    seen = spread**2 * float((weights**2).sum()) / total**2
    return Centre(value, sqrt((PRIOR * foretold + further * seen) / (PRIOR + further)), PRIOR + further)


def location(values: Floats, weights: Floats) -> tuple[float, float]:
    """Huber's centre of `values` (n,), weighted by skill `weights` (n,) > 0, and the robust standard deviation of one
    of them; no value has more than half of the weight, so that it is not 0."""
    centre = weighted_median(values, weights)
    spread = MAD_TO_SIGMA * weighted_median(np.abs(values - centre), weights)
    for _ in range(ROUNDS):
        far, before = np.abs(values - centre) / spread, centre
        pull = weights * np.minimum(1, BEND / np.maximum(far, 1e-12))
        centre = float((pull * values).sum() / pull.sum())
        if abs(centre - before) < spread * SETTLED:
            break
    return centre, spread


def weighted_median(values: Floats, weights: Floats) -> float:
    """The value with at most half the weight on either side (the mean of two such)."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    low, high = np.searchsorted(reached, reached[-1] / 2 * np.array([1 - 1e-12, 1 + 1e-12]))
    return float(values[order[[low, min(high, len(order) - 1)]]].mean())
