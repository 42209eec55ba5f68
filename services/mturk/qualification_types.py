"""Qualification types."""

from collections.abc import Iterator

from domain.mturk.errors import INVALID, NO_QUALIFICATION_TYPE, RANGE, TYPE_EXISTS, XML, RequestError
from domain.mturk.hits import LONGEST_TIME, Hit
from domain.mturk.ids import Kind
from domain.mturk.pages import NEWEST, USUAL, Page
from domain.mturk.questions import QuestionForm
from domain.people.qualifications import LONGEST_DESCRIPTION, LONGEST_NAME, MOST_TYPES, QualificationType, plain_name
from domain.records import changed
from formats.mturk import answer_key as keys
from formats.mturk.xml import Flaw
from services.act import Act
from services.mturk import names
from services.mturk.creating import read_question
from services.mturk.hit_types import text
from services.mturk.requirements import ADULT, LOCALE, OF_HOUSE, own
from services.people.qualifications import grants

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
    if unit.qualifications.count(act.person.id) >= MOST_TYPES:
        raise RequestError(RANGE, f"At most {MOST_TYPES} QualificationTypes.")
    _check_test(test, answer_key, test_duration_in_seconds, auto_granted)
    number = unit.qualifications.add(
        act.person.id,
        " ".join(text(name, 1, LONGEST_NAME, "Name").split()),
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
    return find(act, names.named(act, Kind.QUALIFICATION_TYPE, number))


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
    return text(description, 1, LONGEST_DESCRIPTION, "Description")


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
    grants.delete(act.unit, find(act, qualification_type_id))


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
    after = names.page_begins(act, Kind.QUALIFICATION_TYPE, next_token)
    rows = list(_matching(act, plain_name(query).split(), after, max_results))
    return Page(rows, rows[-1].id if rows else 0)


def _matching(act: Act, words: list[str], after: int, limit: int) -> Iterator[QualificationType]:
    found = 0
    while found < limit:
        few = act.unit.qualifications.of(act.person.id, after, 100)
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
    before = names.page_begins(act, Kind.HIT, next_token) or NEWEST
    rows = act.unit.hits.requiring(act.person.id, _called(act, qualification_type_id), before, max_results)
    return Page(rows, rows[-1].id if rows else 0)


def _called(act: Act, text: str) -> tuple[str, str]:
    """The ids by which programs require it: that of this house, and that it had at Amazon."""
    if text in (*OF_HOUSE, LOCALE, ADULT):
        return text, text
    found = find(act, text)
    here = names.named(act, Kind.QUALIFICATION_TYPE, found.id)
    return here, act.unit.turk_imports.amazons(act.person.id, found.id) or here


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
            keys.check(keys.read(key), form)
    except Flaw as flaw:
        raise RequestError(XML, f"There was an error parsing the AnswerKey in your request: {flaw}.") from None


def _granted(by_itself: bool, value: int | None) -> int | None:
    return (1 if value is None else value) if by_itself else None


def _retry(seconds: int | None) -> int | None:
    if seconds is not None and not 0 <= seconds <= LONGEST_RETRY:
        raise RequestError(RANGE, f"RetryDelayInSeconds is 0 to {LONGEST_RETRY}.")
    return seconds
