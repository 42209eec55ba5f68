"""UpdateNotificationSettings and SendTestEventNotification: events of HITs, told by the requester's webhooks."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from domain.addresses import is_inside
from domain.messages import changed
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.people.webhooks import MAX_URL_CHARS
from domain.work.assignments import AssignmentId
from extensions.mturk.domain.hits import (
    INVALID,
    RANGE,
    TRANSPORT,
    Hit,
    HitId,
    HitStatus,
    Kind,
    RequestError,
    customer_id,
    id_of,
)
from extensions.mturk.domain.notifications import (
    DOCUMENT_VERSION,
    EMAIL,
    PROGRAM,
    Event,
    Notification,
    ProgramEvent,
    ProgramNote,
    Told,
    document,
)
from extensions.mturk.services import hit_types, review_policies
from extensions.mturk.services.hit_types import require_length
from extensions.mturk.storage.assignments import ReviewAction, ReviewResults
from extensions.mturk.storage.hits import Hits
from extensions.mturk.storage.notifications import TurkEvent, TurkNotifications
from formats.values import is_address
from services.act import Act
from services.people import webhooks
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

MOST, SUBJECT, MESSAGE = 100, 200, 4_096
A_DAY = 5  # notes of one requester to one worker


@dataclass(frozen=True, slots=True)
class Failure:
    """`hard`: it will not be better another time."""

    worker: str
    hard: bool
    why: str


def notify(act: Act, *, subject: str, message_text: str, worker_ids: Sequence[str]) -> tuple[Failure, ...]:
    """NotifyWorkers. Who cannot be reached is named; nobody is named who never worked for this requester."""
    if not 1 <= len(worker_ids) <= MOST:
        raise RequestError(RANGE, f"1 to {MOST} WorkerIds.")
    note = ProgramNote(
        require_length(subject, 1, SUBJECT, "Subject"), require_length(message_text, 1, MESSAGE, "MessageText")
    )
    found = (_send(act, note, each) for each in dict.fromkeys(worker_ids))
    return tuple(each for each in found if each is not None)


def _send(act: Act, note: ProgramNote, worker_id: str) -> Failure | None:
    try:
        worker = hit_types.get_known_worker(act, worker_id)
    except RequestError as error:
        return Failure(worker_id, True, error.message)
    if not worker.reachable:
        return Failure(worker_id, False, "This worker cannot be reached now.")
    about = f"note:{act.person.id}:{worker.id}:{act.unit.now // DAY}"
    keys = (f"{about}:{number}" for number in range(A_DAY))
    if any(act.unit.outbox.tell(worker.id, note, lane=Lane.BROADCAST, key=key) for key in keys):
        return None
    return Failure(worker_id, False, f"This worker had {A_DAY} notes of yours today. Try again tomorrow.")


MOST_TRIES = 50  # addresses of a requester's programs


def update(
    act: Act, *, hit_type_id: str, notification: Mapping[str, Any] | None = None, active: bool | None = None
) -> None:
    """UpdateNotificationSettings."""
    type_ = hit_types.get_own_type(act, hit_type_id)
    known = act.unit.records(TurkNotifications).find(type_.id)
    if notification is None and active is None:
        raise RequestError(INVALID, "Notification or Active is needed.")
    if notification is not None:
        known = _read(act, notification, known.active if known else True)
    if known is None:
        raise RequestError(INVALID, "This HITType has no Notification that could be made Active.")
    if active is not None:
        known = changed(known, active=active)
    act.unit.records(TurkNotifications).put(type_.id, known)


def test(act: Act, *, notification: Mapping[str, Any], test_event_type: str) -> None:
    """SendTestEventNotification: at once, about HITs that there are not."""
    secret = act.unit.settings.secret
    made_up = (id_of(secret, kind, 0) for kind in (Kind.TYPE, Kind.HIT, Kind.ASSIGNMENT))
    tell(act.unit, act.person.id, _read(act, notification, True), Told(test_event_type, act.unit.now, *made_up), "")


def tell(unit: UnitOfWork, requester: PersonId, notification: Notification, told: Told, title: str) -> None:
    """One document an event; `title` is the HIT's."""
    if notification.webhook is None:
        unit.outbox.tell(requester, ProgramEvent(told.kind, title, told.hit, told.assignment))
        return
    customer = customer_id(unit.settings.secret, requester)
    number = f"mturk_{secrets.token_hex(12)}"
    body = document(notification.version or DOCUMENT_VERSION, number, customer, (told,))
    unit.webhooks.add_call(requester, notification.webhook, number, f"{PROGRAM}.{notification.transport}", body)


