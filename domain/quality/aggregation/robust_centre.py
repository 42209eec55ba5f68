"""Where numbers agree, and how sure that is with few of them.

The centre is Huber's (domain/quality/numbers); what is believed of it is Student's t around it. The variance of one
answer has a scaled-inverse-χ² prior worth PRIOR answers around (SPREAD × tolerance)², so that two who agree to the
digit are not taken for certainty (A. Gelman et al., Bayesian Data Analysis, 3.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

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
        below = stdtr(self.freedom, (np.array([low, high]) - self.value) / self.error)
        return float(below[1] - below[0])

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % credible interval."""
        half = self.error * float(stdtrit(self.freedom, 0.975))
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
