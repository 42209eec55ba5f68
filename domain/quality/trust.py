"""Trust in each worker of a project whose answers are no classes.

Before the first refit a worker's gold alone tells (`by_gold`). A refit reads every answer and the gold together
(`learnt`): expectation–maximisation under one coin a worker, each answer as right as all answers to its task make it
(Dawid & Skene 1979); for answers that are numbers the precision of each worker besides, from how far they are off the
gold or the others' median.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from domain.answers import (
    MeasuredKind,
    kind_of,
    measure_of,
    rightness,
)
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

PRIOR, SPREAD = 5, 1.6
BEND = 1.5  # residuals beyond this many scales count for less (Huber's k)
MAD_TO_SIGMA = 1.4826
EFFICIENCY = 0.5  # of a median deviation against the standard deviation: .37 of many normal values, more of few
HUBER_ROUNDS, SETTLED = 30, 1e-6  # of the iteration; of the spread


@dataclass(frozen=True, slots=True)
class Centre:
    """`value`, its standard error, and the degrees of freedom of its t distribution."""

    value: float
    error: float
    freedom: float

    def probability(self, low: float, high: float) -> float:
        """P(the true value is between low and high)."""
        below, above = (float(stdtr(self.freedom, (end - self.value) / self.error)) for end in (low, high))
        return above - below

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % credible interval."""
        half = self.error * float(stdtrit(self.freedom, 0.975))
        return self.value - half, self.value + half


def centre_of(values: Sequence[float], trust: Sequence[float], tolerance: float) -> Centre:
    """Of n ≥ 1 values; `trust` is their precision, `tolerance` > 0 is the difference that would not matter."""
    median, weights = weighted_median(values, trust), trust
    same = [weight for value, weight in zip(values, trust, strict=True) if value == median]
    if sum(same) * 2 > sum(trust):  # where most of the weight is on one value, that value is the centre
        value, spread, weights = median, 0.0, same
    else:
        value, spread = location(values, trust)
    further, total = EFFICIENCY * (len(weights) - 1), sum(weights)
    foretold = (SPREAD * tolerance) ** 2 / total
    seen = spread**2 * sum([weight**2 for weight in weights]) / total**2
    return Centre(value, sqrt((PRIOR * foretold + further * seen) / (PRIOR + further)), PRIOR + further)


