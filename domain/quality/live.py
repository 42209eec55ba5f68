"""The state the product keeps between answers: plain values, each fit for a row. An answer updates one task with one
worker's model; a refit replaces everything. Both add the same numbers: people's score of a class = log share +
Σ log P(answer | class, worker); the rest is weighed in when a consensus is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from domain.messages import record
from domain.quality.aggregation import Told, Usual, Vote
from domain.quality.crowd import Skill
from domain.quality.machine import MachineAnswer, MachineModel, added_by
from domain.quality.model import shares_of, usual, worth


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

    @property
    def is_heard(self) -> bool:
        """False where a refit found that their answers tell nothing: of classes, each adds the same to every one."""
        return self.information > 0 and (len(self.evidence) < 2 or any(min(row) < max(row) for row in self.evidence))

    @classmethod
    def of(cls, vote: Vote) -> WorkerModel:
        """A worker of whom no more is known than their vote says."""
        return cls((), vote.weight, 0, Skill(vote.accuracy, 0.0), vote.habit, vote.told)

    def vote(self, answer: str) -> Vote:
        """Their answer, where answers are no classes."""
        return Vote(answer, self.skill.accuracy, self.information, self.habit, self.told)


@record
class TaskState:
    """`scores[class]`: people's log posterior up to a constant; `answers` counted in it, of workers who are heard;
    `added[class]`: nats that models (AI) add to it, () where none said anything."""

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
    against the assumed one); what people's log posterior counts (`people`), and the nats that each class lacks by gold
    (`classes`, () without gold and models). Where answers are no classes: by how many nats gold shifts the log odds of
    a confidence, and what is `usual` where several options apply. Of a form the same of each question."""

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
    """The task after `worker` answered `label`; the same where they are not heard."""
    if not worker.is_heard:
        return task
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
    """The consensus of the answers so far. Its confidence is the posterior once gold, or models, weigh people, or where
    a confidence was asked for (`certain`); else what is usual for crowds."""
    posterior = weighed(task, project)
    leader = max(posterior)
    sure = usual(leader, task.answers, len(posterior)) if not certain and not project.classes else leader
    return Consensus(posterior.index(leader), sure)


def refit_at(fitted: int, tasks: int, workers: int) -> int:
    """The number of answers at which a project needs a refit, the last having seen `fitted`: a geometric schedule."""
    return ceil(fitted * 1.1 + 20) if fitted else max(60, min(2 * workers, tasks // 4))
