"""Qualification types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.messages import changed
from domain.people.accounts import Person
from domain.people.qualifications import (
    MAX_DESCRIPTION_CHARS,
    MAX_NAME_CHARS,
    MAX_TYPES_PER_REQUESTER,
    WAITING,
    Qualification,
    QualificationRequest,
    QualificationType,
    plain_name,
)
from domain.people.question_forms import QuestionForm
from extensions.mturk.domain import qualification_types
from extensions.mturk.domain.hits import (
    INVALID,
    LONGEST_TIME,
    NEWEST,
    NO_QUALIFICATION,
    NO_QUALIFICATION_TYPE,
    NO_REQUEST,
    QUALIFICATION_STATE,
    RANGE,
    REQUEST_STATE,
    TYPE_EXISTS,
    USUAL,
    XML,
    Hit,
    HitPage,
    IdKind,
    RequestError,
)
from extensions.mturk.formats.pages import Saved
from extensions.mturk.services import hit_types
from extensions.mturk.services.hit_types import ADULT, LOCALE, OF_HOUSE, get_own_qualification_type, require_length
from extensions.mturk.services.hits import read_question
from extensions.mturk.storage.hits import Hits
from extensions.mturk.storage.notifications import TurkImports
from formats import question_forms
from formats.question_forms import XmlFlaw
from services.act import Act
from services.people import qualification_grants, qualification_tests

ACTIVE, INACTIVE = "Active", "Inactive"
LONGEST_RETRY = LONGEST_TIME
KEYWORDS = 1_000  # characters


def create(
    act: Act,
    *,
    name: str,
    description: str,
    qualification_type_status: str,
    keywords: str = "",
    retry_delay_in_seconds: int | None = None,
    test: str = "",
    answer_key: str = "",
    test_duration_in_seconds: int | None = None,
    auto_granted: bool = False,
    auto_granted_value: int | None = None,
) -> QualificationType:
    """CreateQualificationType."""
    unit = act.unit
    if unit.qualifications.count_types(act.person.id) >= MAX_TYPES_PER_REQUESTER:
        raise RequestError(RANGE, f"At most {MAX_TYPES_PER_REQUESTER} QualificationTypes.")
    _require_valid_test(test, answer_key, test_duration_in_seconds, auto_granted)
    number = unit.qualifications.add(
        act.person.id,
        " ".join(require_length(name, 1, MAX_NAME_CHARS, "Name").split()),
        description=_require_description(description),
        keywords=require_length(keywords, 0, KEYWORDS, "Keywords"),
        active=int(qualification_type_status == ACTIVE),
        retry_seconds=_require_retry_seconds(retry_delay_in_seconds),
        test=test or None,
        test_seconds=test_duration_in_seconds if test else None,
        answer_key=answer_key or None,
        granted_by_itself=_to_granted_value(auto_granted, auto_granted_value),
    )
    if number is None:
        raise RequestError(
            TYPE_EXISTS,
            "You have already created a QualificationType with this name. A QualificationType's name must be unique"
            " among all of the QualificationTypes created by the same user.",
        )
    return get_own_type(act, hit_types.to_public_id(act, IdKind.QUALIFICATION_TYPE, number))


def update(
    act: Act,
    *,
    qualification_type_id: str,
    description: str | None = None,
    qualification_type_status: str | None = None,
    test: str = "",
    answer_key: str = "",
    test_duration_in_seconds: int | None = None,
    retry_delay_in_seconds: int | None = None,
    auto_granted: bool | None = None,
    auto_granted_value: int | None = None,
) -> QualificationType:
    """UpdateQualificationType: change a type. A new test without a key has none; a test is not taken away, nor are
    retries."""
    old = get_own_type(act, qualification_type_id)
    new = changed(
        old,
        description=old.description if description is None else _require_description(description),
        active=old.active if qualification_type_status is None else qualification_type_status == ACTIVE,
        retry_seconds=old.retry_seconds
        if retry_delay_in_seconds is None
        else _require_retry_seconds(retry_delay_in_seconds),
        test=test or old.test,
        answer_key=(answer_key or None) if test or answer_key else old.answer_key,
        granted_by_itself=_get_granted_value(old, auto_granted, auto_granted_value),
    )
    new = changed(new, test_seconds=(test_duration_in_seconds or old.test_seconds) if new.test else None)
    _require_valid_test(new.test or "", new.answer_key or "", new.test_seconds, new.granted_by_itself is not None)
    act.unit.qualifications.change(new)
    return new


def _get_granted_value(old: QualificationType, by_itself: bool | None, value: int | None) -> int | None:
    on = old.granted_by_itself is not None if by_itself is None else by_itself
    return _to_granted_value(on, old.granted_by_itself if value is None else value)


def _require_description(description: str) -> str:
    return require_length(description, 1, MAX_DESCRIPTION_CHARS, "Description")


def get_own_type(act: Act, text: str) -> QualificationType:
    """Return a qualification type of this requester's by its id. Raise RequestError."""
    own_type = act.unit.qualifications.find(get_own_qualification_type(act.unit, act.person, text))
    if own_type is None:
        raise RequestError(NO_QUALIFICATION_TYPE, f"QualificationType {text} does not exist.")
    return own_type


