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
    Kind,
    Page,
    RequestError,
)
from extensions.mturk.formats.pages import Saved
from extensions.mturk.services import hit_types
from extensions.mturk.services.hit_types import (
    ADULT,
    LOCALE,
    OF_HOUSE,
    own,
    text,
)
from extensions.mturk.services.hits import read_question
from extensions.mturk.storage.hits import Hits
from extensions.mturk.storage.notifications import TurkImports
from formats import question_forms
from formats.question_forms import Flaw
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
    _check_test(test, answer_key, test_duration_in_seconds, auto_granted)
    number = unit.qualifications.add(
        act.person.id,
        " ".join(text(name, 1, MAX_NAME_CHARS, "Name").split()),
        description=_described(description),
        keywords=text(keywords, 0, KEYWORDS, "Keywords"),
        active=int(qualification_type_status == ACTIVE),
        retry_seconds=_retry(retry_delay_in_seconds),
        test=test or None,
        test_seconds=test_duration_in_seconds if test else None,
        answer_key=answer_key or None,
        granted_by_itself=_granted(auto_granted, auto_granted_value),
    )
    if number is None:
        raise RequestError(
            TYPE_EXISTS,
            "You have already created a QualificationType with this name. A QualificationType's name must be unique"
            " among all of the QualificationTypes created by the same user.",
        )
    return find(act, hit_types.named(act, Kind.QUALIFICATION_TYPE, number))


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
    """UpdateQualificationType: a new test without a key has none; a test is not taken away, nor are retries."""
    old = find(act, qualification_type_id)
    new = changed(
        old,
        description=old.description if description is None else _described(description),
        active=old.active if qualification_type_status is None else qualification_type_status == ACTIVE,
        retry_seconds=old.retry_seconds if retry_delay_in_seconds is None else _retry(retry_delay_in_seconds),
        test=test or old.test,
        answer_key=(answer_key or None) if test or answer_key else old.answer_key,
        granted_by_itself=_granted_now(old, auto_granted, auto_granted_value),
    )
    new = changed(new, test_seconds=(test_duration_in_seconds or old.test_seconds) if new.test else None)
    _check_test(new.test or "", new.answer_key or "", new.test_seconds, new.granted_by_itself is not None)
    act.unit.qualifications.change(new)
    return new


def _granted_now(old: QualificationType, by_itself: bool | None, value: int | None) -> int | None:
    on = old.granted_by_itself is not None if by_itself is None else by_itself
    return _granted(on, old.granted_by_itself if value is None else value)


def _described(description: str) -> str:
    return text(description, 1, MAX_DESCRIPTION_CHARS, "Description")


def find(act: Act, text: str) -> QualificationType:
    """Of their own. Raises RequestError."""
    found = act.unit.qualifications.find(own(act.unit, act.person, text))
    if found is None:
        raise RequestError(NO_QUALIFICATION_TYPE, f"QualificationType {text} does not exist.")
    return found


def get(act: Act, *, qualification_type_id: str) -> QualificationType:
    """GetQualificationType."""
    return find(act, qualification_type_id)


def delete(act: Act, *, qualification_type_id: str) -> None:
    """DeleteQualificationType: nobody has it any more; HITs that ask for it are for nobody."""
    qualification_grants.delete_type(act.unit, find(act, qualification_type_id))


def listed(
    act: Act,
    *,
    must_be_requestable: bool,
    query: str = "",
    must_be_owned_by_caller: bool = False,
    next_token: str = "",
    max_results: int = USUAL,
) -> Page[QualificationType]:
    """ListQualificationTypes: their own; another requester's are not shown. Every word of the query has to occur."""
    after = hit_types.page_begins(act, Kind.QUALIFICATION_TYPE, next_token)
    rows = list(_matching(act, plain_name(query).split(), after, max_results))
    return Page(rows, rows[-1].id if rows else 0)


