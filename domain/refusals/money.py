"""Refusals of payouts and the ledger."""

from dataclasses import dataclass

from domain.refusals.refusal import Refusal


class MoneyRefusal(Refusal):
    pass


@dataclass(eq=False)
class KeyReused(MoneyRefusal):
    name: str


@dataclass(eq=False)
class NothingToPay(MoneyRefusal):
    """`named`: there is a cent, and less than that was asked for."""

    available: int
    currency: str
    named: bool = False


@dataclass(eq=False)
class BelowLeast(MoneyRefusal):
    """What would be sent through Wise is less than `least`."""

    least: int
    available: int
    currency: str


@dataclass(eq=False)
class NotWholeCents(MoneyRefusal):
    """No bank moves parts of `least`: nothing was recorded."""

    value: str
    least: int
    currency: str


@dataclass(eq=False)
class MoreThanThere(MoneyRefusal):
    asked: int
    available: int
    currency: str


@dataclass(eq=False)
class AttemptPayMissing(MoneyRefusal):
    """For the attempts at a test; nothing was made."""

    missing: int
    needed: int
    available: int
    currency: str
    team: str = ""
    team_number: int = 0


class BonusesGone(MoneyRefusal):
    """The list a button belongs to is not the latest any more."""


class AlreadyAsked(MoneyRefusal):
    pass


@dataclass(eq=False)
class PayerMissing(MoneyRefusal):
    missing: list[str]


@dataclass(eq=False)
class FundingClosed(MoneyRefusal):
    why: str  # account or currency
    currency: str


@dataclass(eq=False)
class StatementRefused(MoneyRefusal):
    why: str  # size, xml, csv, kind, many, mapping, column, wise (a column of its list), account, debtor, old
    what: str = ""
    where: str = ""  # the payment that another `debtor`'s account is named for


@dataclass(eq=False)
class PayoutDecided(MoneyRefusal):
    number: int
    state: str  # its own; or handed on, declared (and the fees can't advance it), called off, spent (what came back)


@dataclass(eq=False)
class PayoutWaits(MoneyRefusal):
    asked_at: int  # a moment: when the tax form was asked for


@dataclass(eq=False)
class RatesUnread(MoneyRefusal):
    lines: list[int]
    columns: list[str]  # of each line: file, siret, month or rate


class ContributionsOff(MoneyRefusal):
    pass


class TaxFormClosed(MoneyRefusal):
    pass


class AlreadyTheirs(MoneyRefusal):
    pass
