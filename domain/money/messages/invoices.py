"""Messages about invoices for fees, to requesters. Amounts are millionths of the currency."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment


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
