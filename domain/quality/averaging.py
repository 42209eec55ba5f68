"""A whole project's consensus by several models of the crowd, weighted by how well each foresees answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.quality.calibration import Calibration, calibrate_on_gold, usual_average
from domain.quality.confusion import TEMPERED, PriorShape
from domain.quality.consensus import CERTAIN, Fit, clamped, fit, plain_vote, without_gold
from domain.quality.crowd import Crowd, Floats
from domain.quality.stacking import stacked

FIRST = PriorShape(strength=4.0)  # where the others start from
INDEPENDENT = (FIRST, PriorShape(strength=10.0), PriorShape(strength=20.0))
BY_KIND = (
    *(replace(shape, kinds=2, easy=True) for shape in INDEPENDENT),
    PriorShape(kinds=3, strength=20.0, tie=100.0, easy=True),
)
ANSWERS_A_KIND = 2.0  # mean answers a task, for each kind that is to be distinguished
LEAST_ANSWERS = 1.5  # mean answers a task; below, answers have too little to be foreseen from
HELD_OUT = 0.15
JUDGED = 200.0  # held-out answers are worth this many independent ones: answers to one task are not
LEAST_LOG_WEIGHT = -3.5  # models further behind the best are left out
LARGE = 30_000  # answers; beyond it one hold-out distinguishes the models


@dataclass(frozen=True, slots=True)
class Average:
    """`posterior` (tasks, classes), its `calibration`, the models, their weights and foresight (nats an answer).

    `majority`: the plain vote took the models' place, as the crowd is not organised by the classes.
    """

    posterior: Floats
    calibration: Calibration
    shapes: tuple[PriorShape, ...]
    weights: Floats
    foresight: Floats
    majority: bool

    def confidence(self, crowd: Crowd) -> Floats:
        """Calibrated P(correct) of every task's leader: (tasks,). Gold tasks are certain."""
        sizes = np.bincount(crowd.task, minlength=crowd.tasks).astype(np.float64)
        sure = self.calibration.confidence(self.posterior.max(1), sizes)
        sure[crowd.gold_task] = CERTAIN
        return sure


def candidates(crowd: Crowd) -> tuple[PriorShape, ...]:
    """The models worth trying: kinds of tasks show only where tasks have several answers each."""
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    typical = len(crowd.task) / max(1, int((sizes > 0).sum()))
    if typical < LEAST_ANSWERS:
        return (TEMPERED,)
    return INDEPENDENT + tuple(shape for shape in BY_KIND if typical >= ANSWERS_A_KIND * shape.kinds)


def average(crowd: Crowd, rng: np.random.Generator, shapes: Sequence[PriorShape] | None = None) -> Average:
    """Posterior averaged over models, weight ∝ exp(JUDGED × held-out log predictive density), corrected by gold.

    After Yao, Vehtari, Simpson & Gelman, Using Stacking to Average Bayesian Predictive Distributions, 2018.
    """
    shapes = tuple(candidates(crowd) if shapes is None else shapes)
    seen = _foresight(without_gold(crowd), rng, shapes)  # answers to gold are foreseen as any
    near = [at for at, lag in enumerate(JUDGED * (seen - seen.max())) if lag > LEAST_LOG_WEIGHT]
    weights = np.zeros(len(shapes))
    weights[near] = _normalised(JUDGED * seen[near])
    divided = _is_divided(crowd, shapes, seen)
    told = blind = _view(crowd, rng, shapes, weights, divided)
    if len(crowd.gold_task):
        blind = _view(without_gold(crowd), rng, shapes, weights, divided)
        stack = stacked(crowd, blind)
        told, blind = clamped(crowd, stack.applied(crowd, told)), stack.applied(crowd, blind)
    calibration = calibrate_on_gold(crowd, blind, usual_average(crowd.classes))
    return Average(told, calibration, shapes, weights, seen, divided)


def _view(
    crowd: Crowd, rng: np.random.Generator, shapes: Sequence[PriorShape], weights: Floats, divided: bool
) -> Floats:
    if divided:
        return plain_vote(crowd)
    begin = fit(crowd, FIRST).by_class(crowd.classes)
    found = np.zeros((crowd.tasks, crowd.classes))
    for shape, weight in zip(shapes, weights.tolist(), strict=True):
        if weight:
            found += weight * fit(crowd, shape, begin, rng).by_class(crowd.classes)
    return found


def _is_divided(crowd: Crowd, shapes: Sequence[PriorShape], seen: Floats) -> bool:
    """Whether kinds of tasks within the classes foresee a task's answers better by more nats than the classes hold.

    Then workers agree and differ about something else than the classes, and whoever agrees most with the others need
    not be right: no model of the answers may overturn the plain vote.
    """
    kinds = np.array([shape.kinds > 1 for shape in shapes])
    if not kinds.any() or kinds.all():
        return False
    answered = max(1, len(np.unique(crowd.task)))
    gain = (seen[kinds].max() - seen[~kinds].max()) * len(crowd.task) / answered
    return bool(gain > np.log(max(2, crowd.classes)))


def _normalised(scores: Floats) -> Floats:
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())


def _foresight(crowd: Crowd, rng: np.random.Generator, shapes: Sequence[PriorShape]) -> Floats:
    """Mean log predictive density of held-out answers by each shape (shapes,)."""
    folds = 1 if len(crowd.task) > LARGE else 2
    found = np.zeros(len(shapes))
    for _ in range(folds):
        kept = rng.random(len(crowd.task)) >= HELD_OUT
        learnt, hidden = crowd.only(kept), crowd.only(~kept)
        begin = fit(learnt, FIRST).by_class(crowd.classes)
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
