"""From a model's posterior to a confidence that keeps its word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Floats
from domain.quality.special import expit, logit

# Crowds share misconceptions that no model of independent answers can see, so posteriors exaggerate. How much
# differs from crowd to crowd: mean and covariance of (shift, slope) over fifteen public ones (docs/quality.md).
USUAL = np.array([0.35, 0.45])
SPREAD = np.array([[0.49, -0.07], [-0.07, 0.03]])
MOST_LOGIT = 9.0  # beyond 1 − e^−9 a posterior says nothing more about the truth


@dataclass(frozen=True, slots=True)
class Calibration:
    """confidence = 1/(1 + exp(−(shift + slope × logit posterior))), the Platt scaling of the leader."""

    shift: float = float(USUAL[0])
    slope: float = float(USUAL[1])

    def confidence(self, posterior: Floats) -> Floats:
        """Calibrated P(correct) for the leading class's posterior, any shape."""
        return expit(self.shift + self.slope * np.minimum(logit(posterior), MOST_LOGIT))

    def posterior_at(self, confidence: float) -> float:
        """The posterior at which `confidence` is reached; more than 1 − e^−9 where it never is."""
        score = (float(logit(np.asarray(confidence))) - self.shift) / self.slope
        return float(expit(np.asarray(score)))


def calibrate(posterior: Floats, correct: Floats) -> Calibration:
    """MAP of (shift, slope) by Newton's method, Gaussian prior (USUAL, SPREAD).

    `posterior` (n,): what the model gave its leader on gold tasks it was not told; `correct` (n,): 0 or 1.
    After Platt 1999; without gold it is the prior's mean.
    """
    features = np.stack([np.ones_like(posterior), np.minimum(logit(posterior), MOST_LOGIT)], 1)
    precision = np.linalg.inv(SPREAD)
    weights = USUAL.copy()
    for _ in range(25):
        mean = expit(features @ weights)
        slope = features.T @ (correct - mean) - precision @ (weights - USUAL)
        bend = (features * (mean * (1 - mean))[:, None]).T @ features + precision
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return Calibration(float(weights[0]), max(0.05, float(weights[1])))
