"""HIT types, HITs and assignments, and the states in which a program sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NewType

from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentId
from domain.work.submissions import SubmissionId

HitTypeId = NewType("HitTypeId", int)
HitId = NewType("HitId", int)

SHORTEST_TIME, LONGEST_TIME = 30, 31_536_000  # seconds, of a lifetime and of an assignment
LONGEST_DELAY = 2_592_000
KEPT = 120 * DAY  # a HIT, after its end
MOST_ASSIGNMENTS = 1_000_000_000
TEN = 10  # assignments, from which on a HIT is of another price at Amazon's: no extension leads there
TITLE, DESCRIPTION, KEYWORDS, ANNOTATION = 128, 2_000, 1_000, 255  # characters


class HitStatus(StrEnum):
    ASSIGNABLE = "Assignable"
    UNASSIGNABLE = "Unassignable"
    REVIEWABLE = "Reviewable"
    REVIEWING = "Reviewing"
    DISPOSED = "Disposed"


class AssignmentStatus(StrEnum):
    SUBMITTED = "Submitted"
    APPROVED = "Approved"
    REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class Shape:
    """What two HITs of one type have in common: seconds, and Amazon's own members of each requirement."""

    title: str
    description: str
    keywords: str
    reward: Millionths
    duration: int
    approval: int
    requirements: tuple[Mapping[str, Any], ...]

    @property
    def called(self) -> str:
        """The title in one line, as the chat has titles; programs read it as they sent it."""
        return " ".join(self.title.split())


@dataclass(frozen=True, slots=True)
class HitType:
    id: HitTypeId
    requester: PersonId
    shape: Shape
    project: ProjectId | None


@dataclass(frozen=True, slots=True)
class Hit:
    """`overlap` is how many answers are asked for; `free` places can be given out, `active` ones are in hands."""

    id: HitId
    requester: PersonId
    type: HitTypeId
    task: TaskId
    project: ProjectId
    question: str
    annotation: str | None
    created_at: Moment
    expires_at: Moment
    open: bool
    reviewing: bool
    disposed_at: Moment | None
    overlap: int
    free: int
    active: int
    submitted: int
    decided: int
    shape: Shape

    @property
    def status(self) -> HitStatus:
        if self.disposed_at is not None:
            return HitStatus.DISPOSED
        if self.reviewing:
            return HitStatus.REVIEWING
        if self.free:
            return HitStatus.ASSIGNABLE
        return HitStatus.UNASSIGNABLE if self.active else HitStatus.REVIEWABLE


@dataclass(frozen=True, slots=True)
class TurkAssignment:
    """An answer. `answer` None: it is not to be read (rejected, or its worker took their consent back).
    `auto_approval`: when silence approves it, or would have. `decided_at` None: nobody decided."""

    submission: SubmissionId
    assignment: AssignmentId
    worker: PersonId
    hit: HitId
    answer: str | None
    state: str
    held_until: Moment | None
    accepted_at: Moment
    deadline: Moment
    submitted_at: Moment
    decided_at: Moment | None
    feedback: str | None
    auto_approval: Moment

    def status(self, now: Moment) -> AssignmentStatus:
        """What waits past its time is approved: the next sweep only notes it."""
        if self.state == "rejected":
            return AssignmentStatus.REJECTED
        waits = self.state == "submitted" and self.held_until is not None and self.held_until > now
        return AssignmentStatus.SUBMITTED if waits else AssignmentStatus.APPROVED


@dataclass(frozen=True, slots=True)
class BonusPayment:
    number: int
    worker: PersonId
    assignment: AssignmentId
    amount: Millionths
    reason: str
    at: Moment
