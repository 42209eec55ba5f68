"""Reports of work that should not be asked: what can be said of a task, and what stops its project."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.messages import Message
from domain.moments import DAY
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId

PAUSE = "reports"  # why a project rests
MIN_REPORTS = 3  # reports by different workers that stop a project
MAX_REPORTS_PER_DAY, WINDOW = 5, DAY  # reports of one worker


class ReportKind(StrEnum):
    """`scam` asks for accounts, reviews, CAPTCHAs, identity papers or money."""

    BROKEN = "broken"
    PRIVATE = "private"
    DISTURBING = "disturbing"
    ILLEGAL = "illegal"
    SCAM = "scam"


KINDS = tuple(ReportKind)  # a button carries the place in this list
SUFFICIENT_KINDS = frozenset({ReportKind.ILLEGAL, ReportKind.SCAM})  # one of these is enough


@dataclass(frozen=True, slots=True)
class Report:
    """An open report; `reporter` is None if erased."""

    task: TaskId
    reporter: PersonId | None
    kind: ReportKind


def must_stop_project(kinds: Sequence[ReportKind]) -> bool:
    """Return whether a project's open reports, one per worker, stop it until a human has looked."""
    return len(kinds) >= MIN_REPORTS or not SUFFICIENT_KINDS.isdisjoint(kinds)


def may_report(reported_lately: int) -> bool:
    """`reported_lately`: this worker's reports within WINDOW."""
    return reported_lately < MAX_REPORTS_PER_DAY


@dataclass(frozen=True, slots=True)
class ReportWanted(Message):
    """Question to the worker what is wrong with the task that begins like `about`."""

    assignment: AssignmentId
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class TaskReported(Message):
    """Reply to the worker: the report is stored; `paused`: nobody is asked there until a human has looked."""

    title: str
    kind: ReportKind
    paused: bool


@dataclass(frozen=True, slots=True)
class ReportDropped(Message):
    """Reply to the worker: nothing was reported."""


@dataclass(frozen=True, slots=True)
class ProjectReported(Message):
    """Notice to the requester that the project rests; `kinds` are the reported kinds, each once."""

    project: ProjectId
    title: str
    kinds: tuple[ReportKind, ...]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report on an admin's card; `worker` is a pseudonym, of whose earlier reports `dismissed` led to nothing."""

    worker: str
    kind: ReportKind
    about: str
    dismissed: int


@dataclass(frozen=True, slots=True)
class ReportsToDecide(Message):
    """Case for admins: the open reports of a resting project of `who`."""

    project: ProjectId
    title: str
    who: str
    instructions: tuple[str, ...]
    reports: tuple[ShownReport, ...]


@dataclass(frozen=True, slots=True)
class EndReasonWanted(Message):
    """Asks the admin why the project ends."""

    project: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class ReportsDecided(Message):
    """Outcome for the admin, the requester and the reporters: the project goes on, or has ended for a `reason`."""

    title: str
    ended: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProjectEndedByAdmin(Message):
    """Notice to the requester: `returned` came back, answers are paid. `stop` is what an appeal names, 0 for none."""

    project: ProjectId
    title: str
    reason: str
    returned: Millionths
    currency: str
    stop: int = 0
