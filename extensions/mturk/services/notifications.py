"""UpdateNotificationSettings and SendTestEventNotification: events of HITs, told by the requester's webhooks."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from domain.addresses import is_internal_host
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
    IdKind,
    RequestError,
    encode_customer_id,
    encode_id,
)
from extensions.mturk.domain.notifications import (
    DOCUMENT_VERSION,
    EMAIL,
    PROGRAM,
    HitEvent,
    Notification,
    ProgramEvent,
    ProgramNote,
    PublishedEvent,
    build_event_document,
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

MAX_WORKERS, MAX_SUBJECT_CHARS, MAX_MESSAGE_CHARS = 100, 200, 4_096
MAX_NOTES_PER_DAY = 5  # notes of one requester to one worker


@dataclass(frozen=True, slots=True)
class NotificationFailure:
    """Why a worker got no note. `hard`: trying again will not help."""

    worker: str
    hard: bool
    why: str


def notify_workers(
    act: Act, *, subject: str, message_text: str, worker_ids: Sequence[str]
) -> tuple[NotificationFailure, ...]:
    """NotifyWorkers: send a note to each worker; return the failures. A worker who never worked for this requester is
    reported as unknown. Raise RequestError for too many workers or a text of a wrong length."""
    if not 1 <= len(worker_ids) <= MAX_WORKERS:
        raise RequestError(RANGE, f"1 to {MAX_WORKERS} WorkerIds.")
    note = ProgramNote(
        require_length(subject, 1, MAX_SUBJECT_CHARS, "Subject"),
        require_length(message_text, 1, MAX_MESSAGE_CHARS, "MessageText"),
    )
    failures = (_send_note(act, note, worker_id) for worker_id in dict.fromkeys(worker_ids))
    return tuple(worker_id for worker_id in failures if worker_id is not None)


def _send_note(act: Act, note: ProgramNote, worker_id: str) -> NotificationFailure | None:
    """Send a note to one worker; return the failure, or None if it was sent."""
    try:
        worker = hit_types.get_known_worker(act, worker_id)
    except RequestError as error:
        return NotificationFailure(worker_id, True, error.message)
    if not worker.reachable:
        return NotificationFailure(worker_id, False, "This worker cannot be reached now.")
    day_key = f"note:{act.person.id}:{worker.id}:{act.unit.now // DAY}"
    keys = (f"{day_key}:{number}" for number in range(MAX_NOTES_PER_DAY))
    if any(act.unit.outbox.tell(worker.id, note, lane=Lane.BROADCAST, key=key) for key in keys):
        return None
    return NotificationFailure(
        worker_id, False, f"This worker had {MAX_NOTES_PER_DAY} notes of yours today. Try again tomorrow."
    )


MAX_DESTINATIONS = 50  # addresses of a requester's programs


def update_settings(
    act: Act, *, hit_type_id: str, notification: Mapping[str, Any] | None = None, active: bool | None = None
) -> None:
    """UpdateNotificationSettings: change a HIT type's notification, or switch it on or off. Raise RequestError if
    neither is asked for, or there is no notification to switch."""
    type_ = hit_types.get_own_type(act, hit_type_id)
    settings = act.unit.records(TurkNotifications).find(type_.id)
    if notification is None and active is None:
        raise RequestError(INVALID, "Notification or Active is needed.")
    if notification is not None:
        settings = _parse_notification(act, notification, settings.active if settings else True)
    if settings is None:
        raise RequestError(INVALID, "This HITType has no Notification that could be made Active.")
    if active is not None:
        settings = changed(settings, active=active)
    act.unit.records(TurkNotifications).save(type_.id, settings)


def send_test_event(act: Act, *, notification: Mapping[str, Any], test_event_type: str) -> None:
    """SendTestEventNotification: deliver an event of an invented HIT. Raise RequestError for invalid settings."""
    secret = act.unit.settings.secret
    type_id, hit_id, assignment_id = (
        encode_id(secret, kind, 0) for kind in (IdKind.TYPE, IdKind.HIT, IdKind.ASSIGNMENT)
    )
    event = PublishedEvent(test_event_type, act.unit.now, type_id, hit_id, assignment_id)
    deliver_event(act.unit, act.person.id, _parse_notification(act, notification, True), event, "")


def deliver_event(
    unit: UnitOfWork, requester: PersonId, notification: Notification, event: PublishedEvent, title: str
) -> None:
    """Deliver one event by the notification's webhook, or in the chat if it has none; `title` is the HIT's."""
    if notification.webhook is None:
        unit.outbox.tell(requester, ProgramEvent(event.kind, title, event.hit, event.assignment))
        return
    customer = encode_customer_id(unit.settings.secret, requester)
    number = f"mturk_{secrets.token_hex(12)}"
    body = build_event_document(notification.version or DOCUMENT_VERSION, number, customer, (event,))
    unit.webhooks.add_call(requester, notification.webhook, number, f"{PROGRAM}.{notification.transport}", body)


def to_published_event(
    unit: UnitOfWork, hit: Hit, kind: str, moment: Moment, assignment: AssignmentId | None
) -> PublishedEvent:
    """Return the event with its public ids."""
    secret = unit.settings.secret
    answer = "" if assignment is None else encode_id(secret, IdKind.ASSIGNMENT, assignment)
    return PublishedEvent(
        kind, moment, encode_id(secret, IdKind.TYPE, hit.type), encode_id(secret, IdKind.HIT, HitId(hit.id)), answer
    )


def _parse_notification(act: Act, members: Mapping[str, Any], active: bool) -> Notification:
    """Return the notification that a program describes, with its webhook created if needed. Raise RequestError."""
    events: Sequence[str] = members["EventTypes"]
    if not events or any(event not in list(HitEvent) for event in events):
        raise RequestError(INVALID, "EventTypes has one or more.")
    transport, version = members["Transport"], members["Version"]
    hook = None if transport == EMAIL else _get_webhook(act, members["Destination"])
    return Notification(transport, version[:20], tuple(dict.fromkeys(events)), hook, active)


def _get_webhook(act: Act, url: str) -> int:
    """Return the number of the requester's webhook for this address, created if needed, signed with the secret of the
    calling key. Raise RequestError for an address that cannot be called, and above the limit of addresses."""
    scheme = urlsplit(url).scheme.lower() if is_address(url) and len(url) <= MAX_URL_CHARS else ""
    if scheme != "https" and not (scheme == "http" and act.house.private_destinations):
        raise RequestError(
            TRANSPORT,
            "Destination is an https address of yours, which gets each event by POST. Queues and topics of Amazon's"
            " cannot be written to from here.",
        )
    if is_internal_host(urlsplit(url).hostname or "") and not act.house.private_destinations:
        raise RequestError(TRANSPORT, "Destination leads inside a network: only the public internet is called.")
    webhook = act.unit.webhooks.find_or_add(act.person.id, url, (PROGRAM,), act.secret, MAX_DESTINATIONS)
    if webhook is None:
        raise RequestError(RANGE, f"At most {MAX_DESTINATIONS} destinations.")
    webhooks.note_member(act, webhook)
    return webhook


EVENTS_PER_STEP = 100
ENDING_EVENTS = (
    HitEvent.SUBMITTED,
    HitEvent.ABANDONED,
    HitEvent.RETURNED,
    HitEvent.EXPIRED,
)  # after which a HIT may be Reviewable


def process_waiting_events(unit: UnitOfWork) -> bool:
    """Process a batch of waiting events: calls, results and intended actions. Return whether there may be more."""
    events = list_waiting_events(unit)
    for event in events:
        process_event(unit, event)
    return len(events) == EVENTS_PER_STEP


def list_waiting_events(unit: UnitOfWork) -> list[TurkEvent]:
    """Return the oldest waiting events, a batch at most."""
    return unit.records(TurkNotifications).list_oldest(EVENTS_PER_STEP)


def process_event(unit: UnitOfWork, event: TurkEvent) -> None:
    """Deliver an event, score what its policies score, and delete it. After the last ending event of a HIT, announce
    once that the HIT is reviewable."""
    hit = unit.records(Hits).get(event.hit)
    _deliver_if_wanted(unit, hit, event.kind, event.at, event.assignment)
    if event.kind == HitEvent.SUBMITTED and event.assignment is not None:
        review_policies.score_submitted_assignment(unit, hit, event.assignment)
    is_reviewable = event.kind in ENDING_EVENTS and hit.status is HitStatus.REVIEWABLE
    is_reviewable = is_reviewable and not unit.records(TurkNotifications).has_later_event(
        hit.id, event.id, ENDING_EVENTS
    )  # they are told before
    if is_reviewable and unit.records(TurkNotifications).mark_reviewable(hit.id, hit.submitted + hit.decided):
        _deliver_if_wanted(unit, hit, HitEvent.REVIEWABLE, event.at, None)
        review_policies.score_reviewable_hit(unit, hit)
    unit.records(TurkNotifications).delete_event(event.id)


def skip_event(unit: UnitOfWork, event: TurkEvent) -> None:
    """Delete an event that cannot be processed, because it would hold up all later ones."""
    unit.records(TurkNotifications).delete_event(event.id)


def _deliver_if_wanted(unit: UnitOfWork, hit: Hit, kind: str, moment: Moment, assignment: AssignmentId | None) -> None:
    """Deliver an event if the HIT type's notification is active and asks for its kind."""
    notification = unit.records(TurkNotifications).find(hit.type)
    if notification is not None and notification.active and kind in notification.events:
        published = to_published_event(unit, hit, kind, moment, assignment)
        deliver_event(unit, hit.requester, notification, published, hit.shape.single_line_title)


def list_intended_actions(unit: UnitOfWork) -> list[ReviewAction]:
    """Return the oldest intended actions, a batch at most."""
    return unit.records(ReviewResults).list_intended(EVENTS_PER_STEP)


def mark_action_failed(unit: UnitOfWork, action: ReviewAction, error: Exception) -> None:
    """Store that an action failed, and why; it is not tried again."""
    reason = error.message if isinstance(error, RequestError) else type(error).__name__
    unit.records(ReviewResults).end_action(action.id, "Failed", reason)
