"""A whole project's consensus by several models of the crowd, weighted by how well each foresees answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.quality.confusion import Shape
from domain.quality.consensus import Fit, fit
from domain.quality.crowd import Crowd, Floats

PLAIN = Shape(strength=4.0)
INDEPENDENT = (PLAIN, Shape(strength=10.0), Shape(strength=20.0))
SHARED_ERRORS = (Shape(kinds=3, strength=10.0, tie=100.0), Shape(kinds=3, strength=40.0, tie=100.0))
ANSWERS_A_KIND = 2.0  # mean answers a task, for each kind that is to be told apart
HELD_OUT = 0.15
JUDGED = 100.0  # held-out answers are worth this many independent ones: answers to one task are not
LEAST_WEIGHT = 0.03
LARGE = 30_000  # answers; beyond it one hold-out tells the models apart


@dataclass(frozen=True, slots=True)
class Average:
    """`posterior` (tasks, classes), the models, their weights and held-out log-likelihoods an answer (nats)."""

    posterior: Floats
    shapes: tuple[Shape, ...]
    weights: Floats
    foresight: Floats


def candidates(crowd: Crowd) -> tuple[Shape, ...]:
    """The models worth trying: shared errors show only where tasks have several answers each."""
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    typical = len(crowd.task) / max(1, int((sizes > 0).sum()))
    return INDEPENDENT + tuple(shape for shape in SHARED_ERRORS if typical >= ANSWERS_A_KIND * shape.kinds)


def average(crowd: Crowd, rng: np.random.Generator, shapes: Sequence[Shape] | None = None) -> Average:
    """Posterior averaged over `shapes`, weight ∝ exp(JUDGED × held-out log predictive density).

    After Yao, Vehtari, Simpson & Gelman, Using Stacking to Average Bayesian Predictive Distributions, 2018.
    """
    shapes = candidates(crowd) if shapes is None else shapes
    seen = _foresight(crowd, rng, shapes)
    weights = np.exp(JUDGED * (seen - seen.max()))
    weights = np.where(weights < LEAST_WEIGHT * weights.sum(), 0, weights)
    weights /= weights.sum()
    begin = fit(crowd, PLAIN).by_class(crowd.classes)
    posterior = np.zeros_like(begin)
    for shape, weight in zip(shapes, weights, strict=True):
        if weight > 0:
            posterior += weight * fit(crowd, shape, begin, rng).by_class(crowd.classes)
    return Average(posterior, tuple(shapes), weights, seen)


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
