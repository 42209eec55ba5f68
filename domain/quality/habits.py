"""What honest work looks like in a crowd: how well its workers follow the truth, estimated from all of them."""

from __future__ import annotations

import numpy as np

from domain.quality.crowd import Crowd, Floats

BOOST = np.array([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])  # β; the first says nothing about the truth
HABIT = 8.0  # a worker's share of each label is tied to the crowd's by this many pseudo-answers
ROUNDS = 30


def likelihoods(crowd: Crowd, truth: Floats, echo: Floats | None = None, shared: float = 0.0) -> Floats:
    """log P(a worker's answers | β): (workers, BOOST); `truth` (answers, classes) is each task's without that answer.

    P(l | truth k) ∝ m(l) e^(β [l = k]) with the worker's own label shares m. A `shared` part of the informed answers
    follows what others said, right or wrong, as the same task misleads several: `echo` (answers,) is the share of
    each answer among the others'.
    """
    habit = _habits(crowd)[crowd.worker]
    at = np.arange(len(habit))
    own = habit[at, crowd.label]
    logs = []
    for boost in np.exp(BOOST):
        norm = 1 + habit * (boost - 1)  # Σ_l m(l) e^(β [l = k]) for every k
        plain = (truth / norm).sum(1) * own
        chance = plain + truth[at, crowd.label] / norm[at, crowd.label] * own * (boost - 1)
        if echo is not None and boost > 1:
            chance = (1 - shared) * chance + shared * echo
        logs.append(np.bincount(crowd.worker, np.log(chance), crowd.workers))
    return np.stack(logs, 1)


def mixture(logs: Floats, weight: Floats) -> Floats:
    """Shares of the β in this crowd, by EM over workers who count by their `weight` (Kiefer & Wolfowitz 1956)."""
    shares = np.full(logs.shape[1], 1 / logs.shape[1])
    for _ in range(ROUNDS):
        scores = logs + np.log(shares)
        member = np.exp(scores - scores.max(1, keepdims=True))
        shares = (member / member.sum(1, keepdims=True) * weight[:, None]).sum(0) + 0.05
        shares /= shares.sum()
    return np.asarray(shares)


def log_sum(scores: Floats) -> Floats:
    """log Σ exp along the last axis."""
    top = scores.max(1)
    return np.asarray(top + np.log(np.exp(scores - top[:, None]).sum(1)))


def _habits(crowd: Crowd) -> Floats:
    overall = np.bincount(crowd.label, minlength=crowd.classes) + 1.0
    counts = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
    habit = counts + HABIT * overall / overall.sum()
    return np.asarray(habit / habit.sum(1, keepdims=True))
