"""Messages about the tax form. No whole tax number and no whole date of birth is in any of them."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment


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