def get(act: Act, *, qualification_type_id: str) -> QualificationType:
    """GetQualificationType: return the type. Raise RequestError if it is not this requester's."""
    return get_own_type(act, qualification_type_id)


def delete(act: Act, *, qualification_type_id: str) -> None:
    """DeleteQualificationType: delete the type and take it from all workers; HITs that require it are offered to no
    one."""
    qualification_grants.delete_type(act.unit, get_own_type(act, qualification_type_id))


def list_types(
    act: Act,
    *,
    must_be_requestable: bool,
    query: str = "",
    must_be_owned_by_caller: bool = False,
    next_token: str = "",
    max_results: int = USUAL,
) -> HitPage[QualificationType]:
    """ListQualificationTypes: return a page of this requester's own types whose text holds every word of the query."""
    after = hit_types.get_page_start(act, IdKind.QUALIFICATION_TYPE, next_token)
    rows = list(_list_matching(act, plain_name(query).split(), after, max_results))
    return HitPage(rows, rows[-1].id if rows else 0)


def _list_matching(act: Act, words: list[str], after: int, limit: int) -> Iterator[QualificationType]:
    count = 0
    while count < limit:
        few = act.unit.qualifications.list_types(act.person.id, after, 100)
        for type_ in few:
            searched_text = plain_name(f"{type_.name} {type_.keywords} {type_.description}")
            if count < limit and all(word in searched_text for word in words):
                count += 1
                yield type_
        if len(few) < 100:
            return
        after = few[-1].id


def list_hits(act: Act, *, qualification_type_id: str, next_token: str = "", max_results: int = USUAL) -> HitPage[Hit]:
    """ListHITsForQualificationType: return a page of HITs that require the type."""
    before = hit_types.get_page_start(act, IdKind.HIT, next_token) or NEWEST
    rows = act.unit.records(Hits).list_requiring(
        act.person.id, _to_required_ids(act, qualification_type_id), before, max_results
    )
    return HitPage(rows, rows[-1].id if rows else 0)


def _to_required_ids(act: Act, text: str) -> tuple[str, str]:
    """Return the two ids by which programs require a type: its id here, and its id at Amazon."""
    if text in (*OF_HOUSE, LOCALE, ADULT):
        return text, text
    own_type = get_own_type(act, text)
    public_id = hit_types.to_public_id(act, IdKind.QUALIFICATION_TYPE, own_type.id)
    return public_id, act.unit.records(TurkImports).find_amazon_id(act.person.id, own_type.id) or public_id


def _require_valid_test(test: str, key: str, seconds: int | None, auto_granted: bool) -> None:
    if not test:
        if key:
            raise RequestError(INVALID, "An AnswerKey needs a Test.")
        return
    if auto_granted:
        raise RequestError(INVALID, "A QualificationType with a Test is not AutoGranted.")
    if seconds is None or not 1 <= seconds <= LONGEST_TIME:
        raise RequestError(INVALID, f"A Test needs a TestDurationInSeconds of 1 to {LONGEST_TIME}.")
    form = read_question(test)
    if not isinstance(form, QuestionForm):
        raise RequestError(INVALID, "A Test is a QuestionForm: it is taken in the chat.")
    try:
        if key:
            question_forms.require_scorable(question_forms.parse_answer_key(key), form)
    except XmlFlaw as flaw:
        raise RequestError(XML, f"There was an error parsing the AnswerKey in your request: {flaw}.") from None


def _to_granted_value(by_itself: bool, value: int | None) -> int | None:
    return (1 if value is None else value) if by_itself else None


def _require_retry_seconds(seconds: int | None) -> int | None:
    if seconds is not None and not 0 <= seconds <= LONGEST_RETRY:
        raise RequestError(RANGE, f"RetryDelayInSeconds is 0 to {LONGEST_RETRY}.")
    return seconds


