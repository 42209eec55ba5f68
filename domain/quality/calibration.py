"""Calibration: from a posterior to a confidence that is right as often as it says."""

from collections.abc import Mapping
from math import exp, log

import numpy as np
from scipy.special import logit

from domain.answers import kind_of
from domain.quality.aggregation import Agreement
from domain.quality.given_answers import ENOUGH_GOLD, Gold
from domain.quality.stacking import regressed

# Crowds share misconceptions that no model of independent answers can see, so its posteriors exaggerate, the more the
# more answers they add up. Means over fifteen public crowds at 1, 2, 3, 5, 8 and all answers a task (docs/quality.md).
SHIFT, SLOPE, CROWDING = 0.77, 0.20, -0.46
OF_CLASSES = -0.28  # added to the shift for each log of classes / 2: the more of them, the more there is to mistake
MOST_LOGIT = 20.0  # beyond 1 − e^−20 a posterior carries no further information


def usual(posterior: float, answers: int, classes: int) -> float:
    """The confidence in the leader of so many classes where people alone have answered, and nothing is known of them:
    1/(1 + exp(−(shift + slope × logit posterior + crowding × log answers)))."""
    shift = SHIFT + OF_CLASSES * log(max(2, classes) / 2) + CROWDING * log(max(1, answers))
    return shifted(posterior, shift, SLOPE)


def shifted(sure: float, shift: float, slope: float = 1.0) -> float:
    """A probability whose log odds are moved."""
    odds = min(log(max(sure, 1e-12) / max(1 - sure, 1e-12)), MOST_LOGIT)
    return 1 / (1 + exp(-shift - slope * odds))


def shift_on_gold(kind: str, drawn: Mapping[int, Agreement], gold: Gold) -> float:
    """Where answers are no classes: what makes the confidence of gold tasks, `drawn` without gold, right on the gold.

    MAP of the shift s in P(right) = 1/(1 + exp(−logit confidence − s)), prior N(0, 1); 0 from few.
    """
    known = kind_of(kind)
    pairs = [(d.confidence, known.is_right(d.answer, gold[t])) for t, d in drawn.items() if d.confidence is not None]
    if len(pairs) < ENOUGH_GOLD:
        return 0.0
    sure, right = np.array(pairs).T
    is_right = np.array([0.0, 1.0])  # the two classes of the regression
    design, known = np.tile(is_right[:, None], (len(pairs), 1, 1)), logit(sure.clip(1e-6, 1 - 1e-6))[:, None] * is_right
    return float(regressed(design, right.astype(int), np.zeros(1), np.ones(1), known)[0])
