"""Trust in each worker of a project, for kinds without classes (rank).

Before the first refit a worker's gold alone tells (`accuracy`). A refit reads every answer and the gold together
(`learnt`): expectation–maximisation under one coin a worker, each answer as right as all answers to its task make it
(Dawid & Skene 1979); for answers that are numbers the precision of each worker besides, from how far they are off the
gold or the others' median.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import logit

from domain.answers import MeasuredKind, kind_of, measure_of, rightness
from domain.quality.aggregation import Agreement, Vote
from domain.quality.aggregation.robust_numbers import location, weight_of, weighted_median
from domain.quality.crowd import Floats
from domain.quality.stacking import regressed

HONEST, BELIEVED = 0.75, 4.0  # accuracy before any gold (the mean over public crowds), worth so many answers
LEAST, MOST = 0.05, 0.97  # bounds: no worker is always wrong or always right
LIGHTEST, HEAVIEST = 0.05, 20.0  # precision against the crowd's
FAR = 20.0  # tolerances: beyond it nothing is worse
LEAST_CROWD = 6  # workers
LEAST_HABIT, MATTERS, PLAIN = 8, 0.5, 2.6  # answers, tolerances and standard errors from which a habit is taken off
ROUNDS = 4
CALIBRATING = 10  # answered gold tasks from which they say how far the crowd's certainty can be trusted
UNSURE = 1e-6  # confidences are kept so far from certainty when they are calibrated


@dataclass(frozen=True, slots=True)
class Said:
    """One worker's answer to one task."""

    task: int
    worker: int
    answer: str


@dataclass(frozen=True, slots=True)
class Trust:
    """`accuracy`: P(an answer is right); `judged`: in how many answers that was seen, each for as much as it is sure;
    `weight`: the precision of their numbers against the crowd's (1 where answers are no numbers); `habit`: by how many
    tolerances they are usually too high."""

    accuracy: float
    weight: float = 1.0
    judged: float = 0.0
    habit: float = 0.0


def accuracy(right: int, seen: int) -> float:
    """From gold alone: posterior mean under a Beta prior, kept away from certainty."""
    return _kept((right + HONEST * BELIEVED) / (seen + BELIEVED))


