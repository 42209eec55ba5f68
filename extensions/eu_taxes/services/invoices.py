"""Invoices: drawn up, issued, shown in chat, and whom they name; offered if VAT_RULE is set."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from domain.moments import Moment, as_datetime
from domain.people.accounts import PersonId
from domain.people.settings import get_zone
from domain.refusals import NotFound
from extensions.eu_taxes.domain.invoices import (
    Buyer,
    BuyerAsked,
    BuyerNoted,
    BuyerWanted,
    DraftInvoice,
    Invoice,
    InvoiceLine,
    InvoicePage,
    InvoiceReady,
    InvoicesShown,
    InvoiceView,
    VatRule,
    get_vat_rule,
    net_and_vat,
    sum_fees,
)
from extensions.eu_taxes.formats.buyers import BuyerFlaw, read_buyer
from extensions.eu_taxes.storage import invoices
from extensions.eu_taxes.storage.invoices import Billing, Invoices
from services.act import Act, House
from storage.boxes.outbox import Lane
from storage.drivers.records import pack
from storage.unit import UnitOfWork

SELLER_FIELDS = ("name", "street", "postcode", "town", "country", "tax_number", "vat", "legal_form", "capital", "rcs")


def draft_invoices(unit: UnitOfWork, house: House, billing: Billing, until: Moment) -> list[DraftInvoice]:
    """Return drafts of all invoices and credit notes of one requester that are due until this moment; none without a
    buyer. Nothing is issued. May run on a reading connection: what is older than `until` does not change any more."""
    if billing.buyer is None:
        return []
    vat = get_vat_rule(house.vat_rule, house.operator, billing.buyer)
    invoice_drafts = [
        _draft_invoice(unit, billing, currency, until, vat)
        for currency in unit.records(Invoices).list_currencies(billing.person)
    ]
    credit_notes = [
        _draft_credit_note(unit, unit.records(Invoices).get(number), lines, until)
        for number, lines in unit.records(Invoices).list_returned_fees(billing.person, until).items()
    ]
    return [draft for draft in (*invoice_drafts, *credit_notes) if draft is not None and draft.gross > 0]


def issue_invoices(
    unit: UnitOfWork, house: House, billing: Billing, drafts: Sequence[DraftInvoice], until: Moment
) -> list[Invoice]:
    """Number the drafts as invoices, tell their requester, and return them; nothing if another process did, or there is
    no buyer."""
    if billing.buyer is None or not unit.records(Invoices).set_looked_until(billing, until):
        return []
    operator = house.operator
    zone = get_zone(operator.zone)
    seller = pack({name: getattr(operator, name) for name in SELLER_FIELDS})
    year = as_datetime(unit.now).astimezone(zone).year
    issued_invoices = []
    for draft in drafts:
        buyer = (
            pack(asdict(billing.buyer)) if draft.corrects is None else unit.records(Invoices).get(draft.corrects).buyer
        )
        issued = unit.records(Invoices).insert_invoice(draft, operator.tax_number, year, seller, buyer)
        unit.outbox.tell(billing.person, InvoiceReady(invoice_view(unit, issued), operator.zone), lane=Lane.BROADCAST)
        issued_invoices.append(issued)
    return issued_invoices


def invoice_view(unit: UnitOfWork, invoice: Invoice) -> InvoiceView:
    corrects = unit.records(Invoices).get(invoice.corrects).name if invoice.corrects is not None else ""
    return InvoiceView(invoice.id, invoice.name, corrects, invoice.issued_at, invoice.gross, currency=invoice.currency)


def _draft_invoice(
    unit: UnitOfWork, billing: Billing, currency: str, until: Moment, vat: tuple[VatRule, int]
) -> DraftInvoice | None:
    """Return the draft of a currency's fees since the last invoice, or None if that reaches to `until`."""
    begins = unit.records(Invoices).get_invoiced_until(billing.person, currency)
    if begins >= until:
        return None
    lines = unit.records(Invoices).list_fees(billing.person, currency, begins, until)
    rule, rate = vat
    net, vat_amount = net_and_vat(sum_fees(lines), rate)
    return DraftInvoice(
        billing.person,
        currency,
        begins,
        ends=until,
        rule=rule,
        rate=rate,
        lines=lines,
        net=net,
        vat=vat_amount,
    )


def _draft_credit_note(
    unit: UnitOfWork, invoice: Invoice, returned_lines: Sequence[InvoiceLine], until: Moment
) -> DraftInvoice | None:
    """Return a credit note for fees that came back since the last note, or None. Sums are rounded over all notes of an
    invoice, so that together they never exceed it."""
    earlier_notes = unit.records(Invoices).list_credit_notes(invoice.id)
    credited_by_project: dict[int, tuple[int, int]] = {}
    for note in earlier_notes:
        for line in invoices.decode_lines(note):
            answers, fees = credited_by_project.get(line.project, (0, 0))
            credited_by_project[line.project] = (answers + line.answers, fees + line.fees)
    lines = _subtract_credited(returned_lines, credited_by_project)
    if not lines:
        return None
    net, vat = net_and_vat(sum_fees(returned_lines), invoice.rate)
    net, vat = net - sum(note.net for note in earlier_notes), vat - sum(note.vat for note in earlier_notes)
    rule = VatRule(invoice.rule)
    return DraftInvoice(
        invoice.person,
        invoice.currency,
        invoice.begins,
        ends=until,
        rule=rule,
        rate=invoice.rate,
        lines=lines,
        net=net,
        vat=vat,
        corrects=invoice.id,
    )


