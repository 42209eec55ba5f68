"""Social contributions of French micro-entrepreneurs: SIRETs, rates, withholding, declarations and their payment.

Off unless CONTRIBUTIONS is FR. A parameter `contributions` is that setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.messages import Message
from domain.money.amounts import Millionths, parse_amount, require_whole_cents, split_leading_money
from domain.money.ledger import BANK, FEES, WITHHELD, Transfer
from domain.money.operator import FRANCE
from domain.money.payouts import FUNDING_CURRENCY, MAX_WITHHELD_BASIS_POINTS, Payout, split_withheld
from domain.people.accounts import Person
from domain.refusals import BadInput, MoreThanThere, NotFound
from extensions.eu_taxes.domain.contributions import (
    Contribution,
    ContributionRate,
    NoSiretNoted,
    RatesRead,
    SiretAsked,
    SiretNoted,
    SiretUnfit,
    SiretWanted,
    WithheldCameBack,
    WithheldHandedOn,
    WithholdingChanged,
    WithholdingSet,
    month_in_france,
)
from extensions.eu_taxes.domain.refusals import ContributionsOff
from extensions.eu_taxes.formats.tax_answers import TaxNumberProblem, read_siret
from extensions.eu_taxes.storage.contributions import Contributions, WithheldShares
from services.act import Act, Reply
from services.events import PayoutReserved
from services.money import operator_money
from services.people import accounts
from storage.unit import UnitOfWork

MAX_REASON_CHARS, MAX_REFERENCE_CHARS = 300, 140  # characters
MINUS_SIGNS = "-−–"  # signs of it, as keyboards write them


@dataclass(frozen=True, slots=True)
class WithheldShare:
    """Share that is withheld of a worker's payout: `rate` in hundredths of a percent; `siret_rate` is the rate of their
    SIRET if that is what applies, else None."""

    rate: int
    siret_rate: ContributionRate | None = None


def get_withheld_share(unit: UnitOfWork, worker: Person, currency: str, contributions: str) -> WithheldShare:
    """Return the share to withhold: the rate read in for the worker's SIRET if contributions are on and the currency is
    euros, else the rate that an admin set by hand."""
    by_hand = unit.payouts.get_rate(worker.id)
    if contributions != FRANCE or currency != FUNDING_CURRENCY:
        return WithheldShare(by_hand)
    siret = unit.records(Contributions).find_siret(worker.id)
    siret_rate = unit.records(Contributions).find_rate(siret, month_in_france(unit.now)) if siret else None
    return WithheldShare(by_hand if siret_rate is None else siret_rate.rate, siret_rate)


def set_withholding(act: Act, who: str, percent: str, reason: str) -> WithholdingSet:
    """Set the share withheld of a worker's payouts from now on (`/withhold PERSON PERCENT reason`), and tell the
    worker. Raise BadInput for a bad percentage or without a reason, and NotFound."""
    unit, rate, shown_reason = act.unit, _basis_points(percent), reason[:MAX_REASON_CHARS]
    if not 0 <= rate <= MAX_WITHHELD_BASIS_POINTS or not shown_reason:
        raise BadInput(what="withhold", value="", expected=["/withhold PERSON PERCENT reason"])
    worker = accounts.get_person(unit, who)
    unit.payouts.set_rate(worker.id, rate)
    unit.audit.note(act.person.id, "withhold", f"person:{worker.id}", basis_points=rate, reason=shown_reason)
    contribution_rate = get_withheld_share(unit, worker, FUNDING_CURRENCY, act.house.contributions).siret_rate
    siret_rate = None if contribution_rate is None else contribution_rate.rate
    if worker.id != act.person.id and worker.name:
        unit.outbox.tell(worker.id, WithholdingChanged(rate, shown_reason, siret_rate))
    return WithholdingSet(worker.label, rate, shown_reason, siret_rate)


def record_handed_on(act: Act, amount: str, reference: str) -> WithheldHandedOn | WithheldCameBack:
    """Record withheld money that an admin paid to the authority (`/withheld AMOUNT reference`), or with a minus what
    came back.

    The currency is the platform's, or one that was withheld. Raise MoreThanThere for more than is there: money that a
    failing payout may need back, and declared shares, which declarations pay, do not count. Raise BadInput or
    NotWholeCents for a bad amount, or without a reference."""
    unit, bare = act.unit, amount.lstrip(MINUS_SIGNS)
    value, currency, memo = _parse_amount(act, bare, reference, amount.removesuffix(bare))
    unit.ledger.open((WITHHELD, BANK), currency)
    unit.ledger.locked_balance(WITHHELD, currency)
    if bare != amount:
        return _record_taken_back(act, value, currency, memo)
    available = available_to_hand_on(unit, currency)
    if value > available:
        raise MoreThanThere(asked=value, available=available, currency=currency)
    transfer = Transfer(f"handed:{act.key}", "handed on", WITHHELD, BANK, value, currency, memo=memo)
    operation = unit.ledger.post(transfer)
    unit.audit.note(act.person.id, "handed on", WITHHELD, amount=value, reference=memo, transfer=operation)
    return WithheldHandedOn(value, available - value, currency, memo, operation)


def _parse_amount(act: Act, amount: str, reference: str, sign: str) -> tuple[Millionths, str, str]:
    """Return the amount, its currency and the reference (cut). Raise BadInput or NotWholeCents."""
    words, house_currency, withheld_currencies = (
        f"{amount} {reference}",
        act.house.terms.currency,
        act.unit.ledger.currencies(WITHHELD),
    )
    value, memo, currency = split_leading_money(words, house_currency, withheld_currencies, f"/withheld {sign}{{}}")
    if not value or not memo:
        raise BadInput(what="withheld", value="", expected=["/withheld AMOUNT reference"])
    require_whole_cents(value, currency, words.removesuffix(memo).strip())
    return value, currency, memo[:MAX_REFERENCE_CHARS]


def _record_taken_back(act: Act, value: Millionths, currency: str, memo: str) -> WithheldCameBack:
    """Record that the authority gave withheld money back: at most what was handed on by hand (else MoreThanThere),
    since declared shares come back with the next declaration."""
    unit = act.unit
    handed_on = unit.records(WithheldShares).sum_handed_by_hand(currency)
    if value > handed_on:
        raise MoreThanThere(asked=value, available=max(0, handed_on), currency=currency)
    transfer = Transfer(f"handedback:{act.key}", "handed back", BANK, WITHHELD, value, currency, memo=memo)
    operation = unit.ledger.post(transfer)
    unit.audit.note(act.person.id, "handed back", WITHHELD, amount=value, reference=memo, transfer=operation)
    return WithheldCameBack(value, unit.ledger.balance(WITHHELD, currency), currency, memo, operation)


def available_to_hand_on(unit: UnitOfWork, currency: str, declared: bool = False) -> int:
    """Return how much withheld money may be handed on, of declared shares or of the others: what is there, less what
    unsettled payouts may need back."""
    declared_total = unit.records(WithheldShares).get_fund(currency, declared=True)
    share_total = declared_total if declared else unit.ledger.balance(WITHHELD, currency) - declared_total
    return share_total - unit.records(WithheldShares).sum_unsettled(currency, declared)


def missing_share(unit: UnitOfWork, payout: Payout) -> int:
    """Return how much of a payout's withheld share is missing because it was handed on; 0 if nothing was withheld."""
    if not payout.withheld:
        return 0
    unit.ledger.locked_balance(WITHHELD, payout.currency)
    declared = unit.records(WithheldShares).is_declared(payout.id)
    return max(0, -unit.records(WithheldShares).get_fund(payout.currency, declared, without=payout.id))


