"""Confusion matrices: P(answer | truth) of each worker, shrunk towards the crowd's (rank)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from domain.quality.aggregation.method_of_moments import Moments
from domain.quality.crowd import Crowd, Floats
from domain.quality.special_functions import digamma, expit, logit

LEAST_RECALL, MOST_RECALL = 0.02, 0.99
LEAST_SLIP, MOST_SLIP = 0.002, 0.05  # how often an easy task is answered wrongly
KNOWN = 1e6  # pseudo-answers behind the matrix of easy tasks, shared by all workers


@dataclass(frozen=True, slots=True)
class PriorShape:
    """A model of the crowd. `kinds` of tasks per class share their errors (1: Dawid & Skene's independence).

    The others count pseudo-answers: `strength` ties a worker's matrix to what his accuracy and the crowd make
    likely, `coin` ties his accuracy to the crowd's, `tie` a kind's errors to its class's, `anchor` the crowd's
    errors and the classes' shares to the moment estimate. `temper` < 1 lets every answer count for less, as
    answers of different workers are not quite independent. `predictive`: an answer adds log E[P], the chance that
    it had, instead of variational Bayes' E[log P]; the latter makes much of errors that were hardly seen, so that
    among many classes a single answer would seem certain. `easy`: the first of the kinds is answered rightly by
    everybody, but for slips, so that being right where all are says nothing of who is right where they differ
    (cf. GLAD's difficulty, Whitehill et al., NIPS 2009).
    """

    kinds: int = 1
    strength: float = 20.0
    coin: float = 4.0
    tie: float = 20.0
    anchor: float = 600.0
    temper: float = 1.0
    predictive: bool = False
    easy: bool = False


TEMPERED = PriorShape(strength=10.0, temper=0.85)  # holds from the first answer on


@dataclass(frozen=True, slots=True)
class Confusion:
    """Dirichlet parameters (workers, labels, classes × kinds) and each worker's accuracy (workers,)."""

    weight: Floats
    accuracy: Floats

    @property
    def probability(self) -> Floats:
        """E[P(label | truth, worker)], axes as `weight`."""
        return np.asarray(self.weight / self.weight.sum(1, keepdims=True))

    @property
    def expected_log(self) -> Floats:
        """E[log P(label | truth, worker)], what variational Bayes adds up; axes as `weight`."""
        return np.asarray(digamma(self.weight) - digamma(self.weight.sum(1, keepdims=True)))


def counted(crowd: Crowd, posterior: Floats) -> Floats:
    """Expected answers (workers, labels, components) under the tasks' posterior (tasks, components)."""
    cell, size = crowd.cell, crowd.workers * crowd.classes
    columns = [np.bincount(cell, posterior[crowd.task, c], size) for c in range(posterior.shape[1])]
    return np.asarray(np.stack(columns, 1).reshape(crowd.workers, crowd.classes, -1), dtype=np.float64)


def estimate(counts: Floats, shape: PriorShape, start: Moments) -> Confusion:
    """Posterior of every worker's matrix: counts + strength × expected matrix.

    Dawid & Skene 1979 with the hierarchical prior of Kim & Ghahramani (BCC, AISTATS 2012); errors shared by
    kinds of tasks after Li, Rubinstein & Cohn (EBCC, ICML 2019).
    """
    if shape.easy:
        return _with_easy(counts, shape, start)
    workers, classes, components = counts.shape
    per_class = counts.reshape(workers, classes, classes, -1).sum(3)
    trust = shape.anchor / (shape.anchor + start.support)
    crowd = _crowd_matrix(per_class.sum(0), start.accuracy, trust)
    accuracy, pooled = _accuracies(per_class, shape.coin, start.accuracy, trust)
    expected = _expected_matrices(crowd, accuracy, pooled)
    kinds = components // classes
    if kinds > 1:
        expected = np.repeat(expected, kinds, 2) * _kind_factors(counts.sum(0), crowd, kinds, shape.tie)
        expected /= expected.sum(1, keepdims=True)
    return Confusion(counts + shape.strength * expected, accuracy)


def _with_easy(counts: Floats, shape: PriorShape, start: Moments) -> Confusion:
    """Workers are known by the other kinds alone; the easy one has a single matrix, of the crowd's rate of slips."""
    workers, classes = counts.shape[:2]
    cube = counts.reshape(workers, classes, classes, -1)
    others = estimate(cube[..., 1:].reshape(workers, classes, -1), replace(shape, easy=False), start)
    easy = cube[..., 0].sum(0)
    slips = (easy.sum() - easy.trace() + 1) / (easy.sum() + 1 / MOST_SLIP)
    slip = float(np.clip(slips, LEAST_SLIP, MOST_SLIP))
    known = np.full((workers, classes, classes, 1), KNOWN * slip / max(1, classes - 1))
    known[:, range(classes), range(classes)] = KNOWN * (1 - slip)
    weight = np.concatenate([known, others.weight.reshape(workers, classes, classes, -1)], 3)
    return Confusion(weight.reshape(counts.shape), others.accuracy)


def _crowd_matrix(counts: Floats, accuracy: float, trust: float) -> Floats:
    """P(label | truth) of the whole crowd (labels, classes), anchored to one coin of the moment accuracy."""
    classes = len(counts)
    coin = np.full((classes, classes), (1 - accuracy) / max(1, classes - 1))
    np.fill_diagonal(coin, accuracy)
    smoothed = counts + coin
    pooled = (1 - trust) * smoothed / smoothed.sum(0) + trust * coin
    np.fill_diagonal(pooled, np.clip(pooled.diagonal(), 0.05, 0.98))
    return np.asarray(pooled / pooled.sum(0))


def _accuracies(per_class: Floats, coin: float, anchor: float, trust: float) -> tuple[Floats, float]:
    """Each worker's accuracy, shrunk to the crowd's, and the crowd's."""
    right = np.einsum("wkk->w", per_class)
    tried = per_class.sum((1, 2))
    pooled = min((1 - trust) * right.sum() / max(1e-9, tried.sum()) + trust * anchor, 0.98)
    accuracy = np.clip((right + coin * pooled) / (tried + coin), LEAST_RECALL, MOST_RECALL)
    return accuracy, float(pooled)


def _expected_matrices(crowd: Floats, accuracy: Floats, pooled: float) -> Floats:
    """The crowd's matrix with every recall moved by the worker's lead over the crowd, in log-odds."""
    classes = len(crowd)
    lead = logit(accuracy) - logit(np.asarray(pooled))
    recall = np.clip(expit(logit(crowd.diagonal()) + lead[:, None]), LEAST_RECALL, MOST_RECALL)
    errors = crowd.copy()
    np.fill_diagonal(errors, 0)
    errors /= np.maximum(errors.sum(0), 1e-9)
    matrices = (1 - recall)[:, None, :] * errors
    matrices[:, range(classes), range(classes)] = recall
    return matrices


def _kind_factors(counts: Floats, crowd: Floats, kinds: int, tie: float) -> Floats:
    """How a kind of task bends the answers its class would get: (labels, classes × kinds)."""
    wide = np.repeat(crowd, kinds, 1)
    bent = counts + tie * wide
    return np.asarray(bent / bent.sum(0) / wide)
