"""Robust consensus of numbers: Huber's M-estimate (Ann. Math. Stat. 35, 1964), and Student's t around it.

The variance of an answer of weight w has a scaled-inverse-χ² prior worth PRIOR answers around (SPREAD × tolerance)² / w
(Gelman et al., Bayesian Data Analysis, 3.2): two who agree to the digit are not certain. The robust spread of n answers
tells as much as EFFICIENCY × (n − 1) of them. No arrays: a task has a few answers, for which they take ten times as
long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.special import stdtr, stdtrit

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
        below, above = (float(stdtr(self.freedom, (end - self.value) / self.error)) for end in (low, high))
        return above - below

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % credible interval."""
        half = self.error * float(stdtrit(self.freedom, 0.975))
        return self.value - half, self.value + half


def centre_of(values: Sequence[float], trust: Sequence[float], tolerance: float) -> Centre:
    """Of n ≥ 1 values; `trust` is their precision, `tolerance` > 0 is the difference that would not matter."""
    median, weights = weighted_median(values, trust), trust
    same = [weight for value, weight in zip(values, trust, strict=True) if value == median]
    if sum(same) * 2 > sum(trust):  # where most of the weight is on one value, that value is the centre
        value, spread, weights = median, 0.0, same
    else:
        value, spread = location(values, trust)
    further, total = EFFICIENCY * (len(weights) - 1), sum(weights)
    foretold = (SPREAD * tolerance) ** 2 / total
    seen = spread**2 * sum([weight**2 for weight in weights]) / total**2
    return Centre(value, sqrt((PRIOR * foretold + further * seen) / (PRIOR + further)), PRIOR + further)


def location(values: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Huber's centre of `values` (n,), weighted by skill `weights` (n,) > 0, and the robust standard deviation of one
    of them; no value has more than half of the weight, so that it is not 0."""
    centre = weighted_median(values, weights)
    spread = MAD_TO_SIGMA * weighted_median([abs(value - centre) for value in values], weights)
    for _ in range(ROUNDS):
        bent, before = BEND * spread, centre
        pull = [w * min(1, bent / max(abs(v - centre), 1e-12)) for v, w in zip(values, weights, strict=True)]
        centre = sum([share * value for share, value in zip(pull, values, strict=True)]) / sum(pull)
        if abs(centre - before) < spread * SETTLED:
            break
    return centre, spread


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value with at most half the weight on either side (the mean of two such)."""
    half, reached, low = sum(weights) / 2, 0.0, None
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if low is None and reached >= half * (1 - 1e-12):
            low = value
        if reached >= half * (1 + 1e-12):
            break
    return value if low is None else (low + value) / 2
