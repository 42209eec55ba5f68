"""How often people, and a model (AI), are right before anybody is told apart: one coin each, by what all say of the
same tasks (Dawid & Skene 1979)."""

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Crowd, Ints, normalised, votes
from domain.quality.intervals import PERSON, believed, log_odds
from domain.quality.machine import USUAL

COMPARED = 10.0  # answers that what is usual of people counts for
ANCHOR = 600.0  # comparisons from which the crowd's own errors and shares outweigh the coin
ROUNDS, SETTLED = 100, 1e-4
ENOUGH = 4_000  # tasks, evenly spread, that are looked at


@dataclass(frozen=True, slots=True)
class Coin:
    """`accuracy` of a single answer of people, and the number of comparisons (`support`) behind it."""

    accuracy: float
    support: float

    @property
    def anchor(self) -> float:
        """What it counts beside what the model of the crowd finds, of 1."""
        return ANCHOR / (ANCHOR + self.support)


def coins(crowd: Crowd, said: Ints | int = -1) -> tuple[Coin, float]:
    """Of people, and how often a model is right that says `said` (tasks,), −1 where nothing.

    Tasks on which people, or the two, differ are asked more. Pairs of answers are then pairs about those tasks, which
    make people look poor; the likelihood of all answers does not mind (missing at random, Rubin 1976). Fitted by
    expectation–maximisation, equal classes, to tasks that gold or two voices tell of.
    """
    counts, truth = votes(crowd), np.full(crowd.tasks, -1)
    truth[crowd.gold_task] = crowd.gold_label
    model = np.broadcast_to(said, crowd.tasks)[:, None] == np.arange(crowd.classes)
    voices = counts.sum(1) + model.any(1)
    comparisons = np.where(truth >= 0, voices, voices - 1) * counts.any(1)
    kept = np.flatnonzero(comparisons > 0)
    kept = kept[:: max(1, len(kept) // ENOUGH)]
    people, model, gold = counts[kept], model[kept], truth[kept] >= 0
    known = np.eye(crowd.classes)[truth[kept][gold]]
    right, own, before = PERSON, USUAL, 0.0
    for _ in range(ROUNDS):
        shares = normalised(people * log_odds(right, crowd.classes) + model * log_odds(own, crowd.classes))
        shares[gold] = known
        right, before = float(((shares * people).sum() + PERSON * COMPARED) / (people.sum() + COMPARED)), right
        own = believed(float((shares * model).sum()), float(model.sum()), USUAL)
        if abs(right - before) < SETTLED:
            break
    return Coin(float(np.clip(right, 1 / crowd.classes + 0.1, 0.97)), float(comparisons.sum())), own
