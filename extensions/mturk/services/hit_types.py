"""HIT types: registered, or found again; the same values are the same type."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape

from domain.moments import DECISION_TIME, SECOND
from domain.people.accounts import Person
from domain.projects.projects import (
    ACCEPTED,
    ACCEPTED_PERCENT,
    COUNTRY,
    HOLDS,
    MASTERS,
    MOST_VALUES,
    NOT_COUNTRY,
    SEVERAL,
    WITHOUT_VALUE,
    Compared,
    Condition,
    Requirement,
    merge_conditions,
)
from domain.work.assignments import AssignmentId, AssignmentState
from extensions.mturk.domain import hits
from extensions.mturk.domain.hits import (
    ASSIGNMENT_STATE,
    INVALID,
    NO_ASSIGNMENT,
    NO_HIT,
    NO_LAYOUT,
    NO_QUALIFICATION_TYPE,
    NO_TYPE,
    NO_WORKER,
    RANGE,
    Hit,
    HitType,
    IdKind,
    RequestError,
    Shape,
    TurkAssignment,
    decode_id,
    decode_page_token,
    decode_worker_id,
    encode_id,
)
from extensions.mturk.storage.assignments import TurkAssignments
from extensions.mturk.storage.hits import Hits, HitTypes
from extensions.mturk.storage.notifications import TurkImports
from services.act import Act
from storage.drivers.records import pack
from storage.unit import UnitOfWork

READABLE = "This operation can be called with a status of: Reviewable,Approved,Rejected"


def to_public_id(act: Act, kind: IdKind, number: int) -> str:
    return encode_id(act.unit.settings.secret, kind, number)


def to_number(act: Act, kind: IdKind, text: str) -> int | None:
    """Return the number behind an id, or None if the text is no id of this kind."""
    return decode_id(act.unit.settings.secret, kind, text)


def get_own_hit(act: Act, text: str) -> Hit:
    number = to_number(act, IdKind.HIT, text)
    own_hit = act.unit.records(Hits).find(number) if number is not None else None
    if own_hit is None or own_hit.requester != act.person.id:
        raise RequestError(NO_HIT, f"Hit {text} does not exist.")
    return own_hit


def get_own_type(act: Act, text: str) -> HitType:
    number = to_number(act, IdKind.TYPE, text)
    own_type = act.unit.records(HitTypes).find(number) if number is not None else None
    if own_type is None or own_type.requester != act.person.id:
        raise RequestError(NO_TYPE, f"HitType {text} does not exist.")
    return own_type


def get_submitted_assignment(act: Act, text: str) -> TurkAssignment:
    """Return an assignment that was submitted to this requester. Raise RequestError if there is none, or it is still in
    hand."""
    number = to_number(act, IdKind.ASSIGNMENT, text)
    submitted = (
        act.unit.records(TurkAssignments).find_by_assignment(AssignmentId(number)) if number is not None else None
    )
    if submitted is not None and act.unit.records(Hits).get(submitted.hit).requester == act.person.id:
        return submitted
    assignment_row = act.unit.assignments.find(AssignmentId(number)) if number is not None else None
    is_own = assignment_row is not None and act.unit.projects.get(assignment_row.project).requester == act.person.id
    if submitted is None and assignment_row is not None and is_own and assignment_row.state is AssignmentState.ACTIVE:
        raise RequestError(ASSIGNMENT_STATE, f"This Assignment is currently in the state 'Accepted'. {READABLE}")
    raise RequestError(NO_ASSIGNMENT, f"Assignment {text} does not exist.")


def get_known_worker(act: Act, text: str) -> Person:
    """Return a worker who was ever given a task of this requester's, or asked for a qualification of theirs. Raise
    RequestError for anybody else."""
    number = decode_worker_id(act.unit.settings.secret, act.person.id, text)
    if number is not None:
        person = act.unit.people.find(number)
        if person is not None and _is_known_worker(act, person):
            return person
    raise RequestError(NO_WORKER, f"Worker {text} does not exist.")


def _is_known_worker(act: Act, person: Person) -> bool:
    unit, requester = act.unit, act.person.id
    return unit.records(TurkAssignments).has_worked(person.id, requester) or unit.qualifications.has_or_asked_for_one(
        requester, person.id
    )


def get_page_start(act: Act, kind: IdKind, token: str) -> int:
    """Return the number that a NextToken stands for, 0 without one. Raise RequestError for a token of another list."""
    if not token:
        return 0
    number = decode_page_token(act.unit.settings.secret, act.person.id, kind, token)
    if number is None:
        raise RequestError(INVALID, "The NextToken is not one of this list's.")
    return number


_PLACE = re.compile(r"\$\{\s*([A-Za-z0-9_.-]{1,100})\s*\}")
_SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"


def list_placeholders(template: str) -> list[str]:
    return sorted(set(_PLACE.findall(template)))


def fill_layout(act: Act, layout: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """Return the Question's XML of a layout with these parameters. Raise RequestError if the layout or a parameter is
    missing."""
    template = act.unit.records(TurkImports).find_layout(act.person.id, to_number(act, IdKind.LAYOUT, layout), layout)
    if template is None:
        raise RequestError(
            NO_LAYOUT,
            f"Layout {layout} does not exist. Layouts of Amazon's site stayed there:"
            " register their HTML here with pouce mturk import.",
        )
    values = {parameter.get("Name", ""): parameter.get("Value", "") for parameter in parameters}
    missing = [place for place in list_placeholders(template) if place not in values]
    if missing:
        raise RequestError(INVALID, f"HITLayoutParameters needs {', '.join(missing[:10])}.")
    if template.lstrip().startswith("<?xml") or "QuestionForm" in template[:500]:
        return _PLACE.sub(lambda place: escape(values[place[1]]), template)
    html = _PLACE.sub(lambda place: values[place[1]], template).replace("]]>", "]]]]><![CDATA[>")
    content = f"<HTMLContent><![CDATA[{html}]]></HTMLContent><FrameHeight>0</FrameHeight>"
    return f'<HTMLQuestion xmlns="{_SCHEMA}">{content}</HTMLQuestion>'


LOCALE, ADULT = "00000000000000000071", "00000000000000000060"
OF_HOUSE = {
    "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH": MASTERS,
    "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6": MASTERS,
    "00000000000000000040": ACCEPTED,
    "000000000000000000L0": ACCEPTED_PERCENT,
}
COMPARED = {
    "LessThan": Compared.BELOW,
    "LessThanOrEqualTo": Compared.AT_MOST,
    "GreaterThan": Compared.ABOVE,
    "GreaterThanOrEqualTo": Compared.AT_LEAST,
    "EqualTo": Compared.IS,
    "NotEqualTo": Compared.IS_NOT,
    "Exists": Compared.EXISTS,
    "DoesNotExist": Compared.MISSING,
    "In": Compared.IN,
    "NotIn": Compared.NOT_IN,
}
POSITIVE, NEGATIVE = (Compared.IS, Compared.IN), (Compared.IS_NOT, Compared.NOT_IN)
MAX_COUNTRIES = 30
HIDDEN = "DiscoverPreviewAndAccept"
ADULTS = ("sexual", "violence")  # of what workers are warned in a project for adults

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """Audience of a project: conditions on `who` is asked, the `content` that it warns of, and `lines` of instructions
    that cannot be checked."""

    who: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def to_audience(unit: UnitOfWork, requester: Person, requirements: Sequence[Members]) -> Audience:
    """Return the audience that these requirements describe. Raise RequestError for what cannot be asked for."""
    adults = any(requirement["QualificationTypeId"] == ADULT for requirement in requirements)
    places = [requirement for requirement in requirements if requirement["QualificationTypeId"] == LOCALE]
    qualification_requirements = [
        requirement for requirement in requirements if requirement["QualificationTypeId"] not in (LOCALE, ADULT)
    ]
    conditions = [
        *filter(None, map(_to_country_condition, places)),
        *(_to_qualification_condition(unit, requester, requirement) for requirement in qualification_requirements),
    ]
    if sum(requirement.name == COUNTRY for requirement in conditions) > 1:
        raise RequestError(INVALID, "One QualificationRequirement names the Locales that are asked, with In.")
    lines = tuple(filter(None, map(_to_region_line, places)))
    return Audience(tuple(map(str, merge_conditions(conditions))), ADULTS if adults else (), lines)


def _to_qualification_condition(unit: UnitOfWork, requester: Person, requirement: Members) -> Condition:
    text, compared = requirement["QualificationTypeId"], COMPARED[requirement["Comparator"]]
    values = tuple(requirement.get("IntegerValues") or ())
    if requirement.get("LocaleValues"):
        raise RequestError(INVALID, "LocaleValues are for the Locale qualification.")
    fits = not values if compared in WITHOUT_VALUE else 1 <= len(values) <= (MOST_VALUES if compared in SEVERAL else 1)
    if not fits:
        raise RequestError(INVALID, f"{requirement['Comparator']} does not take {len(values)} IntegerValues.")
    subject = OF_HOUSE.get(text) or str(get_own_qualification_type(unit, requester, text))
    return Condition(HOLDS, str(Requirement(subject, compared, values, requirement.get("ActionsGuarded") == HIDDEN)))


def get_own_qualification_type(unit: UnitOfWork, requester: Person, text: str) -> int:
    """Return the number of a qualification type of this requester's, by its id here or its id at Amazon. Raise
    RequestError."""
    number = decode_id(unit.settings.secret, IdKind.QUALIFICATION_TYPE, text)
    if number is None:
        number = unit.records(TurkImports).find_type_by_amazon_id(requester.id, text)
    type_row = unit.qualifications.find(number) if number is not None else None
    if type_row is None or type_row.requester != requester.id:
        raise RequestError(NO_QUALIFICATION_TYPE, f"QualificationType {text} does not exist.")
    return type_row.id


def _to_country_condition(requirement: Members) -> Condition | None:
    """Return the condition on countries, or None if only parts of countries are excluded: the other parts are not."""
    compared, places = COMPARED[requirement["Comparator"]], requirement.get("LocaleValues") or ()
    several = compared in SEVERAL
    if compared not in (*POSITIVE, *NEGATIVE) or not 1 <= len(places) <= (MAX_COUNTRIES if several else 1):
        raise RequestError(
            INVALID, f"A Locale is asked for by EqualTo, NotEqualTo, In or NotIn: {requirement['Comparator']}"
        )
    whole = [place for place in places if compared in POSITIVE or not place.get("Subdivision")]
    countries = "|".join(dict.fromkeys(place["Country"].upper() for place in whole))
    return Condition(COUNTRY if compared in POSITIVE else NOT_COUNTRY, countries) if whole else None


def _to_region_line(requirement: Members) -> str:
    """Return the line that people read if a Subdivision is named, because they state their country alone; else ""."""
    places = requirement.get("LocaleValues") or ()
    if not any(place.get("Subdivision") for place in places):
        return ""
    names = ["-".join(filter(None, (place["Country"], place.get("Subdivision")))).upper() for place in places]
    only = COMPARED[requirement["Comparator"]] in POSITIVE
    return f"{'Only' if only else 'Not'} for people who live in: {', '.join(dict.fromkeys(names))}."


MAX_REQUIREMENTS = 10
USUAL_APPROVAL = hits.LONGEST_DELAY


def create(
    act: Act,
    *,
    assignment_duration_in_seconds: int,
    reward: str,
    title: str,
    description: str,
    keywords: str = "",
    auto_approval_delay_in_seconds: int = USUAL_APPROVAL,
    qualification_requirements: Sequence[Mapping[str, Any]] = (),
) -> HitType:
    """CreateHITType: return the type of these values, created if it is new. Raise RequestError."""
    approval = require_between(auto_approval_delay_in_seconds, 0, hits.LONGEST_DELAY, "AutoApprovalDelayInSeconds")
    duration = require_between(
        assignment_duration_in_seconds, hits.SHORTEST_TIME, hits.LONGEST_TIME, "AssignmentDurationInSeconds"
    )
    amount = hits.parse_amount(reward)
    if not amount:
        raise RequestError(INVALID, f"Reward is an amount above zero with two decimals at most, such as 0.05: {reward}")
    if len(qualification_requirements) > MAX_REQUIREMENTS:
        raise RequestError(RANGE, f"At most {MAX_REQUIREMENTS} QualificationRequirements.")
    to_audience(act.unit, act.person, qualification_requirements)
    shape = Shape(
        require_length(title, 1, hits.TITLE, "Title"),
        description=require_length(description, 1, hits.DESCRIPTION, "Description"),
        keywords=require_length(keywords, 0, hits.KEYWORDS, "Keywords"),
        reward=amount,
        duration=duration,
        approval=min(approval, DECISION_TIME // SECOND),
        requirements=tuple(qualification_requirements),
    )
    return act.unit.records(HitTypes).get_or_add(act.person.id, get_shape_fingerprint(shape), shape)


def get_shape_fingerprint(shape: Shape) -> str:
    values = [getattr(shape, name) for name in Shape.__slots__[:-1]]
    return sha256(
        pack([*values, [sorted(requirement.items()) for requirement in shape.requirements]]).encode()
    ).hexdigest()


def require_between(value: int, least: int, most: int, name: str) -> int:
    if not least <= value <= most:
        raise RequestError(RANGE, f"{name} is {least} to {most}; this is {value}.")
    return value


def require_length(value: str, shortest: int, longest: int, name: str) -> str:
    if not shortest <= len(value.strip()) or len(value) > longest:
        raise RequestError(INVALID, f"{name} has {shortest} to {longest} characters; this has {len(value)}.")
    return value
