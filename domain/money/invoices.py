"""Invoices and credit notes for the platform's fees: who is billed, which VAT rule holds, what part of a fee is VAT.

A reading of November 2026 of the French CGI (articles 256 and following, 259, 289, 293 B, 294, 296) and of directive
2006/112/CE (articles 6, 44, 59, 196). Fees are what requesters pay, VAT included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from domain.moments import DAY, Moment
from domain.money.amounts import CENT
from domain.money.operators import Operator
from domain.money.vat_territories import RATES, UNTAXED, is_elsewhere_in_eu, territory
from domain.people.people import PersonId

TAXED, EXEMPT = "FR", "293B"  # VAT_RULE: the operator charges French VAT, or is exempt (franchise en base)
GRACE = DAY  # after a month's end, before its invoices are issued
KEPT_YEARS = 10  # accounts: Code de commerce, article L123-22


class VatRule(StrEnum):
    STANDARD = "standard"
    FRANCHISE = "franchise"
    REVERSE = "reverse"
    OUTSIDE = "outside"


class Vies(StrEnum):
    """What the EU's register said of a VAT number."""

    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom an invoice names. `vat` is a VAT number of the EU, `register` a SIREN or another country's number.

    `vies`: the register's answer, empty without one; when it came, and its number.
    """

    name: str
    street: str
    town: str
    country: str
    vat: str = ""
    register: str = ""
    vies: str = ""
    vies_at: int = 0
    vies_id: str = ""

    @property
    def is_business(self) -> bool:
        return bool(self.vat or self.register)


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


def vat_of(regime: str, seller: Operator, buyer: Buyer) -> tuple[VatRule, int]:
    """The rule, and the rate in hundredths of a percent.

    A business is served where it is (article 259-1), a private person where the seller is (259-2), or outside the EU
    where they live (259 B). Reverse charge needs both VAT numbers,
    and none that the register does not know (regulation 282/2011, article 18).
    """
    home, place = territory(seller.country, seller.postcode), territory(buyer.country, buyer.town)
    if is_elsewhere_in_eu(place):
        if buyer.vat and seller.vat and buyer.vies != Vies.INVALID:
            return VatRule.REVERSE, 0
        place = home
    elif not buyer.is_business and place in (*RATES, *UNTAXED):
        place = home
    if place not in RATES:
        return VatRule.OUTSIDE, 0
    return (VatRule.STANDARD, RATES[place]) if regime == TAXED else (VatRule.FRANCHISE, 0)


def mention(rule: str, rate: int, buyer: Buyer | None) -> str:
    """Which of the prescribed sentences an invoice bears."""
    if rule == VatRule.STANDARD:
        return "standard" if rate == RATES["FR"] else "overseas"
    if rule != VatRule.OUTSIDE or buyer is None:
        return rule
    if territory(buyer.country, buyer.town) in UNTAXED:
        return "untaxed"
    return "outside" if buyer.is_business else "outside_private"


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
