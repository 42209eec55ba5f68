"""An admin's stop of a project or a person: with a reason, a notice, and an appeal that another human answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.fairness import reports, review
from domain.messages import Message
from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId

StopId = NewType("StopId", int)
# Why a project rests: an admin ended it, or its requester is suspended.
ENDED_BY_ADMIN, SUSPENDED = "admin", "suspended"
RULING_TIME = 14 * DAY  # silence grants an appeal
MAX_APPEAL_CHARS = 1_000  # characters of an appeal
# Reasons to rest under which nothing can be rejected.
NO_REJECTIONS = frozenset({review.PAUSE, reports.PAUSE, ENDED_BY_ADMIN, SUSPENDED})
# Reasons to rest under which an ended project cannot be launched again.
NO_LAUNCH = frozenset({reports.PAUSE, ENDED_BY_ADMIN, SUSPENDED})


class StopState(StrEnum):
    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Stop:
    """An admin's stop of `project`, or of `person` if that is None; `person` is the one it concerns, a project's
    requester. `words` are an appeal's, to be answered until `due_at`; `ruling` is why it stayed."""

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
        """Return whether the stop can be appealed, which is possible once."""
        return self.state is StopState.STANDING


def clean_appeal(text: str) -> str:
    """An appeal, in one line."""
    return " ".join(text.split())[:MAX_APPEAL_CHARS]


def may_reject(project: Project) -> bool:
    return NO_REJECTIONS.isdisjoint(project.paused)


@dataclass(frozen=True, slots=True)
class ProjectForAdmin(Message):
    """Somebody else's project (`who`) for an admin. `ends`: it can be ended now."""

    project: ProjectId
    title: str
    who: str
    person: PersonId
    state: str
    rests: tuple[str, ...]
    instructions: tuple[str, ...]
    samples: tuple[str, ...]
    tasks: int
    closed: int
    submissions: int
    workers: int
    pay: Millionths
    held: Millionths
    currency: str
    ends: bool


@dataclass(frozen=True, slots=True)
class SuspendReasonWanted(Message):
    """Asks the admin why `who` is suspended."""

    who: str


@dataclass(frozen=True, slots=True)
class SuspensionMade(Message):
    """Reply to the admin: the person is suspended, and `projects` of theirs rest."""

    stop: StopId
    who: str
    reason: str
    projects: int


@dataclass(frozen=True, slots=True)
class PersonSuspended(Message):
    """Notice to the person: why, and what it means for a worker and for one who `asks`, whose `projects` rest.
    `appeal`: it can be appealed; not if it goes on from before they left."""

    stop: StopId
    reason: str
    appeal: bool
    worker: bool
    projects: int
    asks: bool = False


@dataclass(frozen=True, slots=True)
class AppealWordsWanted(Message):
    """Asks the person concerned for the appeal. `title` is the project's, "" for a person."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class StopAppealed(Message):
    """Reply to the person concerned: answered until `due`. `another`: by another admin than the one who decided."""

    title: str
    due: Moment
    another: bool


@dataclass(frozen=True, slots=True)
class StopToRule(Message):
    """Case for admins: an appeal. `made_by` decided; `alone`: the reader did, and there is no other admin."""

    stop: StopId
    title: str
    project: ProjectId | None
    who: str
    reason: str
    made_by: str
    words: str
    due: Moment
    alone: bool


@dataclass(frozen=True, slots=True)
class RulingWanted(Message):
    """Asks the admin why the stop stays."""

    title: str
    who: str


@dataclass(frozen=True, slots=True)
class StopRuled(Message):
    """Outcome for the person concerned and the admin: whether the stop is `lifted`. `project` 0 and `title` "" for a
    person.

    `by`: admin, the same one if there is `alone` one, or silence. `who` is the person, for the admin."""

    project: int
    title: str
    lifted: bool
    ruling: str
    by: str
    who: str = ""
