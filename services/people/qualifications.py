"""Qualifications of workers: granted by requesters, asked for by workers."""

import re
from typing import Any

from domain import normalization
from domain.moments import HOUR, MINUTE, SECOND
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId, pseudonym
from domain.people.qualifications import (
    MOST_TYPES,
    AttemptPay,
    HoldersChanged,
    HoldersWanted,
    PaidTest,
    QualificationDeletion,
    QualificationLine,
    QualificationList,
    QualificationPage,
    QualificationType,
    QualificationWanted,
    TypeId,
)
from domain.people.teams import TeamNumber
from domain.refusals import BadInput, FormRefused, NotFound
from formats.captions.qualifications import WrittenQualification, form_and_key, read_qualification
from formats.errors import FormErrors
from services.act import Act, Reply
from services.people import qualification_grants, qualification_tests
from services.people.qualification_grants import delete as delete_type
from services.people.qualification_grants import grant, revoke

JOURNEY, HOLDERS = "qualification", "qualification holders"
PAGE, USUAL_VALUE = 8, 1
_HOLDER = re.compile(r"([^\s,;=:]+)(?:[\s,;=:]+(-|-?[0-9]{1,9}))?")


def listed(act: Act, team: TeamNumber, after: int = 0) -> Reply:
    found = act.unit.qualifications.of(act.person.id, after, PAGE + 1)
    shown = tuple(_line(act, each) for each in found[:PAGE])
    more, last = len(found) > PAGE, shown[-1].type if shown else 0
    return Reply(QualificationList(shown, more, last, act.person.team_name, team), edits=act.message)


def ask(act: Act, team: TeamNumber) -> QualificationWanted:
    """Its lines are typed."""
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return QualificationWanted(act.house.terms.currency, act.person.team_name)


def typed(act: Act, kept: dict[str, Any], text: str) -> QualificationPage:
    try:
        written = read_qualification(text, act.house.terms.currency)
    except FormErrors as wrong:
        raise FormRefused(errors=[_facts(each) for each in wrong.errors]) from None
    number = _added(act, written)
    if number is None:
        raise BadInput(what="qualification_known", value=written.name)
    if written.pay is not None:
        terms = Millionths(written.pay), written.people
        qualification_grants.set_aside(act.unit, act.person, number, terms, act.house.terms.currency)
    act.unit.drafts.drop(act.person.id)
    return _page(act, _mine(act, number), made=True)


def show(act: Act, type_: TypeId) -> QualificationPage:
    return _page(act, _mine(act, type_))


def ask_holders(act: Act, type_: TypeId) -> HoldersWanted:
    """A list of workers is typed."""
    found = _mine(act, type_)
    act.unit.drafts.keep(act.person.id, HOLDERS, {"type": found.id}, act.unit.now)
    return HoldersWanted(found.name)


def holders_typed(act: Act, kept: dict[str, Any], text: str) -> HoldersChanged:
    """All of the list, or, where a line is wrong, nothing of it."""
    found = _mine(act, kept["type"])
    changes, names = _changes(act, text)
    if act.unit.qualifications.count_awaited(found.id) + len(names) > normalization.MOST:
        raise BadInput(what="awaited", value=str(len(names)), expected=[str(normalization.MOST)])
    act.unit.drafts.drop(act.person.id)
    granted = revoked = 0
    for worker, value in changes:
        if value is None:
            revoked += revoke(act.unit, found, worker, "")
        else:
            grant(act.unit, found, worker, value)
            granted += 1
    named, dropped = _await(act, found.id, names)
    if named:
        qualification_grants.offer_anew(act.unit, found)
    return HoldersChanged(found.id, found.name, granted, revoked, named, dropped)


def _await(act: Act, type_: TypeId, names: dict[str, int | None]) -> tuple[int, int]:
    """How many are awaited by name from now on, and no more. Whether one of them works here is not told."""
    named = dropped = 0
    for mark, value in names.items():
        if value is None:
            dropped += act.unit.qualifications.await_no_more(type_, mark)
        else:
            act.unit.qualifications.await_name(type_, mark, value)
            named += 1
    return named, dropped


