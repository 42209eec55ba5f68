"""Invoices for fees: messages to requesters, and rules of VAT. Amounts are millionths of the currency."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from domain.messages import Message
from domain.moments import DAY, Moment
from domain.money.amounts import CENT
from domain.money.operator import EU, FRANCE, FRENCH_VAT, Operator
from domain.people.accounts import PersonId


@dataclass(frozen=True, slots=True)
class BuyerWanted(Message):
    """Message to a requester, once, after the first fee: asks whom invoices shall name."""


@dataclass(frozen=True, slots=True)
class BuyerAsked(Message):
    """Message to a requester who is to type whom invoices name; `known` are the lines given before, `flaw` is what
    is wrong with the typed ones: lines, long, words, country, vat or number."""

    known: tuple[str, ...]
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class BuyerNoted(Message):
    """Message to a requester: the buyer was stored. `lines`: name, street, town, country's code, number if any."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """One invoice as shown: `name` is its number; `corrects` is the number of the invoice that a credit note is for,
    else empty."""

    invoice: int
    name: str
    corrects: str
    issued_at: Moment
    gross: int
    currency: str


@dataclass(frozen=True, slots=True)
class InvoicesOffered(Message):
    """Part of a requester's funds: invoices are offered."""


@dataclass(frozen=True, slots=True)
class InvoicesShown(Message):
    """Message to a requester: their newest invoices; `buyer` are the lines that invoices name, empty if none were
    given."""

    buyer: tuple[str, ...]
    invoices: tuple[InvoiceView, ...]


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """A requester's invoices for a program, oldest first, and the lines that name their client; `next_after` is the
    cursor of the next page, None behind the last one."""

    buyer: tuple[str, ...]
    invoices: tuple[InvoiceView, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class VatNumberUnknown(Message):
    """Message to a requester: VIES does not know their VAT number, so their invoices bear VAT."""

    vat: str


@dataclass(frozen=True, slots=True)
class InvoiceReady(Message):
    """Message to a requester: an invoice as a file."""

    invoice: InvoiceView
    zone: str


# Hundredths of a percent; Monaco belongs to the territory of French VAT.
VAT_RATES: Mapping[str, int] = {FRANCE: 2_000, "MC": 2_000, "GP": 850, "MQ": 850, "RE": 850}
UNTAXED_TERRITORIES = ("GF", "YT")  # article 294-1: VAT does not apply there for the time being
UNKNOWN_TERRITORY = "??"  # a postcode that no place in France has
OUTSIDE_VAT = "--"  # parts of a member state where the EU's VAT does not hold
# The first that fits counts. Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe.
TERRITORIES_BY_POSTCODE = (
    *(("97133", "BL"), ("97150", "MF"), ("971", "GP"), ("972", "MQ"), ("973", "GF"), ("974", "RE"), ("975", "PM")),
    *(("976", "YT"), ("977", "BL"), ("978", "MF"), ("980", "MC"), ("984", "TF"), ("986", "WF"), ("987", "PF")),
    *(
        ("988", "NC"),
        ("97", UNKNOWN_TERRITORY),
        ("98", UNKNOWN_TERRITORY),
        ("99", UNKNOWN_TERRITORY),
        ("00", UNKNOWN_TERRITORY),
    ),
)
# The Canaries, Ceuta, Melilla; Åland; Helgoland, Büsingen; Livigno, Campione; Mount Athos.
POSTCODES_OUTSIDE_VAT = {
    "ES": ("35", "38", "51", "52"),
    "FI": ("22",),
    "DE": ("27498", "78266"),
    "IT": ("23041", "22061"),
    "GR": ("63086", "63087"),
}
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}[- ]?)?([0-9](?: ?[0-9]){4})(?![0-9])", re.IGNORECASE)


def territory(country: str, town: str) -> str:
    """Return the ISO code by whose rules an address is taxed, UNKNOWN_TERRITORY or OUTSIDE_VAT. `town` begins with the
    postcode."""
    postcode = postcode_of(town)
    if country == FRANCE:
        return next((code for prefix, code in TERRITORIES_BY_POSTCODE if postcode.startswith(prefix)), FRANCE)
    return OUTSIDE_VAT if postcode.startswith(POSTCODES_OUTSIDE_VAT.get(country, ("-",))) else country


