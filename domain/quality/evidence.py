"""How much speaks for a worker answering at random, always the same, or too fast: log Bayes factors.

Nothing here decides. Each finding says what it is made of, so that a person can be shown it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log

import numpy as np

from domain.quality.consensus import Fit
from domain.quality.crowd import Crowd, Floats
from domain.quality.skill import others

BOOST = np.array([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])  # β; the first says nothing about the truth
HABIT = 8.0  # a worker's share of each label is tied to the crowd's by this many pseudo-answers
STEADY = 0.97  # how often a constant answerer gives the one answer
LEAST_ELSEWHERE = 4  # tasks, and workers with so many, before their habits are counted
PEAKED = 0.9  # an uninformative worker with this share of one label is called constant, else random
STRONG = 6.9  # nats: a thousand to one


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
        """At least a thousand to one."""
        return self.nats >= STRONG


def findings(crowd: Crowd, fitted: Fit) -> tuple[Finding, ...]:
    """How strongly each worker's answers look unrelated to the truth, as `random` or `constant` ones are.

    P(l | truth k) ∝ m(l) e^(β [l = k]) with the worker's own label shares m: β = 0 against the β of this crowd,
    whose distribution is estimated by EM over all workers (Kiefer & Wolfowitz 1956).
    """
    truth = others(crowd, fitted)
    logs = _habit_likelihoods(crowd, truth)
    mix = _informative_mix(logs)
    honest = logs[:, 1:] + np.log(np.maximum(mix, 1e-12))
    top = honest.max(1)
    nats = logs[:, 0] - top - np.log(np.exp(honest - top[:, None]).sum(1))
    habit = _habit(crowd, truth)
    present = np.unique(crowd.worker).tolist()
    return tuple([_finding(crowd, worker, truth, float(nats[worker]), habit) for worker in present])


def hasty(worker: int, seconds: Floats, least: Floats) -> Finding:
    """Answers given in less than `least` seconds, what reading the task takes at the very least (each (n,)).

    Beta–binomial: a tenth of honest answers may be that fast, nine tenths of those of a clicker.
    """
    fast, slow = float((seconds < least).sum()), float((seconds >= least).sum())
    nats = fast * np.log(9.0) - slow * np.log(9.0)
    return Finding(worker, "hasty", float(nats), len(seconds), 0, 0.1, fast / max(1, len(seconds)))


def _habit_likelihoods(crowd: Crowd, truth: Floats) -> Floats:
    """log P(a worker's answers | β): (workers, BOOST)."""
    overall = np.bincount(crowd.label, minlength=crowd.classes) + 1.0
    counts = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
    habit = counts + HABIT * overall / overall.sum()
    habit = (habit / habit.sum(1, keepdims=True))[crowd.worker]
    own = habit[np.arange(len(habit)), crowd.label]
    logs = []
    for boost in np.exp(BOOST):
        norm = 1 + habit * (boost - 1)  # Σ_l m(l) e^(β [l = k]) for every k
        plain = (truth / norm).sum(1) * own
        hit = truth[np.arange(len(truth)), crowd.label] / norm[np.arange(len(norm)), crowd.label]
        logs.append(np.bincount(crowd.worker, np.log(plain + hit * own * (boost - 1)), crowd.workers))
    return np.stack(logs, 1)


def _informative_mix(logs: Floats, rounds: int = 30) -> Floats:
    """Shares of the β > 0 in this crowd: (BOOST − 1,)."""
    weights = np.full(logs.shape[1], 1 / logs.shape[1])
    for _ in range(rounds):
        scores = logs + np.log(weights)
        member = np.exp(scores - scores.max(1, keepdims=True))
        weights = (member / member.sum(1, keepdims=True)).sum(0) + 0.05
        weights /= weights.sum()
    return np.asarray(weights[1:] / weights[1:].sum())


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
