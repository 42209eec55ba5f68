"""Endpoints of the API: a requester's invoices."""

from typing import Any

from extensions.eu_taxes.domain.invoices import InvoicePage
from extensions.eu_taxes.handlers.invoices import order_file
from extensions.eu_taxes.services import invoices
from locales.translator import translator
from services.act import Act
from web.api.bodies import PageQuery
from web.api.endpoint import READ, AnswerWay, Endpoint, with_tag
from web.api.exports import FILE_LANGUAGE


def order_invoice(act: Act, invoice: int) -> dict[str, Any]:
    """Return the facts of an invoice's file. Raise NotFound if it is not the requester's own."""
    return order_file(invoices.send_invoice(act, invoice), translator(FILE_LANGUAGE)).facts


ENDPOINTS = with_tag(
    "invoices",
    Endpoint(
        "GET", "/invoices", READ, "your invoices for fees, oldest first, and whom they name", invoices.list_invoices,
        answers=InvoicePage, query=PageQuery, stays=True, serves=(invoices.show_invoices,),
    ),
    Endpoint(
        "GET", "/invoices/{invoice}/file", READ, "one of them as PDF", order_invoice, way=AnswerWay.FILE, stays=True,
        serves=(invoices.send_invoice,), makes="invoice", mime="application/pdf",
    ),
)  # fmt: skip
