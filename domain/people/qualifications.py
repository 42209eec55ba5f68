"""Qualifications: types that requesters create, workers' values, requests for them, blocks and screening questions."""

from dataclasses import dataclass
from typing import NewType

from domain.messages import Message, record
from domain.moments import SECOND, Moment
from domain.money.amounts import Millionths
from domain.normalization import fold_case_and_accents
from domain.people.accounts import PersonId
from domain.projects.tasks import TaskContent

TypeId = NewType("TypeId", int)
RequestId = NewType("RequestId", int)

MIN_BLOCK_REASON_CHARS, MAX_BLOCK_REASON_CHARS = 15, 500  # characters of why a worker is blocked
MAX_NAME_CHARS, MAX_DESCRIPTION_CHARS = 200, 2_000
MAX_TYPES_PER_REQUESTER = 1_000  # of a requester
MAX_PLACES = 10_000  # of a paid test

OFFERED, TESTING, WAITING, GRANTED, REJECTED, DECLINED = (
    *("offered", "testing", "waiting"),
    *("granted", "rejected", "declined"),
)
OPEN_STATES = (OFFERED, TESTING, WAITING)
GRACE = 30 * SECOND  # for an answer that is on its way when the time of a test is up


@record
class QualificationType:
    """A qualification that a requester created.

    `retry_seconds` None: it can be requested once only. `test` and `answer_key` are as their author wrote them.
    `granted_by_itself` is the value that everybody gets who asks for it, None if a test or the requester decides."""

    id: TypeId
    requester: PersonId
    name: str
    description: str
    keywords: str
    active: bool
    retry_seconds: int | None
    test: str | None
    test_seconds: int | None
    answer_key: str | None
    granted_by_itself: int | None
    made_at: Moment

    def is_over(self, begun: Moment, now: Moment) -> bool:
        """Return whether the time of a test begun at `begun` is up, with a grace for an answer on its way."""
        return self.test_seconds is not None and now > begun + self.test_seconds * SECOND + GRACE

    def may_ask_again(self, last: Moment, now: Moment) -> bool:
        """Return whether a worker may try again whose last attempt ended at `last`."""
        return self.retry_seconds is not None and now >= last + self.retry_seconds * SECOND


@record
class Qualification:
    """A worker's value of a qualification type. `granted` False: it was revoked, for this `reason`."""

    type: TypeId
    worker: PersonId
    value: int
    granted: bool
    changed_at: Moment
    reason: str = ""


@record
class QualificationRequest:
    """A worker's request for a qualification, or an offer to them.

    `test` and `answer_key` are copies made when the test was begun, `answers` are the worker's, as JSON; all are None
    without a test."""

    id: RequestId
    type: TypeId
    worker: PersonId
    state: str
    test: str | None
    answers: str | None
    made_at: Moment
    decided_at: Moment | None
    reason: str = ""
    answer_key: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@record
class PaidTest:
    """Pay for attempts at a test: `pay` once a person whatever the result, for at most `places` people.

    `taken` of the places have begun, `paid` have handed in."""

    type: TypeId
    pay: Millionths
    currency: str
    places: int
    ended_at: Moment | None
    taken: int
    paid: int

    @property
    def cost(self) -> Millionths:
        return Millionths(self.pay * self.places)

    @property
    def remaining(self) -> Millionths:
        """Return what is still set aside, in millionths; 0 once the test has ended."""
        return Millionths(0 if self.ended_at is not None else self.pay * (self.places - self.paid))

    @property
    def has_place(self) -> bool:
        return self.ended_at is None and self.taken < self.places


@record
class WorkerBlock:
    worker: PersonId
    reason: str
    blocked_at: Moment


def plain_name(name: str) -> str:
    """Return the name without case and extra spaces: two names that are equal in it are the same one."""
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """A qualification in a list. `questions` of its test, 0 without one; `holders` have it now; `awaited` people get it
    once they come and want it."""

    type: TypeId
    name: str
    questions: int
    holders: int
    awaited: int = 0


@dataclass(frozen=True, slots=True)
class AttemptPay:
    """Pay of an attempt at a test, for at most `places` people; `paid` of them were paid, `held` is set aside, in
    millionths."""

    pay: int
    currency: str
    places: int
    paid: int
    held: int


