"""Social contributions that a French platform withholds for micro-entrepreneurs.

A reading of November 2026 of CSS L613-6-1, from 1 January 2027 on: Urssaf gives each one's rate month by month, the
platform withholds it of what it pays, declares it and pays it over.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain.messages import Message
from domain.moments import Moment, as_datetime
from domain.money.payouts import PayoutId

FRANCE = "FR"
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class ContributionRate:
    """`rate` is in hundredths of a percent, `month` 2027-01."""

    siret: str
    month: str
    rate: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What is withheld of a payout in `month`, by the rate of `rate_month`: the same, or the newest before it."""

    payout: PayoutId
    siret: str
    month: str
    rate_month: str
    rate: int
    gross: int
    amount: int


@dataclass(frozen=True, slots=True)
class DeclaredLine:
    """Of one SIRET, month and rate: payouts, their sum before, what is due; below zero: taken back."""

    siret: str
    month: str
    rate: int
    payouts: int
    gross: int
    amount: int


def month_in_france(moment: Moment) -> str:
    return as_datetime(moment).astimezone(_PARIS).strftime("%Y-%m")


@dataclass(frozen=True, slots=True)
class SiretWanted(Message):
    """Once, with the first payout to a French account."""


@dataclass(frozen=True, slots=True)
class SiretAsked(Message):
    """`known` is the one given, empty where there is none."""

    known: str


@dataclass(frozen=True, slots=True)
class SiretUnfit(Message):
    """The typed words are not repeated."""


@dataclass(frozen=True, slots=True)
class SiretNoted(Message):
    """`rate`, hundredths of a percent, is withheld this month; None where none was read in yet."""

    siret: str
    rate: int | None


@dataclass(frozen=True, slots=True)
class NoSiretNoted(Message):
    """Nothing is withheld by a rate of Urssaf's."""


@dataclass(frozen=True, slots=True)
class RatesRead(Message):
    """To an admin: how many rates of the month's file were read in."""

    rates: int
