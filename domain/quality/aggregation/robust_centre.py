"""Where numbers agree, and how sure that is with few of them.

The centre is Huber's (domain/quality/numbers); what is believed of it is Student's t around it. The variance of one
answer has a scaled-inverse-χ² prior worth PRIOR answers around (SPREAD × tolerance)², so that two who agree to the
digit are not taken for certainty (A. Gelman et al., Bayesian Data Analysis, 3.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, pi, sin, sqrt

import numpy as np

from domain.quality.aggregation.robust_numbers import location, weighted_median
from domain.quality.crowd import Floats

PRIOR, SPREAD = 3, 1.6


@dataclass(frozen=True, slots=True)
class Centre:
    """`value`, its standard error, and the degrees of freedom of its t distribution."""

    value: float
    error: float
    freedom: int

    def probability(self, low: float, high: float) -> float:
        """P(the true value is between low and high)."""
        return t_below((high - self.value) / self.error, self.freedom) - t_below(
            (low - self.value) / self.error, self.freedom
        )

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % credible interval."""
        half = self.error * t_quantile(0.975, self.freedom)
        return self.value - half, self.value + half


def centre_of(values: Sequence[float], trust: Sequence[float], tolerance: float) -> Centre:
    """Of n ≥ 1 values; `trust` weighs them, `tolerance` > 0 is the difference that would not matter."""
    weights, given = np.asarray(trust, dtype=np.float64), np.asarray(values, dtype=np.float64)
    value, spread, weights = _agreed(given, weights) or _spread_out(given, weights)
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    freedom = PRIOR + len(weights) - 1
    variance = (PRIOR * (SPREAD * tolerance) ** 2 + (len(weights) - 1) * spread**2) / freedom
    return Centre(value, sqrt(variance / effective), freedom)


def _agreed(values: Floats, weights: Floats) -> tuple[float, float, Floats] | None:
    """Where most of the weight is on one value, that value is the centre."""
    median = weighted_median(values, weights)
    same = weights[values == median]
    return (median, 0.0, same) if same.sum() * 2 > weights.sum() else None


def _spread_out(values: Floats, weights: Floats) -> tuple[float, float, Floats]:
    found = location(values, weights)
    return found.value, found.spread, weights


def t_below(t: float, freedom: int) -> float:
    """P(T ≤ t) of Student's distribution, finite sums for whole degrees of freedom (Abramowitz & Stegun 26.7.3–4)."""
    angle = atan(t / sqrt(freedom))
    square, term = cos(angle) ** 2, 1.0
    odd = freedom % 2
    total = 0.0
    for step in range(freedom // 2):
        total += term
        term *= square * (2 * step + 1 + odd) / (2 * step + 2 + odd)
    if odd:
        return 0.5 + (angle + sin(angle) * cos(angle) * total) / pi
    return 0.5 + sin(angle) * total / 2


def t_quantile(probability: float, freedom: int) -> float:
    """By halving: the t that is not exceeded with this probability."""
    low, high = -1e6, 1e6
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if t_below(middle, freedom) < probability else (low, middle)
    return (low + high) / 2
