"""Webhooks of requesters: addresses that are called when something happens in their projects."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from domain.fairness.questions import QuestionId
from domain.moments import DAY, Moment, as_datetime
from domain.people.accounts import PersonId
from domain.people.teams import TeamNumber
from domain.people.webhooks import (
    FUNDS_LOW,
    KINDS,
    MAX_ADDRESSES,
    MAX_URL_CHARS,
    PROJECT_ENDED,
    QUESTION_ASKED,
    SECRET_BYTES,
    TASK_CLOSED,
    WebhookCall,
    WebhookGone,
    WebhookMade,
    WebhookResent,
    Webhooks,
    WebhookSilent,
    format_secret,
    is_of_requester,
    is_wanted,
    parse_kinds,
    retry_delay,
)
from domain.projects.projects import Project
from domain.projects.tasks import TaskId
from domain.refusals import BadInput, NoSecretsKey, NotFound, TooManyWebhooks
from formats.values import is_address
from services.act import Act
from services.money import topups
from storage.unit import UnitOfWork

EVENTS_PER_STEP = 200  # events that become calls in one transaction
USAGE = ["/webhooks add https://example.org/hook", "/webhooks remove 1", "/webhooks resend 1"]


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """An address to be called for these kinds of events, for all if there are none. `unknown`: its host has no address
    in the DNS."""

    url: str
    kinds: tuple[str, ...]
    unknown: bool = False


def list_webhooks(act: Act) -> Webhooks:
    """Return the account's webhooks."""
    return Webhooks(tuple(act.unit.webhooks.list_webhooks(act.person.id)), act.person.team_number)


def require_valid_webhook(act: Act, action: str, url: str, kinds: str) -> WebhookRequest:
    """Return the address and kinds of `/webhooks add URL KINDS`, as far as their text can be checked; jobs/webhooks.py
    looks up the host next, and at each call.

    Raise BadInput for an unknown kind or an impossible address, NoSecretsKey if secrets cannot be encrypted,
    TooManyWebhooks."""
    event_kinds = parse_kinds(kinds)
    if action.lower() != "add" or event_kinds is None:
        raise BadInput(what="word", value=kinds or action, expected=[USAGE[0], *KINDS])
    if not (is_address(url) and len(url) <= MAX_URL_CHARS):
        raise BadInput(what="word", value=url, expected=USAGE[:1])
    if urlsplit(url).scheme.lower() not in (("https", "http") if act.house.private_destinations else ("https",)):
        raise BadInput(what="webhook_address", value=url)
    if not act.house.encryption:
        raise NoSecretsKey()
    if sum(is_of_requester(hook.kinds) for hook in act.unit.webhooks.list_webhooks(act.person.id)) >= MAX_ADDRESSES:
        raise TooManyWebhooks(most=MAX_ADDRESSES)
    return WebhookRequest(url, event_kinds)


def add_webhook(act: Act, request: WebhookRequest) -> WebhookMade:
    """Store a webhook with a new secret and return it for display, this once: its message is emptied after it is sent.
    Raise as `require_valid_webhook` does."""
    require_valid_webhook(act, "add", request.url, ", ".join(request.kinds))  # others may have been added meanwhile
    encryption, secret = act.house.encryption, format_secret(secrets.token_bytes(SECRET_BYTES))
    number = act.unit.webhooks.add(act.person.id, request.url, request.kinds, encryption.encrypt(secret))
    note_member(act, number)
    act.unit.audit.note(act.person.id, "webhook", f"person:{act.person.id}", number=number)
    return WebhookMade(number, request.url, request.kinds or KINDS, secret, request.unknown)


def add_by_program(act: Act, url: str, kinds: Sequence[str], unknown: bool) -> WebhookMade:
    """Store a webhook that a program asks for, and show its owner in the chat which there are now. Raise as
    `require_valid_webhook` does."""
    made = add_webhook(act, WebhookRequest(url, tuple(dict.fromkeys(kinds)), unknown))
    act.unit.outbox.tell(act.chat.id, list_webhooks(act))
    return made


def note_member(act: Act, number: int) -> None:
    """Store the member who adds this webhook of a team: it ends with their membership. Do nothing for a person's
    own."""
    if act.member is not None:
        act.unit.team_ties.set_webhook_member(act.person.id, number, act.member.id)


def change_webhook(act: Act, action: str, number: int) -> WebhookGone | WebhookResent:
    """Remove a webhook, or resend the calls that did not arrive. Raise BadInput for another action, NotFound if there
    is no such webhook."""
    unit, person = act.unit, act.person.id
    if action.lower() not in ("remove", "resend"):
        raise BadInput(what="word", value=action, expected=USAGE)
    if number not in [hook.number for hook in unit.webhooks.list_webhooks(person)]:
        raise NotFound(what="webhook", name=str(number))
    if action.lower() == "resend":
        return WebhookResent(number, unit.webhooks.resend(person, number))
    unit.webhooks.remove(person, number)
    unit.audit.note(person, "webhook removed", f"person:{person}", number=number)
    return WebhookGone(number)


def press_change(act: Act, action: str, number: int, team: TeamNumber) -> WebhookGone | WebhookResent:
    """Do the same as `change_webhook` by a button, for the account whose webhook it showed."""
    return change_webhook(act, action, number)


def queue_calls(unit: UnitOfWork) -> bool:
    """Turn events into calls, one for each address that wants them. Return whether there may be more events."""
    events = unit.webhooks.list_events(EVENTS_PER_STEP)
    for event, number, kind, subject in events:
        project = unit.projects.get(number)
        body = _event_body(unit, project, kind, subject)
        for hook in unit.webhooks.list_webhooks(project.requester):
            if is_wanted(hook.kinds, kind):
                unit.webhooks.add_call(project.requester, hook.number, f"msg_{secrets.token_hex(12)}", kind, body)
        unit.webhooks.delete_event(event)
    return len(events) == EVENTS_PER_STEP


def _event_body(unit: UnitOfWork, project: Project, kind: str, subject: int) -> str:
    data = {"project": project.id, **_event_data(unit, project, kind, subject)}
    moment = as_datetime(unit.now).isoformat().replace("+00:00", "Z")
    return orjson.dumps({"type": kind, "timestamp": moment, "data": data}).decode()


def _event_data(unit: UnitOfWork, project: Project, kind: str, subject: int) -> dict[str, object]:
    if kind == TASK_CLOSED:
        task = unit.tasks.get(TaskId(subject))
        return {"task": task.key, "consensus": task.consensus, "confidence": task.confidence}
    if kind == PROJECT_ENDED:
        return {"state": project.state.value}
    if kind == QUESTION_ASKED:
        question = unit.questions.find(QuestionId(subject))
        return {"question": subject, "words": question.words if question else ""}
    if kind == FUNDS_LOW:
        return {"missing": topups.missing_for_topups(unit, project), "currency": project.currency}
    return {"submission": subject}


def note_arrived(unit: UnitOfWork, call: WebhookCall, answer: str) -> None:
    """Store that a call arrived, with the status of its answer."""
    unit.webhooks.note_sent(call, answer)


def note_failed(unit: UnitOfWork, call: WebhookCall, answer: str) -> None:
    """Store that a call failed; it is tried again later, for a day. When it is given up its requester is told, at most
    once a day for an address."""
    due = Moment(unit.now + retry_delay(call.attempts + 1))
    if unit.webhooks.note_failed(call, answer, due):
        message = WebhookSilent(call.number, urlsplit(call.url).hostname or "", answer)
        unit.outbox.tell(PersonId(call.person), message, key=f"webhook:{call.person}:{call.number}:{unit.now // DAY}")
