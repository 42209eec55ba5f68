"""Invoices in chat: whom they name, the list, each as a file; offered where VAT_RULE is set."""

from collections.abc import Sequence
from typing import Any

from domain.money.invoices import Buyer
from domain.money.messages.invoices import BuyerAsked, BuyerNoted, BuyerWanted, InvoiceReady, InvoicesShown
from domain.people.people import PersonId
from domain.refusals import NotFound
from formats.taxes.buyers import BuyerFlaw, read_buyer
from services.act import Act, House
from services.money.billing import issuing
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

JOURNEY = "buyer"
SHOWN = 12  # invoices in the list


def show(act: Act) -> InvoicesShown:
    """The button under `/funds`."""
    _offered(act)
    billing = act.unit.invoices.billing(act.person.id)
    found = act.unit.invoices.of(act.person.id, SHOWN)
    buyer = billing.buyer if billing else None
    return InvoicesShown(lines_of(buyer), tuple(issuing.view(act.unit, each) for each in found))


def send(act: Act, invoice: int) -> InvoiceReady:
    """One of one's own as a file: the same data each time."""
    found = act.unit.invoices.find(invoice)
    if found is None or found.person != act.person.id:
        raise NotFound(what="invoice", name=str(invoice))
    return InvoiceReady(issuing.view(act.unit, found), act.house.operator.zone)


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
        drafts = issuing.draw(act.unit, act.house, billing, act.unit.now)
        issuing.issue(act.unit, act.house, billing, drafts, act.unit.now)


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
