"""Invoices and credit notes for the platform's fees: who is billed, which VAT rule holds, what part of a fee is VAT.

A reading of November 2026 of the French CGI (articles 256 and following, 289, 293 B) and of directive 2006/112/CE
(articles 44, 59, 196). Fees are what requesters pay, VAT included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from domain.moments import DAY, Moment
from domain.money.amounts import CENT
from domain.money.tax_forms import EU
from domain.people.people import PersonId

FRANCE = "FR"
AT_HOME = (FRANCE, "MC")  # Monaco belongs to the territory of French VAT
TAXED, EXEMPT = "FR", "293B"  # VAT_RULE: the operator charges French VAT, or is exempt (franchise en base)
RATE = 2_000  # hundredths of a percent: France, since 1 January 2014
GRACE = DAY  # after a month's end, before its invoices are issued
KEPT_YEARS = 10  # accounts: Code de commerce, article L123-22


class VatRule(StrEnum):
    STANDARD = "standard"
    FRANCHISE = "franchise"
    REVERSE = "reverse"
    OUTSIDE = "outside"

    @property
    def rate(self) -> int:
        return RATE if self is VatRule.STANDARD else 0


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom an invoice names. `vat` is a VAT number of the EU, `register` a SIREN or another country's number."""

    name: str
    street: str
    town: str
    country: str
    vat: str = ""
    register: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """Fees of one project: for so many answers, in millionths, VAT included."""

    project: int
    title: str
    answers: int
    fees: int


@dataclass(frozen=True, slots=True)
class DraftInvoice:
    """Fees of one requester and currency from `begins` to before `ends`; with `corrects`, what came back of an
    invoice's. `net` and `vat` are in whole cents."""

    person: PersonId
    currency: str
    begins: Moment
    ends: Moment
    rule: VatRule
    rate: int
    lines: tuple[InvoiceLine, ...]
    net: int
    vat: int
    corrects: int | None = None

    @property
    def fees(self) -> int:
        return total(self.lines)

    @property
    def gross(self) -> int:
        return self.net + self.vat


@dataclass(frozen=True, slots=True)
class Invoice:
    """As issued. `seller` and `buyer` are what is printed; the buyer's is empty once its time is over."""

    id: int
    series: str
    year: int
    number: int
    person: PersonId
    corrects: int | None
    currency: str
    begins: Moment
    ends: Moment
    rule: str
    rate: int
    fees: int
    net: int
    vat: int
    gross: int
    seller: str
    buyer: str
    lines: str
    issued_at: Moment

    @property
    def name(self) -> str:
        return name_of(self.year, self.number)


def name_of(year: int, number: int) -> str:
    """2026-00012"""
    return f"{year}-{number:05}"


def total(lines: Sequence[InvoiceLine]) -> int:
    return sum(line.fees for line in lines)


def rule_of(regime: str, seller_vat: str, buyer: Buyer) -> VatRule:
    """Services to businesses are taxed where the buyer is (article 44); reverse charge needs both VAT numbers."""
    if buyer.country not in (*AT_HOME, *EU):
        return VatRule.OUTSIDE
    if buyer.country not in AT_HOME and buyer.vat and seller_vat:
        return VatRule.REVERSE
    return VatRule.STANDARD if regime == TAXED else VatRule.FRANCHISE


def net_and_vat(fees: int, rate: int) -> tuple[int, int]:
    """Of fees that include VAT: both in whole cents, rounded half-even."""
    gross = _cents(Decimal(fees))
    vat = _cents(Decimal(gross) * rate / (10_000 + rate))
    return gross - vat, vat


def before_vat(fees: int, rate: int) -> int:
    """To the millionth."""
    return int((Decimal(fees) * 10_000 / (10_000 + rate)).to_integral_value(ROUND_HALF_EVEN))


def _cents(amount: Decimal) -> int:
    return int((amount / CENT).to_integral_value(ROUND_HALF_EVEN)) * CENT
