"""A worker's skill, with its uncertainty (rank)."""

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Crowd, Floats
from domain.quality.intervals import BELIEVED, wilson
from domain.quality.model import Fit, others


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


def skills(crowd: Crowd, fitted: Fit, beside: Floats | float = 0.0) -> tuple[Skill, ...]:
    """Every worker's skill, each answer judged by the others, gold and models (`beside`, nats) alone.

    A judgement counts for as much as it is sure, (leader − chance)/(1 − chance): not at all where nothing else is said.
    """
    truth, workers, chance = others(crowd, fitted, beside=beside), len(fitted.matrix), 1 / crowd.classes
    sure = (truth.max(1, initial=chance) - chance) / max(1e-9, 1 - chance)  # a single class carries no information
    hits = truth[np.arange(len(truth)), crowd.label] * sure
    right, tried = np.bincount(crowd.worker, hits, workers), np.bincount(crowd.worker, sure, workers)
    pooled = (right.sum() + BELIEVED * fitted.start.accuracy) / (tried.sum() + BELIEVED)
    accuracy = (right + BELIEVED * pooled) / (tried + BELIEVED)
    return tuple(map(Skill, accuracy.tolist(), (tried + BELIEVED).tolist()))
