"""UpdateNotificationSettings and SendTestEventNotification: events of HITs, told by the requester's webhooks."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from domain.addresses import is_inside
from domain.moments import Moment
from domain.mturk.errors import INVALID, RANGE, TRANSPORT, RequestError
from domain.mturk.hits import Hit, HitId
from domain.mturk.ids import Kind, customer_id, id_of
from domain.mturk.messages import ProgramEvent
from domain.mturk.notifications import DOCUMENT_VERSION, EMAIL, PROGRAM, Event, Notification, Told, document
from domain.people.people import PersonId
from domain.people.webhooks import LONGEST
from domain.records import changed
from domain.work.assignments import AssignmentId
from formats.addresses import is_address
from services.act import Act
from services.mturk import names
from services.people import webhooks
from storage.unit import UnitOfWork

MOST = 50  # addresses of a requester's programs


def update(
    act: Act, *, hit_type_id: str, notification: Mapping[str, Any] | None = None, active: bool | None = None
) -> None:
    """UpdateNotificationSettings."""
    type_ = names.hit_type(act, hit_type_id)
    known = act.unit.turk_notifications.find(type_.id)
    if notification is None and active is None:
        raise RequestError(INVALID, "Notification or Active is needed.")
    if notification is not None:
        known = _read(act, notification, known.active if known else True)
    if known is None:
        raise RequestError(INVALID, "This HITType has no Notification that could be made Active.")
    if active is not None:
        known = changed(known, active=active)
    act.unit.turk_notifications.put(type_.id, known)


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
    unit.webhooks.call(requester, notification.webhook, number, f"{PROGRAM}.{notification.transport}", body)


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
    scheme = urlsplit(url).scheme.lower() if is_address(url) and len(url) <= LONGEST else ""
    if scheme != "https" and not (scheme == "http" and act.house.private_destinations):
        raise RequestError(
            TRANSPORT,
            "Destination is an https address of yours, which gets each event by POST. Queues and topics of Amazon's"
            " cannot be written to from here.",
        )
    if is_inside(urlsplit(url).hostname or "") and not act.house.private_destinations:
        raise RequestError(TRANSPORT, "Destination leads inside a network: only the public internet is called.")
    found = act.unit.webhooks.settle(act.person.id, url, (PROGRAM,), act.secret, MOST)
    if found is None:
        raise RequestError(RANGE, f"At most {MOST} destinations.")
    webhooks.entrust(act, found)
    return found
