"""What is done with the core's events, and what is answered and added to its cards."""

from domain.messages import Message
from domain.moments import as_datetime
from domain.money.bank_statements import PayoutsOverview
from domain.money.funds import Funds
from domain.money.payouts import PayoutCard
from domain.people.dashboard import Dashboard
from domain.refusals import MoneyRefusal
from extensions.eu_taxes.domain.contributions import SiretState
from extensions.eu_taxes.domain.invoices import InvoicesOffered
from extensions.eu_taxes.domain.tax_forms import SellersOffered, TaxFormState
from extensions.eu_taxes.services import contributions, invoices, tax_forms
from services import events
from services.events import answer, subscribe
from storage.unit import UnitOfWork


@subscribe(events.ErasureBegun)
def issue_last_invoice(unit: UnitOfWork, event: events.ErasureBegun) -> None:
    """Issue the last invoice of a requester who is to be erased, if they have told whom to bill."""
    invoices.issue_last_invoice(event.act)


@subscribe(events.PayoutReserved)
def store_contribution(unit: UnitOfWork, event: events.PayoutReserved) -> None:
    """Store what the payout withholds by a SIRET's rate."""
    contributions.store_contribution(unit, event)


@subscribe(events.ShareReturns)
def advance_missing_share(unit: UnitOfWork, event: events.ShareReturns) -> None:
    """Lend what is missing of a declared share from the fees."""
    contributions.advance_missing_share(unit, event.payout)


@answer(events.FindPayoutRefusal)
def find_payout_refusal(unit: UnitOfWork, question: events.FindPayoutRefusal) -> MoneyRefusal | None:
    """Return PayoutWaits while payouts wait for the tax form."""
    return tax_forms.find_payout_refusal(question.act)


@answer(events.FollowPayout)
def ask_once_for_form(unit: UnitOfWork, question: events.FollowPayout) -> Message | None:
    """Return the request for the tax form, once."""
    return tax_forms.ask_once_for_form(question.act)


@answer(events.FollowPayout)
def ask_once_for_siret(unit: UnitOfWork, question: events.FollowPayout) -> Message | None:
    """Return the question for the SIRET, once."""
    return contributions.ask_once_for_siret(question.act)


@answer(events.FindWithheldRate)
def find_withheld_rate(unit: UnitOfWork, question: events.FindWithheldRate) -> int | None:
    """Return the rate that was read in for the worker's SIRET, None without one."""
    share = contributions.get_withheld_share(unit, question.worker, question.currency, question.country)
    return share.siret_rate.rate if share.siret_rate is not None else None


@answer(events.SumWithheld)
def sum_withheld(unit: UnitOfWork, question: events.SumWithheld) -> int:
    """Return how much may be handed on, of declared shares and of the others."""
    return sum(contributions.available_to_hand_on(unit, question.currency, declared) for declared in (False, True))


@answer(events.FindLostShare)
def find_lost_share(unit: UnitOfWork, question: events.FindLostShare) -> str | None:
    """Return how the payout's share got lost, None if it can come back."""
    return contributions.find_lost_share(unit, question.payout)


@answer(events.FindNote)
def note_siret(unit: UnitOfWork, question: events.FindNote) -> Message | None:
    """Return the state of a worker's SIRET for their card of payouts."""
    state = contributions.get_siret_state(question.act) if question.card is PayoutCard else ""
    return SiretState(state == "given") if state else None


@answer(events.FindNote)
def note_papers(unit: UnitOfWork, question: events.FindNote) -> Message | None:
    """Return the state of the tax form for the card of payouts, the figures of sellers for an admin's payouts, missing
    forms for the dashboard, the offer of invoices for a requester's funds; None for other cards."""
    act = question.act
    if question.card is PayoutCard:
        state = tax_forms.get_form_state(act)
        return TaxFormState(state) if state else None
    if question.card is PayoutsOverview:
        return SellersOffered(as_datetime(unit.now).year)
    if question.card is Dashboard:
        return tax_forms.count_forms(act)
    return InvoicesOffered() if question.card is Funds and invoices.is_offered(act.house) else None
