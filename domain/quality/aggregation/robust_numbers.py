"""A robust weighted centre of numbers, and the precision of each worker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Floats

BEND = 1.5  # residuals beyond this many scales count for less (Huber's k)
MAD_TO_SIGMA = 1.4826
SETTLED = 1e-6  # of the spread


@dataclass(frozen=True, slots=True)
class RobustLocation:
    """The centre's `value`; `spread` is the robust standard deviation of one answer."""

    value: float
    spread: float


def location(values: Floats, weights: Floats, rounds: int = 30) -> RobustLocation:
    """Huber's M-estimate of the centre of `values` (n,), n ≥ 1, weighted by skill `weights` (n,) > 0.

    P. J. Huber, Robust Estimation of a Location Parameter, Ann. Math. Stat. 35, 1964.
    """
    centre = weighted_median(values, weights)
    spread = MAD_TO_SIGMA * weighted_median(np.abs(values - centre), weights)
    if spread == 0:  # most agree to the digit: what is left of the spread is the mean deviation
        spread = float(np.average(np.abs(values - centre), weights=weights))
    for _ in range(rounds if spread > 0 else 0):
        far, before = np.abs(values - centre) / spread, centre
        pull = weights * np.minimum(1, BEND / np.maximum(far, 1e-12))
        centre = float((pull * values).sum() / pull.sum())
        if abs(centre - before) < spread * SETTLED:
            break
    return RobustLocation(centre, spread)


def weighted_median(values: Floats, weights: Floats) -> float:
    """The value with at most half the weight on either side (the mean of two such)."""
    order = np.argsort(values, kind="stable")
    ordered, reached = values[order], np.cumsum(weights[order])
    half = reached[-1] / 2
    low = int(np.searchsorted(reached, half * (1 - 1e-12)))
    high = int(np.searchsorted(reached, half * (1 + 1e-12), side="right"))
    return float((ordered[low] + ordered[min(high, len(ordered) - 1)]) / 2)


def weight_of(residuals: Floats, crowd_variance: float, believed: float = 4.0) -> float:
    """A worker's precision 1/σ² from residuals (n,) against consensus or gold, shrunk to the crowd's variance."""
    variance = (float((residuals**2).sum()) + believed * crowd_variance) / (len(residuals) + believed)
    return 1 / max(variance, 1e-12)
