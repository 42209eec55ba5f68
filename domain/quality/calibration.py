"""Calibration: from a posterior to a confidence that is right as often as it says."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

# Crowds share misconceptions that no model of independent answers can see, so its posteriors exaggerate, the more the
# more answers they add up. How much differs from crowd to crowd: means over fifteen public ones at 1, 2, 3, 5, 8 and
# all answers a task (docs/quality.md).
SHIFT, SLOPE, CROWDING = 0.77, 0.20, -0.46
OF_CLASSES = -0.28  # added to the shift for each log of classes / 2: the more of them, the more there is to mistake
MOST_LOGIT = 20.0  # beyond 1 − e^−20 a posterior carries no further information


@dataclass(frozen=True, slots=True)
class Calibration:
    """confidence = 1/(1 + exp(−(shift + slope × logit posterior + crowding × log answers))) of the leader."""

    shift: float = 0.0
    slope: float = 1.0
    crowding: float = 0.0

    def confidence_of(self, posterior: float, answers: int) -> float:
        """Calibrated P(correct) of a leading class: its posterior and the answers behind it."""
        score = log(max(posterior, 1e-12)) - log(max(1 - posterior, 1e-12))
        score = self.shift + self.slope * min(score, MOST_LOGIT) + self.crowding * log(max(1, answers))
        return 1 / (1 + exp(-score))


def usual(classes: int) -> Calibration:
    """People alone, nothing known of the crowd."""
    return Calibration(SHIFT + OF_CLASSES * log(max(2, classes) / 2), SLOPE, CROWDING)
