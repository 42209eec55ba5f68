"""What speaks against a model (AI): for a requester who is about to trust it."""

import numpy as np
from scipy.special import expit

from domain.quality.crowd import Floats, Ints
from domain.quality.machine import Doubt, MachineModel, Warned

CLEAR = 4.0  # standard errors: one in thirty thousand, as many places and classes are looked at
PART, MATTERS = 15, 0.1  # tasks of a part, or of a class; what its share must lack to be worth a warning
NEARLY = 1e-6  # what rounding may add


def warnings_of(model: MachineModel, label: Ints, own: Floats, truth: Ints, classes: int) -> tuple[Warned, ...]:
    """Of a model that says `label` (tasks,), −1 where nothing, by its `own` log odds, NaN where it gives none; `truth`
    (tasks,) as far as gold or people tell it, else −1."""
    found = list(model.warnings)
    if model.interval[1] < 1 / classes:
        found.append(Warned(Doubt.CONTRARY, "", 1 / classes, model.accuracy))
    given = own[~np.isnan(own)] - np.log(max(1, classes - 1))
    usual = float(expit(given.mean())) if len(given) else 1.0
    if usual < 1 / classes + NEARLY:
        found.append(Warned(Doubt.UNSURE, "", 1 / classes, usual))
    promised = float(expit(given).mean()) if len(given) else 0.0
    if promised > model.interval[1]:
        found.append(Warned(Doubt.OVERCONFIDENT, "", promised, model.accuracy))
    return (*found, *_worse_classes(label, truth, classes))


def falls_off(share: Floats) -> int:
    """The place from which on people agree clearly less with the model than before; 0 where there is none."""
    clear = _behind(share, np.cumsum(share[::-1])[::-1], np.arange(len(share), 0, -1), MATTERS)
    return int(clear.argmax()) if len(share) else 0


def _worse_classes(label: Ints, truth: Ints, classes: int) -> list[Warned]:
    judged = np.flatnonzero((truth >= 0) & (label >= 0))
    hit, size = (label == truth)[judged].astype(np.float64), np.bincount(truth[judged], minlength=classes)
    right: Floats = np.bincount(truth[judged], hit, classes).astype(np.float64)
    worse = np.flatnonzero(_behind(hit, right, size, 2 * MATTERS))
    others = (hit.sum() - right) / np.maximum(len(hit) - size, 1)
    return [Warned(Doubt.CLASS, str(at), float(others[at]), float(right[at] / size[at])) for at in worse.tolist()]


def _behind(said: Floats, right: Floats, size: Ints, matters: float) -> Floats:
    """Standard errors by which the mean of each part of `said`, of so many `right` among its `size`, lies under that of
    the rest; 0 where that is not clear, or does not matter."""
    if not len(said):
        return np.zeros(len(size))
    rest, variance = len(said) - size, max(float(said.var()), 1e-3)
    lacks = (said.sum() - right) / np.maximum(rest, 1) - right / np.maximum(size, 1)
    error = np.sqrt(variance * (1 / np.maximum(rest, 1) + 1 / np.maximum(size, 1)))
    clear = (np.minimum(size, rest) >= PART) & (lacks > np.maximum(CLEAR * error, matters))
    return np.where(clear, lacks / error, 0.0)