def told_of(unit: UnitOfWork, hit: Hit, kind: str, at: Moment, assignment: AssignmentId | None) -> Told:
    secret = unit.settings.secret
    answer = "" if assignment is None else id_of(secret, Kind.ASSIGNMENT, assignment)
    return Told(kind, at, id_of(secret, Kind.TYPE, hit.type), id_of(secret, Kind.HIT, HitId(hit.id)), answer)


def _read(act: Act, members: Mapping[str, Any], active: bool) -> Notification:
    events: Sequence[str] = members["EventTypes"]
    if not events or any(each not in list(Event) for each in events):
        raise RequestError(INVALID, "EventTypes has one or more.")
    transport, version = members["Transport"], members["Version"]
    hook = None if transport == EMAIL else _webhook(act, members["Destination"])
    return Notification(transport, version[:20], tuple(dict.fromkeys(events)), hook, active)


def _webhook(act: Act, url: str) -> int:
    """The webhook for this address that is signed with the secret of the key that asks."""
    scheme = urlsplit(url).scheme.lower() if is_address(url) and len(url) <= MAX_URL_CHARS else ""
    if scheme != "https" and not (scheme == "http" and act.house.private_destinations):
        raise RequestError(
            TRANSPORT,
            "Destination is an https address of yours, which gets each event by POST. Queues and topics of Amazon's"
            " cannot be written to from here.",
        )
    if is_inside(urlsplit(url).hostname or "") and not act.house.private_destinations:
        raise RequestError(TRANSPORT, "Destination leads inside a network: only the public internet is called.")
    found = act.unit.webhooks.find_or_add(act.person.id, url, (PROGRAM,), act.secret, MOST_TRIES)
    if found is None:
        raise RequestError(RANGE, f"At most {MOST_TRIES} destinations.")
    webhooks.note_member(act, found)
    return found


AT_ONCE = 100
ENDINGS = (Event.SUBMITTED, Event.ABANDONED, Event.RETURNED, Event.EXPIRED)  # after which a HIT may be Reviewable


def gather(unit: UnitOfWork) -> bool:
    """Events become calls, results and intended actions; whether there may be more."""
    found = waiting(unit)
    for event in found:
        take(unit, event)
    return len(found) == AT_ONCE


def waiting(unit: UnitOfWork) -> list[TurkEvent]:
    return unit.records(TurkNotifications).next(AT_ONCE)


def take(unit: UnitOfWork, event: TurkEvent) -> None:
    hit = unit.records(Hits).get(event.hit)
    _tell(unit, hit, event.kind, event.at, event.assignment)
    if event.kind == Event.SUBMITTED and event.assignment is not None:
        review_policies.on_submitted(unit, hit, event.assignment)
    done = event.kind in ENDINGS and hit.status is HitStatus.REVIEWABLE
    done = done and not unit.records(TurkNotifications).ends_later(hit.id, event.id, ENDINGS)  # they are told before
    if done and unit.records(TurkNotifications).is_reviewable(hit.id, hit.submitted + hit.decided):
        _tell(unit, hit, Event.REVIEWABLE, event.at, None)
        review_policies.on_reviewable(unit, hit)
    unit.records(TurkNotifications).done(event.id)


def skip(unit: UnitOfWork, event: TurkEvent) -> None:
    """One that cannot be taken is not tried again: it would hold up all behind it."""
    unit.records(TurkNotifications).done(event.id)


def _tell(unit: UnitOfWork, hit: Hit, kind: str, at: Moment, assignment: AssignmentId | None) -> None:
    wanted = unit.records(TurkNotifications).find(hit.type)
    if wanted is not None and wanted.active and kind in wanted.events:
        told = told_of(unit, hit, kind, at, assignment)
        tell(unit, hit.requester, wanted, told, hit.shape.called)


def intended(unit: UnitOfWork) -> list[ReviewAction]:
    return unit.records(ReviewResults).intended(AT_ONCE)


def failed(unit: UnitOfWork, action: ReviewAction, error: Exception) -> None:
    """It is not tried again."""
    said = error.message if isinstance(error, RequestError) else type(error).__name__
    unit.records(ReviewResults).end(action.id, "Failed", said)
