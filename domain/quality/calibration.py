"""Calibration: from a model's posterior to a confidence that is right as often as it says."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from domain.quality.crowd import Crowd, Floats
from domain.quality.special_functions import expit, logit

# Crowds share misconceptions that no model of independent answers can see, so posteriors exaggerate, the more
# the more answers they add up. How much differs from crowd to crowd: (shift, slope, crowding) of a single model over
# fifteen public ones at 1, 2, 3, 5, 8 and all answers a task, and about their variances (docs/quality.md).
USUAL = np.array([0.641, 0.209, -0.488])
SPREAD = np.diag([0.45, 0.03, 0.05])
AVERAGED = np.array([0.610, 0.158, -0.272])  # the same of several models' average, from 3 answers a task, two classes
OF_CLASSES = -0.582  # added to its shift for each log of classes / 2: the more of them, the more there is to mistake
MOST_LOGIT = 20.0  # beyond 1 − e^−20 a posterior carries no further information


@dataclass(frozen=True, slots=True)
class Calibration:
    """confidence = 1/(1 + exp(−(shift + slope × logit posterior + crowding × log answers))) of the leader."""

    shift: float = float(USUAL[0])
    slope: float = float(USUAL[1])
    crowding: float = float(USUAL[2])

    def confidence(self, posterior: Floats, answers: Floats) -> Floats:
        """Calibrated P(correct) of a leading class: its posterior and the answers behind it, any shape."""
        return expit(_features(posterior, answers) @ np.array([self.shift, self.slope, self.crowding]))

    def confidence_of(self, posterior: float, answers: int) -> float:
        """The same for one task."""
        score = log(max(posterior, 1e-12)) - log(max(1 - posterior, 1e-12))
        score = self.shift + self.slope * min(score, MOST_LOGIT) + self.crowding * log(max(1, answers))
        return 1 / (1 + exp(-score))


SINGLE = Calibration()  # of one model, nothing known of the crowd


def usual_average(classes: int) -> Calibration:
    """The usual calibration of the average of several models (domain/quality/averaging)."""
    shift, slope, crowding = AVERAGED.tolist()
    return Calibration(shift + OF_CLASSES * log(max(2, classes) / 2), slope, crowding)


def calibrate(posterior: Floats, answers: Floats, correct: Floats, usual: Calibration = SINGLE) -> Calibration:
    """MAP of (shift, slope, crowding) by Newton's method, Gaussian prior (`usual`, SPREAD); after Platt 1999.

    Gold tasks (n,): the probability the model, without gold, gave its leader; its answers; 1 where it was right.
    """
    features, precision = _features(posterior, answers), np.linalg.inv(SPREAD)
    believed = np.array([usual.shift, usual.slope, usual.crowding])
    weights = believed.copy()
    for _ in range(50):
        mean = expit(features @ weights)
        slope = features.T @ (correct - mean) - precision @ (weights - believed)
        bend = (features * (mean * (1 - mean))[:, None]).T @ features + precision
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    shift, slope, crowding = weights.tolist()
    return Calibration(shift, max(0.02, slope), crowding)


def calibrate_on_gold(crowd: Crowd, untold: Floats, usual: Calibration = SINGLE) -> Calibration:
    """Calibration on the crowd's answered gold tasks; `untold` (tasks, classes) did not know their answers."""
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    answered = sizes[crowd.gold_task] > 0
    known, right = crowd.gold_task[answered], crowd.gold_label[answered]
    if not len(known):
        return usual
    correct = (untold[known].argmax(1) == right).astype(np.float64)
    return calibrate(untold[known].max(1), sizes[known].astype(np.float64), correct, usual)


def _features(posterior: Floats, answers: Floats) -> Floats:
    score = np.minimum(logit(posterior), MOST_LOGIT)
    return np.stack([np.ones_like(score), score, np.log(np.maximum(answers, 1))], -1)
