"""Models (AI) as voters: how much their answers weigh, and what speaks against a model, for a requester about to trust
it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import fmean

import numpy as np
from scipy.special import expit

from domain.quality.crowd import PRIOR_ANSWERS, Crowd, Floats, Ints, Mask, Skill, count_votes, log_odds, posterior_mean
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
from domain.quality.model import estimate_accuracies

CLEAR_ERRORS = 4.0  # standard errors: one in thirty thousand, as many places and classes are looked at
MIN_PART_TASKS, MIN_SHARE_LOSS = (
    15,
    0.1,
)  # tasks of a part, or of a class; what its share must lack to be worth a warning
ROUNDING = 1e-6  # what rounding may add


def find_warnings(model: MachineModel, label: Ints, own: Floats, truth: Ints, classes: int) -> tuple[ModelWarning, ...]:
    """Return the model's warnings, extended by what its answers show. `label` (tasks,): its class, −1 where it has
    none; `own` (tasks,): log odds of its own probability, NaN where it gives none; `truth` (tasks,): the class by gold
    or people, else −1."""
    warnings = list(model.warnings)
    if model.interval[1] < 1 / classes:
        warnings.append(ModelWarning(Doubt.CONTRARY, "", 1 / classes, model.accuracy))
    own_odds = own[~np.isnan(own)] - np.log(max(1, classes - 1))
    usual = float(expit(own_odds.mean())) if len(own_odds) else 1.0
    if usual < 1 / classes + ROUNDING:
        warnings.append(ModelWarning(Doubt.UNSURE, "", 1 / classes, usual))
    promised = float(expit(own_odds).mean()) if len(own_odds) else 0.0
    if promised > model.interval[1]:
        warnings.append(ModelWarning(Doubt.OVERCONFIDENT, "", promised, model.accuracy))
    return (*warnings, *_weak_classes(label, truth, classes))


def find_drift(share: Floats) -> int:
    """Return the index from which people agree clearly less with the model than before; 0 if there is none. `share`
    (answers,): people's agreement with it, in the file's order."""
    clear = _lag_of_parts(share, np.cumsum(share[::-1])[::-1], np.arange(len(share), 0, -1), MIN_SHARE_LOSS)
    return int(clear.argmax()) if len(share) else 0


def _weak_classes(label: Ints, truth: Ints, classes: int) -> list[ModelWarning]:
    """Return a warning for each class on which the model is clearly worse than on the others."""
    judged = np.flatnonzero((truth >= 0) & (label >= 0))
    hit, size = (label == truth)[judged].astype(np.float64), np.bincount(truth[judged], minlength=classes)
    right: Floats = np.bincount(truth[judged], hit, classes).astype(np.float64)
    worse = np.flatnonzero(_lag_of_parts(hit, right, size, 2 * MIN_SHARE_LOSS))
    other_shares = (hit.sum() - right) / np.maximum(len(hit) - size, 1)
    return [
        ModelWarning(Doubt.CLASS, str(index), float(other_shares[index]), float(right[index] / size[index]))
        for index in worse.tolist()
    ]


def _lag_of_parts(shares: Floats, right: Floats, size: Ints, matters: float) -> Floats:
    """Return, by part, the standard errors by which its mean (`right` / `size`) lies below that of the rest of
    `shares`; 0 where the difference is not clear or smaller than `matters`."""
    if not len(shares):
        return np.zeros(len(size))
    rest, variance = len(shares) - size, max(float(shares.var()), 1e-3)
    lacks = (shares.sum() - right) / np.maximum(rest, 1) - right / np.maximum(size, 1)
    error = np.sqrt(variance * (1 / np.maximum(rest, 1) + 1 / np.maximum(size, 1)))
    clear = (np.minimum(size, rest) >= MIN_PART_TASKS) & (lacks > np.maximum(CLEAR_ERRORS * error, matters))
    return np.where(clear, lacks / error, 0.0)


CAREFUL_ERRORS = (
    1.0  # standard errors by which an accuracy may be less than it seems: its log odds are the most believed
)
BELIEVED_SHARE = 0.7  # of these are believed before gold: some errors of a model are those people make
SURE_POSTERIOR = 0.95  # people's posterior from which their word counts


@dataclass(frozen=True, slots=True, eq=False)
class ModelColumn:
    """Answers of one model: `label` (tasks,), −1 where it has none; `own` (tasks,): log odds of its own probability,
    NaN where it gives none."""

    name: str
    label: Ints
    own: Floats

    @property
    def usual(self) -> float:
        """Return the mean log odds that it gives itself, at least MIN_MEAN_LOG_ODDS; 1 if it gives none."""
        own_odds = self.own[~np.isnan(self.own)]
        return max(MIN_MEAN_LOG_ODDS, float(own_odds.mean())) if len(own_odds) else 1.0

    @property
    def pull(self) -> Floats:
        """Return the weight of each answer relative to the model's others, by its own probability (tasks,)."""
        return np.where(np.isnan(self.own), 1.0, np.clip(self.own / self.usual, *PULL_RANGE))