def _subtract_credited(
    returned_lines: Sequence[InvoiceLine], credited_by_project: Mapping[int, tuple[int, int]]
) -> tuple[InvoiceLine, ...]:
    """Return the lines less what was credited before; lines without a rest are left out."""
    remaining = []
    for line in returned_lines:
        answers, fees = credited_by_project.get(line.project, (0, 0))
        if line.fees > fees:
            remaining.append(InvoiceLine(line.project, line.title, line.answers - answers, line.fees - fees))
    return tuple(remaining)


JOURNEY = "buyer"
MAX_LISTED = 12  # invoices in the list


def show_invoices(act: Act) -> InvoicesShown:
    """Return the requester's newest invoices and the buyer they name. Raise NotFound if invoices are not offered."""
    _require_offered(act)
    billing = act.unit.records(Invoices).find_billing(act.person.id)
    newest = act.unit.records(Invoices).list_newest(act.person.id, MAX_LISTED)
    buyer = billing.buyer if billing else None
    return InvoicesShown(buyer_lines(buyer), tuple(invoice_view(act.unit, invoice) for invoice in newest))


def list_invoices(act: Act, after: int, limit: int) -> InvoicePage:
    """Return a page of the requester's invoices, oldest first. Raise NotFound if invoices are not offered."""
    _require_offered(act)
    billing = act.unit.records(Invoices).find_billing(act.person.id)
    rows = act.unit.records(Invoices).list_after(act.person.id, after, limit + 1)
    views = tuple(invoice_view(act.unit, invoice) for invoice in rows[:limit])
    next_after = views[-1].invoice if len(rows) > limit else None
    return InvoicePage(buyer_lines(billing.buyer if billing else None), views, next_after)


def send_invoice(act: Act, invoice: int) -> InvoiceReady:
    """Return one of the requester's own invoices as a file, with the same data each time. Raise NotFound."""
    own_invoice = act.unit.records(Invoices).find(invoice)
    if own_invoice is None or own_invoice.person != act.person.id:
        raise NotFound(what="invoice", name=str(invoice))
    return InvoiceReady(invoice_view(act.unit, own_invoice), act.house.operator.zone)


def ask_for_buyer(act: Act) -> BuyerAsked:
    """Ask whom invoices shall name, and keep a draft. Raise NotFound if invoices are not offered."""
    _require_offered(act)
    billing = act.unit.records(Invoices).find_billing(act.person.id)
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return BuyerAsked(buyer_lines(billing.buyer if billing else None))


def take_typed_buyer(act: Act, draft: dict[str, Any], words: str) -> BuyerAsked | BuyerNoted:
    """Store whom invoices name from the next one on, and end the draft; return the question again, with what is wrong,
    for bad lines. Raise NotFound if invoices are not offered."""
    _require_offered(act)
    try:
        buyer = read_buyer(words)
    except BuyerFlaw as flaw:
        return BuyerAsked((), flaw.what)
    act.unit.records(Invoices).set_buyer(act.person.id, buyer)
    act.unit.drafts.drop(act.person.id)
    act.unit.audit.note(act.person.id, "buyer", f"person:{act.person.id}", country=buyer.country)
    return BuyerNoted(buyer_lines(buyer))


def request_buyers(unit: UnitOfWork, people: Sequence[PersonId]) -> None:
    """Ask requesters who have paid a fee whom to bill, once each."""
    for person in people:
        if unit.records(Invoices).mark_asked(person):
            unit.outbox.tell(person, BuyerWanted(), lane=Lane.BROADCAST)


def issue_last_invoice(act: Act) -> None:
    """Issue the last invoice of a requester who is to be erased, if they have told whom to bill."""
    billing = act.unit.records(Invoices).find_billing(act.person.id) if is_offered(act.house) else None
    if billing is not None and billing.buyer is not None:
        drafts = draft_invoices(act.unit, act.house, billing, act.unit.now)
        issue_invoices(act.unit, act.house, billing, drafts, act.unit.now)


def is_offered(house: House) -> bool:
    """Return whether the platform issues invoices."""
    return bool(house.vat_rule)


def buyer_lines(buyer: Buyer | None) -> tuple[str, ...]:
    """Return the buyer as lines, as they are typed; none without a buyer."""
    if buyer is None:
        return ()
    number = buyer.vat or buyer.register
    return (buyer.name, buyer.street, buyer.town, buyer.country, *((number,) if number else ()))


def _require_offered(act: Act) -> None:
    """Raise NotFound if invoices are not offered."""
    if not is_offered(act.house):
        raise NotFound(what="invoice", name="")