MEMBERS = (
    *("Description", "Keywords", "RetryDelayInSeconds", "Test", "AnswerKey", "TestDurationInSeconds"),
    *("AutoGranted", "AutoGrantedValue"),
)
PARAMETERS = {
    "Description": "description",
    "Keywords": "keywords",
    "RetryDelayInSeconds": "retry_delay_in_seconds",
    "Test": "test",
    "AnswerKey": "answer_key",
    "TestDurationInSeconds": "test_duration_in_seconds",
    "AutoGranted": "auto_granted",
    "AutoGrantedValue": "auto_granted_value",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """Ids by the names or ids that layouts and types had at Amazon, and how many values of workers were imported."""

    layouts: Mapping[str, str]
    types: Mapping[str, str]
    values: int


def import_saved(act: Act, saved: Saved) -> Imported:
    """Import layouts, types and values all together or not at all; update those that were imported before. Raise
    RequestError."""
    layouts = {name: _import_layout(act, name, text) for name, text in saved.layouts.items()}
    types = {member["Name"]: _import_type(act, member) for member in saved.types}
    by_id = {
        member["QualificationTypeId"]: types[member["Name"]]
        for member in saved.types
        if "QualificationTypeId" in member
    }
    for value in saved.values:
        type_ = by_id.get(value.type) or types.get(value.type) or _get_type_by_name(act, value.type)
        _require_no_other_test(type_)
        act.unit.records(TurkImports).save_value(
            type_.id, qualification_types.hash_worker_id(value.worker), value.value
        )
        if type_.test is None:
            types[type_.name] = by_id[value.type] = _ask_amazon_id(act, type_)
    ids = {name: hit_types.to_public_id(act, IdKind.QUALIFICATION_TYPE, member.id) for name, member in types.items()}
    return Imported(layouts, ids, len(saved.values))


def _import_layout(act: Act, name: str, text: str) -> str:
    number = act.unit.records(TurkImports).save_layout(act.person.id, name, text)
    layout = hit_types.to_public_id(act, IdKind.LAYOUT, number)
    sample_values = [{"Name": place, "Value": "x"} for place in hit_types.list_placeholders(text)]
    try:
        read_question(hit_types.fill_layout(act, layout, sample_values))
    except RequestError as error:
        raise RequestError(error.code, f"layouts/{name}: {error.message}") from None
    return layout


def _import_type(act: Act, members: Mapping[str, Any]) -> QualificationType:
    """Return the requester's type of this name, created if there is none; store its id at Amazon."""
    type_ = act.unit.qualifications.find_by_name(act.person.id, members["Name"])
    if type_ is None:
        arguments = {PARAMETERS[name]: members[name] for name in MEMBERS if members.get(name) is not None}
        status = members.get("QualificationTypeStatus", ACTIVE)
        arguments.setdefault("description", members["Name"])
        type_ = create(act, name=members["Name"], qualification_type_status=status, **arguments)
    if members.get("QualificationTypeId"):
        act.unit.records(TurkImports).save_amazon_id(act.person.id, members["QualificationTypeId"], type_.id)
    return type_


def _get_type_by_name(act: Act, name: str) -> QualificationType:
    type_ = act.unit.qualifications.find_by_name(act.person.id, name)
    if type_ is None:
        raise RequestError(INVALID, f"workers.csv: no qualification type is called {name}, or has this id.")
    return type_


def _require_no_other_test(type_: QualificationType) -> None:
    """Raise RequestError for a type whose test cannot ask workers for their id at Amazon."""
    if type_.granted_by_itself is not None or type_.test not in (None, qualification_types.TEST):
        has = "is AutoGranted" if type_.test is None else "has a Test of its own"
        raise RequestError(
            INVALID,
            f"workers.csv: {type_.name} {has}, so that workers cannot be asked for their id at Amazon, and nobody could"
            " claim these values. Leave them out, or that in qualification-types.json.",
        )


def _ask_amazon_id(act: Act, type_: QualificationType) -> QualificationType:
    """Give a type the test that asks workers for their id at Amazon, and return it."""
    new = changed(
        type_,
        test=qualification_types.TEST,
        test_seconds=qualification_types.SECONDS,
        retry_seconds=qualification_types.AGAIN if type_.retry_seconds is None else type_.retry_seconds,
    )
    act.unit.qualifications.change(new)
    return new


USUAL_VALUE = 1
MAX_VALUE = 2_147_483_647
MAX_REASON_CHARS = 1_024


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request for a qualification, with the type as it is now."""

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
    """AssociateQualificationWithWorker: grant a qualification. Raise RequestError."""
    type_ = get_own_type(act, qualification_type_id)
    qualification_grants.grant(
        act.unit, type_, hit_types.get_known_worker(act, worker_id).id, _require_value(integer_value), send_notification
    )


def disassociate(act: Act, *, worker_id: str, qualification_type_id: str, reason: str = "") -> None:
    """DisassociateQualificationFromWorker: revoke a qualification; the worker is told why. Raise RequestError."""
    type_, worker = get_own_type(act, qualification_type_id), hit_types.get_known_worker(act, worker_id)
    _get_granted(act, type_, worker)
    qualification_grants.revoke(act.unit, type_, worker.id, " ".join(reason.split())[:MAX_REASON_CHARS])


def get_score(act: Act, *, qualification_type_id: str, worker_id: str) -> Qualification:
    """GetQualificationScore: return a worker's qualification. Raise RequestError if the worker has none."""
    return _get_granted(act, get_own_type(act, qualification_type_id), hit_types.get_known_worker(act, worker_id))


def _get_granted(act: Act, type_: QualificationType, worker: Person) -> Qualification:
    """Return a worker's granted qualification. Raise RequestError with one of two texts, which programs match."""
    qualification = act.unit.qualifications.find_qualification(type_.id, worker.id)
    if qualification is None:
        raise RequestError(NO_QUALIFICATION, "You requested a Qualification that does not exist.")
    if not qualification.granted:
        raise RequestError(
            QUALIFICATION_STATE,
            "This Qualification is currently in the state 'Revoked'. This operation can be called with a status of:"
            " Granted",
        )
    return qualification


def list_workers(
    act: Act,
    *,
    qualification_type_id: str,
    status: str = "Granted",
    next_token: str = "",
    max_results: int = USUAL,
) -> HitPage[Qualification]:
    """ListWorkersWithQualificationType: return a page of granted or revoked qualifications."""
    type_ = get_own_type(act, qualification_type_id)
    after = hit_types.get_page_start(act, IdKind.WORKER, next_token)
    rows = act.unit.qualifications.list_holders(type_.id, status == "Granted", after, max_results)
    return HitPage(rows, rows[-1].worker if rows else 0)


def list_requests(
    act: Act, *, qualification_type_id: str = "", next_token: str = "", max_results: int = USUAL
) -> HitPage[WaitingRequest]:
    """ListQualificationRequests: return a page of requests that wait."""
    type_ = get_own_type(act, qualification_type_id).id if qualification_type_id else None
    after = hit_types.get_page_start(act, IdKind.QUALIFICATION_REQUEST, next_token)
    rows = act.unit.qualifications.list_waiting(act.person.id, type_, after, max_results)
    waiting_requests = [
        WaitingRequest(request, current_type)
        for request in rows
        if (current_type := act.unit.qualifications.find(request.type))
    ]
    return HitPage(waiting_requests, rows[-1].id if rows else 0)


def accept(act: Act, *, qualification_request_id: str, integer_value: int = USUAL_VALUE) -> None:
    """AcceptQualificationRequest: grant what was requested. Raise RequestError unless the request waits."""
    waiting = _get_waiting_request(act, qualification_request_id)
    tested = waiting.request.answers not in (None, "")
    qualification_grants.grant(
        act.unit, waiting.type, waiting.request.worker, _require_value(integer_value), tested=tested
    )


def reject(act: Act, *, qualification_request_id: str, reason: str = "") -> None:
    """RejectQualificationRequest: refuse a request; the worker is told why. Raise RequestError unless the request
    waits."""
    waiting = _get_waiting_request(act, qualification_request_id)
    qualification_tests.refuse_request(
        act.unit, waiting.type, waiting.request, " ".join(reason.split())[:MAX_REASON_CHARS]
    )


def _get_waiting_request(act: Act, text: str) -> WaitingRequest:
    number = hit_types.to_number(act, IdKind.QUALIFICATION_REQUEST, text)
    request = act.unit.qualifications.find_request(number) if number is not None else None
    type_ = act.unit.qualifications.find(request.type) if request is not None else None
    if request is None or type_ is None or type_.requester != act.person.id:
        raise RequestError(NO_REQUEST, f"QualificationRequest {text} does not exist.")
    if request.state != WAITING:
        raise RequestError(
            REQUEST_STATE,
            f"This QualificationRequest is currently in the state '{request.state.capitalize()}'. This operation can be"
            " called with a status of: Submitted",
        )
    return WaitingRequest(request, type_)


def _require_value(value: int) -> int:
    if not -MAX_VALUE <= value <= MAX_VALUE:
        raise RequestError(INVALID, "IntegerValue has 32 bits.")
    return value
