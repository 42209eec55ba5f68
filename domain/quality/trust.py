"""Skills of the workers of a project whose answers are no classes, and the robust centre of numbers.

Before the first refit a worker's gold alone counts (`worker_by_gold`). A refit uses every answer and the gold
(`learn_workers`): expectation–maximisation of the one-coin model, each answer as right as all answers to its task make
it (Dawid & Skene 1979); for answers that are numbers also the precision of each worker, from the distance to the gold
or to the others' median."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from domain.answers import MeasuredKind, find_measured_kind, kind_of, rightness
from domain.quality.crowd import (
    PERSON_ACCURACY,
    PRIOR_ANSWERS,
    AnswerColumns,
    Gold,
    Skill,
    WorkerAnswer,
    clip_accuracy,
    posterior_mean,
)
from domain.quality.live import WorkerModel

PRIOR_FREEDOM, PRIOR_SPREAD = 5, 1.6
HUBER_K = 1.5  # residuals beyond this many scales count for less (Huber's k)
MAD_TO_SIGMA = 1.4826
EFFICIENCY = 0.5  # of a median deviation against the standard deviation: .37 of many normal values, more of few
HUBER_ROUNDS, HUBER_TOLERANCE = 30, 1e-6  # of the iteration; of the spread


@dataclass(frozen=True, slots=True)
class Centre:
    """Robust centre: `value`, its standard error, and the degrees of freedom of its t distribution."""

    value: float
    error: float
    freedom: float

    def probability(self, low: float, high: float) -> float:
        """Return P(low < true value < high)."""
        below, above = (float(stdtr(self.freedom, (end - self.value) / self.error)) for end in (low, high))
        return above - below

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % credible interval."""
        half = self.error * float(stdtrit(self.freedom, 0.975))
        return self.value - half, self.value + half


def robust_centre(values: Sequence[float], trust: Sequence[float], tolerance: float) -> Centre:
    """Return the robust centre of n ≥ 1 values; `trust` (n,): their precisions, `tolerance` > 0: the difference that
    would not matter. A value that has most of the weight is the centre."""
    median, weights = weighted_median(values, trust), trust
    same = [weight for value, weight in zip(values, trust, strict=True) if value == median]
    if sum(same) * 2 > sum(trust):  # where most of the weight is on one value, that value is the centre
        value, spread, weights = median, 0.0, same
    else:
        value, spread = huber_location(values, trust)
    further, total = EFFICIENCY * (len(weights) - 1), sum(weights)
    prior_variance = (PRIOR_SPREAD * tolerance) ** 2 / total
    sample_variance = spread**2 * sum([weight**2 for weight in weights]) / total**2
    return Centre(
        value,
        sqrt((PRIOR_FREEDOM * prior_variance + further * sample_variance) / (PRIOR_FREEDOM + further)),
        PRIOR_FREEDOM + further,
    )


