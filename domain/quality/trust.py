"""Trust in each worker of a project whose answers are no classes.

Before the first refit a worker's gold alone tells (`accuracy`). A refit reads every answer and the gold together
(`learnt`): expectation–maximisation under one coin a worker, each answer as right as all answers to its task make it
(Dawid & Skene 1979); for answers that are numbers the precision of each worker besides, from how far they are off the
gold or the others' median.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from domain.answers import MeasuredKind, kind_of, measure_of, rightness
from domain.quality.aggregation import Vote
from domain.quality.aggregation.robust_numbers import location, weight_of, weighted_median
from domain.quality.crowd import Floats
from domain.quality.given_answers import GivenAnswers, Gold, Said
from domain.quality.live import WorkerModel
from domain.quality.skill import Skill

HONEST, BELIEVED = 0.75, 4.0  # accuracy before any gold (the mean over public crowds), worth so many answers
LEAST, MOST = 0.05, 0.97  # bounds: no worker is always wrong or always right
LIGHTEST, HEAVIEST = 0.05, 20.0  # precision against the crowd's
FAR = 20.0  # tolerances: beyond it nothing is worse
LEAST_CROWD = 6  # workers
LEAST_HABIT, MATTERS, PLAIN = 8, 0.5, 2.6  # answers, tolerances and standard errors from which a habit is taken off
ROUNDS = 4

Tasks = Mapping[int, Sequence[tuple[int, str]]]
"""Of each task the answers, with their workers' places."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Of all workers (workers,). `accuracy`: P(an answer is right), a newcomer's `usual`; `judged`: in how many answers
    that was seen, each for as much as it is sure; `weight`: the precision of their numbers against the crowd's (1 where
    answers are no numbers); `habit`: by how many tolerances they are usually too high."""

    usual: float
    accuracy: Floats
    judged: Floats
    weight: Floats
    habit: Floats


def accuracy(right: int, seen: int) -> float:
    """From gold alone: posterior mean under a Beta prior, kept away from certainty."""
    return min(MOST, max(LEAST, (right + HONEST * BELIEVED) / (seen + BELIEVED)))


def by_gold(right: int, seen: int) -> WorkerModel:
    """A worker before the first refit."""
    trusted = accuracy(right, seen)
    return _model(trusted, seen, trusted / HONEST, 0.0, seen)


def learnt(
    kind: str, options: Sequence[str], said: Sequence[Said], gold: Gold
) -> tuple[WorkerModel, dict[int, WorkerModel]]:
    """A newcomer, and all workers; independent of the order of `said`. The precision of their numbers is kept as their
    information."""
    given, tasks = GivenAnswers.of(said), defaultdict[int, list[tuple[int, str]]](list)
    workers, place = np.unique(given.worker, return_inverse=True)
    for task, worker, number in sorted(zip(given.task, place.tolist(), given.said, strict=True)):
        tasks[task].append((worker, given.words[number]))
    even, measure = np.ones(len(workers)), measure_of(kind)
    trust = Trust(HONEST, HONEST * even, 0 * even, even, 0 * even)
    for _ in range(ROUNDS // 2 if measure else 0):
        trust = _weighed(measure, options, tasks, gold, trust) if measure else trust
    for _ in range(1 if measure else ROUNDS):  # the accuracies of those who measure do not depend on one another
        trust = _judged(kind, options, tasks, gold, trust)
    columns = (trust.accuracy, trust.judged, trust.weight, trust.habit, np.bincount(place))
    models = [_model(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    return _model(trust.usual, 0.0, 1.0, 0.0, 0), dict(zip(workers.tolist(), models, strict=True))


def _model(accuracy: float, judged: float, weight: float, habit: float, answers: int) -> WorkerModel:
    return WorkerModel((), weight, answers, Skill(accuracy, judged + BELIEVED), habit)


def _judged(kind: str, options: Sequence[str], tasks: Tasks, gold: Gold, trust: Trust) -> Trust:
    """One round: every answer judged by gold, or by all answers to its task where there are several."""
    rows: list[tuple[int, float]] = []
    for task, answers in tasks.items():
        places = [at for at, _ in answers]
        if task in gold:
            found = [kind_of(kind).closeness(answer, gold[task]) for _, answer in answers]
        else:
            votes = [Vote(said, trust.accuracy[at], trust.weight[at], trust.habit[at]) for at, said in answers]
            found = rightness(kind, votes, options) if len(answers) > 1 else []
        rows += zip(places, found, strict=False)
    table = np.array(rows).reshape(-1, 2)
    worker, right = table[:, 0].astype(np.int64), table[:, 1]
    hits, tried, sure = (
        np.bincount(worker, each, len(trust.weight)) for each in (right, np.ones(len(right)), abs(2 * right - 1))
    )
    usual = float(np.clip((right.sum() + HONEST * BELIEVED) / (len(right) + BELIEVED), LEAST, MOST))
    accuracy = np.clip((hits + usual * BELIEVED) / (tried + BELIEVED), LEAST, MOST)
    return replace(trust, usual=usual, accuracy=accuracy, judged=np.asarray(sure, np.float64))


def _weighed(measure: MeasuredKind, options: Sequence[str], tasks: Tasks, gold: Gold, trust: Trust) -> Trust:
    """One round: habits and precisions from residuals, in tolerances."""
    residuals: list[list[float]] = [[] for _ in trust.weight]
    for task, answers in tasks.items():
        places = [at for at, _ in answers]
        values, tolerance = measure.measured([answer for _, answer in answers], options)
        moved, weights = np.array(values) - trust.habit[places] * tolerance, trust.weight[places]
        for at, worker in enumerate(places):
            if task in gold:
                far = measure.off(values[at], gold[task], options)
            elif len(answers) > 1:
                far = values[at] - weighted_median(np.delete(moved, at), np.delete(weights, at))
            else:
                continue
            residuals[worker].append(max(-FAR, min(FAR, far / max(tolerance, 1e-12))))
    several = len(residuals) >= LEAST_CROWD  # among fewer nobody knows whose habit it is
    habits = [_habit(np.array(found)) if several else 0.0 for found in residuals]
    left = [np.array(found) - habit for found, habit in zip(residuals, habits, strict=True)]
    everything = np.concatenate([np.ones(0), *left])
    crowd = max(0.25, float((everything**2).mean()) if len(everything) else 1.0)
    weight = np.clip([weight_of(found, crowd) * crowd for found in left], LIGHTEST, HEAVIEST)
    return replace(trust, weight=weight, habit=np.array(habits))


def _habit(residuals: Floats) -> float:
    """By how many tolerances a worker is too high, shrunk; 0 unless that is plain to see and matters."""
    if len(residuals) < LEAST_HABIT:
        return 0.0
    high, spread = location(residuals, np.ones(len(residuals)))
    least = min(abs(high), abs(float(np.median(residuals))))  # who is right in most answers has no habit
    if least < max(MATTERS, PLAIN * spread / sqrt(len(residuals))):
        return 0.0
    return high * len(residuals) / (len(residuals) + BELIEVED)
