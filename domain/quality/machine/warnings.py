"""Warnings about a model, for a requester who is about to trust it."""

from math import sqrt

import numpy as np
from scipy.special import expit

from domain.quality.crowd import Crowd, Floats, Mask, votes
from domain.quality.machine import Doubt, MachineModel, Warned
from domain.quality.machine.columns import Column

CLEAR = 4.0  # standard errors: one in thirty thousand, as many places and classes are looked at
LEAST = 15  # tasks of a part, or of a class
MATTERS = 0.1  # of an accuracy
SURE = 0.9  # people's posterior from which their word counts as a class
REPEATS, NATS = 0.9, 6.9  # how often a worker who copies says what the model says; evidence, a thousand to one
DRAWN = 2.0  # answers the usual share of agreement on a task counts for


def warnings_of(
    crowd: Crowd, column: Column, model: MachineModel, people: Floats, met: tuple[Floats, Mask]
) -> tuple[Warned, ...]:
    """`people` (tasks, classes): the posterior of people alone; `met`: how many of them gave the model's answer."""
    found = list(model.warnings)
    if model.interval[1] < 1 / crowd.classes:
        found.append(Warned(Doubt.CONTRARY, "", 1 / crowd.classes, model.accuracy))
    own = column.own[~np.isnan(column.own)]
    promised = float(expit(own - np.log(max(1, crowd.classes - 1))).mean()) if len(own) else 0.0
    if promised > model.interval[1]:
        found.append(Warned(Doubt.OVERCONFIDENT, "", promised, model.accuracy))
    share, seen = met
    since = falls_off(share, seen)
    if since is not None:
        late = np.arange(len(seen)) >= since
        parts = float(share[seen & ~late].mean()), float(share[seen & late].mean())
        found.append(Warned(Doubt.DRIFT, str(since), *parts))
    return (*found, *_worse_classes(crowd, column, people))


def falls_off(share: Floats, seen: Mask) -> int | None:
    """The task from which on people agree clearly less with the model than before; None where there is none."""
    rows = np.flatnonzero(seen)
    said, places = share[rows], np.arange(LEAST, len(rows) - LEAST)
    if not len(places):
        return None
    total = np.cumsum(said)
    before, after = total[places - 1] / places, (total[-1] - total[places - 1]) / (len(rows) - places)
    error = np.sqrt(max(float(said.var()), 1e-6) * (1 / places + 1 / (len(rows) - places)))
    at = int(((before - after) / error).argmax())
    clear = before[at] - after[at] > max(CLEAR * float(error[at]), MATTERS)
    return int(rows[places[at]]) if clear else None


def copyists(crowd: Crowd, column: Column) -> dict[int, float]:
    """Workers who repeat the model where other people do not say the same, with the nats for it.

    An honest worker agrees with it on such a task as often as others do, drawn to the usual share.
    """
    counts = votes(crowd)
    said = column.label[crowd.task]
    kept = (said >= 0) & ~np.isin(crowd.task, crowd.gold_task)
    agrees = crowd.label == said
    others = counts.sum(1)[crowd.task] - 1
    same = counts[crowd.task, np.maximum(said, 0)] - agrees
    usual = float(agrees[kept].mean()) if kept.any() else 0.5
    likely = np.clip((same + DRAWN * usual) / (others + DRAWN), 0.05, 0.95)
    missed = kept & (others > 0) & (same * 2 < others)  # most others say something else
    nats = np.where(agrees, np.log(REPEATS / likely), np.log((1 - REPEATS) / (1 - likely)))
    found = np.bincount(crowd.worker[missed], nats[missed], crowd.workers)
    return {int(worker): float(found[worker]) for worker in np.flatnonzero(found >= NATS)}


def _worse_classes(crowd: Crowd, column: Column, people: Floats) -> list[Warned]:
    truth = np.where(people.max(1) >= SURE, people.argmax(1), -1)
    truth[crowd.gold_task] = crowd.gold_label
    judged = (truth >= 0) & (column.label >= 0)
    hit, found = column.label == truth, []
    for label in range(crowd.classes):
        mine, rest = judged & (truth == label), judged & (truth != label)
        if min(mine.sum(), rest.sum()) < LEAST:
            continue
        one, other = float(hit[mine].mean()), float(hit[rest].mean())
        error = sqrt(max(hit[judged].var(), 1e-3) * (1 / mine.sum() + 1 / rest.sum()))
        if other - one > max(CLEAR * error, 2 * MATTERS):
            found.append(Warned(Doubt.CLASS, str(label), other, one))
    return found
