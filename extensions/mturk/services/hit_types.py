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
    Kind,
    RequestError,
    Shape,
    TurkAssignment,
    id_of,
    number_in,
    page_in,
    worker_in,
)
from extensions.mturk.storage.assignments import TurkAssignments
from extensions.mturk.storage.hits import Hits, HitTypes
from extensions.mturk.storage.notifications import TurkImports
from services.act import Act
from storage.drivers.records import pack
from storage.unit import UnitOfWork

READABLE = "This operation can be called with a status of: Reviewable,Approved,Rejected"


def named(act: Act, kind: Kind, number: int) -> str:
    return id_of(act.unit.settings.secret, kind, number)


def numbered(act: Act, kind: Kind, text: str) -> int | None:
    """None for what is no id of this kind."""
    return number_in(act.unit.settings.secret, kind, text)


def hit(act: Act, text: str) -> Hit:
    number = numbered(act, Kind.HIT, text)
    found = act.unit.records(Hits).find(number) if number is not None else None
    if found is None or found.requester != act.person.id:
        raise RequestError(NO_HIT, f"Hit {text} does not exist.")
    return found


def hit_type(act: Act, text: str) -> HitType:
    number = numbered(act, Kind.TYPE, text)
    found = act.unit.records(HitTypes).find(number) if number is not None else None
    if found is None or found.requester != act.person.id:
        raise RequestError(NO_TYPE, f"HitType {text} does not exist.")
    return found


def assignment(act: Act, text: str) -> TurkAssignment:
    """One that was submitted."""
    number = numbered(act, Kind.ASSIGNMENT, text)
    found = act.unit.records(TurkAssignments).of(AssignmentId(number)) if number is not None else None
    if found is not None and act.unit.records(Hits).get(found.hit).requester == act.person.id:
        return found
    held = act.unit.assignments.find(AssignmentId(number)) if number is not None else None
    mine = held is not None and act.unit.projects.get(held.project).requester == act.person.id
    if found is None and held is not None and mine and held.state is AssignmentState.ACTIVE:
        raise RequestError(ASSIGNMENT_STATE, f"This Assignment is currently in the state 'Accepted'. {READABLE}")
    raise RequestError(NO_ASSIGNMENT, f"Assignment {text} does not exist.")


def worker(act: Act, text: str) -> Person:
    """One who was ever given a task of this requester's, or asked for a qualification of theirs."""
    number = worker_in(act.unit.settings.secret, act.person.id, text)
    if number is not None:
        found = act.unit.people.find(number)
        if found is not None and _knows(act, found):
            return found
    raise RequestError(NO_WORKER, f"Worker {text} does not exist.")


def _knows(act: Act, person: Person) -> bool:
    unit, requester = act.unit, act.person.id
    return unit.records(TurkAssignments).has_worked(person.id, requester) or unit.qualifications.has_or_asked_for_one(
        requester, person.id
    )


def page_begins(act: Act, kind: Kind, token: str) -> int:
    """The number that a NextToken stands for; 0 without one."""
    if not token:
        return 0
    number = page_in(act.unit.settings.secret, act.person.id, kind, token)
    if number is None:
        raise RequestError(INVALID, "The NextToken is not one of this list's.")
    return number


_PLACE = re.compile(r"\$\{\s*([A-Za-z0-9_.-]{1,100})\s*\}")
_SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd"


def places(template: str) -> list[str]:
    return sorted(set(_PLACE.findall(template)))