@dataclass(frozen=True, slots=True)
class QualificationList(Message):
    """A page of a requester's qualifications. `more`: another page begins after the id `after`."""

    types: tuple[QualificationLine, ...]
    more: bool = False
    after: int = 0
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class QualificationWanted(Message):
    """Request to type a new qualification; attempts at its test would be paid in `currency`."""

    currency: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class QualificationPage(Message):
    """Details of one qualification. `again_hours` None: its test is taken once. `made`: it was created just now."""

    line: QualificationLine
    description: str
    minutes: int
    again_hours: int | None
    made: bool = False
    pay: AttemptPay | None = None
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class HoldersWanted(Message):
    """Request to type the workers who get a qualification, one a line."""

    name: str


@dataclass(frozen=True, slots=True)
class HoldersChanged(Message):
    """Answer after a list of holders: workers granted, revoked, awaited by name, and no longer awaited."""

    type: TypeId
    name: str
    granted: int
    revoked: int
    awaited: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class QualificationDeletion(Message):
    """Deletion of a qualification that `holders` have: `done`, or to be confirmed.

    `returned` of what is set aside for its test comes back, or came back."""

    type: TypeId
    name: str
    holders: int
    done: bool
    returned: int = 0
    currency: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class BlockAsked(Message):
    """Request to the requester to type why they block the worker, whose pseudonym is `worker`."""

    worker: str


@dataclass(frozen=True, slots=True)
class WorkerBlocked(Message):
    """Answer to the requester: the worker is blocked; `before`: they were blocked already."""

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
    """A page of the workers whom a requester blocks. `more`: another page begins after the number `after`."""

    blocked: tuple[BlockedWorker, ...]
    more: bool = False
    after: int = 0
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class BlockedByRequester(Message):
    """Notice to a worker: the requester has blocked them."""

    requester: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnblockedByRequester(Message):
    """Notice to a worker: the requester blocks them no longer."""

    requester: str


@dataclass(frozen=True, slots=True)
class QualificationOffered(Message):
    """Offer to a worker of the qualification that a project requires of them.

    `questions` of its test, 0 without one. `named`: the requester awaits them by their Telegram name. `pay` of the
    attempt, 0 if it is not paid."""

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
    """Answer to a worker who declined an offer."""

    name: str


@dataclass(frozen=True, slots=True)
class AttemptsTaken(Message):
    """Answer to a worker: all paid places of the test are taken; one may come free later."""

    name: str
    request: RequestId


@dataclass(frozen=True, slots=True)
class AttemptPaid(Message):
    """Notice to a worker: their attempt at a test was paid, whatever its result."""

    name: str
    amount: int
    currency: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class TestWaits(Message):
    """Answer to a worker who stopped a test and may go on with it; `limited`: its time runs."""

    request: RequestId
    name: str
    limited: bool


@dataclass(frozen=True, slots=True)
class QualificationAsked(Message):
    """Answer to a worker: their request waits for the requester; `tested`: a test was handed in."""

    name: str
    requester: str
    tested: bool = False


@dataclass(frozen=True, slots=True)
class QualificationGranted(Message):
    """Notice to a worker: the qualification is granted with this `value`, the result of its test if `tested`."""

    name: str
    requester: str
    value: int
    tested: bool = False


@dataclass(frozen=True, slots=True)
class QualificationRefused(Message):
    """Notice to a worker: the requester refused their request; the reason may be empty."""

    name: str
    requester: str
    reason: str


@dataclass(frozen=True, slots=True)
class QualificationRevoked(Message):
    """Notice to a worker: the requester revoked their qualification; the reason may be empty."""

    name: str
    requester: str
    reason: str


@dataclass(frozen=True, slots=True)
class TestShown(Message):
    """Test being taken: `content` stands above its questions (`options` of a form), `draft` holds the answers so
    far."""

    request: RequestId
    name: str
    kind: str
    content: TaskContent
    options: tuple[str, ...]
    draft: tuple[str | int, ...] = ()


ScreeningId = NewType("ScreeningId", int)

MAX_QUESTION_CHARS, MAX_OPTION_CHARS, MAX_OPTIONS = 200, 30, 8
NO_ANSWER = 99  # the button “rather not say”


@dataclass(frozen=True, slots=True)
class ScreeningQuestion:
    id: ScreeningId
    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreeningAsked(Message):
    """Question to a worker about themselves, asked once; they need not answer."""

    question: ScreeningId
    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreeningSaid(Message):
    """A worker's answer to a screening question; None if they would rather not say, or deleted it."""

    question: ScreeningId
    words: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class ScreeningList(Message):
    """A worker's answers to screening questions, to be changed or deleted."""

    said: tuple[ScreeningSaid, ...]


def plain_question(words: str, options: tuple[str, ...]) -> str:
    """Return question and options without case and extra spaces: questions equal in it are the same one."""
    return "\n".join(" ".join(fold_case_and_accents(text).split()) for text in (words, *options))
