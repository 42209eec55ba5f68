"""Social contributions that a French platform withholds for micro-entrepreneurs.

A reading of November 2026 of CSS L613-6-1, from 1 January 2027 on: Urssaf gives each one's rate month by month, the
platform withholds it of what it pays, declares it and pays it over.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain.messages import Message
from domain.moments import Moment, as_datetime
from domain.money.payouts import PayoutId

_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class ContributionRate:
    """Rate of one SIRET, read in from Urssaf: `rate` in hundredths of a percent, `month` as `2027-01`."""

    siret: str
    month: str
    rate: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """Share withheld of a payout of `month`, by the rate of `rate_month`: the same month, or the newest before it with
    a rate."""

    payout: PayoutId
    siret: str
    month: str
    rate_month: str
    rate: int
    gross: int
    amount: int


@dataclass(frozen=True, slots=True)
class DeclaredLine:
    """Line of a declaration for one SIRET, month and rate: number of payouts, their `gross` sum and the `amount` due;
    negative sums are taken back."""

    siret: str
    month: str
    rate: int
    payouts: int
    gross: int
    amount: int


def month_in_france(moment: Moment) -> str:
    """Return the month by the clock of Paris, as `2027-01`."""
    return as_datetime(moment).astimezone(_PARIS).strftime("%Y-%m")


@dataclass(frozen=True, slots=True)
class SiretWanted(Message):
    """Message to a worker, once, with the first payout to a French account: asks for a SIRET."""


@dataclass(frozen=True, slots=True)
class SiretAsked(Message):
    """Message to a worker who is to type a SIRET; `known` is the one given before, or empty."""

    known: str


@dataclass(frozen=True, slots=True)
class SiretUnfit(Message):
    """Message to a worker who typed no valid SIRET; the typed words are not repeated."""


@dataclass(frozen=True, slots=True)
class SiretNoted(Message):
    """Message to a worker: the SIRET was stored. `rate`, in hundredths of a percent, is withheld this month; None if
    none was read in yet."""

    siret: str
    rate: int | None


@dataclass(frozen=True, slots=True)
class NoSiretNoted(Message):
    """Message to a worker: no SIRET is stored, so nothing is withheld by Urssaf's rates."""


@dataclass(frozen=True, slots=True)
class RatesRead(Message):
    """Message to an admin: number of rates that were read in from the month's file."""

    rates: int


@dataclass(frozen=True, slots=True)
class WithholdingSet(Message):
    """Message to an admin: a worker's withholding was set. `first`: the rate of their SIRET, in hundredths of a
    percent, which applies instead in euros."""

    who: str
    rate: int
    reason: str
    first: int | None = None


@dataclass(frozen=True, slots=True)
class WithheldHandedOn(Message):
    """Message to an admin: withheld money was recorded as paid to the authority; `left` is still withheld."""

    amount: int
    left: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class WithheldCameBack(Message):
    """Message to an admin: the authority gave withheld money back; `there` is withheld now."""

    amount: int
    there: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class WithholdingChanged(Message):
    """Message to a worker: share of each payout withheld from now on, in hundredths of a percent. `first` is the
    rate of their SIRET, which applies instead."""

    rate: int
    reason: str
    first: int | None = None


@dataclass(frozen=True, slots=True)
class SiretState(Message):
    """Part of a worker's card of payouts; `given`: their SIRET is stored."""

    given: bool
