"""The state the product keeps between answers: plain values, each fit for a row.

An answer updates one task with one worker's model. A refit reads every answer of the project and replaces
everything; it starts cold, so a restart, or another order of the same answers, changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np

from domain.quality.calibration import Calibration, calibrate_on_gold
from domain.quality.confusion import TEMPERED, PriorShape
from domain.quality.consensus import Fit, fit, unnamed, untold
from domain.quality.crowd import Crowd
from domain.quality.information import informations
from domain.quality.machine import MachineAnswer, MachineModel, added_by
from domain.quality.skill import Skill, skills

LIVE = replace(TEMPERED, predictive=True)
FIRST_ACCURACY, BINARY_FIRST_ACCURACY = 0.65, 0.70  # before anything is known


@dataclass(frozen=True, slots=True)
class WorkerModel:
    """`evidence[label][class]`: the nats an answer adds to a task's scores (tempered).

    `information`: nats one answer of theirs is expected to tell about a fresh task; `answers`: how many the
    model has seen.
    """

    evidence: tuple[tuple[float, ...], ...]
    information: float
    answers: int
    skill: Skill


@dataclass(frozen=True, slots=True)
class TaskState:
    """`scores[class]`: log posterior up to a constant; `answers` counted in it."""

    scores: tuple[float, ...]
    answers: int = 0

    @property
    def posterior(self) -> tuple[float, ...]:
        """The model's P(class), uncalibrated."""
        top = max(self.scores)
        weights = [exp(score - top) for score in self.scores]
        total = sum(weights)
        return tuple(weight / total for weight in weights)


@dataclass(frozen=True, slots=True)
class ProjectModel:
    """The parameters all tasks of a project share: a fresh task, a newcomer, the mean information, the calibration, and
    the models (AI) that answered too."""

    fresh: TaskState
    newcomer: WorkerModel
    information: float
    calibration: Calibration
    answers: int = 0
    machines: tuple[MachineModel, ...] = ()


@dataclass(frozen=True, slots=True)
class Consensus:
    """The `choice` (class index), its calibrated `confidence`, and the model's own `posterior` of it."""

    choice: int
    confidence: float
    posterior: float


@dataclass(frozen=True, slots=True)
class Refit:
    """A project's models and states, all of them new."""

    project: ProjectModel
    workers: tuple[WorkerModel, ...]
    tasks: tuple[TaskState, ...]


def opened(classes: int) -> ProjectModel:
    """A project before its first answer."""
    accuracy = BINARY_FIRST_ACCURACY if classes == 2 else FIRST_ACCURACY
    coin = np.full((classes, classes), (1 - accuracy) / max(1, classes - 1))
    np.fill_diagonal(coin, accuracy)
    told = float(informations(coin[None], np.full(classes, 1 / classes))[0])
    evidence = tuple(map(tuple, (LIVE.temper * np.log(coin)).tolist()))
    newcomer = WorkerModel(evidence, told, 0, Skill(accuracy, 4.0, 1 / classes))
    return ProjectModel(TaskState((0.0,) * classes), newcomer, 0.0, Calibration())


def begun(project: ProjectModel, options: Sequence[str], said: Sequence[MachineAnswer]) -> TaskState:
    """A task before its first person: fresh, or with what models say of it."""
    if not said:
        return project.fresh
    added = added_by(project.machines, options, said)
    return TaskState(tuple([score + nats for score, nats in zip(project.fresh.scores, added, strict=True)]))


def update(task: TaskState, worker: WorkerModel, label: int) -> TaskState:
    """The task after `worker` answered `label`."""
    row = worker.evidence[label]
    return TaskState(tuple([score + told for score, told in zip(task.scores, row, strict=True)]), task.answers + 1)


def consensus(task: TaskState, project: ProjectModel) -> Consensus:
    """The consensus of the answers so far."""
    posterior = task.posterior
    leader = max(posterior)
    return Consensus(posterior.index(leader), project.calibration.confidence_of(leader, task.answers), leader)


def refit_due(answers: int, fitted: int, tasks: int, workers: int) -> bool:
    """Whether a project with `answers` needs a refit, the last having seen `fitted`: a geometric schedule."""
    first = max(60, min(2 * workers, tasks // 4))
    return answers >= (fitted * 1.1 + 20 if fitted else first)


def refit(crowd: Crowd, shape: PriorShape = LIVE, rounds: int = 10) -> Refit:
    """Models of a project's workers and states of its tasks from every answer and the gold, cold."""
    fitted = fit(replace(crowd, workers=crowd.workers + 1), shape, rounds=rounds)  # the last is a newcomer
    answers = np.bincount(crowd.worker, minlength=crowd.workers + 1)
    shares = np.exp(fitted.log_prior)
    found = skills(crowd, fitted)
    told = informations(fitted.confusion.probability, shares / shares.sum())
    mean = float((told * answers).sum() / max(1, answers.sum()))
    rows = zip(fitted.evidence.tolist(), told.tolist(), answers.tolist(), found, strict=True)
    *workers, newcomer = [WorkerModel(tuple(map(tuple, e)), i, n, s) for e, i, n, s in rows]
    fresh = TaskState(tuple(fitted.log_prior.tolist()))
    project = ProjectModel(fresh, newcomer, mean, _calibrated(crowd, shape, rounds), len(crowd.task))
    return Refit(project, tuple(workers), _task_states(crowd, fitted, fresh))


def _calibrated(crowd: Crowd, shape: PriorShape, rounds: int) -> Calibration:
    if not len(crowd.gold_task):
        return Calibration()
    return calibrate_on_gold(crowd, untold(crowd, shape, rounds=rounds))


def _task_states(crowd: Crowd, fitted: Fit, fresh: TaskState) -> tuple[TaskState, ...]:
    counts = np.bincount(crowd.task, minlength=crowd.tasks).tolist()
    scores = (np.log(np.maximum(fitted.posterior, 1e-12)) - unnamed(crowd)).tolist()  # the next answer may name it
    return tuple([TaskState(tuple(row), n) if n else fresh for row, n in zip(scores, counts, strict=True)])
