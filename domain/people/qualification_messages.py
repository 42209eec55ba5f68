"""Whom a requester blocks, and qualifications: offered, asked for, granted, refused."""

from dataclasses import dataclass

from domain.messages import Message
from domain.people.qualifications import RequestId
from domain.projects.tasks import TaskContent


@dataclass(frozen=True, slots=True)
class BlockAsked(Message):
    """To the requester: why is to be typed. `worker` is a pseudonym."""

    worker: str


@dataclass(frozen=True, slots=True)
class WorkerBlocked(Message):
    """To the requester; `before`: they were blocked already."""

    worker: str
    number: int
    before: bool = False
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class WorkerUnblocked(Message):
    worker: str


@dataclass(frozen=True, slots=True)
class BlockedWorker:
    worker: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class BlockList(Message):
    """`more`: there are others behind the last one, `after` which the next page begins."""

    blocked: tuple[BlockedWorker, ...]
    more: bool = False
    after: int = 0
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class BlockedByRequester(Message):
    """To the worker."""

    requester: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnblockedByRequester(Message):
    """To the worker."""

    requester: str


@dataclass(frozen=True, slots=True)
class QualificationOffered(Message):
    """To a worker who is asked for it by a project they could have: `questions` of a test, 0 without one. `named`: its
    requester awaits them by their name at Telegram. `pay` of the attempt, 0 where it is not paid."""

    request: RequestId
    name: str
    description: str
    requester: str
    questions: int = 0
    seconds: int | None = None
    named: bool = False
    pay: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class QualificationDeclined(Message):
    """They do not want it now."""

    name: str


@dataclass(frozen=True, slots=True)
class AttemptsTaken(Message):
    """Others have taken all places of a test that is paid; one comes free where somebody does nothing in time."""

    name: str
    request: RequestId


@dataclass(frozen=True, slots=True)
class AttemptPaid(Message):
    """To the worker: their attempt at a test is paid, whatever it came to."""

    name: str
    amount: int
    currency: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class TestWaits(Message):
    """They stopped a test that goes on when they like; `limited`: its time runs."""

    request: RequestId
    name: str
    limited: bool


@dataclass(frozen=True, slots=True)
class QualificationAsked(Message):
    """It waits for its requester; `tested`: a test was handed in."""

    name: str
    requester: str
    tested: bool = False


@dataclass(frozen=True, slots=True)
class QualificationGranted(Message):
    """`tested`: `value` is what the test came to."""

    name: str
    requester: str
    value: int
    tested: bool = False


@dataclass(frozen=True, slots=True)
class QualificationRefused(Message):
    """The requester said no; the reason may be empty."""

    name: str
    requester: str
    reason: str


@dataclass(frozen=True, slots=True)
class QualificationRevoked(Message):
    """The requester took it back; the reason may be empty."""

    name: str
    requester: str
    reason: str


@dataclass(frozen=True, slots=True)
class TestShown(Message):
    """A test that is being taken: `content` stands above its questions (`options` of a form), `draft` are the answers
    so far."""

    request: RequestId
    name: str
    kind: str
    content: TaskContent
    options: tuple[str, ...]
    draft: tuple[str | int, ...] = ()