def postcode_of(town: str) -> str:
    """Return the five digits that a line begins with, or an empty text."""
    match = _POSTCODE.match(town.strip())
    return match[1].replace(" ", "") if match else ""


def is_plausible(country: str, town: str) -> bool:
    """Return whether postcode and country fit: an address in France begins with an existing postcode, one overseas with
    a postcode of that territory. True for other countries."""
    if country == FRANCE:
        return bool(postcode_of(town)) and territory(country, town) != UNKNOWN_TERRITORY
    if country in dict(TERRITORIES_BY_POSTCODE).values() and postcode_of(town):
        return territory(FRANCE, town) == country
    return True


def is_elsewhere_in_eu(place: str) -> bool:
    return place in EU and place != FRANCE


ISSUE_DELAY = DAY  # after a month's end, before its invoices are issued
KEPT_YEARS = 10  # accounts: Code de commerce, article L123-22


class VatRule(StrEnum):
    STANDARD = "standard"
    FRANCHISE = "franchise"
    REVERSE = "reverse"
    OUTSIDE = "outside"


class ViesAnswer(StrEnum):
    """Answer of the EU's register about a VAT number."""

    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Person or business that an invoice names. `vat` is a VAT number of the EU, `register` a SIREN or another
    country's number.

    `vies`: the register's answer, empty without one; `vies_at` when it came, and `vies_id` its number.
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
    """Fees of one requester and currency from `begins` to before `ends`; with `corrects`, the fees that came back of
    that invoice. `net` and `vat` are in whole cents."""

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
        return sum_fees(self.lines)

    @property
    def gross(self) -> int:
        return self.net + self.vat


@dataclass(frozen=True, slots=True)
class Invoice:
    """Invoice as issued. `seller` and `buyer` are the printed texts; the buyer's is erased when the law allows."""

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
        return invoice_name(self.year, self.number)


def invoice_name(year: int, number: int) -> str:
    """Return an invoice's number as printed: `2026-00012`."""
    return f"{year}-{number:05}"


def sum_fees(lines: Sequence[InvoiceLine]) -> int:
    return sum(line.fees for line in lines)


def get_vat_rule(regime: str, seller: Operator, buyer: Buyer) -> tuple[VatRule, int]:
    """Return the rule of VAT, and the rate in hundredths of a percent.

    A business is served where it is (article 259-1), a private person where the seller is (259-2), or outside the EU
    where they live (259 B). Reverse charge needs both VAT numbers,
    and none that the register does not know (regulation 282/2011, article 18)."""
    home, place = territory(seller.country, seller.postcode), territory(buyer.country, buyer.town)
    if is_elsewhere_in_eu(place):
        if buyer.vat and seller.vat and buyer.vies != ViesAnswer.INVALID:
            return VatRule.REVERSE, 0
        place = home
    elif not buyer.is_business and place in (*VAT_RATES, *UNTAXED_TERRITORIES):
        place = home
    if place not in VAT_RATES:
        return VatRule.OUTSIDE, 0
    return (VatRule.STANDARD, VAT_RATES[place]) if regime == FRENCH_VAT else (VatRule.FRANCHISE, 0)


def get_mention(rule: str, rate: int, buyer: Buyer | None) -> str:
    """Return the key of the prescribed sentence that an invoice bears."""
    if rule == VatRule.STANDARD:
        return "standard" if rate == VAT_RATES["FR"] else "overseas"
    if rule != VatRule.OUTSIDE or buyer is None:
        return rule
    if territory(buyer.country, buyer.town) in UNTAXED_TERRITORIES:
        return "untaxed"
    return "outside" if buyer.is_business else "outside_private"


def net_and_vat(fees: int, rate: int) -> tuple[int, int]:
    """Return (net, VAT) of fees that include VAT, both in whole cents, rounded half-even."""
    gross = _round_to_cents(Decimal(fees))
    vat = _round_to_cents(Decimal(gross) * rate / (10_000 + rate))
    return gross - vat, vat


def amount_before_vat(fees: int, rate: int) -> int:
    """Return fees without the VAT they include, to the millionth."""
    return int((Decimal(fees) * 10_000 / (10_000 + rate)).to_integral_value(ROUND_HALF_EVEN))


def _round_to_cents(amount: Decimal) -> int:
    return int((amount / CENT).to_integral_value(ROUND_HALF_EVEN)) * CENT