def learnt(
    kind: str, options: Sequence[str], said: Sequence[Said], gold: Mapping[int, Sequence[str]]
) -> tuple[Trust, dict[int, Trust]]:
    """A newcomer's trust, and all workers'; independent of the order of `said`."""
    tasks: dict[int, list[Said]] = defaultdict(list)
    for each in sorted(said, key=lambda each: (each.task, each.worker)):
        tasks[each.task].append(each)
    measure = measure_of(kind)
    trust = dict.fromkeys(sorted({each.worker for each in said}), Trust(HONEST))
    for _ in range(ROUNDS // 2 if measure else 0):
        trust = _weighed(measure, options, tasks, gold, trust) if measure else trust
    newcomer = Trust(HONEST)
    for _ in range(1 if measure else ROUNDS):  # the accuracies of those who measure do not depend on one another
        newcomer, trust = _judged(kind, options, tasks, gold, trust)
    return newcomer, trust


def calibrated(kind: str, drawn: Mapping[int, Agreement], gold: Mapping[int, Sequence[str]]) -> float:
    """The shift (log-odds) that makes confidences computed without gold (`drawn`) right on the gold.

    MAP of the shift s in P(right) = 1/(1 + exp(−logit confidence − s)), prior N(0, 1); 0 from few.
    """
    known = kind_of(kind)
    pairs = [(d.confidence, known.is_right(d.answer, gold[t])) for t, d in drawn.items() if d.confidence is not None]
    if len(pairs) < CALIBRATING:
        return 0.0
    sure = logit(np.array([confidence for confidence, _ in pairs]).clip(UNSURE, 1 - UNSURE))
    design, offset = np.tile([[0.0], [1.0]], (len(pairs), 1, 1)), np.stack([0 * sure, sure], 1)
    return float(regressed(design, offset, np.array([int(hit) for _, hit in pairs]), np.zeros(1), np.ones(1))[0])


def _judged(
    kind: str,
    options: Sequence[str],
    tasks: Mapping[int, Sequence[Said]],
    gold: Mapping[int, Sequence[str]],
    trust: Mapping[int, Trust],
) -> tuple[Trust, dict[int, Trust]]:
    """One round: every answer judged by gold, or by all answers to its task where there are several."""
    right, tried, sure = (dict.fromkeys(trust, 0.0) for _ in range(3))
    known = kind_of(kind)
    for task, answers in tasks.items():
        if task in gold:
            found = [known.closeness(each.answer, gold[task]) for each in answers]
        else:
            found = rightness(kind, [vote_of(each, trust) for each in answers], options) if len(answers) > 1 else []
        for each, probability in zip(answers, found, strict=False):
            right[each.worker] += probability
            tried[each.worker] += 1
            sure[each.worker] += abs(2 * probability - 1)
    crowd = _kept((sum(right.values()) + HONEST * BELIEVED) / (sum(tried.values()) + BELIEVED))
    return Trust(crowd), {
        worker: Trust(
            _kept((right[worker] + crowd * BELIEVED) / (tried[worker] + BELIEVED)),
            before.weight,
            sure[worker],
            before.habit,
        )
        for worker, before in trust.items()
    }


def _weighed(
    measure: MeasuredKind,
    options: Sequence[str],
    tasks: Mapping[int, Sequence[Said]],
    gold: Mapping[int, Sequence[str]],
    trust: Mapping[int, Trust],
) -> dict[int, Trust]:
    """One round: habits and precisions from residuals, in tolerances."""
    residuals: dict[int, list[float]] = {worker: [] for worker in trust}
    for task, answers in tasks.items():
        values, tolerance = measure.measured([each.answer for each in answers], options)
        moved = [value - trust[e.worker].habit * tolerance for value, e in zip(values, answers, strict=True)]
        weights = [trust[other.worker].weight for other in answers]
        for at, each in enumerate(answers):
            if task in gold:
                far = measure.off(values[at], gold[task], options)
            elif len(answers) > 1:
                far = values[at] - _median_of_others(at, moved, weights)
            else:
                continue
            residuals[each.worker].append(max(-FAR, min(FAR, far / max(tolerance, 1e-12))))
    several = len(trust) >= LEAST_CROWD  # among fewer nobody knows whose habit it is
    habits = {worker: _habit(np.array(found)) if several else 0.0 for worker, found in residuals.items()}
    left = {worker: np.array(found) - habits[worker] for worker, found in residuals.items()}
    everything = np.concatenate([np.ones(0), *left.values()])
    crowd = max(0.25, float((everything**2).mean()) if len(everything) else 1.0)
    return {
        worker: Trust(HONEST, min(HEAVIEST, max(LIGHTEST, weight_of(found, crowd) * crowd)), 0.0, habits[worker])
        for worker, found in left.items()
    }


def _habit(residuals: Floats) -> float:
    """By how many tolerances a worker is too high, shrunk; 0 unless that is plain to see and matters."""
    if len(residuals) < LEAST_HABIT:
        return 0.0
    found = location(residuals, np.ones(len(residuals)))
    least = min(abs(found.value), abs(float(np.median(residuals))))  # who is right in most answers has no habit
    if least < max(MATTERS, PLAIN * found.spread / sqrt(len(residuals))):
        return 0.0
    return found.value * len(residuals) / (len(residuals) + BELIEVED)


def _median_of_others(at: int, values: Sequence[float], weights: Sequence[float]) -> float:
    """The median of the other workers' values."""
    others = [place for place in range(len(values)) if place != at]
    return weighted_median(np.array([values[p] for p in others]), np.array([weights[p] for p in others]))


def vote_of(said: Said, trust: Mapping[int, Trust]) -> Vote:
    known = trust[said.worker]
    return Vote(said.answer, known.accuracy, known.weight, known.habit)


def _kept(probability: float) -> float:
    return min(MOST, max(LEAST, probability))
