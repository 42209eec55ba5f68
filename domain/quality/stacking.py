"""Stacking on gold: the weights of the model and of the plain vote, and corrections of classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Crowd, Floats, votes

BELIEVED = np.array([0.35, 0.5])  # weight of the model's log posterior and of the log votes, before any gold
SPREAD = np.array([0.2, 0.5])  # how much the weights differ from crowd to crowd
CLASS_SPREAD = 0.3  # the same for a class's correction, nats
LEAST_WEIGHT = 0.1
LEAST_LOG = np.log(1e-4)


@dataclass(frozen=True, slots=True)
class Stack:
    """score of a class = `model` × log posterior + `vote` × log votes + `classes`."""

    model: float
    vote: float
    classes: Floats

    def applied(self, crowd: Crowd, posterior: Floats) -> Floats:
        """The posterior (tasks, classes) as gold corrects it, on its own scale; unanswered tasks keep theirs."""
        told, voted = _features(crowd, posterior)
        scores = max(self.model, 0.0) * told + max(self.vote, 0.0) * voted + self.classes
        corrected = _softmax(scores / max(self.model, LEAST_WEIGHT))
        answered = np.bincount(crowd.task, minlength=crowd.tasks) > 0
        return np.where(answered[:, None], corrected, posterior)


def stacked(crowd: Crowd, untold: Floats) -> Stack:
    """MAP of the weights on answered gold tasks, by Newton's method on a multinomial logistic.

    `untold` (tasks, classes) did not know the gold. After Wolpert, Stacked Generalization, 1992; the Gaussian prior
    keeps little gold from saying much.
    """
    answered = np.isin(crowd.gold_task, crowd.task)
    known, right = crowd.gold_task[answered], crowd.gold_label[answered]
    features = _features(crowd, untold)[:, known]
    one_hot = np.eye(crowd.classes)
    design = np.concatenate([features.transpose(1, 2, 0), np.broadcast_to(one_hot, (len(known), *one_hot.shape))], 2)
    usual = np.concatenate([BELIEVED, np.zeros(crowd.classes)])
    precision = np.concatenate([SPREAD, np.full(crowd.classes, CLASS_SPREAD)]) ** -2.0
    weights = usual.copy()
    for _ in range(50):
        chances = _softmax(design @ weights)
        centred = design - (chances[:, :, None] * design).sum(1, keepdims=True)
        slope = np.einsum("gk,gkf->f", one_hot[right] - chances, design) - precision * (weights - usual)
        bend = np.einsum("gk,gkf,gke->fe", chances, centred, centred) + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return Stack(float(weights[0]), float(weights[1]), weights[2:])


def _features(crowd: Crowd, posterior: Floats) -> Floats:
    """Centred log posterior and log votes: (2, tasks, classes)."""
    logs = np.stack([np.log(np.maximum(posterior, np.exp(LEAST_LOG))), np.log(votes(crowd) + 0.5)])
    return np.asarray(logs - logs.mean(2, keepdims=True))


def _softmax(scores: Floats) -> Floats:
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))
