"""Qualifications: types that requesters make, workers' values, and requests for them."""

from typing import NewType

from domain.moments import SECOND, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.records import record

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