def find_lost_share(unit: UnitOfWork, payout: Payout) -> str | None:
    """Return how a payout's share got lost, so that it cannot come back: it was handed on, or declared and the fees are
    too low to advance it; else None. A declared share can be advanced, since the next declaration nets it."""
    amount = missing_share(unit, payout)
    if not amount:
        return None
    if not unit.records(WithheldShares).is_declared(payout.id):
        return "handed on"
    return "declared" if amount > operator_money.get_free_fees(unit, payout.currency) else None


def advance_missing_share(unit: UnitOfWork, payout: Payout) -> None:
    """Lend the missing part of a payout's declared share from the fees, until the next declaration nets it."""
    if amount := missing_share(unit, payout):
        lend_from_fees(unit, amount)


def lend_from_fees(unit: UnitOfWork, amount: int) -> None:
    """Move this amount of euros from the fees to the withheld money."""
    operator_money.gather_fees(unit, FUNDING_CURRENCY, amount)
    key = f"advance:{unit.ledger.version(WITHHELD, FUNDING_CURRENCY)}"
    unit.ledger.post(Transfer(key, "advance", FEES, WITHHELD, Millionths(amount), FUNDING_CURRENCY))


def pay_back_advances(unit: UnitOfWork) -> None:
    """Return to the fees what they have lent, as far as the declared shares do not need it any more: enough stays for
    all that was declared, or will be."""
    unit.ledger.open((WITHHELD, FEES), FUNDING_CURRENCY)
    unit.ledger.locked_balance(WITHHELD, FUNDING_CURRENCY)
    records = unit.records(Contributions)
    claimed = sum(amount for _, amount in records.list_due() if amount > 0) + records.sum_unpaid()
    spare = available_to_hand_on(unit, FUNDING_CURRENCY, declared=True) - claimed
    if (amount := min(spare, unit.records(WithheldShares).sum_advances(FUNDING_CURRENCY))) > 0:
        key = f"advance back:{unit.ledger.version(WITHHELD, FUNDING_CURRENCY)}"
        unit.ledger.post(Transfer(key, "advance back", WITHHELD, FEES, Millionths(amount), FUNDING_CURRENCY))