def model_columns(machines: MachineAnswers, tasks: Sequence[int], options: Sequence[str]) -> list[ModelColumn]:
    """Return one column for each model, in the order in which they are met; answers that are no option are left out."""
    place, label = ({value: index for index, value in enumerate(values)} for values in (tasks, options))
    placed = [
        (place[t], answer)
        for t, task_answers in machines.items()
        if t in place
        for answer in task_answers
        if answer.answer in label
    ]
    names, count = dict.fromkeys(answer.model for _, answer in placed), len(tasks)
    columns = {name: ModelColumn(name, np.full(count, -1), np.full(count, np.nan)) for name in names}
    for row, answer in placed:
        columns[answer.model].label[row] = label[answer.answer]
        if answer.probability is not None:
            columns[answer.model].own[row] = log_odds(answer.probability, len(options))
    return list(columns.values())


@dataclass(frozen=True, slots=True, eq=False)
class ModelEvidence:
    """Models beside a crowd: log-odds that one nat of each model adds to each class (`shapes`: models, tasks, classes).
    Nats of each model (models,): those by which it tells workers apart (`worker_nats`), those it is worth before there
    is gold (`prior_nats`), when all models count as one voice, and the upper limit (`max_nats`), as good luck on little
    gold is not skill."""

    crowd: Crowd
    columns: Sequence[ModelColumn]
    models: Sequence[MachineModel]
    people: Skill
    shapes: Floats
    worker_nats: Floats
    prior_nats: Floats
    max_nats: Floats

    @property
    def has_model_answer(self) -> Mask:
        """Return a mask (tasks,) of the tasks that at least one model answered."""
        return np.asarray(self.shapes.any((0, 2)))

    def added_nats(self, nats: Floats) -> Floats:
        """Return what the models add to each class of every task, with so many nats each: (tasks, classes)."""
        return np.tensordot(nats, self.shapes, 1)

    def judged_models(self, weights: Floats, alone: Mask, people: Floats) -> tuple[MachineModel, ...]:
        """Return the models with their weights and warnings. `people` (tasks, classes): the posterior of people alone;
        `alone` (tasks,): whether models alone are sure enough to decide. How often a model would have been right is
        judged by gold; people's sure answers, as people may share its errors, count only against it."""
        truth, judged_models = np.where(people.max(1) >= SURE_POSTERIOR, people.argmax(1), -1), []
        truth[self.crowd.gold_task] = self.crowd.gold_label
        for column, model, weight in zip(self.columns, self.models, weights.tolist(), strict=True):
            judged = np.flatnonzero(alone & (column.label >= 0) & (truth >= 0))
            hit, on_gold = column.label[judged] == truth[judged], np.isin(judged, self.crowd.gold_task)
            if not on_gold.any() or hit[on_gold].mean() <= hit.mean():
                hit = hit[on_gold]
            judged_model = replace(model, weight=weight, would_decide=len(hit), would_be_right=int(hit.sum()))
            against = find_warnings(judged_model, column.label, column.own, truth, self.crowd.classes)
            judged_models.append(replace(judged_model, warnings=against))
        return tuple(judged_models)


def weigh_models(crowd: Crowd, columns: Sequence[ModelColumn]) -> ModelEvidence:
    """Return the models as evidence, each judged by gold and by people."""
    judged = [_judge_model(crowd, column) for column in columns]
    models = [model for model, _ in judged]
    people_skills = [
        coin for model, coin in judged if model.accuracy > 1 / crowd.classes
    ]  # the others tell nothing of people
    people = _mean_skill(people_skills) if people_skills else estimate_accuracies(crowd)[0]
    pairs = list(zip(columns, models, strict=True))
    shapes = np.zeros((len(columns), crowd.tasks, crowd.classes))
    for shape, (column, model) in zip(shapes, pairs, strict=True):  # its own probability counts as far as it is heeded
        answered = np.flatnonzero(column.label >= 0)
        shape[answered, column.label[answered]] = (1 + model.heeded * (column.pull - 1))[answered]
    counts = shapes.any(2).sum(0)
    voices = float(counts[counts > 0].mean()) if counts.any() else 1.0  # that speak at once
    known_nats, max_nats = np.array([_nats_of_answer(crowd, *pair) for pair in pairs], float).reshape(-1, 2).T
    return ModelEvidence(
        crowd=crowd,
        columns=columns,
        models=models,
        people=people,
        shapes=shapes,
        worker_nats=known_nats / voices,
        prior_nats=BELIEVED_SHARE * max_nats / voices,
        max_nats=max_nats,
    )


