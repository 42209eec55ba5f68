"""Workers' values of qualifications, and requests for them."""

from dataclasses import dataclass

from domain.mturk.errors import (
    INVALID,
    NO_QUALIFICATION,
    NO_REQUEST,
    QUALIFICATION_STATE,
    REQUEST_STATE,
    RequestError,
)
from domain.mturk.ids import Kind
from domain.mturk.pages import USUAL, Page
from domain.people.people import Person
from domain.people.qualifications import WAITING, Qualification, QualificationRequest, QualificationType
from services.act import Act
from services.mturk import names
from services.mturk.qualification_types import find
from services.people.qualifications import grants, offers

USUAL_VALUE = 1
LARGEST = 2_147_483_647
LONGEST_REASON = 1_024


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, with the type as it is now."""

    request: QualificationRequest
    type: QualificationType


def associate(
    act: Act,
    *,
    qualification_type_id: str,
    worker_id: str,
    integer_value: int = USUAL_VALUE,
    send_notification: bool = True,
) -> None:
    """AssociateQualificationWithWorker."""
    type_ = find(act, qualification_type_id)
    grants.grant(act.unit, type_, names.worker(act, worker_id).id, _value(integer_value), send_notification)


def disassociate(act: Act, *, worker_id: str, qualification_type_id: str, reason: str = "") -> None:
    """DisassociateQualificationFromWorker: they are told why."""
    type_, found = find(act, qualification_type_id), names.worker(act, worker_id)
    _granted(act, type_, found)
    grants.revoke(act.unit, type_, found.id, " ".join(reason.split())[:LONGEST_REASON])


def score(act: Act, *, qualification_type_id: str, worker_id: str) -> Qualification:
    """GetQualificationScore."""
    return _granted(act, find(act, qualification_type_id), names.worker(act, worker_id))


def _granted(act: Act, type_: QualificationType, found: Person) -> Qualification:
    """Programs match both texts."""
    has = act.unit.qualifications.has(type_.id, found.id)
    if has is None:
        raise RequestError(NO_QUALIFICATION, "You requested a Qualification that does not exist.")
    if not has.granted:
        raise RequestError(
            QUALIFICATION_STATE,
            "This Qualification is currently in the state 'Revoked'. This operation can be called with a status of:"
            " Granted",
        )
    return has


def workers(
    act: Act,
    *,
    qualification_type_id: str,
    status: str = "Granted",
    next_token: str = "",
    max_results: int = USUAL,
) -> Page[Qualification]:
    """ListWorkersWithQualificationType."""
    type_ = find(act, qualification_type_id)
    after = names.page_begins(act, Kind.WORKER, next_token)
    rows = act.unit.qualifications.holders(type_.id, status == "Granted", after, max_results)
    return Page(rows, rows[-1].worker if rows else 0)


def requests(
    act: Act, *, qualification_type_id: str = "", next_token: str = "", max_results: int = USUAL
) -> Page[Asked]:
    """ListQualificationRequests: those that wait."""
    type_ = find(act, qualification_type_id).id if qualification_type_id else None
    after = names.page_begins(act, Kind.QUALIFICATION_REQUEST, next_token)
    rows = act.unit.qualifications.waiting(act.person.id, type_, after, max_results)
    found = [Asked(each, known) for each in rows if (known := act.unit.qualifications.find(each.type))]
    return Page(found, rows[-1].id if rows else 0)


def accept(act: Act, *, qualification_request_id: str, integer_value: int = USUAL_VALUE) -> None:
    """AcceptQualificationRequest."""
    asked = _waiting(act, qualification_request_id)
    tested = asked.request.answers not in (None, "")
    grants.grant(act.unit, asked.type, asked.request.worker, _value(integer_value), tested=tested)


def reject(act: Act, *, qualification_request_id: str, reason: str = "") -> None:
    """RejectQualificationRequest: they are told why."""
    asked = _waiting(act, qualification_request_id)
    offers.refuse(act.unit, asked.type, asked.request, " ".join(reason.split())[:LONGEST_REASON])


def _waiting(act: Act, text: str) -> Asked:
    number = names.numbered(act, Kind.QUALIFICATION_REQUEST, text)
    request = act.unit.qualifications.request(number) if number is not None else None
    type_ = act.unit.qualifications.find(request.type) if request is not None else None
    if request is None or type_ is None or type_.requester != act.person.id:
        raise RequestError(NO_REQUEST, f"QualificationRequest {text} does not exist.")
    if request.state != WAITING:
        raise RequestError(
            REQUEST_STATE,
            f"This QualificationRequest is currently in the state '{request.state.capitalize()}'. This operation can be"
            " called with a status of: Submitted",
        )
    return Asked(request, type_)


def _value(value: int) -> int:
    if not -LARGEST <= value <= LARGEST:
        raise RequestError(INVALID, "IntegerValue has 32 bits.")
    return value