def _basis_points(percent: str) -> int:
    """Return a percentage in basis points, or -1 if the text is none or has more than two decimals."""
    rate = parse_amount(percent.strip("%"))
    return -1 if rate is None or rate % 10_000 else rate // 10_000


JOURNEY = "siret"


def store_contribution(unit: UnitOfWork, event: PayoutReserved) -> None:
    """Store what a payout withholds by a SIRET's rate; nothing without such a rate."""
    share = get_withheld_share(unit, event.worker, event.currency, event.country)
    if share.siret_rate is None:
        return
    _, amount = split_withheld(Millionths(event.gross), share.rate)
    month = month_in_france(unit.now)
    unit.records(Contributions).insert(
        Contribution(
            event.payout, share.siret_rate.siret, month, share.siret_rate.month, share.rate, event.gross, amount
        )
    )


def ask_once_for_siret(act: Act) -> Message | None:
    """Return the question for a SIRET for a worker who was never asked and is paid to a French account, and note that
    it was asked; else None."""
    unit, person = act.unit, act.person
    if act.house.contributions != FRANCE or not _is_paid_in_france(act):
        return None
    return SiretWanted() if unit.records(Contributions).mark_asked(person.id) else None


def _is_paid_in_france(act: Act) -> bool:
    payee = act.unit.payees.find_current(act.person.id)
    return payee is not None and payee.country == FRANCE


def get_siret_state(act: Act) -> str:
    """Return `given` for a worker with a SIRET, `missing` for one with a French account only, else an empty text."""
    if act.house.contributions != FRANCE:
        return ""
    if act.unit.records(Contributions).find_siret(act.person.id):
        return "given"
    return "missing" if _is_paid_in_france(act) else ""


def ask_for_siret(act: Act) -> SiretAsked:
    """Ask the worker to type a SIRET, and keep a draft for their next message."""
    siret = act.unit.records(Contributions).find_siret(act.person.id)
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return SiretAsked(siret or "")


def clear_siret(act: Act) -> NoSiretNoted:
    """Note that the worker is no micro-entrepreneur in France (any more): a SIRET is deleted, and they are not asked
    again."""
    unit, person = act.unit, act.person
    unit.records(Contributions).mark_asked(person.id)
    unit.drafts.stop(person.id, JOURNEY)
    if unit.records(Contributions).find_siret(person.id):
        unit.records(Contributions).clear_siret(person.id)
        unit.audit.note(person.id, "siret", f"person:{person.id}", given=False)
    return NoSiretNoted()


