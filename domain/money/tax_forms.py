"""Messages about the tax form. No whole tax number and no whole date of birth is in any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise

from domain.messages import Message
from domain.moments import DAY, Moment, later
from domain.money.amounts import UNIT
from domain.people.accounts import PersonId

Quarters = tuple[int, int, int, int]


class Indicator(StrEnum):
    """OECD DocTypeIndic: what a document is to those that were filed before."""

    RESENT = "OECD0"
    NEW = "OECD1"
    CORRECTED = "OECD2"
    DELETED = "OECD3"

    @property
    def of_a_test(self) -> str:
        return f"OECD1{self.value[-1]}"


class Kind(StrEnum):
    """OECD MessageTypeIndic."""

    NEW = "DPI401"
    CORRECTIONS = "DPI402"
    NOTHING = "DPI403"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one worker and currency: millionths, but for the number of activities."""

    person: PersonId
    currency: str
    consideration: Quarters
    fees: Quarters
    withheld: Quarters
    activities: Quarters


@dataclass(frozen=True, slots=True)
class Reported:
    """A seller as a message tells of them: the tax form, the bank account (empty where there is none), the figures."""

    answers: Mapping[str, str]
    holder: str
    iban: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Document:
    """`corrects` is the reference of the document it takes the place of."""

    indicator: Indicator
    reference: str
    corrects: str = ""


def whole_units(quarters: Sequence[int], at_least_one: bool = False) -> Quarters:
    """Half a unit is rounded up; what came back in a later quarter is taken off earlier ones. `at_least_one`: a year
    that is not nothing is not told as nothing."""
    sums = [(2 * sum_ + UNIT) // (2 * UNIT) for sum_ in accumulate(quarters)]
    reached = [0, *(max(0, min(sums[quarter:])) for quarter in range(4))]
    found = [then - before for before, then in pairwise(reached)]
    if at_least_one and sum(quarters) > 0 and not any(found):
        found[max(quarter for quarter in range(4) if quarters[quarter])] = 1
    return found[0], found[1], found[2], found[3]


@dataclass(frozen=True, slots=True)
class TaxFormWanted(Message):
    """At the first payout; from `waits_from` on payouts wait for it."""

    waits_from: Moment


@dataclass(frozen=True, slots=True)
class TaxFormReminder(Message):
    waits_from: Moment
    last: bool


@dataclass(frozen=True, slots=True)
class TaxQuestion(Message):
    """One question of the form, `number` of about `of`; `flaw` is what was wrong with the last answer.

    `country` is the one given (two letters), `suggested` are countries to press.
    """

    step: str
    number: int
    of: int
    country: str = ""
    business: bool = False
    flaw: str = ""
    suggested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """What was answered to a step; numbers are masked."""

    step: str
    value: str


@dataclass(frozen=True, slots=True)
class TaxReview(Message):
    """All answers before they are saved; `saved`: they are, and nothing was changed since."""

    answers: tuple[TaxAnswer, ...]
    saved: bool


@dataclass(frozen=True, slots=True)
class TaxFormSaved(Message):
    """`outside`: not resident in the EU, so nothing more is asked; `waited`: payouts were waiting for it."""

    outside: bool
    waited: bool


@dataclass(frozen=True, slots=True)
class TaxQuarter:
    """Millionths, but for the number of answers."""

    consideration: int
    fees: int
    withheld: int
    activities: int


@dataclass(frozen=True, slots=True)
class TaxCopy(Message):
    """What was reported to the tax office about a worker's year; `state` is new, corrected or deleted."""

    year: int
    currency: str
    state: str
    quarters: tuple[TaxQuarter, ...]


@dataclass(frozen=True, slots=True)
class Operator:
    """`country`: ISO 3166, two letters; `zone`: the IANA time zone whose days and quarters reports go by. Of a French
    company invoices name `legal_form` (SAS), share `capital` (10 000 €) and `rcs`, the town where it is registered."""

    name: str = ""
    country: str = ""
    tax_number: str = ""
    vat: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    zone: str = "UTC"
    legal_form: str = ""
    capital: str = ""
    rcs: str = ""

    @property
    def line(self) -> str:
        """Name, address and number; empty where nobody is named."""
        town = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.name, self.street, town, self.tax_number) if part) if self.name else ""

    @property
    def missing(self) -> list[str]:
        """The settings that a return under DAC7 needs."""
        needed = {
            "OPERATOR_NAME": self.name,
            "OPERATOR_COUNTRY": self.country,
            "OPERATOR_TAX_NUMBER": self.tax_number,
            "OPERATOR_STREET": self.street,
            "OPERATOR_POSTCODE": self.postcode,
            "OPERATOR_TOWN": self.town,
        }
        return [setting for setting, value in needed.items() if not value]


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
