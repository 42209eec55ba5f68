"""Invoices in chat: whom they name, the list, each as a file; offered where VAT_RULE is set."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from domain.moments import Moment, as_datetime
from domain.money.invoices import (
    Buyer,
    BuyerAsked,
    BuyerNoted,
    BuyerWanted,
    DraftInvoice,
    Invoice,
    InvoiceLine,
    InvoiceReady,
    InvoicesShown,
    InvoiceView,
    VatRule,
    net_and_vat,
    total,
    vat_of,
)
from domain.people.accounts import PersonId
from domain.people.settings import rules_of
from domain.refusals import NotFound
from formats.taxes.buyers import BuyerFlaw, read_buyer
from services.act import Act, House
from storage.boxes.outbox import Lane
from storage.drivers.records import pack
from storage.money import invoices
from storage.money.invoices import Billing
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
        for line in invoices.lines_of(note):
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


JOURNEY = "buyer"
SHOWN = 12  # invoices in the list


def show(act: Act) -> InvoicesShown:
    """The button under `/funds`."""
    _offered(act)
    billing = act.unit.invoices.billing(act.person.id)
    found = act.unit.invoices.of(act.person.id, SHOWN)
    buyer = billing.buyer if billing else None
    return InvoicesShown(lines_of(buyer), tuple(view(act.unit, each) for each in found))


def send(act: Act, invoice: int) -> InvoiceReady:
    """One of one's own as a file: the same data each time."""
    found = act.unit.invoices.find(invoice)
    if found is None or found.person != act.person.id:
        raise NotFound(what="invoice", name=str(invoice))
    return InvoiceReady(view(act.unit, found), act.house.operator.zone)


def ask(act: Act) -> BuyerAsked:
    _offered(act)
    billing = act.unit.invoices.billing(act.person.id)
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return BuyerAsked(lines_of(billing.buyer if billing else None))


def typed(act: Act, kept: dict[str, Any], words: str) -> BuyerAsked | BuyerNoted:
    """Whom invoices name from the next one on."""
    _offered(act)
    try:
        buyer = read_buyer(words)
    except BuyerFlaw as flaw:
        return BuyerAsked((), flaw.what)
    act.unit.invoices.give(act.person.id, buyer)
    act.unit.drafts.drop(act.person.id)
    act.unit.audit.note(act.person.id, "buyer", f"person:{act.person.id}", country=buyer.country)
    return BuyerNoted(lines_of(buyer))


def want(unit: UnitOfWork, people: Sequence[PersonId]) -> None:
    """Asks requesters who have paid a fee, once."""
    for person in people:
        if unit.invoices.ask(person):
            unit.outbox.tell(person, BuyerWanted(), lane=Lane.BROADCAST)


def leave(act: Act) -> None:
    """Of a requester who is to be erased: the last invoice is issued, and whom to bill is not kept beside it."""
    billing = act.unit.invoices.billing(act.person.id) if is_offered(act.house) else None
    if billing is not None and billing.buyer is not None:
        drafts = draw(act.unit, act.house, billing, act.unit.now)
        issue(act.unit, act.house, billing, drafts, act.unit.now)


def is_offered(house: House) -> bool:
    return bool(house.vat_rule)


def lines_of(buyer: Buyer | None) -> tuple[str, ...]:
    """As they are typed."""
    if buyer is None:
        return ()
    number = buyer.vat or buyer.register
    return (buyer.name, buyer.street, buyer.town, buyer.country, *((number,) if number else ()))


def _offered(act: Act) -> None:
    """Raises NotFound."""
    if not is_offered(act.house):
        raise NotFound(what="invoice", name="")
