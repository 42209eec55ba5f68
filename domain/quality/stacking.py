"""From a posterior to a confidence: stacking on gold, and what is usual for crowds without it (`usual`).

score of a class = `people` × log posterior of people / √answers + `classes` + what models (AI) add. The weights are MAP
estimates of a multinomial logistic regression on answered gold tasks (Wolpert, Stacked Generalization, 1992) with a
Gaussian prior; without gold they are the prior's means. The root is what correlated errors leave (docs/quality.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.special import softmax

from domain.quality.crowd import Floats, Ints

PEOPLE, SPREAD = 0.55, 0.3  # what one answer is worth of its nats
MANY = 4  # answers from which further ones of one crowd do not lessen what each is worth
LEAST_PEOPLE = 0.05
CLASS_SPREAD, MODEL_SPREAD = 0.3, 1.0  # nats, of a class's correction, and of a model's answer
LEAST = 1e-4  # of a class, however sure people are of another

# Crowds share misconceptions that no model of independent answers can see, so its posteriors exaggerate, the more the
# more answers they add up. Means over fifteen public crowds at 1, 2, 3, 5, 8 and all answers a task (docs/quality.md).
SHIFT, SLOPE, CROWDING = 0.77, 0.20, -0.46
OF_CLASSES = -0.28  # added to the shift for each log of classes / 2: the more of them, the more there is to mistake
MOST_LOGIT = 20.0  # beyond 1 − e^−20 a posterior carries no further information


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
    return Stack(PEOPLE if models.any() else 1.0, np.zeros(classes), models, bool(models.any()))


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


def worth(scores: Sequence[float], answers: int, prior: Sequence[float]) -> list[float]:
    """What people tell of a task (classes,) by their log posterior, as far as so many `answers` are worth it. Beside
    models, whose answers do not know them, the classes' log shares (`prior`, else 0) count in full."""
    told = shares_of([score - usual for score, usual in zip(scores, prior, strict=True)])
    share = 1 / sqrt(min(max(1, answers), MANY))
    return [usual + share * log(max(p, LEAST)) for usual, p in zip(prior, told, strict=True)]


def shares_of(scores: Sequence[float]) -> tuple[float, ...]:
    """The softmax, without arrays, which take four times as long for one task; it is asked for with each answer."""
    top = max(scores)
    weights = [exp(score - top) for score in scores]
    total = sum(weights)
    return tuple([weight / total for weight in weights])


def regressed(design: Floats, right: Ints, usual: Floats, spread: Floats, known: Floats | float = 0.0) -> Floats:
    """MAP weights by Newton's method; `design` (gold, classes, features), to which `known` (gold, classes) is added."""
    hit, weights, precision = np.eye(design.shape[1])[right], usual.copy(), spread**-2.0
    for _ in range(50):
        chances = softmax(known + design @ weights, 1)
        centred = design - (chances[:, :, None] * design).sum(1, keepdims=True)
        slope = np.einsum("gk,gkf->f", hit - chances, design) - precision * (weights - usual)
        bend = np.einsum("gk,gkf,gke->fe", chances, centred, centred, optimize=True) + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return weights


def usual(posterior: float, answers: int, classes: int) -> float:
    """The confidence in the leader of so many classes where people alone have answered, and nothing is known of them:
    1/(1 + exp(−(shift + slope × logit posterior + crowding × log answers)))."""
    shift = SHIFT + OF_CLASSES * log(max(2, classes) / 2) + CROWDING * log(max(1, answers))
    return shifted(posterior, shift, SLOPE)


def shifted(sure: float, shift: float, slope: float = 1.0) -> float:
    """A probability whose log odds are moved."""
    odds = min(log(max(sure, 1e-12) / max(1 - sure, 1e-12)), MOST_LOGIT)
    return 1 / (1 + exp(-shift - slope * odds))
