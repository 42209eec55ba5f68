"""Consensus of a whole project: variational Bayes from a cold start (aggregate)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from domain.quality.aggregation.method_of_moments import Moments, moments
from domain.quality.confusion import Confusion, PriorShape, counted, estimate
from domain.quality.crowd import Crowd, Floats, votes
from domain.quality.special_functions import digamma

CERTAIN = 1 - 1e-6  # gold is believed this much
SHARE_PRIOR = 0.5  # Jeffreys' pseudo-count of every component's share
LEAST_LOG = -12.0  # one answer never counts for more than e^12
ENOUGH_TO_NAME = 3  # answers among which the truth, if anybody knows it, has been named
EASY_FIRST, CONTESTED_FIRST = 0.7, 0.05  # P(easy) to start from, of tasks whose answers agree and of the others
UNNAMED = 1e-3  # how believable a class is that none of so many named


@dataclass(frozen=True, slots=True)
class Fit:
    """`posterior` (tasks, components), where components = classes × kinds; workers' `confusion`; `evidence`
    (workers, labels, components), the nats an answer adds; log shares `log_prior` (components,)."""

    posterior: Floats
    confusion: Confusion
    evidence: Floats
    log_prior: Floats
    start: Moments

    def by_class(self, classes: int) -> Floats:
        """P(truth | answers): (tasks, classes)."""
        return np.asarray(self.posterior.reshape(len(self.posterior), classes, -1).sum(2))


def fit(
    crowd: Crowd,
    shape: PriorShape,
    begin: Floats | None = None,
    rng: np.random.Generator | None = None,
    rounds: int = 40,
    tolerance: float = 1e-3,
) -> Fit:
    """Alternate workers (M) and tasks (E) until no posterior moves by `tolerance`.

    `begin` (tasks, classes) is where to start, otherwise a smoothed majority; `rng` splits classes into kinds,
    and is needed only where there are several beside the easy one.
    """
    start = moments(crowd)
    posterior = plain_vote(crowd) if begin is None else begin.copy()
    posterior, named = _split(crowd, posterior, shape, rng), unnamed(crowd)[:, :, None]
    for _ in range(rounds):
        confusion = estimate(counted(crowd, posterior), shape, start)
        log_prior = _log_shares(crowd, posterior, shape, start)
        evidence = shape.temper * np.maximum(_told(confusion, shape), LEAST_LOG)
        moved = clamped(crowd, _posterior(crowd, evidence, log_prior, named))
        change = np.abs(moved - posterior).max(initial=0.0)
        posterior = moved
        if change < tolerance:
            break
    return Fit(posterior, confusion, evidence, log_prior, start)


def without_gold(crowd: Crowd) -> Crowd:
    """The same answers without gold, so that a model can be judged on it."""
    nobody = crowd.gold_task[:0]
    return replace(crowd, gold_task=nobody, gold_label=nobody)


def untold(crowd: Crowd, shape: PriorShape, rng: np.random.Generator | None = None, rounds: int = 40) -> Floats:
    """The same model's posterior of every task without any gold: (tasks, classes). To be judged on gold."""
    return fit(without_gold(crowd), shape, None, rng, rounds).by_class(crowd.classes)


def plain_vote(crowd: Crowd) -> Floats:
    """Every worker tosses the same coin of the moment accuracy: a smoothed majority vote (tasks, classes)."""
    start = moments(crowd)
    odds = np.log(start.accuracy * max(1, crowd.classes - 1) / (1 - start.accuracy))
    return clamped(crowd, _softmax(votes(crowd) * odds))


def _split(crowd: Crowd, posterior: Floats, shape: PriorShape, rng: np.random.Generator | None) -> Floats:
    """The classes' posterior divided among their kinds (tasks, classes × kinds)."""
    others = shape.kinds - shape.easy
    if others > 1 and rng is None:
        raise ValueError("several kinds a class need a generator to break their symmetry")
    pieces = np.ones((crowd.tasks, crowd.classes, 1))
    if rng is not None and others > 1:
        pieces = rng.dirichlet(np.ones(others), size=(crowd.tasks, crowd.classes))
    if shape.easy:
        counts = votes(crowd)
        agreed = counts.max(1) == counts.sum(1)
        easy = np.where(agreed, EASY_FIRST, CONTESTED_FIRST)[:, None, None]
        pieces = np.concatenate([np.broadcast_to(easy, (*posterior.shape, 1)), (1 - easy) * pieces], 2)
    return np.asarray((posterior[:, :, None] * pieces).reshape(crowd.tasks, -1))


def _told(confusion: Confusion, shape: PriorShape) -> Floats:
    return np.asarray(np.log(confusion.probability)) if shape.predictive else confusion.expected_log


def _log_shares(crowd: Crowd, posterior: Floats, shape: PriorShape, start: Moments) -> Floats:
    """E[log share] of the components among answered tasks, anchored to equal shares while answers are few."""
    answered = np.bincount(crowd.task, minlength=crowd.tasks) > 0
    mass = posterior[answered].sum(0) + SHARE_PRIOR
    trust = shape.anchor / (shape.anchor + start.support)
    mass = (1 - trust) * mass + trust * mass.sum() / len(mass)
    return np.asarray(digamma(mass) - digamma(mass.sum(keepdims=True)))


def unnamed(crowd: Crowd) -> Floats:
    """log UNNAMED where ENOUGH_TO_NAME answers or more never chose a class, else 0: (tasks, classes).

    Without it a rarely chosen class may attract all contested tasks.
    """
    counts = votes(crowd)
    silent = (counts == 0) & (counts.sum(1, keepdims=True) >= ENOUGH_TO_NAME)
    return np.asarray(np.where(silent, np.log(UNNAMED), 0.0))


def _posterior(crowd: Crowd, evidence: Floats, log_prior: Floats, named: Floats) -> Floats:
    rows = evidence.reshape(-1, len(log_prior))
    cell = crowd.cell
    columns = [np.bincount(crowd.task, rows[cell, c], crowd.tasks) for c in range(len(log_prior))]
    scores = (np.stack(columns, 1) + log_prior).reshape(crowd.tasks, crowd.classes, -1) + named
    return _softmax(scores.reshape(crowd.tasks, -1))


def _softmax(scores: Floats) -> Floats:
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def clamped(crowd: Crowd, posterior: Floats) -> Floats:
    """Gold tasks hold their gold answer; their kind stays open."""
    if not len(crowd.gold_task):
        return posterior
    kinds = posterior.shape[1] // crowd.classes
    cubes = posterior.reshape(crowd.tasks, crowd.classes, kinds)
    known = cubes[crowd.gold_task]
    within = known / np.maximum(known.sum(2, keepdims=True), 1e-12)
    target = np.full((len(known), crowd.classes), (1 - CERTAIN) / max(1, crowd.classes - 1))
    target[np.arange(len(known)), crowd.gold_label] = CERTAIN
    cubes[crowd.gold_task] = target[:, :, None] * within
    return posterior
