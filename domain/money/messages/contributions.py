"""Messages about social contributions, to workers and admins."""

from dataclasses import dataclass

from domain.messages import Message


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
