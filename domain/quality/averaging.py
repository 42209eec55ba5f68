"""A whole project's consensus by several models of the crowd, weighted by how well each foresees answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.quality.calibration import Calibration, calibrate_on_gold
from domain.quality.confusion import TEMPERED, Shape
from domain.quality.consensus import CERTAIN, Fit, fit, untold
from domain.quality.crowd import Crowd, Floats, votes_share

PLAIN = Shape(strength=4.0)
INDEPENDENT = (PLAIN, Shape(strength=10.0), Shape(strength=20.0))
SHARED_ERRORS = (Shape(kinds=3, strength=10.0, tie=100.0), Shape(kinds=3, strength=40.0, tie=100.0))
ANSWERS_A_KIND = 2.0  # mean answers a task, for each kind that is to be told apart
LEAST_ANSWERS = 1.5  # mean answers a task; below, answers have too little to be foreseen from
HELD_OUT = 0.15
JUDGED = 100.0  # held-out answers are worth this many independent ones: answers to one task are not
LEAST_LOG_WEIGHT = -3.5  # models further behind the best are left out
HANDICAP = 2.0  # hits on gold by which the plain vote must lead to count as much as the best model
LARGE = 30_000  # answers; beyond it one hold-out tells the models apart


@dataclass(frozen=True, slots=True)
class Average:
    """`posterior` (tasks, classes), its `calibration`, the models, their weights and foresight (nats an answer).

    `majority` is the weight of the plain vote, which only gold can raise above 0.
    """

    posterior: Floats
    calibration: Calibration
    shapes: tuple[Shape, ...]
    weights: Floats
    foresight: Floats
    majority: float

    def confidence(self, crowd: Crowd) -> Floats:
        """Calibrated P(correct) of every task's leader: (tasks,). Gold tasks are certain."""
        sizes = np.bincount(crowd.task, minlength=crowd.tasks).astype(np.float64)
        sure = self.calibration.confidence(self.posterior.max(1), sizes)
        sure[crowd.gold_task] = CERTAIN
        return sure


def candidates(crowd: Crowd) -> tuple[Shape, ...]:
    """The models worth trying: shared errors show only where tasks have several answers each."""
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    typical = len(crowd.task) / max(1, int((sizes > 0).sum()))
    if typical < LEAST_ANSWERS:
        return (TEMPERED,)
    return INDEPENDENT + tuple(shape for shape in SHARED_ERRORS if typical >= ANSWERS_A_KIND * shape.kinds)


def average(crowd: Crowd, rng: np.random.Generator, shapes: Sequence[Shape] | None = None) -> Average:
    """Posterior averaged over models, weight ∝ exp(JUDGED × held-out log predictive density + hits on gold).

    After Yao, Vehtari, Simpson & Gelman, Using Stacking to Average Bayesian Predictive Distributions, 2018.
    With gold the plain vote joins in, handicapped: where most share a misconception only gold can tell.
    """
    shapes = tuple(candidates(crowd) if shapes is None else shapes)
    seen = _foresight(crowd, rng, shapes)
    begin = fit(crowd, PLAIN).by_class(crowd.classes)
    near = [at for at, lag in enumerate(JUDGED * (seen - seen.max())) if lag > LEAST_LOG_WEIGHT]
    fits = [fit(crowd, shapes[at], begin, rng) for at in near]
    told = [one.by_class(crowd.classes) for one in fits] + [votes_share(crowd)]
    blind = told
    if len(crowd.gold_task):
        blind = [untold(crowd, shapes[at], rng) for at in near] + [told[-1]]
    scores = [JUDGED * seen[at] + _hits(crowd, view) for at, view in zip(near, blind, strict=False)]
    vote = _hits(crowd, blind[-1]) + JUDGED * seen.max() - HANDICAP if len(crowd.gold_task) else -np.inf
    weights = _normalised(np.array([*scores, vote]))
    mixed = np.einsum("m,mtk->tk", weights, np.stack(told))
    calibration = calibrate_on_gold(crowd, np.einsum("m,mtk->tk", weights, np.stack(blind)))
    spread = np.zeros(len(shapes))
    spread[near] = weights[:-1]
    return Average(mixed, calibration, shapes, spread, seen, float(weights[-1]))


def _hits(crowd: Crowd, view: Floats) -> float:
    """Gold tasks a model gets right without having been told."""
    answered = np.isin(crowd.gold_task, crowd.task)
    return float((view[crowd.gold_task].argmax(1) == crowd.gold_label)[answered].sum())


def _normalised(scores: Floats) -> Floats:
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())


def _foresight(crowd: Crowd, rng: np.random.Generator, shapes: Sequence[Shape]) -> Floats:
    """Mean log predictive density of held-out answers by each shape (shapes,)."""
    folds = 1 if len(crowd.task) > LARGE else 2
    found = np.zeros(len(shapes))
    for _ in range(folds):
        kept = rng.random(len(crowd.task)) >= HELD_OUT
        learnt, hidden = crowd.only(kept), crowd.only(~kept)
        begin = fit(learnt, PLAIN).by_class(crowd.classes)
        fits = (fit(learnt, shape, begin, rng, rounds=25) for shape in shapes)
        found += [_density(hidden, one) / folds for one in fits]
    return found


def _density(hidden: Crowd, fitted: Fit) -> float:
    """Mean of log Σ_c P(component c of the task) P(label | c, worker) over answers the fit has not seen."""
    if not len(hidden.task):
        return 0.0
    rows = fitted.confusion.probability.reshape(-1, fitted.posterior.shape[1])
    density = (fitted.posterior[hidden.task] * rows[hidden.cell]).sum(1)
    return float(np.log(np.maximum(density, 1e-12)).mean())
