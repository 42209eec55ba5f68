"""Evidence that a worker answers at random, always the same, or too fast: log Bayes factors.

It decides nothing. Each finding has its parts, to be shown to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log

import numpy as np

from domain.quality.crowd import Crowd, Floats
from domain.quality.fraud.habits import Habits, log_sum

STEADY = 0.97  # how often a constant answerer gives the one answer
LEAST_ELSEWHERE = 4  # tasks, and workers with so many, before their habits are counted
PEAKED = 0.9  # an uninformative worker with this share of one label is called constant, else random


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


def findings(crowd: Crowd, seen: Habits) -> tuple[Finding, ...]:
    """How strongly each worker's answers look unrelated to the truth, as `random` or `constant` ones are.

    Answers that follow no truth (β = 0) against the honest workers of this crowd (domain/quality/habits).
    """
    logs = seen.told
    nats = logs[:, 0] - log_sum(logs[:, 1:] + np.log(seen.shares))
    habit = _habit(crowd, seen.truth)
    return tuple(
        [_finding(crowd, worker, seen.truth, float(nats[worker]), habit) for worker in np.unique(crowd.worker).tolist()]
    )


def hasty(worker: int, seconds: Floats, least: Floats) -> Finding:
    """Answers given in less than `least` seconds, the minimal time for reading the task (each (n,)).

    Beta–binomial: a tenth of honest answers may be that fast, nine tenths of those of a clicker.
    """
    fast, slow = float((seconds < least).sum()), float((seconds >= least).sum())
    nats = fast * np.log(9.0) - slow * np.log(9.0)
    return Finding(worker, "hasty", float(nats), len(seconds), 0, 0.1, fast / max(1, len(seconds)))


def _finding(crowd: Crowd, worker: int, truth: Floats, nats: float, habit: tuple[float, float]) -> Finding:
    rows = np.flatnonzero(crowd.worker == worker)
    labels = np.bincount(crowd.label[rows], minlength=crowd.classes)
    top, share = int(labels.argmax()), float(labels.max() / len(rows))
    gold = int(np.isin(crowd.task[rows], crowd.gold_task).sum())
    if share < PEAKED:
        usual = truth[np.arange(len(truth)), crowd.label].mean()
        right = truth[rows, crowd.label[rows]].mean()
        return Finding(worker, "random", nats, len(rows), gold, float(usual), float(right))
    elsewhere = 1 - truth[rows, top]
    same = float(elsewhere[crowd.label[rows] == top].sum())
    nats = _constancy(same, float(elsewhere.sum()) - same, habit)
    return Finding(worker, "constant", nats, len(rows), gold, float(truth[rows, top].mean()), share)


def _constancy(same: float, differing: float, habit: tuple[float, float]) -> float:
    """The favourite label given `same` times where it was wrong: STEADY against the crowd's Beta(habit)."""
    steady = same * log(STEADY) + differing * log(1 - STEADY)
    return steady - _log_beta(habit[0] + same, habit[1] + differing) + _log_beta(*habit)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _habit(crowd: Crowd, truth: Floats) -> tuple[float, float]:
    """Beta(a, b) of how often workers give their favourite label where it is wrong, by its two moments."""
    counts = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
    favourite = counts.argmax(1)[crowd.worker]
    elsewhere = 1 - truth[np.arange(len(truth)), favourite]
    total = np.bincount(crowd.worker, elsewhere, crowd.workers)
    same = np.bincount(crowd.worker, elsewhere * (crowd.label == favourite), crowd.workers)
    known = total >= LEAST_ELSEWHERE
    rates = same[known] / total[known]
    if len(rates) < LEAST_ELSEWHERE:
        return 1.0, 3.0
    mean, variance = float(np.clip(rates.mean(), 0.02, 0.6)), float(np.maximum(rates.var(), 1e-3))
    size = float(np.clip(mean * (1 - mean) / variance - 1, 6.0, 20.0))
    return size * mean, size * (1 - mean)
