"""The state the product keeps between answers: plain values, each fit for a row.

An answer updates one task with one worker's model. A refit reads every answer of the project and replaces
everything; it starts cold, so a restart, or another order of the same answers, changes nothing. Both add the same
numbers: people's score of a class = log share + Σ log P(answer | class, worker). How far people are believed, what gold
says each class lacks, and what models (AI) add is weighed in when a consensus is drawn (domain/quality/stacking).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, exp, log

import numpy as np

from domain.quality.aggregation import Told, Usual, Vote
from domain.quality.calibration import Calibration, usual
from domain.quality.crowd import Crowd, Floats
from domain.quality.given_answers import ENOUGH_GOLD
from domain.quality.machine import MachineAnswer, MachineModel, added_by
from domain.quality.machine.columns import Column
from domain.quality.machine.learning import models_of, voices_of
from domain.quality.model import Fit, fit, foretold, informations
from domain.quality.skill import Skill, skills
from domain.quality.stacking import LEAST_LOG, Stack, plain, share_of, stacked, worth
from domain.records import record

FIRST_ACCURACY, BINARY_FIRST_ACCURACY, FIRST_TRUST = 0.65, 0.70, 0.85  # before anything is known
SURE = 0.95  # what a model alone must reach to decide, where a project wants nothing else


@dataclass(frozen=True, slots=True)
class WorkerModel:
    """`evidence[label][class]`: the nats an answer adds to a task's scores.

    `information`: nats one answer of theirs is expected to tell about a fresh task; `answers`: how many the
    model has seen; `habit`: by how many tolerances their numbers are usually too high;
    `told`: where several options apply; `parts`: of a form, the model at each question.
    """

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
        return _normalised(self.scores)


@record
class ProjectModel:
    """The parameters all tasks of a project share: a fresh task, a newcomer, the mean information, the calibration, the
    models (AI) that answered too; what people's log posterior counts (`people`), and the nats that each class lacks by
    gold (`classes`, () without gold and models); what is `usual` where several options apply; of a form the same of
    each of its `questions`, by its name."""

    fresh: TaskState
    newcomer: WorkerModel
    information: float
    calibration: Calibration
    answers: int = 0
    machines: tuple[MachineModel, ...] = ()
    people: float = 1.0
    classes: tuple[float, ...] = ()
    usual: Usual | None = None
    questions: Mapping[str, ProjectModel] | None = None


@record
class Consensus:
    """The `choice` (class index), its calibrated `confidence`, and the uncalibrated `posterior` of it."""

    choice: int
    confidence: float
    posterior: float


@dataclass(frozen=True, slots=True)
class Refit:
    """A project's models and states, all of them new; `checked`: the class that each gold task (by place) would have
    had without its own gold."""

    project: ProjectModel
    workers: tuple[WorkerModel, ...]
    tasks: tuple[TaskState, ...]
    checked: tuple[tuple[int, int], ...] = ()


def opened(classes: int) -> ProjectModel:
    """A project before its first answer."""
    accuracy = BINARY_FIRST_ACCURACY if classes == 2 else FIRST_ACCURACY
    coin = np.full((classes, classes), (1 - accuracy) / max(1, classes - 1))
    np.fill_diagonal(coin, accuracy)
    told = float(informations(coin[None], np.full(classes, 1 / classes))[0])
    evidence = tuple(map(tuple, (FIRST_TRUST * np.log(coin)).tolist()))
    newcomer = WorkerModel(evidence, told, 0, Skill(accuracy, 4.0))
    return ProjectModel(TaskState((0.0,) * classes), newcomer, 0.0, usual(classes))


def begun(project: ProjectModel, options: Sequence[str], said: Sequence[MachineAnswer]) -> TaskState:
    """A task before its first person: fresh, with what models say of it."""
    return resumed(project, options, said, project.fresh.scores, 0)


def resumed(
    project: ProjectModel,
    options: Sequence[str],
    said: Sequence[MachineAnswer],
    scores: tuple[float, ...],
    answers: int,
) -> TaskState:
    """A task from its stored scores, with what models say of it."""
    return TaskState(scores, answers, tuple(added_by(project.machines, options, said)) if said else ())


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
    prior = project.fresh.scores if project.machines else nothing  # beside models the classes' shares count in full
    told = _normalised([score - usual for score, usual in zip(task.scores, prior, strict=True)])
    share = share_of(task.answers) if project.classes else 1.0
    people = [usual + share * max(LEAST_LOG, log(max(p, 1e-300))) for usual, p in zip(prior, told, strict=True)]
    parts = people, project.classes or nothing, task.added or nothing
    return _normalised([project.people * said + lacking + more for said, lacking, more in zip(*parts, strict=True)])


def consensus(task: TaskState, project: ProjectModel) -> Consensus:
    """The consensus of the answers so far."""
    posterior = weighed(task, project)
    leader = max(posterior)
    return Consensus(posterior.index(leader), project.calibration.confidence_of(leader, task.answers), leader)


def sure(found: Consensus, project: ProjectModel, certain: bool) -> float:
    """Calibrated on the project's gold, else as is usual for crowds. Only where a confidence was asked for (`certain`)
    and no gold can check it, it is the crowd's own certainty: asking more of the same people would not change their
    mind."""
    if certain and project.calibration == usual(len(project.fresh.scores)):
        return found.posterior
    return found.confidence


def _normalised(scores: Sequence[float]) -> tuple[float, ...]:
    top = max(scores)
    weights = [exp(score - top) for score in scores]
    total = sum(weights)
    return tuple([weight / total for weight in weights])


def refit_at(fitted: int, tasks: int, workers: int) -> int:
    """The number of answers at which a project needs a refit, the last having seen `fitted`: a geometric schedule."""
    return ceil(fitted * 1.1 + 20) if fitted else max(60, min(2 * workers, tasks // 4))


def refit(
    everything: Crowd,
    columns: Sequence[Column] = (),
    wanted: float = SURE,
    unheard: Sequence[int] = (),
    beside: Floats | float = 0.0,
) -> Refit:
    """Models of a project's workers and states of its tasks from every answer, the gold and what models say, cold.

    `unheard`: workers whose answers count for nothing; `beside` (tasks, classes): nats by which workers are judged that
    are not of their answers.
    """
    crowd = everything.only(~np.isin(everything.worker, unheard)) if len(unheard) else everything
    wide = replace(crowd, workers=crowd.workers + 1)  # the last is a newcomer
    voices = voices_of(crowd, columns)
    heard = Stack(1.0, np.zeros(crowd.classes), [voice.known for voice in voices]).added(crowd, voices)
    met = np.count_nonzero(heard[np.unique(crowd.task)].any(1))
    told = fit(wide, beside=beside + heard, compared=float(met))
    checked = _gold_answered(crowd, columns) >= ENOUGH_GOLD
    unknown = worth(wide, foretold(wide, told), told.log_prior if voices else 0.0)
    stack = stacked(crowd, unknown, voices) if checked else plain(crowd, voices)
    told.matrix[list(unheard)] = 1 / crowd.classes
    workers, mean = _workers(everything, told, heard)
    machines = models_of(crowd, voices, stack, told, wanted)
    stacks = checked or bool(voices)  # then the posterior is the confidence
    fresh, calibration = TaskState(tuple(told.log_prior.tolist())), Calibration() if stacks else usual(crowd.classes)
    shared = ProjectModel(
        fresh, workers[-1], mean, calibration, len(everything.task), machines, stack.people,
        tuple(stack.classes.tolist()) if stacks else (),
    )  # fmt: skip
    states = _task_states(crowd, told.scores, stack.added(crowd, voices))
    answered, drawn = np.isin(crowd.gold_task, crowd.task), stack.drawn(crowd, unknown, voices)
    judged = zip(crowd.gold_task[answered].tolist(), drawn[answered].tolist(), strict=True)
    return Refit(shared, workers[:-1], states, tuple(judged))


def _gold_answered(crowd: Crowd, columns: Sequence[Column]) -> int:
    """Gold tasks that people have answered, or models where there are any."""
    heard = np.bincount(crowd.task, minlength=crowd.tasks) > 0
    for column in columns:
        heard |= column.label >= 0
    return int(heard[crowd.gold_task].sum())


def _workers(crowd: Crowd, told: Fit, beside: Floats) -> tuple[tuple[WorkerModel, ...], float]:
    """Everybody's model, a newcomer's last, and the mean information of an answer."""
    answers = np.bincount(crowd.worker, minlength=crowd.workers + 1)
    shares = np.exp(told.log_prior)
    informed = informations(told.matrix, shares / shares.sum())
    mean = float((informed * answers).sum() / max(1, answers.sum()))
    rows = zip(told.evidence.tolist(), informed.tolist(), answers.tolist(), skills(crowd, told, beside), strict=True)
    return tuple([WorkerModel(tuple(map(tuple, e)), i, n, s) for e, i, n, s in rows]), mean


def _task_states(crowd: Crowd, scores: Floats, added: Floats) -> tuple[TaskState, ...]:
    counts = np.bincount(crowd.task, minlength=crowd.tasks).tolist()
    rows = zip(scores.tolist(), counts, added.tolist(), strict=True)
    return tuple([TaskState(tuple(row), n, tuple(more) if any(more) else ()) for row, n, more in rows])
