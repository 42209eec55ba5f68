"""Qualifications that requesters create, grant and delete."""

import re
from typing import Any

from domain import normalization
from domain.moments import HOUR, MINUTE, SECOND
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId, pseudonym
from domain.people.qualifications import (
    MAX_TYPES_PER_REQUESTER,
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
from services.people.qualification_grants import delete_type as delete_type
from services.people.qualification_grants import grant, revoke

TYPE_JOURNEY, HOLDERS_JOURNEY = "qualification", "qualification holders"
PAGE_ROWS, DEFAULT_VALUE = 8, 1
_HOLDER_LINE = re.compile(r"([^\s,;=:]+)(?:[\s,;=:]+(-|-?[0-9]{1,9}))?")


def show_types(act: Act, team: TeamNumber, after: int = 0) -> Reply:
    """Show a page of the requester's qualification types, beginning after the id `after`."""
    types = act.unit.qualifications.list_types(act.person.id, after, PAGE_ROWS + 1)
    lines = tuple(_type_line(act, type_) for type_ in types[:PAGE_ROWS])
    has_more, last = len(types) > PAGE_ROWS, lines[-1].type if lines else 0
    return Reply(QualificationList(lines, has_more, last, act.person.team_name, team), edits=act.message)


def ask_new_type(act: Act, team: TeamNumber) -> QualificationWanted:
    """Ask the requester to type the lines of a new qualification."""
    act.unit.drafts.keep(act.person.id, TYPE_JOURNEY, {}, act.unit.now)
    return QualificationWanted(act.house.terms.currency, act.person.team_name)


def create_typed(act: Act, draft: dict[str, Any], text: str) -> QualificationPage:
    """Create the typed qualification. Raise as `create_type` does."""
    page = create_type(act, text)
    act.unit.drafts.drop(act.person.id)
    return page


def create_type(act: Act, text: str) -> QualificationPage:
    """Create the qualification that the lines describe and set aside the pay of its test.

    Raise FormRefused with the wrong lines, BadInput if the requester has one of this name or too many,
    AttemptPayMissing if the pay exceeds their funds."""
    try:
        form = read_qualification(text, act.house.terms.currency)
    except FormErrors as errors:
        raise FormRefused(errors=[_error_fields(error) for error in errors.errors]) from None
    number = _add_type(act, form)
    if number is None:
        raise BadInput(what="qualification_known", value=form.name)
    if form.pay is not None:
        terms = Millionths(form.pay), form.people
        qualification_grants.hold_attempt_pay(act.unit, act.person, number, terms, act.house.terms.currency)
    return _type_page(act, _get_own_type(act, number), made=True)


def show_type(act: Act, type_: TypeId) -> QualificationPage:
    """Show one of the requester's qualification types. Raise NotFound if it is somebody else's."""
    return _type_page(act, _get_own_type(act, type_))


def ask_holders(act: Act, type_: TypeId) -> HoldersWanted:
    """Ask the requester to type a list of workers who get the qualification. Raise NotFound if it is somebody
    else's."""
    type_found = _get_own_type(act, type_)
    act.unit.drafts.keep(act.person.id, HOLDERS_JOURNEY, {"type": type_found.id}, act.unit.now)
    return HoldersWanted(type_found.name)


def change_typed_holders(act: Act, draft: dict[str, Any], text: str) -> HoldersChanged:
    """Change the holders of the draft's qualification as the typed list says. Raise as `change_holders` does."""
    changed = change_holders(act, TypeId(draft["type"]), text)
    act.unit.drafts.drop(act.person.id)
    return changed


def change_holders(act: Act, type_id: TypeId, text: str) -> HoldersChanged:
    """Grant, revoke or await the qualification as the lines say: all of them, or nothing.

    Raise FormRefused with the lines that are wrong, BadInput if too many names would be awaited, NotFound if the type
    is somebody else's."""
    type_ = _get_own_type(act, type_id)
    changes, names = _read_changes(act, text)
    if act.unit.qualifications.count_awaited(type_.id) + len(names) > normalization.MAX_AWAITED_NAMES:
        raise BadInput(what="awaited", value=str(len(names)), expected=[str(normalization.MAX_AWAITED_NAMES)])
    granted = revoked = 0
    for worker, value in changes:
        if value is None:
            revoked += revoke(act.unit, type_, worker, "")
        else:
            grant(act.unit, type_, worker, value)
            granted += 1
    awaited, dropped = _change_awaited(act, type_.id, names)
    if awaited:
        qualification_grants.offer_to_waiting(act.unit, type_)
    return HoldersChanged(
        type=type_.id, name=type_.name, granted=granted, revoked=revoked, awaited=awaited, dropped=dropped
    )


def _change_awaited(act: Act, type_: TypeId, names: dict[str, int | None]) -> tuple[int, int]:
    """Await people by the marks of their names, or no longer if the value is None. Return how many of each.

    The requester does not learn whether one of them works here already."""
    awaited = dropped = 0
    for mark, value in names.items():
        if value is None:
            dropped += act.unit.qualifications.remove_awaited_name(type_, mark)
        else:
            act.unit.qualifications.await_name(type_, mark, value)
            awaited += 1
    return awaited, dropped


def delete_qualification(act: Act, type_: TypeId, sure: bool) -> QualificationDeletion:
    """Delete the qualification, or ask for a confirmation unless `sure`. Projects that require it then ask nobody.

    Raise NotFound if it is somebody else's."""
    type_found = _get_own_type(act, type_)
    qualification_grants.settle_late(act.unit, type_found)
    line, terms = _type_line(act, type_found), act.unit.paid_tests.find(type_found.id)
    returned = delete_type(act.unit, type_found) if sure else _sum_to_return(terms)
    currency = terms.currency if terms else ""
    return QualificationDeletion(
        type=type_found.id,
        name=type_found.name,
        holders=line.holders,
        done=sure,
        returned=returned,
        currency=currency,
        team_number=act.person.team_number,
    )


def _sum_to_return(terms: PaidTest | None) -> Millionths:
    """Return what would come back if the test ended now, in millionths: those who are taking it are paid."""
    return Millionths(terms.remaining - terms.pay * (terms.taken - terms.paid) if terms else 0)


def _add_type(act: Act, form: WrittenQualification) -> TypeId | None:
    """Store a new type. Return None if the requester has one of this name, or the most allowed."""
    unit = act.unit
    if unit.qualifications.count_types(act.person.id) >= MAX_TYPES_PER_REQUESTER:
        return None
    test, key = form_and_key(form.questions) if form.questions else (None, None)
    return unit.qualifications.add(
        act.person.id,
        form.name,
        description=form.description,
        keywords="",
        active=1,
        retry_seconds=None if form.again_hours is None else form.again_hours * HOUR // SECOND,
        test=test,
        test_seconds=form.minutes * MINUTE // SECOND if test else None,
        answer_key=key,
        granted_by_itself=None,
    )


def _get_own_type(act: Act, number: int) -> QualificationType:
    """Return a qualification type of the person's. Raise NotFound if it is somebody else's or there is none."""
    type_ = act.unit.qualifications.find(number)
    if type_ is None or type_.requester != act.person.id:
        raise NotFound(what="qualification", name=str(number))
    return type_


def _type_line(act: Act, type_: QualificationType) -> QualificationLine:
    questions = qualification_tests.count_questions(type_)
    holders, awaited = act.unit.qualifications.count_holders(type_.id), act.unit.qualifications.count_awaited(type_.id)
    return QualificationLine(type_.id, type_.name, questions, holders, awaited)


def _type_page(act: Act, type_: QualificationType, made: bool = False) -> QualificationPage:
    minutes = -(-(type_.test_seconds or 0) * SECOND // MINUTE)
    again_hours = None if type_.retry_seconds is None else type_.retry_seconds * SECOND // HOUR
    terms = act.unit.paid_tests.find(type_.id)
    paid = AttemptPay(terms.pay, terms.currency, terms.places, terms.paid, terms.remaining) if terms else None
    return QualificationPage(
        _type_line(act, type_),
        type_.description,
        minutes=minutes,
        again_hours=again_hours,
        made=made,
        pay=paid,
        team=act.person.team_name,
        team_number=act.person.team_number,
    )


def _read_changes(act: Act, text: str) -> tuple[list[tuple[PersonId, int | None]], dict[str, int | None]]:
    """Return (worker, value) of each line, and the value of each awaited name by its mark; a value of None takes it
    away.

    Raise FormRefused with the lines that are wrong."""
    unit, requester = act.unit, act.person.id
    secret = unit.settings.secret
    worker_by_pseudonym = {
        pseudonym(secret, requester, worker_id): worker_id for worker_id in unit.operations.list_workers_of(requester)
    }
    changes, names, errors = list[tuple[PersonId, int | None]](), dict[str, int | None](), list[dict[str, Any]]()
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _HOLDER_LINE.fullmatch(line)
        value = None if match is None or match[2] == "-" else int(match[2] or DEFAULT_VALUE)
        worker = worker_by_pseudonym.get(match[1].lower()) if match else None
        if worker is not None and unit.people.get(worker).telegram_id is not None:
            changes.append((worker, value))
        elif match and normalization.AWAITED_NAME_PATTERN.fullmatch(match[1]):
            names[normalization.hash_awaited_name(secret, match[1])] = value
        else:
            errors.append({"key": "", "value": line[:80], "expected": "qualification_holder", "facts": {}})
    if errors:
        raise FormRefused(errors=errors)
    return changes, names


def _error_fields(error: Any) -> dict[str, Any]:
    return {"key": error.key, "value": error.value, "expected": error.expected, "facts": dict(error.facts)}
