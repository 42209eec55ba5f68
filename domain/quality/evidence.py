"""How much speaks for a worker answering at random, always the same, or too fast: log Bayes factors.

Nothing here decides. Each finding says what it is made of, so that a person can be shown it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.consensus import Fit
from domain.quality.crowd import Crowd, Floats, Ints
from domain.quality.skill import others

GRID = np.linspace(0.01, 0.99, 50)  # accuracies an honest worker may have
SPREAD = 8.0  # honest workers differ as Beta(SPREAD × mean, SPREAD × (1 − mean)) does
STEADY = 0.97  # how often a constant answerer gives the one answer
STRONG = 4.6  # nats: a hundred to one


@dataclass(frozen=True, slots=True)
class Finding:
    """`nats` for `suspicion` against honest work (log Bayes factor), from so many answers and gold answers.

    `expected` and `observed` are the two shares a person can compare: right answers for `random`, the most
    frequent answer for `constant`, answers below the reading time for `hasty`, agreement for `ring`.
    """

    worker: int
    suspicion: str
    nats: float
    answers: int
    gold: int
    expected: float
    observed: float

    @property
    def is_strong(self) -> bool:
        """At least a hundred to one."""
        return self.nats >= STRONG


def findings(crowd: Crowd, fitted: Fit) -> tuple[Finding, ...]:
    """The `random` and the `constant` finding of every worker who answered."""
    truth = others(crowd, fitted)
    right = truth[np.arange(len(truth)), crowd.label]
    honest = _honest(crowd, right, fitted)
    order = np.argsort(crowd.worker, kind="stable")
    cuts = np.flatnonzero(np.diff(crowd.worker[order])) + 1
    found = []
    for rows in np.split(order, cuts):
        if len(rows):
            found += [_random(crowd, rows, right, honest), _constant(crowd, rows, truth, fitted)]
    return tuple(found)


def hasty(worker: int, seconds: Floats, least: Floats) -> Finding:
    """Answers given in less than `least` seconds, what reading the task takes at the very least (each (n,)).

    Beta–binomial: a tenth of honest answers may be that fast, nine tenths of those of a clicker.
    """
    fast, slow = float((seconds < least).sum()), float((seconds >= least).sum())
    nats = fast * np.log(9.0) - slow * np.log(9.0)
    return Finding(worker, "hasty", float(nats), len(seconds), 0, 0.1, fast / max(1, len(seconds)))


def _honest(crowd: Crowd, right: Floats, fitted: Fit) -> Floats:
    """Log prior over GRID of an honest worker's accuracy: better than chance, like this crowd."""
    mean = float(np.clip((right.sum() + 5 * fitted.start.accuracy) / (len(right) + 5), 0.05, 0.97))
    log_prior = (SPREAD * mean - 1) * np.log(GRID) + (SPREAD * (1 - mean) - 1) * np.log(1 - GRID)
    log_prior = np.where(1 / crowd.classes + 0.05 < GRID, log_prior, -np.inf)
    weights = np.exp(log_prior - log_prior.max())
    return np.asarray(np.log(np.maximum(weights / weights.sum(), 1e-300)))


def coin_likelihood(right: Floats, accuracy: Floats, classes: int) -> Floats:
    """P(answer | accuracy) = r p + (1 − r)(1 − p)/(K − 1), r = P(the answer is right): (n, accuracies)."""
    miss = (1 - accuracy) / max(1, classes - 1)
    return np.asarray(right[:, None] * accuracy + (1 - right[:, None]) * miss)


def _random(crowd: Crowd, rows: Ints, right: Floats, honest: Floats) -> Finding:
    """∏ 1/K against ∫ ∏ P(answer | p) π(p) dp."""
    own = right[rows]
    scores = honest + np.log(coin_likelihood(own, GRID, crowd.classes)).sum(0)
    against = float(scores.max() + np.log(np.exp(scores - scores.max()).sum()))
    nats = -len(rows) * float(np.log(crowd.classes)) - against
    worker, gold = int(crowd.worker[rows[0]]), int(np.isin(crowd.task[rows], crowd.gold_task).sum())
    expected = float((np.exp(honest) * GRID).sum())
    return Finding(worker, "random", nats, len(rows), gold, expected, float(own.mean()))


def _constant(crowd: Crowd, rows: Ints, truth: Floats, fitted: Fit) -> Finding:
    """One answer in STEADY of the cases (which one costs log K) against what the crowd would have answered."""
    labels, classes = crowd.label[rows], crowd.classes
    matrix = fitted.confusion.probability.mean(0).reshape(classes, classes, -1).mean(2)  # label, class
    expected = truth[rows] @ matrix.T
    honest = np.log(np.maximum(expected[np.arange(len(rows)), labels], 1e-9)).sum()
    counts = np.bincount(labels, minlength=classes)
    top = int(counts.argmax())
    steady = counts[top] * np.log(STEADY) + (len(rows) - counts[top]) * np.log((1 - STEADY) / max(1, classes - 1))
    worker, gold = int(crowd.worker[rows[0]]), int(np.isin(crowd.task[rows], crowd.gold_task).sum())
    nats = float(steady - np.log(classes) - honest)
    share = float(counts[top] / len(rows))
    return Finding(worker, "constant", nats, len(rows), gold, float(expected[:, top].mean()), share)
