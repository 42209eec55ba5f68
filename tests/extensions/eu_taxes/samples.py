"""Messages of the extension: realistic ones, and the longest."""

from domain.messages import Message
from domain.moments import Moment
from extensions.eu_taxes.domain.invoices import (
    BuyerAsked,
    BuyerNoted,
    BuyerWanted,
    InvoiceReady,
    InvoicesShown,
    InvoiceView,
    VatNumberUnknown,
)

NOON = Moment(1_790_000_000_000)
BUYER = ("Atelier Martin <3 SARL", "12 rue des Lilas", "75011 Paris", "FR", "FR40303265045")
INVOICE = InvoiceView(7, "2026-00012", "", NOON, 12_340_000, "EUR")
CREDIT = InvoiceView(8, "2026-00013", "2026-00012", NOON, 50_000, "EUR")
MESSAGES: list[Message] = [
    BuyerWanted(),
    BuyerAsked(()),
    BuyerAsked(BUYER),
    BuyerNoted(BUYER),
    VatNumberUnknown("ESB58378431"),
]
MESSAGES += [BuyerAsked((), flaw) for flaw in ("lines", "long", "words", "country", "vat", "number")]
MESSAGES += [InvoicesShown((), ()), InvoicesShown(BUYER, (CREDIT, INVOICE))]
MESSAGES += [InvoiceReady(each, "Europe/Paris") for each in (INVOICE, CREDIT)]
LONGEST: list[Message] = [InvoicesShown(("&" * 100,) * 5, (CREDIT,) * 12)]
