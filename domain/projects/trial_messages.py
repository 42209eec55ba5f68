"""A task that its requester tries, as a worker sees it."""

from dataclasses import dataclass

from domain.messages import Message
from domain.projects.projects import ProjectId
from domain.work.messages import TaskShown


@dataclass(frozen=True, slots=True)
class TaskTried(Message):
    """The first task of a project, and the answer that is being given; nothing of it is kept or paid."""

    shown: TaskShown
    task: int = 0


@dataclass(frozen=True, slots=True)
class TrialOver(Message):
    """What was answered: `answer` as messages carry it, None where the trial was ended."""

    project: ProjectId
    title: str
    kind: str
    answer: str | None