def _matching(act: Act, words: list[str], after: int, limit: int) -> Iterator[QualificationType]:
    found = 0
    while found < limit:
        few = act.unit.qualifications.list_types(act.person.id, after, 100)
        for each in few:
            said = plain_name(f"{each.name} {each.keywords} {each.description}")
            if found < limit and all(word in said for word in words):
                found += 1
                yield each
        if len(few) < 100:
            return
        after = few[-1].id


def hits(act: Act, *, qualification_type_id: str, next_token: str = "", max_results: int = USUAL) -> Page[Hit]:
    """ListHITsForQualificationType: HITs that require it."""
    before = hit_types.page_begins(act, Kind.HIT, next_token) or NEWEST
    rows = act.unit.records(Hits).requiring(act.person.id, _called(act, qualification_type_id), before, max_results)
    return Page(rows, rows[-1].id if rows else 0)


def _called(act: Act, text: str) -> tuple[str, str]:
    """The ids by which programs require it: that of this house, and that it had at Amazon."""
    if text in (*OF_HOUSE, LOCALE, ADULT):
        return text, text
    found = find(act, text)
    here = hit_types.named(act, Kind.QUALIFICATION_TYPE, found.id)
    return here, act.unit.records(TurkImports).amazons(act.person.id, found.id) or here


def _check_test(test: str, key: str, seconds: int | None, auto_granted: bool) -> None:
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
            question_forms.check(question_forms.read(key), form)
    except Flaw as flaw:
        raise RequestError(XML, f"There was an error parsing the AnswerKey in your request: {flaw}.") from None


def _granted(by_itself: bool, value: int | None) -> int | None:
    return (1 if value is None else value) if by_itself else None


def _retry(seconds: int | None) -> int | None:
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
    """Ids by the names or ids that things had at Amazon, and how many values of workers."""

    layouts: Mapping[str, str]
    types: Mapping[str, str]
    values: int


def bring(act: Act, saved: Saved) -> Imported:
    """All or nothing; what was brought before is brought up to date. Raises RequestError."""
    kept = {name: _layout(act, name, text) for name, text in saved.layouts.items()}
    types = {each["Name"]: _type(act, each) for each in saved.types}
    by_id = {each["QualificationTypeId"]: types[each["Name"]] for each in saved.types if "QualificationTypeId" in each}
    for value in saved.values:
        type_ = by_id.get(value.type) or types.get(value.type) or _known(act, value.type)
        _check_asks(type_)
        act.unit.records(TurkImports).keep_value(type_.id, qualification_types.hash_of(value.worker), value.value)
        if type_.test is None:
            types[type_.name] = by_id[value.type] = _asking(act, type_)
    ids = {name: hit_types.named(act, Kind.QUALIFICATION_TYPE, each.id) for name, each in types.items()}
    return Imported(kept, ids, len(saved.values))


def _layout(act: Act, name: str, text: str) -> str:
    number = act.unit.records(TurkImports).keep_layout(act.person.id, name, text)
    found = hit_types.named(act, Kind.LAYOUT, number)
    given = [{"Name": place, "Value": "x"} for place in hit_types.places(text)]
    try:
        read_question(hit_types.filled(act, found, given))
    except RequestError as error:
        raise RequestError(error.code, f"layouts/{name}: {error.message}") from None
    return found


def _type(act: Act, members: Mapping[str, Any]) -> QualificationType:
    """Made, or the one of this name; known by Amazon's id, too."""
    known = act.unit.qualifications.find_by_name(act.person.id, members["Name"])
    if known is None:
        about = {PARAMETERS[name]: members[name] for name in MEMBERS if members.get(name) is not None}
        status = members.get("QualificationTypeStatus", ACTIVE)
        about.setdefault("description", members["Name"])
        known = create(act, name=members["Name"], qualification_type_status=status, **about)
    if members.get("QualificationTypeId"):
        act.unit.records(TurkImports).name_type(act.person.id, members["QualificationTypeId"], known.id)
    return known


