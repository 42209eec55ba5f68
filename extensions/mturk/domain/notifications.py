"""Events of HITs and assignments that a requester's program is told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson

from domain.messages import Message, record
from domain.moments import Moment, as_datetime
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class AnswerFeedback(Message):
    """The words that came with an approval."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class ProgramNote(Message):
    """NotifyWorkers: a requester's words to somebody who has worked for them."""

    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class ProgramEvent(Message):
    """To a requester whose program asked for it: an event of a HIT by Amazon's name, with ids of theirs."""

    kind: str
    title: str
    hit: str
    assignment: str


@dataclass(frozen=True, slots=True)
class FormsLost(Message):
    """To a requester, once a project: an answer came without its form's fields, which went to Amazon's address."""

    project: ProjectId
    title: str


EMAIL, SQS, SNS = "Email", "SQS", "SNS"
PROGRAM = "mturk"  # begins the kind of their calls; it is signed in another way than other webhooks
DOCUMENT_VERSION = "2006-05-05"


class Event(StrEnum):
    ACCEPTED = "AssignmentAccepted"
    ABANDONED = "AssignmentAbandoned"
    RETURNED = "AssignmentReturned"
    SUBMITTED = "AssignmentSubmitted"
    APPROVED = "AssignmentApproved"
    REJECTED = "AssignmentRejected"
    CREATED = "HITCreated"
    EXTENDED = "HITExtended"
    EXPIRED = "HITExpired"
    REVIEWABLE = "HITReviewable"
    DISPOSED = "HITDisposed"
    PING = "Ping"


@record
class Notification:
    """Of a HIT type: which `events`, and the number of the webhook; None: a message to the requester."""

    transport: str
    version: str
    events: tuple[str, ...]
    webhook: int | None
    active: bool


@record
class Told:
    """An event as it is told, with Mechanical Turk's ids; empty where it has none."""

    kind: str
    at: Moment
    hit_type: str
    hit: str
    assignment: str


def document(version: str, number: str, requester: str, events: Sequence[Told]) -> str:
    """The JSON of Amazon's documentation."""
    return orjson.dumps(
        {
            "EventDocVersion": version,
            "EventDocId": number,
            "CustomerId": requester,
            "Events": [_members(each) for each in events],
        }
    ).decode()


def _members(told: Told) -> dict[str, str]:
    ids = {"HITTypeId": told.hit_type, "HITId": told.hit, "AssignmentId": told.assignment}
    moment = as_datetime(told.at).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"EventType": told.kind, "EventTimestamp": moment, **{name: each for name, each in ids.items() if each}}