def _mean_skill(skills: Sequence[Skill]) -> Skill:
    return replace(skills[0], accuracy=fmean(skill.accuracy for skill in skills))


def _nats_of_answer(crowd: Crowd, column: ModelColumn, model: MachineModel) -> tuple[float, float]:
    """Return the nats of an answer by the model's accuracy, and by an accuracy CAREFUL_ERRORS lower. 0 where a model
    that answers the same without looking would be right as often: the shares of the classes tell that already."""
    error = sqrt(model.accuracy * (1 - model.accuracy) / (model.judged + PRIOR_ANSWERS))
    labels = column.label[column.label >= 0], crowd.label
    model_counts, people = (np.bincount(label, minlength=crowd.classes) + 1 for label in labels)
    guessed = model_counts @ people / (model_counts.sum() * people.sum())
    nats, careful = (
        max(0.0, log_odds(accuracy, crowd.classes)) if accuracy > guessed else 0.0
        for accuracy in (model.accuracy, model.accuracy - CAREFUL_ERRORS * error)
    )
    return nats, careful


def _judge_model(crowd: Crowd, column: ModelColumn) -> tuple[MachineModel, Skill]:
    """Return the model judged by gold and by people's answers (by the later part only, if it fell off), and how often
    people are right."""
    counts, gold_answers = count_votes(crowd), column.label[crowd.gold_task]
    compared = np.flatnonzero((column.label >= 0) & counts.any(1))
    share = counts[compared, column.label[compared]] / counts[compared].sum(
        1
    )  # of people's answers that are the model's
    since = find_drift(share)
    people, model_accuracy = estimate_accuracies(crowd, column.label)
    if since:
        _, model_accuracy = estimate_accuracies(
            crowd, np.where(np.arange(crowd.tasks) < compared[since], -1, column.label)
        )
    better = people.accuracy - (1 - people.accuracy) / max(1, crowd.classes - 1)  # than guesses, which tell nothing
    worth = min(MAX_PEOPLE_TASKS, len(share[since:]) * better**2)
    hits = (gold_answers == crowd.gold_label)[gold_answers >= 0].tolist()
    model = model_from_counts(
        column.name, hits, posterior_mean(model_accuracy * worth, worth, USUAL_MODEL_ACCURACY), worth
    )
    parts = (float(part.mean()) for part in (share[:since], share[since:]))
    drift = [ModelWarning(Doubt.DRIFT, str(compared[since]), *parts)] if since else []
    heeded = _calibration_slope(crowd, column, people.accuracy, model.accuracy)
    return replace(model, usual=column.usual, heeded=heeded, warnings=(*model.warnings, *drift)), people


def _calibration_slope(crowd: Crowd, column: ModelColumn, right: float, accuracy: float) -> float:
    """Return how far a model's own probabilities predict whether gold and people (right with probability `right`) agree
    with it, 0…1: the regression slope of agreement on the prediction, prior 1 ± 1. 0 where the probabilities are
    usually no better than a guess, 1 without data."""
    if column.usual <= MIN_MEAN_LOG_ODDS:
        return 0.0
    counts, rest = count_votes(crowd), max(1, crowd.classes - 1)
    counts[crowd.gold_task] = np.eye(crowd.classes)[crowd.gold_label]
    compared = np.flatnonzero((column.label >= 0) & counts.any(1))
    if not len(compared):
        return 1.0
    agreed = counts[compared, column.label[compared]] / counts[compared].sum(1)
    judges = np.where(np.isin(compared, crowd.gold_task), 1.0, right)
    own_prediction = expit(log_odds(accuracy, crowd.classes) * column.pull[compared] - np.log(rest))
    predicted = own_prediction * judges + (1 - own_prediction) * (1 - judges) / rest
    centred, noise = predicted - predicted.mean(), max(float(agreed.var()), 1e-3)
    return float(np.clip((agreed @ centred + noise) / (centred @ centred + noise), 0.0, 1.0))
