"""Honest work in a crowd: how well its workers follow the truth, estimated from all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Crowd, Floats, Ints, Mask
from domain.quality.model import Fit
from domain.quality.skill import others

BOOST = np.array([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0])  # β; the first carries no information about the truth
# Finer; the least honest β: with two options, right two times in three.
FINE = np.array([0.0, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0])
HABIT = 8.0  # a worker's share of each label is tied to the crowd's by this many pseudo-answers
ROUNDS = 30
EVERY = slice(None)
BELIEVED, MEAN, SPREAD, LEAST_SPREAD = 2.0, 2.0, 1.0, 0.3  # honest workers' β before anything is known
BELIEVED_GUESSERS = (1.0, 20.0)  # one in twenty


@dataclass(frozen=True, slots=True)
class Habits:
    """`truth` (answers, classes): what the other answers and gold make of each answer's task; `told` (workers, FINE):
    log P(a worker's answers | β); `shares`: how β > 0 is spread among the honest workers of this crowd."""

    crowd: Crowd
    truth: Floats
    told: Floats
    shares: Floats

    def logs(self, rows: Ints | Mask) -> Floats:
        """log P(each of these answers | β): (rows, FINE)."""
        return np.stack(list(_columns(self.crowd, self.truth, FINE, rows=rows)), 1)


def habits(crowd: Crowd, fitted: Fit) -> Habits:
    """Estimates the honest work of this crowd."""
    truth = others(crowd, fitted)
    told = likelihoods(crowd, truth, boosts=FINE)
    return Habits(crowd, truth, told, honest_shares(told[np.unique(crowd.worker)]))


def likelihoods(crowd: Crowd, truth: Floats, boosts: Floats = BOOST) -> Floats:
    """log P(a worker's answers | β): (workers, boosts); one β after the other, to save memory."""
    columns = _columns(crowd, truth, boosts)
    return np.stack([np.bincount(crowd.worker, column, crowd.workers) for column in columns], 1)


def _columns(crowd: Crowd, truth: Floats, boosts: Floats, rows: Ints | Mask | slice = EVERY) -> Iterator[Floats]:
    """log P(an answer | β), (answers,), for each β; `truth` (answers, classes) is each task's without that answer.

    P(l | truth k) ∝ m(l) e^(β [l = k]) with the worker's own label shares m.
    """
    habit, label, truth = _habits(crowd)[crowd.worker[rows]], crowd.label[rows], truth[rows]
    at = np.arange(len(habit))
    own, hit = habit[at, label], truth[at, label]
    for boost in np.exp(boosts):
        norm = 1 + habit * (boost - 1)  # Σ_l m(l) e^(β [l = k]) for every k
        yield np.log(((truth / norm).sum(1) + hit / (1 + own * (boost - 1)) * (boost - 1)) * own)


def mixture(logs: Floats, weight: Floats) -> Floats:
    """Shares of the β in this crowd, by EM over workers who count by their `weight` (Kiefer & Wolfowitz 1956)."""
    shares = np.full(logs.shape[1], 1 / logs.shape[1])
    for _ in range(ROUNDS):
        scores = logs + np.log(shares)
        member = np.exp(scores - scores.max(1, keepdims=True))
        shares = (member / member.sum(1, keepdims=True) * weight[:, None]).sum(0) + 0.05
        shares /= shares.sum()
    return np.asarray(shares)


def honest_shares(logs: Floats) -> Floats:
    """P(β > 0 on FINE | honest work) in this crowd: a normal distribution beside a part that guesses (β = 0), by EM.

    A smooth shape keeps those who guess from passing for a kind of honest worker of their own.
    """
    mean, spread, guessing = MEAN, SPREAD, BELIEVED_GUESSERS[0] / BELIEVED_GUESSERS[1]
    betas, width = FINE[1:], np.gradient(FINE[1:])
    for _ in range(ROUNDS):
        shares = width * np.exp(-0.5 * ((betas - mean) / spread) ** 2) + 1e-12
        shares /= shares.sum()
        scores = logs + np.log(np.concatenate([[guessing], (1 - guessing) * shares]))
        member = np.exp(scores - scores.max(1, keepdims=True))
        member /= member.sum(1, keepdims=True)
        guessing = float((member[:, 0].sum() + BELIEVED_GUESSERS[0]) / (len(member) + BELIEVED_GUESSERS[1]))
        weight = member[:, 1:].sum(0)
        total = weight.sum() + BELIEVED
        mean = float(((weight * betas).sum() + BELIEVED * MEAN) / total)
        varied = (weight * (betas - mean) ** 2).sum() + BELIEVED * SPREAD**2
        spread = max(LEAST_SPREAD, float(np.sqrt(varied / total)))
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
