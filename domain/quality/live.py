"""The state the product keeps between answers: plain values, each fit for a row.

An answer updates one task with one worker's model; a refit reads every answer of the project and replaces everything,
cold. Both add the same numbers: people's score of a class = log share + Σ log P(answer | class, worker). How far people
are believed, what each class lacks by gold, and what models (AI) add is weighed in when a consensus is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil

import numpy as np

from domain.quality.aggregation import Told, Usual, Vote
from domain.quality.calibration import usual
from domain.quality.crowd import Crowd, Floats, gather, normalised
from domain.quality.given_answers import ENOUGH_GOLD
from domain.quality.machine import MachineAnswer, MachineModel, added_by
from domain.quality.machine.learning import Column, heard
from domain.quality.model import Fit, fit, foretold, informations
from domain.quality.skill import Skill, skills
from domain.quality.stacking import PEOPLE, Stack, plain, shares_of, stacked, worth
from domain.records import record

SURE = 0.95  # what a model alone must reach to decide, where a project wants nothing else


@dataclass(frozen=True, slots=True)
class WorkerModel:
    """`evidence[label][class]`: the nats an answer adds to a task's scores; `information`: those it is expected to tell
    about a fresh task; `answers`: how many the model has seen; `habit`: by how many tolerances their numbers are too
    high; `told`: where several options apply; `parts`: of a form, the model at each question."""

    evidence: tuple[tuple[float, ...], ...]
    information: float
    answers: int
    skill: Skill
    habit: float = 0.0
    told: Told | None = None
    parts: Mapping[str, WorkerModel] | None = None

    @classmethod
    def of(cls, vote: Vote) -> WorkerModel:
        """A worker of whom no more is known than their vote says."""
        return cls((), vote.weight, 0, Skill(vote.accuracy, 0.0), vote.habit, vote.told)

    def vote(self, answer: str) -> Vote:
        """Their answer, where answers are no classes."""
        return Vote(answer, self.skill.accuracy, self.information, self.habit, self.told)


@record
class TaskState:
    """`scores[class]`: people's log posterior up to a constant; `answers` counted in it; `added[class]`: nats that
    models (AI) add to it, () where none said anything."""

    scores: tuple[float, ...]
    answers: int = 0
    added: tuple[float, ...] = ()

    @property
    def posterior(self) -> tuple[float, ...]:
        """P(class) by people's answers alone, uncalibrated."""
        return shares_of(self.scores)


@record
class ProjectModel:
    """What all tasks share: a fresh task, a newcomer, the mean information (of numbers: the precision of this crowd's
    against the assumed one), the models (AI) that answered too; what people's log posterior counts (`people`), and the
    nats that each class lacks by gold (`classes`, () without gold and models). Where answers are no classes: by how
    many nats gold shifts the log odds of a confidence, and what is `usual` where several options apply. Of a form the
    same of each question."""

    fresh: TaskState
    newcomer: WorkerModel
    information: float
    shift: float = 0.0
    answers: int = 0
    machines: tuple[MachineModel, ...] = ()
    people: float = 1.0
    classes: tuple[float, ...] = ()
    usual: Usual | None = None
    questions: Mapping[str, ProjectModel] | None = None


@record
class Consensus:
    """The `choice` (class index), and its `confidence`."""

    choice: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Refit:
    """A project's models and states, all of them new; `checked`: the class that each gold task (by place) would have
    had without its own gold."""

    project: ProjectModel
    workers: tuple[WorkerModel, ...]
    tasks: tuple[TaskState, ...]
    checked: tuple[tuple[int, int], ...] = ()


@cache
def opened(classes: int) -> ProjectModel:
    """A project before its first answer: as a refit of none leaves it, but that an answer counts only what it usually
    is worth on gold, as nobody was compared yet."""
    found = refit(gather((), 1, 0, classes)).project
    evidence = tuple([tuple([PEOPLE * nats for nats in row]) for row in found.newcomer.evidence])
    return replace(found, newcomer=replace(found.newcomer, evidence=evidence))


def begun(
    project: ProjectModel,
    options: Sequence[str],
    said: Sequence[MachineAnswer],
    scores: tuple[float, ...] | None = None,
    answers: int = 0,
) -> TaskState:
    """A task from its stored scores, with what models say of it; before its first person it has none."""
    added = tuple(added_by(project.machines, options, said)) if said else ()
    return TaskState(scores or project.fresh.scores, answers if scores else 0, added)


def update(task: TaskState, worker: WorkerModel, label: int) -> TaskState:
    """The task after `worker` answered `label`."""
    row = worker.evidence[label]
    scores = tuple([score + told for score, told in zip(task.scores, row, strict=True)])
    return TaskState(scores, task.answers + 1, task.added)


