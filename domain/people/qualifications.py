"""Qualifications: types that requesters make, workers' values, and requests for them."""

from dataclasses import dataclass
from typing import NewType

from domain.messages import Message, record
from domain.moments import SECOND, Moment
from domain.money.amounts import Millionths
from domain.normalization import folded
from domain.people.accounts import PersonId
from domain.projects.tasks import TaskContent

TypeId = NewType("TypeId", int)
RequestId = NewType("RequestId", int)

SHORTEST_REASON, LONGEST_REASON = 15, 500  # characters of why a worker is blocked
LONGEST_NAME, LONGEST_DESCRIPTION = 200, 2_000
MOST_TYPES = 1_000  # of a requester
MOST_PLACES = 10_000  # of a paid test

OFFERED, TESTING, WAITING, GRANTED, REJECTED, DECLINED = (
    *("offered", "testing", "waiting"),
    *("granted", "rejected", "declined"),
)
OPEN = (OFFERED, TESTING, WAITING)
GRACE = 30 * SECOND  # for an answer that is on its way when the time of a test is up


@record
class QualificationType:
    """`retry_seconds` None: it is asked for once. `test` and `answer_key` as their author wrote them;
    `granted_by_itself`: the value that everybody gets who asks, None where a test or the requester decides."""

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
        """Whether the time of a test that was begun then is up."""
        return self.test_seconds is not None and now > begun + self.test_seconds * SECOND + GRACE

    def may_ask_again(self, last: Moment, now: Moment) -> bool:
        """After an attempt that ended then."""
        return self.retry_seconds is not None and now >= last + self.retry_seconds * SECOND


@record
class Qualification:
    """`granted` False: it was revoked, for this `reason`."""

    type: TypeId
    worker: PersonId
    value: int
    granted: bool
    changed_at: Moment
    reason: str = ""


@record
class QualificationRequest:
    """`test` and its key as they were when it was begun, `answers` as they were given; None without a test."""

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
        return self.state in OPEN


@record
class PaidTest:
    """A test whose attempt is paid, once a person, whatever the result: `pay` each for at most `places` people. `taken`
    of them have begun, `paid` have handed in."""

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
    def left(self) -> Millionths:
        """What is still set aside."""
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
    """Two names are the same one whatever their case and spaces."""
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """`questions` of its test, 0 without one; `holders` have it now; `awaited` will, once they come and want it."""

    type: TypeId
    name: str
    questions: int
    holders: int
    awaited: int = 0


@dataclass(frozen=True, slots=True)
class AttemptPay:
    """What an attempt pays, for how many people at most; how many were `paid`, and what is set aside (`held`)."""

    pay: int
    currency: str
    places: int
    paid: int
    held: int


@dataclass(frozen=True, slots=True)
class QualificationList(Message):
    """`more`: there are others behind the last one, `after` which the next page begins."""

    types: tuple[QualificationLine, ...]
    more: bool = False
    after: int = 0
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class QualificationWanted(Message):
    """Its lines are to be typed. `currency` in which an attempt would be paid."""

    currency: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class QualificationPage(Message):
    """One of them; `again_hours` None: the test is taken once. `made`: it is new."""

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
    """Who is to have it is to be typed, a line each."""

    name: str


@dataclass(frozen=True, slots=True)
class HoldersChanged(Message):
    """How many were granted it, from how many it was taken, and how many are awaited by name, or no more."""

    type: TypeId
    name: str
    granted: int
    revoked: int
    awaited: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class QualificationDeletion(Message):
    """`done`, or to be pressed once more; `holders` have it. `returned`: of what is set aside for its test, this comes
    back, or came."""

    type: TypeId
    name: str
    holders: int
    done: bool
    returned: int = 0
    currency: str = ""
    team_number: int = 0


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


ScreeningId = NewType("ScreeningId", int)

LONGEST_QUESTION, LONGEST_OPTION, MOST_OPTIONS = 200, 30, 8
NO_ANSWER = 99  # the button “rather not say”


@dataclass(frozen=True, slots=True)
class ScreeningQuestion:
    id: ScreeningId
    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreeningAsked(Message):
    """To a worker, once; nobody has to answer."""

    question: ScreeningId
    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreeningSaid(Message):
    """`answer` None: they would rather not say, or took it back."""

    question: ScreeningId
    words: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class ScreeningList(Message):
    """What somebody has said, to be changed or deleted."""

    said: tuple[ScreeningSaid, ...]


def plain_question(words: str, options: tuple[str, ...]) -> str:
    """The same for the same question, whatever its case and spaces."""
    return "\n".join(" ".join(folded(each).split()) for each in (words, *options))
