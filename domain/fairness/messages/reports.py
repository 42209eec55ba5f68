"""Messages of reports: to the worker who reports a task, to the requester, and to admins who look at it."""

from dataclasses import dataclass

from domain.fairness.reports import Kind
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from domain.work.assignments import AssignmentId


@dataclass(frozen=True, slots=True)
class ReportWanted(Message):
    """To the worker: what is wrong with the task that begins like `about`?"""

    assignment: AssignmentId
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class TaskReported(Message):
    """To the worker: it is noted; `paused`: nobody is asked there until a human has looked."""

    title: str
    kind: Kind
    paused: bool


@dataclass(frozen=True, slots=True)
class ReportDropped(Message):
    """To the worker: nothing was reported."""


@dataclass(frozen=True, slots=True)
class ProjectReported(Message):
    """To the requester: it rests; `kinds` are what workers said, each once."""

    project: ProjectId
    title: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """By `worker`, a pseudonym, of whose earlier reports `dismissed` led to nothing."""

    worker: str
    kind: Kind
    about: str
    dismissed: int


@dataclass(frozen=True, slots=True)
class ReportsToDecide(Message):
    """To admins: the open reports of a project of `who`, which rests."""

    project: ProjectId
    title: str
    who: str
    instructions: tuple[str, ...]
    reports: tuple[ShownReport, ...]


@dataclass(frozen=True, slots=True)
class EndReasonWanted(Message):
    """To the admin: the next words are why the project ends."""

    project: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class ReportsDecided(Message):
    """To the admin, the requester and the reporters: it goes on, or has ended for a `reason`."""

    title: str
    ended: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProjectEndedByAdmin(Message):
    """To the requester: `returned` came back; what was answered is paid. `stop` is what an appeal names, 0 for none."""

    project: ProjectId
    title: str
    reason: str
    returned: Millionths
    currency: str
    stop: int = 0
