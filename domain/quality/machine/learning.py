"""What is learnt of models (AI) beside a crowd: how good each is, what its answers add, what speaks against it.

How often it is right people and gold tell (domain/quality/machine/coins.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean

import numpy as np
from scipy.special import expit

from domain.quality.crowd import Crowd, Floats, Ints, Mask, votes
from domain.quality.intervals import BELIEVED
from domain.quality.machine import (
    LEAST_PULL,
    MOST,
    MOST_PULL,
    USUAL,
    Doubt,
    MachineAnswers,
    MachineModel,
    Warned,
    judged_by,
    log_odds,
)
from domain.quality.machine.coins import coins, heeded, worth_of
from domain.quality.model import Moments, moments

CAREFUL = 1.0  # standard errors by which an accuracy may be less than it seems: its log odds are the most believed
SHARED = 0.7  # of these are believed before gold: some errors of a model are those people make
CLEAR = 4.0  # standard errors: one in thirty thousand, as many places and classes are looked at
PART, MATTERS = 15, 0.1  # tasks of a part, or of a class; what its share must lack to be worth a warning
SURE = 0.9  # people's posterior from which their word counts as a class
REPEATS, NATS = 0.9, 6.9  # how often a worker who copies says what the model says; evidence, a thousand to one
DRAWN = 2.0  # answers the usual share of agreement on a task counts for


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One model: `label` (tasks,), −1 where it says nothing; `own` (tasks,): log odds of its own probability, NaN
    where it gives none."""

    name: str
    label: Ints
    own: Floats

    @property
    def usual(self) -> float:
        """Mean log odds it gives itself; 1 where it gives none."""
        given = self.own[~np.isnan(self.own)]
        return max(0.1, float(given.mean())) if len(given) else 1.0

    @property
    def pull(self) -> Floats:
        """Of each answer beside the others, by its own probability (tasks,)."""
        return np.where(np.isnan(self.own), 1.0, np.clip(self.own / self.usual, LEAST_PULL, MOST_PULL))

    def shape(self, classes: int, heeded: float) -> Floats:
        """What one nat of it adds to each class of every task (tasks, classes), its own probability as far as that is
        heeded."""
        pull = 1 + heeded * (self.pull - 1)
        return np.where(self.label[:, None] == np.arange(classes), pull[:, None], 0.0)