def filled(act: Act, layout: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """The Question's XML. Raises RequestError."""
    template = act.unit.records(TurkImports).layout(act.person.id, numbered(act, Kind.LAYOUT, layout), layout)
    if template is None:
        raise RequestError(
            NO_LAYOUT,
            f"Layout {layout} does not exist. Layouts of Amazon's site stayed there:"
            " register their HTML here with pouce mturk import.",
        )
    given = {each.get("Name", ""): each.get("Value", "") for each in parameters}
    missing = [place for place in places(template) if place not in given]
    if missing:
        raise RequestError(INVALID, f"HITLayoutParameters needs {', '.join(missing[:10])}.")
    if template.lstrip().startswith("<?xml") or "QuestionForm" in template[:500]:
        return _PLACE.sub(lambda place: escape(given[place[1]]), template)
    html = _PLACE.sub(lambda place: given[place[1]], template).replace("]]>", "]]]]><![CDATA[>")
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
MOST_COUNTRIES = 30
HIDDEN = "DiscoverPreviewAndAccept"
ADULTS = ("sexual", "violence")  # of what workers are warned in a project for adults

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """Of a project: `who` is asked, the `content` it warns of, and `lines` of instructions that nobody can check."""

    who: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def audience(unit: UnitOfWork, requester: Person, requirements: Sequence[Members]) -> Audience:
    """Raises RequestError for what cannot be asked for."""
    adults = any(each["QualificationTypeId"] == ADULT for each in requirements)
    places = [each for each in requirements if each["QualificationTypeId"] == LOCALE]
    others = [each for each in requirements if each["QualificationTypeId"] not in (LOCALE, ADULT)]
    asked = [*filter(None, map(_locale, places)), *(_holds(unit, requester, each) for each in others)]
    if sum(each.name == COUNTRY for each in asked) > 1:
        raise RequestError(INVALID, "One QualificationRequirement names the Locales that are asked, with In.")
    lines = tuple(filter(None, map(_line, places)))
    return Audience(tuple(map(str, merge_conditions(asked))), ADULTS if adults else (), lines)


def _holds(unit: UnitOfWork, requester: Person, asked: Members) -> Condition:
    text, compared = asked["QualificationTypeId"], COMPARED[asked["Comparator"]]
    values = tuple(asked.get("IntegerValues") or ())
    if asked.get("LocaleValues"):
        raise RequestError(INVALID, "LocaleValues are for the Locale qualification.")
    fits = not values if compared in WITHOUT_VALUE else 1 <= len(values) <= (MOST_VALUES if compared in SEVERAL else 1)
    if not fits:
        raise RequestError(INVALID, f"{asked['Comparator']} does not take {len(values)} IntegerValues.")
    subject = OF_HOUSE.get(text) or str(own(unit, requester, text))
    return Condition(HOLDS, str(Requirement(subject, compared, values, asked.get("ActionsGuarded") == HIDDEN)))


def own(unit: UnitOfWork, requester: Person, text: str) -> int:
    """The number of a type of theirs, by its id here, or the one it had at Amazon. Raises RequestError."""
    number = number_in(unit.settings.secret, Kind.QUALIFICATION_TYPE, text)
    if number is None:
        number = unit.records(TurkImports).type_called(requester.id, text)
    found = unit.qualifications.find(number) if number is not None else None
    if found is None or found.requester != requester.id:
        raise RequestError(NO_QUALIFICATION_TYPE, f"QualificationType {text} does not exist.")
    return found.id


def _locale(asked: Members) -> Condition | None:
    """By country. None where only parts of countries are left out: their other parts are not."""
    compared, places = COMPARED[asked["Comparator"]], asked.get("LocaleValues") or ()
    several = compared in SEVERAL
    if compared not in (*POSITIVE, *NEGATIVE) or not 1 <= len(places) <= (MOST_COUNTRIES if several else 1):
        raise RequestError(INVALID, f"A Locale is asked for by EqualTo, NotEqualTo, In or NotIn: {asked['Comparator']}")
    whole = [each for each in places if compared in POSITIVE or not each.get("Subdivision")]
    countries = "|".join(dict.fromkeys(each["Country"].upper() for each in whole))
    return Condition(COUNTRY if compared in POSITIVE else NOT_COUNTRY, countries) if whole else None


def _line(asked: Members) -> str:
    """What people read where a Subdivision is named: they tell their country alone."""
    places = asked.get("LocaleValues") or ()
    if not any(each.get("Subdivision") for each in places):
        return ""
    names = ["-".join(filter(None, (each["Country"], each.get("Subdivision")))).upper() for each in places]
    only = COMPARED[asked["Comparator"]] in POSITIVE
    return f"{'Only' if only else 'Not'} for people who live in: {', '.join(dict.fromkeys(names))}."


MOST_REQUIREMENTS = 10
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
    """CreateHITType."""
    approval = between(auto_approval_delay_in_seconds, 0, hits.LONGEST_DELAY, "AutoApprovalDelayInSeconds")
    duration = between(
        assignment_duration_in_seconds, hits.SHORTEST_TIME, hits.LONGEST_TIME, "AssignmentDurationInSeconds"
    )
    amount = hits.read(reward)
    if not amount:
        raise RequestError(INVALID, f"Reward is an amount above zero with two decimals at most, such as 0.05: {reward}")
    if len(qualification_requirements) > MOST_REQUIREMENTS:
        raise RequestError(RANGE, f"At most {MOST_REQUIREMENTS} QualificationRequirements.")
    audience(act.unit, act.person, qualification_requirements)
    shape = Shape(
        text(title, 1, hits.TITLE, "Title"),
        description=text(description, 1, hits.DESCRIPTION, "Description"),
        keywords=text(keywords, 0, hits.KEYWORDS, "Keywords"),
        reward=amount,
        duration=duration,
        approval=min(approval, DECISION_TIME // SECOND),
        requirements=tuple(qualification_requirements),
    )
    return act.unit.records(HitTypes).settle(act.person.id, fingerprint(shape), shape)


def fingerprint(shape: Shape) -> str:
    values = [getattr(shape, name) for name in Shape.__slots__[:-1]]
    return sha256(pack([*values, [sorted(each.items()) for each in shape.requirements]]).encode()).hexdigest()


def between(value: int, least: int, most: int, name: str) -> int:
    if not least <= value <= most:
        raise RequestError(RANGE, f"{name} is {least} to {most}; this is {value}.")
    return value


def text(value: str, shortest: int, longest: int, name: str) -> str:
    if not shortest <= len(value.strip()) or len(value) > longest:
        raise RequestError(INVALID, f"{name} has {shortest} to {longest} characters; this has {len(value)}.")
    return value
