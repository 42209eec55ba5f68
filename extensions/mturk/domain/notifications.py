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
    """Event of a HIT, for a requester whose notifications go to the chat. `kind` is Amazon's name of the event; the ids
    are those that the requester knows."""

    kind: str
    title: str
    hit: str
    assignment: str


@dataclass(frozen=True, slots=True)
class FormsLost(Message):
    """Warning to a requester, once a project: an answer came without its form's fields, because the form went to
    Amazon."""

    project: ProjectId
    title: str


EMAIL, SQS, SNS = "Email", "SQS", "SNS"
PROGRAM = "mturk"  # begins the kind of their calls; it is signed in another way than other webhooks
DOCUMENT_VERSION = "2006-05-05"


class HitEvent(StrEnum):
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
    """Notification settings of a HIT type. `events` are the wanted kinds; `webhook` is the number of the webhook that
    is called, or None for messages in the chat."""

    transport: str
    version: str
    events: tuple[str, ...]
    webhook: int | None
    active: bool


@record
class PublishedEvent:
    """An event with its public ids, as it is published; `assignment` is empty for an event of a whole HIT."""

    kind: str
    at: Moment
    hit_type: str
    hit: str
    assignment: str


def build_event_document(version: str, number: str, requester: str, events: Sequence[PublishedEvent]) -> str:
    """Return the JSON text of an event notification, as Amazon documents it."""
    return orjson.dumps(
        {
            "EventDocVersion": version,
            "EventDocId": number,
            "CustomerId": requester,
            "Events": [_to_members(event) for event in events],
        }
    ).decode()


def _to_members(event: PublishedEvent) -> dict[str, str]:
    ids = {"HITTypeId": event.hit_type, "HITId": event.hit, "AssignmentId": event.assignment}
    moment = as_datetime(event.at).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "EventType": event.kind,
        "EventTimestamp": moment,
        **{name: public_id for name, public_id in ids.items() if public_id},
    }