def delete_qualification(act: Act, type_: TypeId, sure: bool) -> QualificationDeletion:
    """Nobody has it any more; projects that ask for it ask nobody."""
    found = _mine(act, type_)
    qualification_grants.settle_late(act.unit, found)
    line, terms = _line(act, found), act.unit.paid_tests.find(found.id)
    back = delete_type(act.unit, found) if sure else _would_return(terms)
    currency = terms.currency if terms else ""
    return QualificationDeletion(found.id, found.name, line.holders, sure, back, currency, act.person.team_number)


def _would_return(terms: PaidTest | None) -> Millionths:
    """Those who are taking the test are paid."""
    return Millionths(terms.left - terms.pay * (terms.taken - terms.paid) if terms else 0)


def _added(act: Act, written: WrittenQualification) -> TypeId | None:
    """None where there is one of this name, or there are too many."""
    unit = act.unit
    if unit.qualifications.count(act.person.id) >= MOST_TYPES:
        return None
    test, key = form_and_key(written.questions) if written.questions else (None, None)
    return unit.qualifications.add(
        act.person.id,
        written.name,
        description=written.description,
        keywords="",
        active=1,
        retry_seconds=None if written.again_hours is None else written.again_hours * HOUR // SECOND,
        test=test,
        test_seconds=written.minutes * MINUTE // SECOND if test else None,
        answer_key=key,
        granted_by_itself=None,
    )


def _mine(act: Act, number: int) -> QualificationType:
    """The row authorises."""
    found = act.unit.qualifications.find(number)
    if found is None or found.requester != act.person.id:
        raise NotFound(what="qualification", name=str(number))
    return found


def _line(act: Act, of: QualificationType) -> QualificationLine:
    counts = act.unit.qualifications.count_holders(of.id), act.unit.qualifications.count_awaited(of.id)
    return QualificationLine(of.id, of.name, qualification_tests.questions_in(of), *counts)


def _page(act: Act, of: QualificationType, made: bool = False) -> QualificationPage:
    minutes = -(-(of.test_seconds or 0) * SECOND // MINUTE)
    again = None if of.retry_seconds is None else of.retry_seconds * SECOND // HOUR
    terms = act.unit.paid_tests.find(of.id)
    paid = AttemptPay(terms.pay, terms.currency, terms.places, terms.paid, terms.left) if terms else None
    whose = act.person.team_name, act.person.team_number
    return QualificationPage(_line(act, of), of.description, minutes, again, made, paid, *whose)


def _changes(act: Act, text: str) -> tuple[list[tuple[PersonId, int | None]], dict[str, int | None]]:
    """(worker, value), and by the mark of an awaited name its value; None takes it away. Raises FormRefused with the
    lines that are wrong."""
    unit, requester = act.unit, act.person.id
    secret = unit.settings.secret
    known = {pseudonym(secret, requester, each): each for each in unit.operations.list_workers_of(requester)}
    found, names, wrong = list[tuple[PersonId, int | None]](), dict[str, int | None](), list[dict[str, Any]]()
    for line in filter(None, map(str.strip, text.splitlines())):
        said = _HOLDER.fullmatch(line)
        value = None if said is None or said[2] == "-" else int(said[2] or USUAL_VALUE)
        worker = known.get(said[1].lower()) if said else None
        if worker is not None and unit.people.get(worker).telegram_id is not None:
            found.append((worker, value))
        elif said and normalization.NAMED.fullmatch(said[1]):
            names[normalization.mark_of(secret, said[1])] = value
        else:
            wrong.append({"key": "", "value": line[:80], "expected": "qualification_holder", "facts": {}})
    if wrong:
        raise FormRefused(errors=wrong)
    return found, names


def _facts(error: Any) -> dict[str, Any]:
    return {"key": error.key, "value": error.value, "expected": error.expected, "facts": dict(error.facts)}