def huber_location(values: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Return Huber's M-estimate of location of `values` (n,) with `weights` (n,) > 0, and the robust standard deviation
    of one value. No value may have more than half of the weight, else the deviation is 0."""
    centre = weighted_median(values, weights)
    spread = MAD_TO_SIGMA * weighted_median([abs(value - centre) for value in values], weights)
    for _ in range(HUBER_ROUNDS):
        bent, previous = HUBER_K * spread, centre
        pull = [w * min(1, bent / max(abs(v - centre), 1e-12)) for v, w in zip(values, weights, strict=True)]
        centre = sum([share * value for share, value in zip(pull, values, strict=True)]) / sum(pull)
        if abs(centre - previous) < spread * HUBER_TOLERANCE:
            break
    return centre, spread


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the value with at most half the weight on either side (the mean of two such)."""
    half, reached, low = sum(weights) / 2, 0.0, None
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if low is None and reached >= half * (1 - 1e-12):
            low = value
        if reached >= half * (1 + 1e-12):
            break
    return value if low is None else (low + value) / 2


MAX_RESIDUAL = 20.0  # tolerances: beyond it nothing is worse
MIN_CROWD = 6  # workers: among fewer nobody knows whose habit it is
ROUNDS, NUMBER_ROUNDS = 4, 2  # habits and precisions settle sooner than accuracies do

AnswersByTask = Mapping[int, Sequence[tuple[int, str]]]
"""Of each task the answers, with their workers."""
WorkerModels = Mapping[int, WorkerModel]


def worker_by_gold(right: int, answered: int) -> WorkerModel:
    """Return a worker's model before the first refit, from `right` of `answered` gold answers."""
    trusted = clip_accuracy(posterior_mean(right, answered, PERSON_ACCURACY))
    return WorkerModel((), trusted / PERSON_ACCURACY, answered, Skill(trusted, answered + PRIOR_ANSWERS))


def learn_workers(
    kind: str, options: Sequence[str], answers: Sequence[WorkerAnswer], gold: Gold
) -> tuple[WorkerModel, WorkerModels, float]:
    """Return a newcomer's model, all workers' models, and the precision of this crowd's numbers; independent of the
    order of the answers. The precision of a worker's numbers, relative to the crowd's, is stored as their information.
    """
    columns, tasks = AnswerColumns.from_answers(answers), defaultdict[int, list[tuple[int, str]]](list)
    for task, worker, number in sorted(zip(columns.task, columns.worker, columns.word_numbers, strict=True)):
        tasks[task].append((worker, columns.words[number]))
    newcomer, measure, precision = worker_by_gold(0, 0), find_measured_kind(kind), 1.0
    residuals: Mapping[int, Sequence[float]] = {}
    models: WorkerModels = {w: replace(newcomer, answers=count) for w, count in sorted(Counter(columns.worker).items())}
    for _ in range(NUMBER_ROUNDS if measure else ROUNDS):
        if measure:
            residuals = _residuals(measure, options, tasks, gold, models)
            models = _update_precisions(residuals, models)
        newcomer, models = _update_skills(kind, options, tasks, gold, models)
    if measure:
        several = [len(task_answers) for task_answers in tasks.values() if len(task_answers) > 1]
        precision = _crowd_precision(residuals, models, sum(several) / max(1, len(several)))
    return newcomer, models, precision


def _update_skills(
    kind: str, options: Sequence[str], tasks: AnswersByTask, gold: Gold, models: WorkerModels
) -> tuple[WorkerModel, WorkerModels]:
    """Return the newcomer's and the workers' models after one round: every answer judged by gold, or by all answers to
    its task where there are several."""
    closeness_by_worker: dict[int, list[float]] = {worker: [] for worker in models}
    for task, answers in tasks.items():
        if task in gold:
            right = [kind_of(kind).closeness(answer, gold[task]) for _, answer in answers]
        elif len(answers) > 1:
            right = rightness(kind, [models[worker].vote(text) for worker, text in answers], options)
        else:
            continue
        for (worker, _), closeness in zip(answers, right, strict=True):
            closeness_by_worker[worker].append(closeness)
    pooled = clip_accuracy(
        posterior_mean(
            sum(map(sum, closeness_by_worker.values())), sum(map(len, closeness_by_worker.values())), PERSON_ACCURACY
        )
    )
    answer_weights = {
        worker: PRIOR_ANSWERS + sum(abs(2 * closeness - 1) for closeness in closenesses)
        for worker, closenesses in closeness_by_worker.items()
    }
    skills = {
        w: Skill(clip_accuracy(posterior_mean(sum(closenesses), len(closenesses), pooled)), answer_weights[w])
        for w, closenesses in closeness_by_worker.items()
    }
    newcomer = WorkerModel((), 1.0, 0, Skill(pooled, PRIOR_ANSWERS))
    return newcomer, {worker: replace(model, skill=skills[worker]) for worker, model in models.items()}


def _residuals(
    measure: MeasuredKind, options: Sequence[str], tasks: AnswersByTask, gold: Gold, models: WorkerModels
) -> Mapping[int, Sequence[float]]:
    """Return {worker: residuals} in tolerances: the distance of their numbers to the gold, or to the others' weighted
    median without their habits."""
    residuals: dict[int, list[float]] = {worker: [] for worker in models}
    for task, answers in tasks.items():
        values, tolerance = measure.to_numbers([answer for _, answer in answers], options)
        worker_models = [models[worker] for worker, _ in answers]
        moved = [
            value - worker_model.habit * tolerance for value, worker_model in zip(values, worker_models, strict=True)
        ]
        weights = [worker_model.information for worker_model in worker_models]
        for index, (worker, _) in enumerate(answers):
            if task in gold:
                residual = measure.measure_offset(values[index], gold[task], options)
            elif len(answers) > 1:
                residual = values[index] - weighted_median(
                    moved[:index] + moved[index + 1 :], weights[:index] + weights[index + 1 :]
                )
            else:
                continue
            residuals[worker].append(max(-MAX_RESIDUAL, min(MAX_RESIDUAL, residual / max(tolerance, 1e-12))))
    return residuals


def _update_precisions(residuals: Mapping[int, Sequence[float]], models: WorkerModels) -> WorkerModels:
    """Return the models with habits and precisions updated by one round."""
    habits = _habits(residuals)
    centred = {worker: np.array(values) - habits[worker] for worker, values in residuals.items()}
    squares = {worker: float((values**2).sum()) for worker, values in centred.items()}
    crowd = max(0.25, sum(squares.values()) / max(1, sum(map(len, centred.values()))))
    weight = {
        w: crowd * (len(values) + PRIOR_ANSWERS) / (squares[w] + PRIOR_ANSWERS * crowd) for w, values in centred.items()
    }
    return {w: replace(model, information=weight[w], habit=habits[w]) for w, model in models.items()}


def _crowd_precision(residuals: Mapping[int, Sequence[float]], models: WorkerModels, overlap: float) -> float:
    """Return the precision of an answer of weight 1 relative to one with PRIOR_SPREAD, at most 1. Robust (MAD): where
    most agree to the digit, the others are mistakes, no spread. The mean habit of a task's workers, which is unknown,
    shifts all its answers alike. `overlap`: answers to a task that has several; 0 where none has."""
    weighed = [sqrt(models[w].information) * (far - models[w].habit) for w, own in residuals.items() for far in own]
    variance = (MAD_TO_SIGMA * float(np.median(np.abs(weighed)))) ** 2 if weighed else 0.0
    shared = overlap * sum(model.habit**2 for model in models.values()) / max(1, len(models)) ** 2
    own = variance * (1 - 1 / overlap) if overlap else variance  # the others' median is off, too
    return PRIOR_SPREAD**2 / max(PRIOR_SPREAD**2, own + shared)


def _habits(residuals: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """Return {worker: bias in tolerances}: the median of their residuals, 0 for those right in most answers, shrunk to
    0 by the share of error in how far medians spread here (Efron & Morris, J. Am. Stat. Assoc. 70, 1975). All 0 with
    fewer than MIN_CROWD workers."""
    measured, zeros = {w: np.array(own) for w, own in residuals.items() if len(own) > 1}, dict.fromkeys(residuals, 0.0)
    if len(measured) < MIN_CROWD:
        return zeros
    count, high = np.array([(len(own), np.median(own)) for own in measured.values()]).T
    variance = (
        np.array([MAD_TO_SIGMA * np.median(np.abs(values - np.median(values))) for values in measured.values()]) ** 2
    )
    error = (count * variance + PRIOR_ANSWERS * variance.mean()) / (count + PRIOR_ANSWERS) * np.pi / 2 / count
    spread = max(0.0, float((high**2 - error).mean()))
    return zeros | dict(zip(measured, (high * spread / np.maximum(spread + error, 1e-12)).tolist(), strict=True))
