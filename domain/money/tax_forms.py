"""The tax form of directive 2021/514 (DAC7): its questions in order, when they are asked, when payouts wait.

A reading of annex V, section IV (A)(2), of November 2026: a seller who has not answered after two reminders, and not
before 60 days, is not paid until they answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.moments import DAY, Moment, later
from domain.people.people import PersonId

_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(_CODES.split(" "))
REMINDERS = 2
BETWEEN = 20 * DAY  # between the question and the first reminder, and between the reminders
WAITS_AFTER = 60 * DAY  # from the question on
KEPT_YEARS = 5  # after the year in which somebody was paid last
LONGEST = 100  # characters of an answer
NONE = "-"  # the answer of a person whose country gives no tax number

PERSON, BUSINESS = "person", "business"
# Those that are asked depend on the answers before: `steps`.
COUNTRY, KIND, FIRST_NAMES, LAST_NAME, COMPANY = "country", "kind", "first_names", "last_name", "company"
STREET, POSTCODE, TOWN = "street", "postcode", "town"
TAX_NUMBER, BORN, BIRTH_TOWN, BIRTH_COUNTRY, REGISTER = (
    "tax_number",
    "born",
    "birth_town",
    "birth_country",
    "register",
)
HIDDEN = frozenset({TAX_NUMBER, BORN, REGISTER})  # shown masked: messages are no place to keep them
Answers = Mapping[str, str]


def steps(given: Answers) -> tuple[str, ...]:
    """The questions that these answers lead to."""
    if given.get(COUNTRY, "FR") not in EU:
        return (COUNTRY,)
    where = (STREET, POSTCODE, TOWN, TAX_NUMBER)
    if given.get(KIND, PERSON) == BUSINESS:
        return (COUNTRY, KIND, COMPANY, *where, REGISTER)
    born = (BORN, BIRTH_TOWN, BIRTH_COUNTRY) if given.get(TAX_NUMBER) == NONE else (BORN,)
    return (COUNTRY, KIND, FIRST_NAMES, LAST_NAME, *where, *born)


def next_step(given: Answers) -> str | None:
    """The first question without an answer; None where all are answered."""
    return next((step for step in steps(given) if not given.get(step)), None)


def before(given: Answers, step: str) -> str | None:
    """The question before this one."""
    asked = steps(given)
    place = asked.index(step) if step in asked else 0
    return asked[place - 1] if place else None


def whole(given: Answers) -> dict[str, str]:
    """Without answers that no question leads to any more."""
    return {step: given[step] for step in steps(given) if given.get(step)}


def changed(given: Answers, step: str, value: str) -> dict[str, str]:
    """Numbers of another country, or of the other kind, are asked for anew."""
    kept = dict(given)
    if given.get(step) not in (None, value) and step in (COUNTRY, KIND):
        kept.pop(TAX_NUMBER, None)
        kept.pop(REGISTER, None)
    return {**kept, step: value}


def masked(step: str, value: str) -> str:
    """Enough to know one's own number by."""
    if step not in HIDDEN or value == NONE:
        return value
    return value[:4] if step == BORN else f"•••• {value[-3:]}"


@dataclass(frozen=True, slots=True)
class TaxForm:
    """`sealed`: the answers, encrypted; None until they are given. `remind_at`: when the next reminder is due."""

    person: PersonId
    asked_at: Moment
    reminders: int
    remind_at: Moment | None
    sealed: str | None
    given_at: Moment | None
    changed_at: Moment | None
    keep_until: Moment | None

    @property
    def waits_from(self) -> Moment:
        return later(self.asked_at, WAITS_AFTER)

    def holds_payouts(self, now: Moment) -> bool:
        """Two reminders and sixty days without an answer."""
        return self.sealed is None and self.reminders >= REMINDERS and now >= self.waits_from