def location(values: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Huber's centre of `values` (n,), weighted by skill `weights` (n,) > 0, and the robust standard deviation of one
    of them; no value has more than half of the weight, so that it is not 0."""
    centre = weighted_median(values, weights)
    spread = MAD_TO_SIGMA * weighted_median([abs(value - centre) for value in values], weights)
    for _ in range(HUBER_ROUNDS):
        bent, before = BEND * spread, centre
        pull = [w * min(1, bent / max(abs(v - centre), 1e-12)) for v, w in zip(values, weights, strict=True)]
        centre = sum([share * value for share, value in zip(pull, values, strict=True)]) / sum(pull)
        if abs(centre - before) < spread * SETTLED:
            break
    return centre, spread


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value with at most half the weight on either side (the mean of two such)."""
    half, reached, low = sum(weights) / 2, 0.0, None
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if low is None and reached >= half * (1 - 1e-12):
            low = value
        if reached >= half * (1 + 1e-12):
            break
    return value if low is None else (low + value) / 2


FAR = 20.0  # tolerances: beyond it nothing is worse
LEAST_CROWD = 6  # workers: among fewer nobody knows whose habit it is
ROUNDS, OF_NUMBERS = 4, 2  # habits and precisions settle sooner than accuracies do

Tasks = Mapping[int, Sequence[tuple[int, str]]]
"""Of each task the answers, with their workers."""
Models = Mapping[int, WorkerModel]


def by_gold(right: int, seen: int) -> WorkerModel:
    """A worker before the first refit."""
    trusted = clip_accuracy(posterior_mean(right, seen, PERSON_ACCURACY))
    return WorkerModel((), trusted / PERSON_ACCURACY, seen, Skill(trusted, seen + PRIOR_ANSWERS))


def learnt(
    kind: str, options: Sequence[str], said: Sequence[WorkerAnswer], gold: Gold
) -> tuple[WorkerModel, Models, float]:
    """A newcomer, all workers, and the precision of this crowd's numbers; independent of the order of `said`. The
    precision of a worker's numbers, against the crowd's, is kept as their information."""
    given, tasks = AnswerColumns.from_answers(said), defaultdict[int, list[tuple[int, str]]](list)
    for task, worker, number in sorted(zip(given.task, given.worker, given.word_numbers, strict=True)):
        tasks[task].append((worker, given.words[number]))
    newcomer, measure, precision = by_gold(0, 0), measure_of(kind), 1.0
    residuals: Mapping[int, Sequence[float]] = {}
    models: Models = {w: replace(newcomer, answers=count) for w, count in sorted(Counter(given.worker).items())}
    for _ in range(OF_NUMBERS if measure else ROUNDS):
        if measure:
            residuals = _residuals(measure, options, tasks, gold, models)
            models = _weighed(residuals, models)
        newcomer, models = _judged(kind, options, tasks, gold, models)
    if measure:
        several = [len(answers) for answers in tasks.values() if len(answers) > 1]
        precision = _precision(residuals, models, sum(several) / max(1, len(several)))
    return newcomer, models, precision


def _judged(kind: str, options: Sequence[str], tasks: Tasks, gold: Gold, models: Models) -> tuple[WorkerModel, Models]:
    """One round: every answer judged by gold, or by all answers to its task where there are several."""
    found: dict[int, list[float]] = {worker: [] for worker in models}
    for task, answers in tasks.items():
        if task in gold:
            right = [kind_of(kind).closeness(answer, gold[task]) for _, answer in answers]
        elif len(answers) > 1:
            right = rightness(kind, [models[worker].vote(said) for worker, said in answers], options)
        else:
            continue
        for (worker, _), each in zip(answers, right, strict=True):
            found[worker].append(each)
    usual = clip_accuracy(posterior_mean(sum(map(sum, found.values())), sum(map(len, found.values())), PERSON_ACCURACY))
    sure = {worker: PRIOR_ANSWERS + sum(abs(2 * each - 1) for each in own) for worker, own in found.items()}
    skills = {w: Skill(clip_accuracy(posterior_mean(sum(own), len(own), usual)), sure[w]) for w, own in found.items()}
    newcomer = WorkerModel((), 1.0, 0, Skill(usual, PRIOR_ANSWERS))
    return newcomer, {worker: replace(model, skill=skills[worker]) for worker, model in models.items()}


def _residuals(
    measure: MeasuredKind, options: Sequence[str], tasks: Tasks, gold: Gold, models: Models
) -> Mapping[int, Sequence[float]]:
    """How far each worker's numbers are off the gold, or the others' median without their habits, in tolerances."""
    residuals: dict[int, list[float]] = {worker: [] for worker in models}
    for task, answers in tasks.items():
        values, tolerance = measure.measured([answer for _, answer in answers], options)
        own = [models[worker] for worker, _ in answers]
        moved = [value - each.habit * tolerance for value, each in zip(values, own, strict=True)]
        weights = [each.information for each in own]
        for at, (worker, _) in enumerate(answers):
            if task in gold:
                far = measure.off(values[at], gold[task], options)
            elif len(answers) > 1:
                far = values[at] - weighted_median(moved[:at] + moved[at + 1 :], weights[:at] + weights[at + 1 :])
            else:
                continue
            residuals[worker].append(max(-FAR, min(FAR, far / max(tolerance, 1e-12))))
    return residuals


def _weighed(residuals: Mapping[int, Sequence[float]], models: Models) -> Models:
    """One round: habits and precisions."""
    habits = _habits(residuals)
    left = {worker: np.array(found) - habits[worker] for worker, found in residuals.items()}
    squares = {worker: float((found**2).sum()) for worker, found in left.items()}
    crowd = max(0.25, sum(squares.values()) / max(1, sum(map(len, left.values()))))
    weight = {
        w: crowd * (len(found) + PRIOR_ANSWERS) / (squares[w] + PRIOR_ANSWERS * crowd) for w, found in left.items()
    }
    return {w: replace(model, information=weight[w], habit=habits[w]) for w, model in models.items()}


def _precision(residuals: Mapping[int, Sequence[float]], models: Models, overlap: float) -> float:
    """Of an answer of weight 1, against one of SPREAD, which is never more precise: robust, as where most agree to the
    digit the others are mistakes, no spread. The mean of so many workers' habits, which nobody sees, shifts all answers
    to a task alike. `overlap`: answers to a task that has several; 0 where none has."""
    weighed = [sqrt(models[w].information) * (far - models[w].habit) for w, own in residuals.items() for far in own]
    variance = (MAD_TO_SIGMA * float(np.median(np.abs(weighed)))) ** 2 if weighed else 0.0
    shared = overlap * sum(each.habit**2 for each in models.values()) / max(1, len(models)) ** 2
    own = variance * (1 - 1 / overlap) if overlap else variance  # the others' median is off, too
    return SPREAD**2 / max(SPREAD**2, own + shared)


def _habits(residuals: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """By how many tolerances each worker is too high: the median of their residuals, 0 for those right in most answers,
    drawn to 0 by its error's part of how far medians spread here (Efron & Morris, J. Am. Stat. Assoc. 70, 1975)."""
    known, none = {w: np.array(own) for w, own in residuals.items() if len(own) > 1}, dict.fromkeys(residuals, 0.0)
    if len(known) < LEAST_CROWD:
        return none
    count, high = np.array([(len(own), np.median(own)) for own in known.values()]).T
    variance = np.array([MAD_TO_SIGMA * np.median(np.abs(each - np.median(each))) for each in known.values()]) ** 2
    error = (count * variance + PRIOR_ANSWERS * variance.mean()) / (count + PRIOR_ANSWERS) * np.pi / 2 / count
    spread = max(0.0, float((high**2 - error).mean()))
    return none | dict(zip(known, (high * spread / np.maximum(spread + error, 1e-12)).tolist(), strict=True))
