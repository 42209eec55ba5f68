"""Stacking on gold: how far the crowd's model is believed, what each class lacks, what a model's (AI's) answer counts.

score of a class = `people` × log posterior of people / √answers + `classes` + what machines add. The weights are MAP
estimates of a multinomial logistic regression on answered gold tasks (Wolpert, Stacked Generalization, 1992) with a
Gaussian prior; without gold they are the prior's means. The root is what correlated errors leave: on fifteen public
crowds 1, 2, 3, 4, 6, 8 answers are worth .76, .54, .46, .35, .28, .27 of their nats.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import softmax

from domain.quality.crowd import Floats, Ints, normalised

PEOPLE, SPREAD = 0.55, 0.3  # what one answer is worth of its nats
SHARES = 1 / np.sqrt([1, 1, 2, 3, 4])  # what is left of the log likelihood of so many answers of one crowd, or more
MANY = len(SHARES) - 1
LEAST_PEOPLE = 0.05
CLASS_SPREAD, MODEL_SPREAD = 0.3, 1.0  # nats, of a class's correction, and of a model's answer
LEAST = 1e-4  # of a class, however sure people are of another


@dataclass(frozen=True, slots=True)
class Stack:
    """Weights; `models` (models,): the nats that each model's answer adds to the label it names; not `weighs`:
    people count in full, and alone."""

    people: float
    classes: Floats
    models: Floats
    weighs: bool = True


def plain(classes: int, models: Floats) -> Stack:
    """Without gold: people alone count in full; beside models (their usual nats), as much as is usual."""
    return Stack(PEOPLE if len(models) else 1.0, np.zeros(classes), models, len(models) > 0)


def stacked(told: Floats, shapes: Floats, right: Ints, usual: Floats, most: Floats) -> Stack:
    """From gold of these `right` classes; `told` (gold, classes): what people, who did not know the gold, tell of it
    (`worth`); `shapes` (models, gold, classes): what one nat of each model adds; `usual`, `most`: each model's nats."""
    models, classes = len(usual), told.shape[1]
    design = np.stack([told, *shapes, *(np.broadcast_to(one, told.shape) for one in np.eye(classes))], 2)
    spread = SPREAD, MODEL_SPREAD / sqrt(max(1, models)), CLASS_SPREAD
    prior = np.concatenate([[PEOPLE], usual, np.zeros(classes)])
    weights = regressed(design, right, prior, np.repeat(spread, [1, models, classes]))
    heard = np.clip(weights[1 : 1 + models], 0.0, most)
    return Stack(max(float(weights[0]), LEAST_PEOPLE), weights[1 + models :], heard)


def worth(scores: Floats, answers: Ints, prior: Floats | float) -> Floats:
    """What people tell of tasks (tasks, classes) by a log posterior, as far as so many `answers` are worth it. Beside
    models, whose answers do not know them, the classes' log shares (`prior`, else 0) count in full."""
    return np.asarray(
        prior + SHARES[np.minimum(answers, MANY), None] * np.log(np.maximum(normalised(scores - prior), LEAST))
    )


def regressed(design: Floats, right: Ints, usual: Floats, spread: Floats) -> Floats:
    """MAP weights by Newton's method; `design` (gold, classes, features)."""
    hit, weights, precision = np.eye(design.shape[1])[right], usual.copy(), spread**-2.0
    for _ in range(50):
        chances = softmax(design @ weights, 1)
        centred = design - (chances[:, :, None] * design).sum(1, keepdims=True)
        slope = np.einsum("gk,gkf->f", hit - chances, design) - precision * (weights - usual)
        bend = np.einsum("gk,gkf,gke->fe", chances, centred, centred, optimize=True) + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return weights
