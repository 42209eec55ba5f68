"""Workers who were honest once: the moment evidence turned (Page's CUSUM)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from domain.quality.crowd import Floats

ALARM = 6.5  # nats
MOST_USUAL = 0.9  # nobody is held to more: one hard task is not a turn
BELIEVED = 6.0


@dataclass(frozen=True, slots=True)
class Turn:
    """`nats` of evidence that answers are random since number `since` (from 0); its highest value `peak`."""

    nats: float
    since: int
    peak: float

    @property
    def is_strong(self) -> bool:
        """The evidence stands now, it did not only once."""
        return self.nats >= ALARM


def turn(right: Floats, classes: int, crowd_accuracy: float) -> Turn:
    """S ← max(0, S + log P(answer | chance) − log P(answer | the worker so far)), in order of answering.

    `right` (n,): P(each answer is right) judged by gold or by others, oldest first. "So far" is the mean before
    S last left zero, shrunk to the crowd's. E. S. Page, Continuous Inspection Schemes, Biometrika 41, 1954.
    """
    score, since, peak = 0.0, 0, 0.0
    good, seen = BELIEVED * crowd_accuracy, BELIEVED
    kept = (good, seen)
    for number, share in enumerate(right.tolist()):
        if score == 0.0:
            since, kept = number, (good, seen)
        usual = min(max(kept[0] / kept[1], 1 / classes + 0.1), MOST_USUAL)
        own = share * usual + (1 - share) * (1 - usual) / max(1, classes - 1)
        score = max(0.0, score - log(classes) - log(own))
        peak, good, seen = max(peak, score), good + share, seen + 1
    return Turn(score, since, peak)
