"""QualificationRequirements as a project's conditions of who is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.mturk.errors import INVALID, NO_QUALIFICATION_TYPE, RequestError
from domain.mturk.ids import Kind, number_in
from domain.people.people import Person
from domain.projects.audience import COUNTRY, HOLDS, NOT_COUNTRY, Condition, merged
from domain.projects.requirements import (
    ACCEPTED,
    ACCEPTED_PERCENT,
    MASTERS,
    MOST_VALUES,
    SEVERAL,
    WITHOUT_VALUE,
    Compared,
    Requirement,
)
from storage.unit import UnitOfWork

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
    return Audience(tuple(map(str, merged(asked))), ADULTS if adults else (), lines)


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
        number = unit.turk_imports.type_called(requester.id, text)
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
