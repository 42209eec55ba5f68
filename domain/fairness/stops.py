"""An admin's stop of a project or a person: with a reason, a notice, and an appeal that another human answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.fairness import reports, review
from domain.moments import DAY, Moment
from domain.people.people import PersonId
from domain.projects.projects import Project, ProjectId

StopId = NewType("StopId", int)
# Why a project rests: an admin ended it, or its requester is suspended.
ENDED_BY_ADMIN, SUSPENDED = "admin", "suspended"
RULING_TIME = 14 * DAY  # silence grants an appeal
LONGEST = 1_000  # characters of an appeal
# Reasons to rest under which nothing can be rejected.
NO_REJECTIONS = frozenset({review.PAUSE, reports.PAUSE, ENDED_BY_ADMIN, SUSPENDED})
# Those under which an ended project is not launched again.
NO_LAUNCH = frozenset({reports.PAUSE, ENDED_BY_ADMIN, SUSPENDED})


class StopState(StrEnum):
    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Stop:
    """Of `project`, or of `person` where that is None; `person` is whom it concerns, a project's requester. `words` are
    an appeal's, to be answered until `due_at`; `ruling` is why it stayed."""

    id: StopId
    project: ProjectId | None
    person: PersonId
    reason: str
    made_by: PersonId
    made_at: Moment
    state: StopState
    words: str
    due_at: Moment | None
    ruling: str
    ruled_by: PersonId | None

    @property
    def may_be_appealed(self) -> bool:
        """Once."""
        return self.state is StopState.STANDING


def words_of(text: str) -> str:
    """An appeal, in one line."""
    return " ".join(text.split())[:LONGEST]


def may_reject(project: Project) -> bool:
    return NO_REJECTIONS.isdisjoint(project.paused)
