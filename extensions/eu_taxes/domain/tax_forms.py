"""The tax form: messages, questions and deadlines; figures and documents of reports under DAC7.

No whole tax number and no whole date of birth is in any message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise

from domain.messages import Message
from domain.moments import DAY, Moment, later
from domain.money.amounts import UNIT
from domain.money.operator import EU
from domain.people.accounts import PersonId

Quarters = tuple[int, int, int, int]


class Indicator(StrEnum):
    """Relation of a document to those that were filed before (OECD DocTypeIndic)."""

    RESENT = "OECD0"
    NEW = "OECD1"
    CORRECTED = "OECD2"
    DELETED = "OECD3"

    @property
    def in_test(self) -> str:
        """Code of the same indicator in a test message."""
        return f"OECD1{self.value[-1]}"


class ReturnKind(StrEnum):
    """Kind of a message (OECD MessageTypeIndic)."""

    NEW = "DPI401"
    CORRECTIONS = "DPI402"
    NOTHING = "DPI403"


@dataclass(frozen=True, slots=True)
class SellerFigures:
    """Figures of one worker and currency by quarter: millionths, but for the number of activities."""

    person: PersonId
    currency: str
    consideration: Quarters
    fees: Quarters
    withheld: Quarters
    activities: Quarters


@dataclass(frozen=True, slots=True)
class ReportedSeller:
    """Seller as a message reports them: answers of the tax form, bank account (empty if there is none), and figures."""

    answers: Mapping[str, str]
    holder: str
    iban: str
    figures: SellerFigures


@dataclass(frozen=True, slots=True)
class ReturnDocument:
    """Document of a message; `corrects` is the reference of the document that it replaces."""

    indicator: Indicator
    reference: str
    corrects: str = ""


def whole_units(quarters: Sequence[int], at_least_one: bool = False) -> Quarters:
    """Return quarterly sums in whole units, half a unit rounded up; what came back in a later quarter is taken off
    earlier ones. `at_least_one`: a year with a positive sum is reported as one unit at least."""
    sums = [(2 * sum_ + UNIT) // (2 * UNIT) for sum_ in accumulate(quarters)]
    reached = [0, *(max(0, min(sums[quarter:])) for quarter in range(4))]
    units = [later - earlier for earlier, later in pairwise(reached)]
    if at_least_one and sum(quarters) > 0 and not any(units):
        units[max(quarter for quarter in range(4) if quarters[quarter])] = 1
    return units[0], units[1], units[2], units[3]


@dataclass(frozen=True, slots=True)
class TaxFormWanted(Message):
    """Message to a worker, at the first payout: asks for the tax form; from `waits_from` on payouts wait for it."""

    waits_from: Moment


@dataclass(frozen=True, slots=True)
class TaxFormReminder(Message):
    """Message to a worker: the tax form is missing; from `waits_from` on payouts wait for it."""

    waits_from: Moment
    last: bool


@dataclass(frozen=True, slots=True)
class TaxQuestion(Message):
    """Message to a worker: one question of the form, `number` of about `of`; `flaw` is what was wrong with the last
    answer.

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
    """Answer to a step, as shown; numbers are masked."""

    step: str
    value: str


@dataclass(frozen=True, slots=True)
class TaxReview(Message):
    """Message to a worker: all answers before they are saved; `saved`: they are, and nothing was changed since."""

    answers: tuple[TaxAnswer, ...]
    saved: bool


@dataclass(frozen=True, slots=True)
class TaxFormSaved(Message):
    """Message to a worker: the form was saved. `outside`: not resident in the EU, so nothing more is asked;
    `waited`: payouts were waiting for it."""

    outside: bool
    waited: bool


@dataclass(frozen=True, slots=True)
class TaxQuarter:
    """Figures of one quarter: millionths, but for the number of answers."""

    consideration: int
    fees: int
    withheld: int
    activities: int


@dataclass(frozen=True, slots=True)
class TaxCopy(Message):
    """Message to a worker: figures that were reported to the tax office about a year; `state` is new, corrected or
    deleted."""

    year: int
    currency: str
    state: str
    quarters: tuple[TaxQuarter, ...]


