"""How much speaks for a worker answering at random, always the same, or too fast: log Bayes factors.

Nothing here decides. Each finding says what it is made of, so that a person can be shown it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.consensus import Fit
from domain.quality.crowd import Crowd, Floats
from domain.quality.skill import others

BOOST = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])  # β; the first says nothing about the truth
HABIT = 8.0  # a worker's share of each label is tied to the crowd's by this many pseudo-answers
PEAKED = 0.9  # an uninformative worker with this share of one label is called constant, else random
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
    return tuple([_finding(crowd, worker, truth, float(nats[worker])) for worker in np.unique(crowd.worker).tolist()])


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
        weights = (member / member.sum(1, keepdims=True)).sum(0) + 0.5
        weights /= weights.sum()
    return np.asarray(weights[1:] / weights[1:].sum())


def _finding(crowd: Crowd, worker: int, truth: Floats, nats: float) -> Finding:
    rows = np.flatnonzero(crowd.worker == worker)
    labels = np.bincount(crowd.label[rows], minlength=crowd.classes)
    right, share = truth[rows, crowd.label[rows]].mean(), labels.max() / len(rows)
    gold = int(np.isin(crowd.task[rows], crowd.gold_task).sum())
    if share < PEAKED:
        crowd_right = truth[np.arange(len(truth)), crowd.label].mean()
        return Finding(worker, "random", nats, len(rows), gold, float(crowd_right), float(right))
    usual = truth[rows, int(labels.argmax())].mean()
    return Finding(worker, "constant", nats, len(rows), gold, float(usual), float(share))
