"""Webhooks of requesters: addresses that are called when something happens in their projects."""

import secrets
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
    LONGEST,
    MOST,
    PROJECT_ENDED,
    QUESTION_ASKED,
    SECRET_BYTES,
    TASK_CLOSED,
    Call,
    WebhookGone,
    WebhookMade,
    WebhookResent,
    Webhooks,
    WebhookSilent,
    is_of_requester,
    kinds_of,
    secret_of,
    wait_after,
    wants,
)
from domain.projects.projects import Project
from domain.projects.tasks import TaskId
from domain.refusals import (
    BadInput,
    NoSecretsKey,
    NotFound,
    TooManyWebhooks,
)
from formats.values import is_address
from services.act import Act
from services.money import topups
from storage.unit import UnitOfWork

AT_ONCE = 200  # events that become calls in one transaction
USAGE = ["/webhooks add https://example.org/hook", "/webhooks remove 1", "/webhooks resend 1"]


@dataclass(frozen=True, slots=True)
class AskedWebhook:
    """An address to be called, and the kinds of events; no kinds are all. `unknown`: nobody knows its host's name."""

    url: str
    kinds: tuple[str, ...]
    unknown: bool = False


def listed(act: Act) -> Webhooks:
    return Webhooks(tuple(act.unit.webhooks.of(act.person.id)), act.person.team_number)


def asked(act: Act, action: str, url: str, kinds: str) -> AskedWebhook:
    """What may be added, as far as its words tell: where the name leads is looked at next, in
    jobs/webhooks.py, and at each call."""
    named = kinds_of(kinds)
    if action.lower() != "add" or named is None:
        raise BadInput(what="word", value=kinds or action, expected=[USAGE[0], *KINDS])
    if not (is_address(url) and len(url) <= LONGEST):
        raise BadInput(what="word", value=url, expected=USAGE[:1])
    if urlsplit(url).scheme.lower() not in (("https", "http") if act.house.private_destinations else ("https",)):
        raise BadInput(what="webhook_address", value=url)
    if not act.house.encryption:
        raise NoSecretsKey()
    if sum(is_of_requester(each.kinds) for each in act.unit.webhooks.of(act.person.id)) >= MOST:
        raise TooManyWebhooks(most=MOST)
    return AskedWebhook(url, named)


def add(act: Act, wanted: AskedWebhook) -> WebhookMade:
    """The secret is shown this once: its letter is emptied when it is sent."""
    asked(act, "add", wanted.url, ", ".join(wanted.kinds))  # others may have been added meanwhile
    encryption, secret = act.house.encryption, secret_of(secrets.token_bytes(SECRET_BYTES))
    number = act.unit.webhooks.add(act.person.id, wanted.url, wanted.kinds, encryption.encrypt(secret))
    entrust(act, number)
    act.unit.audit.note(act.person.id, "webhook", f"person:{act.person.id}", number=number)
    return WebhookMade(number, wanted.url, wanted.kinds or KINDS, secret, wanted.unknown)


def entrust(act: Act, number: int) -> None:
    """An address that a member gives for their team ends with their membership."""
    if act.member is not None:
        act.unit.team_ties.set_webhook_member(act.person.id, number, act.member.id)


def change(act: Act, action: str, number: int) -> WebhookGone | WebhookResent:
    """`remove`, or `resend` what did not arrive."""
    unit, person = act.unit, act.person.id
    if action.lower() not in ("remove", "resend"):
        raise BadInput(what="word", value=action, expected=USAGE)
    if number not in [each.number for each in unit.webhooks.of(person)]:
        raise NotFound(what="webhook", name=str(number))
    if action.lower() == "resend":
        return WebhookResent(number, unit.webhooks.again(person, number))
    unit.webhooks.remove(person, number)
    unit.audit.note(person, "webhook removed", f"person:{person}", number=number)
    return WebhookGone(number)


def press(act: Act, action: str, number: int, team: TeamNumber) -> WebhookGone | WebhookResent:
    """The same by a button, for the account whose address it showed."""
    return change(act, action, number)


def gather(unit: UnitOfWork) -> bool:
    """Events become calls, one for each address that wants them; whether there may be more."""
    events = unit.webhooks.events(AT_ONCE)
    for event, number, kind, subject in events:
        project = unit.projects.get(number)
        told = _told(unit, project, kind, subject)
        for hook in unit.webhooks.of(project.requester):
            if wants(hook.kinds, kind):
                unit.webhooks.call(project.requester, hook.number, f"msg_{secrets.token_hex(12)}", kind, told)
        unit.webhooks.taken(event)
    return len(events) == AT_ONCE


def _told(unit: UnitOfWork, project: Project, kind: str, subject: int) -> str:
    data = {"project": project.id, **_data(unit, project, kind, subject)}
    moment = as_datetime(unit.now).isoformat().replace("+00:00", "Z")
    return orjson.dumps({"type": kind, "timestamp": moment, "data": data}).decode()


def _data(unit: UnitOfWork, project: Project, kind: str, subject: int) -> dict[str, object]:
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


def arrived(unit: UnitOfWork, call: Call, answer: str) -> None:
    unit.webhooks.sent(call, answer)


def failed(unit: UnitOfWork, call: Call, answer: str) -> None:
    """Tried again later, for a day; then its requester is told, once a day."""
    due = Moment(unit.now + wait_after(call.attempts + 1))
    if unit.webhooks.failed(call, answer, due):
        told = WebhookSilent(call.number, urlsplit(call.url).hostname or "", answer)
        unit.outbox.tell(PersonId(call.person), told, key=f"webhook:{call.person}:{call.number}:{unit.now // DAY}")
