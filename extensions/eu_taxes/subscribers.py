"""What is done with the core's events, and what is added to its cards."""

from domain.messages import Message
from domain.money.funds import Funds
from extensions.eu_taxes.domain.invoices import InvoicesOffered
from extensions.eu_taxes.services import invoices
from services.events import ErasureBegun, FindNote, answer, subscribe
from storage.unit import UnitOfWork


@subscribe(ErasureBegun)
def issue_last_invoice(unit: UnitOfWork, event: ErasureBegun) -> None:
    """Issue the last invoice of a requester who is to be erased, if they have told whom to bill."""
    invoices.issue_last_invoice(event.act)


@answer(FindNote)
def find_note(unit: UnitOfWork, question: FindNote) -> Message | None:
    """Return the offer of invoices for a requester's funds, None for other cards."""
    return InvoicesOffered() if question.card is Funds and invoices.is_offered(question.act.house) else None