def weighed(task: TaskState, project: ProjectModel) -> tuple[float, ...]:
    """P(class) by people, gold and models together."""
    if not project.classes and not task.added:
        return task.posterior
    nothing = (0.0,) * len(task.scores)
    prior = project.fresh.scores if any(model.weight for model in project.machines) else nothing
    people = worth(task.scores, task.answers if project.classes else 1, prior)  # before the first refit in full
    parts = zip(people, project.classes or nothing, task.added or nothing, strict=True)
    return shares_of([project.people * said + lacking + more for said, lacking, more in parts])


def consensus(task: TaskState, project: ProjectModel, certain: bool = False) -> Consensus:
    """The consensus of the answers so far. Once gold, or models, weigh people the posterior is its confidence, else
    what is usual for crowds. Then, where a confidence was asked for (`certain`), it is the crowd's certainty: the
    posterior, as if people shared no errors. Asking more of the same people would not change their mind."""
    posterior = weighed(task, project)
    leader = max(posterior)
    sure = usual(leader, task.answers, len(posterior)) if not certain and not project.classes else leader
    return Consensus(posterior.index(leader), sure)


def refit_at(fitted: int, tasks: int, workers: int) -> int:
    """The number of answers at which a project needs a refit, the last having seen `fitted`: a geometric schedule."""
    return ceil(fitted * 1.1 + 20) if fitted else max(60, min(2 * workers, tasks // 4))


def refit(
    everything: Crowd,
    columns: Sequence[Column] = (),
    wanted: float | None = None,
    unheard: Sequence[int] = (),
    beside: Floats | float = 0.0,
) -> Refit:
    """Models of a project's workers and states of its tasks from every answer, the gold and what models say, cold.

    `unheard`: workers whose answers count for nothing; `beside` (tasks, classes): nats by which workers are judged that
    are not of their answers.
    """
    crowd = everything.only(~np.isin(everything.worker, unheard)) if len(unheard) else everything
    wide = replace(crowd, workers=crowd.workers + 1)  # the last is a newcomer
    models, answers, gold = heard(crowd, columns), np.bincount(crowd.task, minlength=crowd.tasks), crowd.gold_task
    spoken = models.added(models.known)
    told = fit(wide, beside + spoken, models.people)
    prior = (told.log_prior * models.most.any()).tolist()
    each = zip(foretold(wide, told).tolist(), answers[gold].tolist(), strict=True)
    unknown = np.array([worth(row, n, prior) for row, n in each]).reshape(-1, crowd.classes)
    known = ((answers > 0) | models.spoken)[gold]
    stack = plain(crowd.classes, models.believed)
    if known.sum() >= ENOUGH_GOLD:
        shapes = models.shapes[:, gold[known]]
        stack = stacked(unknown[known], shapes, crowd.gold_label[known], models.believed, models.most)
    told.matrix[list(unheard)] = 1 / crowd.classes
    added = models.added(stack.models)
    alone = normalised(stack.people * told.log_prior + stack.classes + added).max(1) >= (wanted or SURE)
    machines = models.learnt(stack.models, alone, told.posterior)
    workers, shared = _project(everything, told, skills(everything, told, spoken), stack, machines)
    rows = zip(told.scores.tolist(), answers.tolist(), added.tolist(), strict=True)
    states = tuple([TaskState(tuple(row), n, tuple(more) if any(more) else ()) for row, n, more in rows])
    drawn = (stack.people * unknown + stack.classes + added[gold]).argmax(1)
    checked = [(task, label) for task, label in zip(gold.tolist(), drawn.tolist(), strict=True) if answers[task]]
    return Refit(shared, workers, states, tuple(checked))


def _project(
    crowd: Crowd, told: Fit, skilled: Sequence[Skill], stack: Stack, machines: tuple[MachineModel, ...]
) -> tuple[tuple[WorkerModel, ...], ProjectModel]:
    """Everybody's model, and the project's."""
    answers = np.bincount(crowd.worker, minlength=crowd.workers + 1)
    shares = np.exp(told.log_prior)
    informed = informations(told.matrix, shares / shares.sum())
    mean = float((informed * answers).sum() / max(1, answers.sum()))
    rows = zip(told.evidence.tolist(), informed.tolist(), answers.tolist(), skilled, strict=True)
    *workers, newcomer = [WorkerModel(tuple(map(tuple, e)), i, n, s) for e, i, n, s in rows]
    fresh, lacking = TaskState(tuple(told.log_prior.tolist())), tuple(stack.classes.tolist()) if stack.weighs else ()
    shared = ProjectModel(fresh, newcomer, mean, 0.0, len(crowd.task), machines, stack.people, lacking)
    return tuple(workers), shared