MAX_REMINDERS = 2
REMINDER_INTERVAL = 20 * DAY  # between the question and the first reminder, and between the reminders
PAYOUTS_WAIT_AFTER = 60 * DAY  # from the question on
MAX_ANSWER_CHARS = 100  # characters of an answer
NO_TAX_NUMBER = "-"  # the answer of a person whose country gives no tax number

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
MASKED_STEPS = frozenset({TAX_NUMBER, BORN, REGISTER})  # shown masked: messages are no place to keep them
Answers = Mapping[str, str]


def list_steps(answers: Answers) -> tuple[str, ...]:
    """Return the questions that these answers lead to."""
    if answers.get(COUNTRY, "FR") not in EU:
        return (COUNTRY,)
    address_steps = (STREET, POSTCODE, TOWN, TAX_NUMBER)
    if answers.get(KIND, PERSON) == BUSINESS:
        return (COUNTRY, KIND, COMPANY, *address_steps, REGISTER)
    birth_steps = (BORN, BIRTH_TOWN, BIRTH_COUNTRY) if answers.get(TAX_NUMBER) == NO_TAX_NUMBER else (BORN,)
    return (COUNTRY, KIND, FIRST_NAMES, LAST_NAME, *address_steps, *birth_steps)


def find_next_step(answers: Answers) -> str | None:
    """Return the first question without an answer; None if all are answered."""
    return next((step for step in list_steps(answers) if not answers.get(step)), None)


def find_step_before(answers: Answers, step: str) -> str | None:
    """Return the question before this one, or None."""
    asked_steps = list_steps(answers)
    place = asked_steps.index(step) if step in asked_steps else 0
    return asked_steps[place - 1] if place else None


def reachable_answers(answers: Answers) -> dict[str, str]:
    """Return the answers without those that no question leads to any more."""
    return {step: answers[step] for step in list_steps(answers) if answers.get(step)}


def change_answer(answers: Answers, step: str, value: str) -> dict[str, str]:
    """Return the answers with a new one. If the country or the kind changes, the numbers are removed, so that they are
    asked for again."""
    new_answers = dict(answers)
    if answers.get(step) not in (None, value) and step in (COUNTRY, KIND):
        new_answers.pop(TAX_NUMBER, None)
        new_answers.pop(REGISTER, None)
    return {**new_answers, step: value}


def mask_answer(step: str, value: str) -> str:
    """Return an answer as it is shown: of numbers the last three signs, of a date the year."""
    if step not in MASKED_STEPS or value == NO_TAX_NUMBER:
        return value
    return value[:4] if step == BORN else f"•••• {value[-3:]}"


@dataclass(frozen=True, slots=True)
class TaxForm:
    """Tax form of a person. `sealed`: the answers, encrypted; None until they are given. `remind_at`: when the next
    reminder is due."""

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
        return later(self.asked_at, PAYOUTS_WAIT_AFTER)

    def holds_payouts(self, now: Moment) -> bool:
        """Return whether payouts wait for the form: after all reminders and PAYOUTS_WAIT_AFTER without an answer."""
        return self.sealed is None and self.reminders >= MAX_REMINDERS and now >= self.waits_from


@dataclass(frozen=True, slots=True)
class SellersReady(Message):
    """Message to an admin: DAC7's figures of a year as a file; quarters by the clock of `zone`."""

    year: int
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class TaxFormState(Message):
    """Part of a worker's card of payouts: their tax form is `missing`, `given`, or missing so long that payouts
    `waits`."""

    state: str


@dataclass(frozen=True, slots=True)
class SellersOffered(Message):
    """Part of an admin's payouts: DAC7's figures of this year and the one before."""

    year: int


@dataclass(frozen=True, slots=True)
class TaxFormsCounted(Message):
    """Part of the dashboard: number of people who were asked for a tax form and have not answered, and of those whose
    payouts wait for it; `closed`: none can be asked for, since SECRETS_KEY is not set."""

    missing: int = 0
    waiting: int = 0
    closed: bool = False
