"""Invoices for fees are drawn from the ledger, a month at a time, and numbered when they are issued.

What comes back of a fee that was invoiced makes a credit note, which names the invoice and keeps its VAT rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from domain.moments import Moment, as_datetime
from domain.money.invoices import (
    DraftInvoice,
    Invoice,
    InvoiceLine,
    VatRule,
    net_and_vat,
    total,
    vat_of,
)
from domain.money.messages.invoices import InvoiceReady, InvoiceView
from domain.people.time_zones import rules_of
from services.act import House
from storage.boxes.outbox import Lane
from storage.drivers.records import pack
from storage.money.invoices import Billing, lines_of
from storage.unit import UnitOfWork


def draw(unit: UnitOfWork, house: House, of: Billing, until: Moment) -> list[DraftInvoice]:
    """Everything of one requester that is not invoiced yet; issues nothing. May be read beside the writer: what is
    older than `until` does not change any more."""
    if of.buyer is None:
        return []
    vat = vat_of(house.vat_rule, house.operator, of.buyer)
    drawn = [_invoice(unit, of, currency, until, vat) for currency in unit.invoices.currencies(of.person)]
    notes = [
        _credit_note(unit, unit.invoices.get(number), lines, until)
        for number, lines in unit.invoices.came_back(of.person, until).items()
    ]
    return [each for each in (*drawn, *notes) if each is not None and each.gross > 0]


def issue(unit: UnitOfWork, house: House, of: Billing, drafts: Sequence[DraftInvoice], until: Moment) -> list[Invoice]:
    """Numbers them and tells their requester; nothing where another process did."""
    if of.buyer is None or not unit.invoices.looked(of, until):
        return []
    operator = house.operator
    zone = rules_of(operator.zone)
    names = ("name", "street", "postcode", "town", "country", "tax_number", "vat", "legal_form", "capital", "rcs")
    seller = pack({name: getattr(operator, name) for name in names})
    year = as_datetime(unit.now).astimezone(zone).year
    made = []
    for draft in drafts:
        buyer = pack(asdict(of.buyer)) if draft.corrects is None else unit.invoices.get(draft.corrects).buyer
        issued = unit.invoices.add(draft, operator.tax_number, year, seller, buyer)
        unit.outbox.tell(of.person, InvoiceReady(view(unit, issued), operator.zone), lane=Lane.BROADCAST)
        made.append(issued)
    return made


def view(unit: UnitOfWork, of: Invoice) -> InvoiceView:
    corrects = unit.invoices.get(of.corrects).name if of.corrects is not None else ""
    return InvoiceView(of.id, of.name, corrects, of.issued_at, of.gross, of.currency)


def _invoice(
    unit: UnitOfWork, of: Billing, currency: str, until: Moment, vat: tuple[VatRule, int]
) -> DraftInvoice | None:
    begins = unit.invoices.invoiced_until(of.person, currency)
    if begins >= until:
        return None
    lines = unit.invoices.fees(of.person, currency, begins, until)
    return DraftInvoice(of.person, currency, begins, until, *vat, lines, *net_and_vat(total(lines), vat[1]))


def _credit_note(unit: UnitOfWork, of: Invoice, back: Sequence[InvoiceLine], until: Moment) -> DraftInvoice | None:
    """What came back since the last note. Sums are rounded over all notes of an invoice: together they never exceed
    it."""
    before = unit.invoices.correcting(of.id)
    told: dict[int, tuple[int, int]] = {}
    for note in before:
        for line in lines_of(note):
            answers, fees = told.get(line.project, (0, 0))
            told[line.project] = (answers + line.answers, fees + line.fees)
    lines = _without(back, told)
    if not lines:
        return None
    net, vat = net_and_vat(total(back), of.rate)
    net, vat = net - sum(note.net for note in before), vat - sum(note.vat for note in before)
    rule = VatRule(of.rule)
    return DraftInvoice(of.person, of.currency, of.begins, until, rule, of.rate, lines, net, vat, of.id)


def _without(back: Sequence[InvoiceLine], told: Mapping[int, tuple[int, int]]) -> tuple[InvoiceLine, ...]:
    left = []
    for line in back:
        answers, fees = told.get(line.project, (0, 0))
        if line.fees > fees:
            left.append(InvoiceLine(line.project, line.title, line.answers - answers, line.fees - fees))
    return tuple(left)
