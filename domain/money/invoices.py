"""Messages about invoices for fees, to requesters. Amounts are millionths of the currency."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from domain.messages import Message
from domain.moments import DAY, Moment
from domain.money.amounts import CENT
from domain.money.tax_forms import EU, Operator
from domain.people.accounts import PersonId


@dataclass(frozen=True, slots=True)
class BuyerWanted(Message):
    """Once, after the first fee: whom shall invoices name?"""


@dataclass(frozen=True, slots=True)
class BuyerAsked(Message):
    """`known` are the lines given before; `flaw` is what is wrong with the typed ones: lines, long, words, country,
    vat or number."""

    known: tuple[str, ...]
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class BuyerNoted(Message):
    """`lines`: name, street, town, country's code, number if any."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """`name` is its number; `corrects` the number of the invoice a credit note is for, else empty."""

    invoice: int
    name: str
    corrects: str
    issued_at: Moment
    gross: int
    currency: str


@dataclass(frozen=True, slots=True)
class InvoicesShown(Message):
    """The newest of a requester's; `buyer` are the lines they name, empty where nothing was told."""

    buyer: tuple[str, ...]
    invoices: tuple[InvoiceView, ...]


@dataclass(frozen=True, slots=True)
class VatNumberUnknown(Message):
    """VIES does not know a client's VAT number: their invoices bear VAT."""

    vat: str


@dataclass(frozen=True, slots=True)
class InvoiceReady(Message):
    """An invoice as a file."""

    invoice: InvoiceView
    zone: str


FRANCE = "FR"
# Hundredths of a percent; Monaco belongs to the territory of French VAT.
RATES: Mapping[str, int] = {FRANCE: 2_000, "MC": 2_000, "GP": 850, "MQ": 850, "RE": 850}
UNTAXED = ("GF", "YT")  # article 294-1: VAT does not apply there for the time being
UNKNOWN = "??"  # a postcode that no place in France has
OUTSIDE_VAT = "--"  # parts of a member state where the EU's VAT does not hold
# The first that fits counts. Saint-Barthélemy and Saint-Martin kept postcodes of Guadeloupe.
OVERSEAS = (
    *(("97133", "BL"), ("97150", "MF"), ("971", "GP"), ("972", "MQ"), ("973", "GF"), ("974", "RE"), ("975", "PM")),
    *(("976", "YT"), ("977", "BL"), ("978", "MF"), ("980", "MC"), ("984", "TF"), ("986", "WF"), ("987", "PF")),
    *(("988", "NC"), ("97", UNKNOWN), ("98", UNKNOWN), ("99", UNKNOWN), ("00", UNKNOWN)),
)
# The Canaries, Ceuta, Melilla; Åland; Helgoland, Büsingen; Livigno, Campione; Mount Athos.
OUTSIDE = {
    "ES": ("35", "38", "51", "52"),
    "FI": ("22",),
    "DE": ("27498", "78266"),
    "IT": ("23041", "22061"),
    "GR": ("63086", "63087"),
}
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}[- ]?)?([0-9](?: ?[0-9]){4})(?![0-9])", re.IGNORECASE)


def territory(country: str, town: str) -> str:
    """The ISO code by whose rules somebody there is taxed, UNKNOWN or OUTSIDE_VAT. `town` begins with the postcode."""
    postcode = postcode_of(town)
    if country == FRANCE:
        return next((code for begins, code in OVERSEAS if postcode.startswith(begins)), FRANCE)
    return OUTSIDE_VAT if postcode.startswith(OUTSIDE.get(country, ("-",))) else country


def postcode_of(town: str) -> str:
    """Its five digits; empty where the line does not begin with them."""
    found = _POSTCODE.match(town.strip())
    return found[1].replace(" ", "") if found else ""


def is_plausible(country: str, town: str) -> bool:
    """An address in France begins with a postcode that there is; an overseas territory's fits the territory."""
    if country == FRANCE:
        return bool(postcode_of(town)) and territory(country, town) != UNKNOWN
    if country in dict(OVERSEAS).values() and postcode_of(town):
        return territory(FRANCE, town) == country
    return True


def is_elsewhere_in_eu(place: str) -> bool:
    return place in EU and place != FRANCE


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
