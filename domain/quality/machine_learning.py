"""What speaks against a model (AI): for a requester who is about to trust it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean

import numpy as np
from scipy.special import expit

from domain.quality.crowd import (
    PRIOR_ANSWERS,
    Crowd,
    Floats,
    Ints,
    Mask,
    Skill,
    count_votes,
    log_odds,
    posterior_mean,
)
from domain.quality.machine import (
    MAX_PEOPLE_TASKS,
    MIN_MEAN_LOG_ODDS,
    PULL_RANGE,
    USUAL_MODEL_ACCURACY,
    Doubt,
    MachineAnswers,
    MachineModel,
    ModelWarning,
    model_from_counts,
)
from domain.quality.model import coins

CLEAR = 4.0  # standard errors: one in thirty thousand, as many places and classes are looked at
PART, MATTERS = 15, 0.1  # tasks of a part, or of a class; what its share must lack to be worth a warning
NEARLY = 1e-6  # what rounding may add


def warnings_of(model: MachineModel, label: Ints, own: Floats, truth: Ints, classes: int) -> tuple[ModelWarning, ...]:
    """Of a model that says `label` (tasks,), −1 where nothing, by its `own` log odds, NaN where it gives none; `truth`
    (tasks,) as far as gold or people tell it, else −1."""
    found = list(model.warnings)
    if model.interval[1] < 1 / classes:
        found.append(ModelWarning(Doubt.CONTRARY, "", 1 / classes, model.accuracy))
    given = own[~np.isnan(own)] - np.log(max(1, classes - 1))
    usual = float(expit(given.mean())) if len(given) else 1.0
    if usual < 1 / classes + NEARLY:
        found.append(ModelWarning(Doubt.UNSURE, "", 1 / classes, usual))
    promised = float(expit(given).mean()) if len(given) else 0.0
    if promised > model.interval[1]:
        found.append(ModelWarning(Doubt.OVERCONFIDENT, "", promised, model.accuracy))
    return (*found, *_worse_classes(label, truth, classes))


def falls_off(share: Floats) -> int:
    """The place from which on people agree clearly less with the model than before; 0 where there is none."""
    clear = _behind(share, np.cumsum(share[::-1])[::-1], np.arange(len(share), 0, -1), MATTERS)
    return int(clear.argmax()) if len(share) else 0


def _worse_classes(label: Ints, truth: Ints, classes: int) -> list[ModelWarning]:
    judged = np.flatnonzero((truth >= 0) & (label >= 0))
    hit, size = (label == truth)[judged].astype(np.float64), np.bincount(truth[judged], minlength=classes)
    right: Floats = np.bincount(truth[judged], hit, classes).astype(np.float64)
    worse = np.flatnonzero(_behind(hit, right, size, 2 * MATTERS))
    others = (hit.sum() - right) / np.maximum(len(hit) - size, 1)
    return [ModelWarning(Doubt.CLASS, str(at), float(others[at]), float(right[at] / size[at])) for at in worse.tolist()]


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


CAREFUL = 1.0  # standard errors by which an accuracy may be less than it seems: its log odds are the most believed
SHARED = 0.7  # of these are believed before gold: some errors of a model are those people make
SURE = 0.95  # people's posterior from which their word counts


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One model: `label` (tasks,), −1 where it says nothing; `own` (tasks,): log odds of its own probability, NaN
    where it gives none."""

    name: str
    label: Ints
    own: Floats

    @property
    def usual(self) -> float:
        """Mean log odds it gives itself, GUESS at least; 1 where it gives none."""
        given = self.own[~np.isnan(self.own)]
        return max(MIN_MEAN_LOG_ODDS, float(given.mean())) if len(given) else 1.0

    @property
    def pull(self) -> Floats:
        """Of each answer beside the others, by its own probability (tasks,)."""
        return np.where(np.isnan(self.own), 1.0, np.clip(self.own / self.usual, *PULL_RANGE))