def store_typed_siret(act: Act, draft: dict[str, Any], words: str) -> Reply:
    """Store the SIRET that the worker typed and end the draft; for an invalid one keep the draft and say so. The
    message is erased from the chat either way."""
    unit, person = act.unit, act.person
    try:
        siret = read_siret(words)
    except TaxNumberProblem:
        return Reply(SiretUnfit(), erases=True)
    unit.records(Contributions).set_siret(person.id, siret)
    unit.drafts.drop(person.id)
    unit.audit.note(person.id, "siret", f"person:{person.id}", given=True)
    rate = unit.records(Contributions).find_rate(siret, month_in_france(unit.now))
    return Reply(SiretNoted(siret, rate.rate if rate else None), erases=True)


def looks_like_siret(text: str) -> bool:
    """Return whether a text looks like a SIRET (nine digits or more): such texts are never answers to a task."""
    return sum(sign.isdigit() for sign in text) >= 9


def require_contributions_admin(act: Act) -> None:
    """Raise NotAllowed unless the sender is an admin, and ContributionsOff if contributions are off."""
    act.require("admin")
    if act.house.contributions != FRANCE:
        raise ContributionsOff()


def read_sent_rates(act: Act, rates: Sequence[ContributionRate]) -> RatesRead:
    """Store the rates of a file that an admin sent. Raise NotAllowed or ContributionsOff."""
    require_contributions_admin(act)
    store_rates(act.unit, rates)
    return RatesRead(len(rates))


def store_rates(unit: UnitOfWork, rates: Sequence[ContributionRate]) -> None:
    """Store all rates of a file; payouts that were asked for keep the rate they were shown."""
    unit.records(Contributions).store_rates(rates)
    unit.audit.note(None, "contribution rates", WITHHELD, rates=len(rates))


def declare(unit: UnitOfWork) -> int | None:
    """Create a declaration of all contributions paid since the last one, and return its number. Return None if nothing
    is due, or if the sum is negative: too much was declared, and the next declaration is lowered."""
    due = unit.records(Contributions).list_due()
    if not due or sum(amount for _, amount in due) < 0:
        return None
    number = unit.records(Contributions).insert_declaration(due)
    pay_back_advances(unit)
    unit.audit.note(None, "contributions declared", f"declaration:{number}", payouts=len(due))
    return number


def book_declaration_payment(unit: UnitOfWork, number: int, reference: str) -> int | None:
    """Book the payment of a declaration once, and return the operation's number; None if it was booked before or
    amounts to 0.

    The fees lend what is missing for payouts that came back since, until the next declaration nets it. Raise NotFound,
    and MoreThanThere if the fees have too little."""
    declaration = unit.records(Contributions).find_declaration(number)
    if declaration is None:
        raise NotFound(what="declaration", name=str(number))
    if declaration.transfer is not None or declaration.total == 0:
        return None
    unit.ledger.open((WITHHELD, BANK), FUNDING_CURRENCY)
    unit.ledger.locked_balance(WITHHELD, FUNDING_CURRENCY)
    available = available_to_hand_on(unit, FUNDING_CURRENCY, declared=True)
    if (short := declaration.total - available) > 0:
        unit.ledger.open((FEES,), FUNDING_CURRENCY)
        if short > (free_fees := operator_money.get_free_fees(unit, FUNDING_CURRENCY)):
            raise MoreThanThere(
                asked=declaration.total, available=available + max(0, free_fees), currency=FUNDING_CURRENCY
            )
        lend_from_fees(unit, short)
    amount = Millionths(declaration.total)
    transfer = Transfer(
        f"handed:declaration:{number}", "handed on", WITHHELD, BANK, amount, FUNDING_CURRENCY, memo=reference
    )
    operation = unit.ledger.post(transfer)
    if operation is not None:
        unit.records(Contributions).set_declaration_paid(number, operation)
        pay_back_advances(unit)
        unit.audit.note(None, "contributions paid", f"declaration:{number}", transfer=operation, reference=reference)
    return operation