def columns_of(machines: MachineAnswers, tasks: Sequence[int], options: Sequence[str]) -> list[Column]:
    """One column a model, in the order in which they are met."""
    place, label = ({each: at for at, each in enumerate(every)} for every in (tasks, options))
    found: dict[str, Column] = {}
    for task, said in machines.items():
        for each in said if task in place else ():
            if each.answer in label:
                if each.model not in found:
                    found[each.model] = Column(each.model, np.full(len(tasks), -1), np.full(len(tasks), np.nan))
                found[each.model].label[place[task]] = label[each.answer]
                if each.probability is not None:
                    found[each.model].own[place[task]] = log_odds(each.probability, len(options))
    return list(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Models beside a crowd, and what one nat of each adds (`shapes`: models, tasks, classes). Nats of each (models,):
    those by which it tells workers apart (`known`), those it is worth before gold has said anything (`believed`), when
    all of them are one voice, and at `most`, as good luck on little gold is not skill."""

    crowd: Crowd
    columns: Sequence[Column]
    models: Sequence[MachineModel]
    people: Moments
    shapes: Floats
    known: Floats
    believed: Floats
    most: Floats

    @property
    def spoken(self) -> Mask:
        """Of which tasks a model says something."""
        return np.asarray(self.shapes.any((0, 2)))

    def added(self, nats: Floats) -> Floats:
        """What the models add to each class of every task, each worth so many nats: (tasks, classes)."""
        return np.tensordot(nats, self.shapes, 1)

    def learnt(self, weights: Floats, alone: Mask, people: Floats) -> tuple[MachineModel, ...]:
        """With their weights, and what speaks against them. `people` (tasks, classes): the posterior of people alone;
        `alone` (tasks,): whether models alone are sure enough to decide. How often they would have been right gold
        says; what people are sure of, too, where that speaks against them: they are sure of easy tasks, and may share
        errors."""
        truth, found = _truth(self.crowd, people, MOST), []
        for column, model, weight in zip(self.columns, self.models, weights.tolist(), strict=True):
            judged = np.flatnonzero(alone & (column.label >= 0) & (truth >= 0))
            hit, on_gold = column.label[judged] == truth[judged], np.isin(judged, self.crowd.gold_task)
            if not on_gold.any() or hit[on_gold].mean() <= hit.mean():
                hit = hit[on_gold]
            known = replace(model, weight=weight, would_decide=len(hit), would_be_right=int(hit.sum()))
            found.append(replace(known, warnings=_warnings(self.crowd, column, known, people)))
        return tuple(found)


def heard(crowd: Crowd, columns: Sequence[Column]) -> Heard:
    """The models, each judged by gold and by people."""
    judged, start = [_judged(crowd, column) for column in columns], moments(crowd)
    models = [model for model, _ in judged]
    told = [right for model, right in judged if model.accuracy > 1 / crowd.classes]  # the others tell nothing of people
    people = replace(start, accuracy=fmean(told)) if told else start
    each = zip(columns, models, strict=True)
    shapes = np.array([column.shape(crowd.classes, model.heeded) for column, model in each])
    shapes = shapes.reshape(len(columns), crowd.tasks, crowd.classes)
    said = shapes.any(2).sum(0)
    voices = float(said[said > 0].mean()) if said.any() else 1.0  # that speak at once
    known, most = (np.array([_nats(model, crowd.classes, by) for model in models]) for by in (0.0, CAREFUL))
    return Heard(crowd, columns, models, people, shapes, known / voices, SHARED * most / voices, most)


def _nats(model: MachineModel, classes: int, careful: float) -> float:
    """What an answer is worth by the model's accuracy, less so many standard errors."""
    error = sqrt(model.accuracy * (1 - model.accuracy) / (model.judged + BELIEVED))
    return max(0.0, log_odds(model.accuracy - careful * error, classes))


def _judged(crowd: Crowd, column: Column) -> tuple[MachineModel, float]:
    """By gold and by people's answers; of a model that fell off, by its worse part. Beside it, how often people are
    right."""
    counts, said = votes(crowd), column.label[crowd.gold_task]
    seen = np.flatnonzero((column.label >= 0) & (counts.sum(1) > 0))
    share = counts[seen, column.label[seen]] / counts[seen].sum(1)  # of people's answers that are the model's
    since = _falls_off(share)
    hits = (said == crowd.gold_label)[said >= 0].tolist()
    right, own = coins(crowd, column.label)
    if since:
        _, own = coins(crowd, np.where(np.arange(crowd.tasks) < seen[since], -1, column.label))
    worth = worth_of(share[since:], right, crowd.classes)
    by_people = (own * worth + USUAL * BELIEVED) / (worth + BELIEVED)
    model = judged_by(column.name, hits, by_people, worth)
    parts = (float(part.mean()) for part in (share[:since], share[since:]))
    drift = [Warned(Doubt.DRIFT, str(seen[since]), *parts)] if since else []
    heeded = _heeded(crowd, column, seen, share, (right, model.accuracy))
    return replace(model, usual=column.usual, heeded=heeded, warnings=(*model.warnings, *drift)), right


def _heeded(crowd: Crowd, column: Column, seen: Ints, share: Floats, by: tuple[float, float]) -> float:
    """By gold, and by people's share; `by`: how often people and the model are right."""
    gold = column.label[crowd.gold_task] >= 0
    judged = np.concatenate([seen, crowd.gold_task[gold]])
    agreed = np.concatenate([share, (column.label[crowd.gold_task] == crowd.gold_label)[gold]])
    judges = np.concatenate([np.full(len(seen), by[0]), np.ones(int(gold.sum()))])
    return heeded(agreed, judges, log_odds(by[1], crowd.classes) * column.pull[judged], crowd.classes)


def _truth(crowd: Crowd, people: Floats, sure: float) -> Ints:
    """By gold, else what people are so sure of; −1 where neither tells: (tasks,)."""
    truth = np.where(people.max(1) >= sure, people.argmax(1), -1)
    truth[crowd.gold_task] = crowd.gold_label
    return truth


def _warnings(crowd: Crowd, column: Column, model: MachineModel, people: Floats) -> tuple[Warned, ...]:
    """For a requester who is about to trust it."""
    found = list(model.warnings)
    if model.interval[1] < 1 / crowd.classes:
        found.append(Warned(Doubt.CONTRARY, "", 1 / crowd.classes, model.accuracy))
    own = column.own[~np.isnan(column.own)]
    promised = float(expit(own - np.log(max(1, crowd.classes - 1))).mean()) if len(own) else 0.0
    if promised > model.interval[1]:
        found.append(Warned(Doubt.OVERCONFIDENT, "", promised, model.accuracy))
    return (*found, *_worse_classes(crowd, column, people))


def _falls_off(share: Floats) -> int:
    """The place from which on people agree clearly less with the model than before; 0 where there is none."""
    clear = _behind(share, np.cumsum(share[::-1])[::-1], np.arange(len(share), 0, -1), MATTERS)
    return int(clear.argmax()) if len(share) else 0


def _worse_classes(crowd: Crowd, column: Column, people: Floats) -> list[Warned]:
    truth = _truth(crowd, people, SURE)
    judged = np.flatnonzero((truth >= 0) & (column.label >= 0))
    hit, size = (column.label == truth)[judged].astype(np.float64), np.bincount(truth[judged], minlength=crowd.classes)
    right: Floats = np.bincount(truth[judged], hit, crowd.classes).astype(np.float64)
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


def copyists(crowd: Crowd, column: Column) -> dict[int, float]:
    """Workers who repeat the model where most other people say something else, with the nats for it.

    An honest worker agrees with it on such a task as often as others do, drawn to the usual share.
    """
    counts, said = votes(crowd), column.label[crowd.task]
    kept, agrees = (said >= 0) & ~np.isin(crowd.task, crowd.gold_task), crowd.label == said
    others, same = counts.sum(1)[crowd.task] - 1, counts[crowd.task, np.maximum(said, 0)] - agrees
    usual = float(agrees[kept].mean()) if kept.any() else 0.5
    likely = np.clip((same + DRAWN * usual) / (others + DRAWN), 0.05, 0.95)
    nats = np.where(agrees, np.log(REPEATS / likely), np.log((1 - REPEATS) / (1 - likely)))
    missed = kept & (others > 0) & (same * 2 < others)
    found = np.bincount(crowd.worker[missed], nats[missed], crowd.workers)
    return {int(worker): float(found[worker]) for worker in np.flatnonzero(found >= NATS)}