def _known(act: Act, name: str) -> QualificationType:
    found = act.unit.qualifications.find_by_name(act.person.id, name)
    if found is None:
        raise RequestError(INVALID, f"workers.csv: no qualification type is called {name}, or has this id.")
    return found


def _check_asks(type_: QualificationType) -> None:
    """Raises RequestError for a type that has no room for the question who somebody was."""
    if type_.granted_by_itself is not None or type_.test not in (None, qualification_types.TEST):
        has = "is AutoGranted" if type_.test is None else "has a Test of its own"
        raise RequestError(
            INVALID,
            f"workers.csv: {type_.name} {has}, so that workers cannot be asked for their id at Amazon, and nobody could"
            " claim these values. Leave them out, or that in qualification-types.json.",
        )


def _asking(act: Act, type_: QualificationType) -> QualificationType:
    """Its test asks workers for the id they had."""
    new = changed(
        type_,
        test=qualification_types.TEST,
        test_seconds=qualification_types.SECONDS,
        retry_seconds=qualification_types.AGAIN if type_.retry_seconds is None else type_.retry_seconds,
    )
    act.unit.qualifications.change(new)
    return new


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
    qualification_grants.grant(
        act.unit, type_, hit_types.worker(act, worker_id).id, _value(integer_value), send_notification
    )


def disassociate(act: Act, *, worker_id: str, qualification_type_id: str, reason: str = "") -> None:
    """DisassociateQualificationFromWorker: they are told why."""
    type_, found = find(act, qualification_type_id), hit_types.worker(act, worker_id)
    _list_granted(act, type_, found)
    qualification_grants.revoke(act.unit, type_, found.id, " ".join(reason.split())[:LONGEST_REASON])


def score(act: Act, *, qualification_type_id: str, worker_id: str) -> Qualification:
    """GetQualificationScore."""
    return _list_granted(act, find(act, qualification_type_id), hit_types.worker(act, worker_id))


def _list_granted(act: Act, type_: QualificationType, found: Person) -> Qualification:
    """Programs match both texts."""
    has = act.unit.qualifications.find_qualification(type_.id, found.id)
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
    after = hit_types.page_begins(act, Kind.WORKER, next_token)
    rows = act.unit.qualifications.list_holders(type_.id, status == "Granted", after, max_results)
    return Page(rows, rows[-1].worker if rows else 0)


def requests(
    act: Act, *, qualification_type_id: str = "", next_token: str = "", max_results: int = USUAL
) -> Page[Asked]:
    """ListQualificationRequests: those that wait."""
    type_ = find(act, qualification_type_id).id if qualification_type_id else None
    after = hit_types.page_begins(act, Kind.QUALIFICATION_REQUEST, next_token)
    rows = act.unit.qualifications.list_waiting(act.person.id, type_, after, max_results)
    found = [Asked(each, known) for each in rows if (known := act.unit.qualifications.find(each.type))]
    return Page(found, rows[-1].id if rows else 0)


def accept(act: Act, *, qualification_request_id: str, integer_value: int = USUAL_VALUE) -> None:
    """AcceptQualificationRequest."""
    asked = _waiting(act, qualification_request_id)
    tested = asked.request.answers not in (None, "")
    qualification_grants.grant(act.unit, asked.type, asked.request.worker, _value(integer_value), tested=tested)


def reject(act: Act, *, qualification_request_id: str, reason: str = "") -> None:
    """RejectQualificationRequest: they are told why."""
    asked = _waiting(act, qualification_request_id)
    qualification_tests.refuse_request(act.unit, asked.type, asked.request, " ".join(reason.split())[:LONGEST_REASON])


def _waiting(act: Act, text: str) -> Asked:
    number = hit_types.numbered(act, Kind.QUALIFICATION_REQUEST, text)
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
    return Asked(request, type_)


def _value(value: int) -> int:
    if not -LARGEST <= value <= LARGEST:
        raise RequestError(INVALID, "IntegerValue has 32 bits.")
    return value