def columns_of(machines: MachineAnswers, tasks: Sequence[int], options: Sequence[str]) -> list[Column]:
    """One column a model, in the order in which they are met."""
    place, label = ({each: at for at, each in enumerate(every)} for every in (tasks, options))
    told = [(place[t], each) for t, said in machines.items() if t in place for each in said if each.answer in label]
    names, count = dict.fromkeys(each.model for _, each in told), len(tasks)
    found = {name: Column(name, np.full(count, -1), np.full(count, np.nan)) for name in names}
    for at, each in told:
        found[each.model].label[at] = label[each.answer]
        if each.probability is not None:
            found[each.model].own[at] = log_odds(each.probability, len(options))
    return list(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Models beside a crowd, and what one nat of each adds (`shapes`: models, tasks, classes). Nats of each (models,):
    those by which it tells workers apart (`known`), those it is worth before gold has said anything (`believed`), when
    all of them are one voice, and at `most`, as good luck on little gold is not skill."""

    crowd: Crowd
    columns: Sequence[Column]
    models: Sequence[MachineModel]
    people: Skill
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
        says; what people are sure of, who may share errors, only against them."""
        truth, found = np.where(people.max(1) >= SURE, people.argmax(1), -1), []
        truth[self.crowd.gold_task] = self.crowd.gold_label
        for column, model, weight in zip(self.columns, self.models, weights.tolist(), strict=True):
            judged = np.flatnonzero(alone & (column.label >= 0) & (truth >= 0))
            hit, on_gold = column.label[judged] == truth[judged], np.isin(judged, self.crowd.gold_task)
            if not on_gold.any() or hit[on_gold].mean() <= hit.mean():
                hit = hit[on_gold]
            known = replace(model, weight=weight, would_decide=len(hit), would_be_right=int(hit.sum()))
            against = warnings_of(known, column.label, column.own, truth, self.crowd.classes)
            found.append(replace(known, warnings=against))
        return tuple(found)


def heard(crowd: Crowd, columns: Sequence[Column]) -> Heard:
    """The models, each judged by gold and by people."""
    judged = [_judged(crowd, column) for column in columns]
    models = [model for model, _ in judged]
    told = [coin for model, coin in judged if model.accuracy > 1 / crowd.classes]  # the others tell nothing of people
    people = replace(told[0], accuracy=fmean(coin.accuracy for coin in told)) if told else coins(crowd)[0]
    each = list(zip(columns, models, strict=True))
    shapes = np.zeros((len(columns), crowd.tasks, crowd.classes))
    for shape, (column, model) in zip(shapes, each, strict=True):  # its own probability counts as far as it is heeded
        said = np.flatnonzero(column.label >= 0)
        shape[said, column.label[said]] = (1 + model.heeded * (column.pull - 1))[said]
    said = shapes.any(2).sum(0)
    voices = float(said[said > 0].mean()) if said.any() else 1.0  # that speak at once
    known, most = np.array([_nats(crowd, *one) for one in each], float).reshape(-1, 2).T
    return Heard(crowd, columns, models, people, shapes, known / voices, SHARED * most / voices, most)


def _nats(crowd: Crowd, column: Column, model: MachineModel) -> tuple[float, float]:
    """What an answer is worth by the model's accuracy, and by CAREFUL standard errors less; nothing where a model would
    be as often right that says the same without looking, as the classes' shares tell that already."""
    error = sqrt(model.accuracy * (1 - model.accuracy) / (model.judged + PRIOR_ANSWERS))
    given = column.label[column.label >= 0], crowd.label
    said, people = (np.bincount(each, minlength=crowd.classes) + 1 for each in given)
    guessed = said @ people / (said.sum() * people.sum())
    known, careful = (
        max(0.0, log_odds(accuracy, crowd.classes)) if accuracy > guessed else 0.0
        for accuracy in (model.accuracy, model.accuracy - CAREFUL * error)
    )
    return known, careful


def _judged(crowd: Crowd, column: Column) -> tuple[MachineModel, Skill]:
    """By gold and by people's answers; of a model that fell off, by its worse part. Beside it, how often people are
    right."""
    counts, said = count_votes(crowd), column.label[crowd.gold_task]
    seen = np.flatnonzero((column.label >= 0) & counts.any(1))
    share = counts[seen, column.label[seen]] / counts[seen].sum(1)  # of people's answers that are the model's
    since = falls_off(share)
    people, own = coins(crowd, column.label)
    if since:
        _, own = coins(crowd, np.where(np.arange(crowd.tasks) < seen[since], -1, column.label))
    better = people.accuracy - (1 - people.accuracy) / max(1, crowd.classes - 1)  # than guesses, which tell nothing
    worth = min(MAX_PEOPLE_TASKS, len(share[since:]) * better**2)
    hits = (said == crowd.gold_label)[said >= 0].tolist()
    model = model_from_counts(column.name, hits, posterior_mean(own * worth, worth, USUAL_MODEL_ACCURACY), worth)
    parts = (float(part.mean()) for part in (share[:since], share[since:]))
    drift = [ModelWarning(Doubt.DRIFT, str(seen[since]), *parts)] if since else []
    heeded = _heeded(crowd, column, people.accuracy, model.accuracy)
    return replace(model, usual=column.usual, heeded=heeded, warnings=(*model.warnings, *drift)), people


def _heeded(crowd: Crowd, column: Column, right: float, accuracy: float) -> float:
    """How far a model's own probabilities foretell whether gold and people, who are `right` so often, bear it out, 0…1:
    the slope of that on what it would be if they held, 1 ± 1 before anything is seen; not at all where they are
    usually no better than a guess."""
    if column.usual <= MIN_MEAN_LOG_ODDS:
        return 0.0
    told, rest = count_votes(crowd), max(1, crowd.classes - 1)
    told[crowd.gold_task] = np.eye(crowd.classes)[crowd.gold_label]
    seen = np.flatnonzero((column.label >= 0) & told.any(1))
    if not len(seen):
        return 1.0
    agreed = told[seen, column.label[seen]] / told[seen].sum(1)
    judges = np.where(np.isin(seen, crowd.gold_task), 1.0, right)
    likely = expit(log_odds(accuracy, crowd.classes) * column.pull[seen] - np.log(rest))
    foretold = likely * judges + (1 - likely) * (1 - judges) / rest
    apart, noise = foretold - foretold.mean(), max(float(agreed.var()), 1e-3)
    return float(np.clip((agreed @ apart + noise) / (apart @ apart + noise), 0.0, 1.0))
