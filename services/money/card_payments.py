"""Card payments of requesters through Telegram: asked for, checked, booked, sent back; money at the provider."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from domain.money.amounts import CENT, Millionths, require_whole_cents, split_leading_money
from domain.money.card_payments import (
    MAX_TOTAL,
    CardInvoice,
    CardPayment,
    CardPaymentsListed,
    CardPaymentState,
    Checkout,
    ListedCardPayment,
    MadePayment,
    ProviderBalance,
    ProviderMoneyMoved,
    StrayPayment,
    StrayPaymentNoticed,
    StrayPaymentReturned,
    StrayPaymentShown,
)
from domain.money.deposits import FundsDeposited, FundsRefunded, RefundRecorded
from domain.money.ledger import BANK, CARD_FEES, CARDS, Transfer, requester_account
from domain.people.accounts import REQUESTER, Person, PersonId
from domain.people.bots import FIRST_BOT
from domain.people.teams import Right, TeamNumber
from domain.refusals import (
    AttemptPayMissing,
    BadInput,
    CheckoutRefused,
    FundingClosed,
    FundsMissing,
    JudgesPayMissing,
    MoreThanThere,
    NotFound,
    Refusal,
)
from services.act import Act, Reply
from services.fairness import cases
from services.money import deposits, operator_money, transfers
from services.people import team_spending
from storage.unit import UnitOfWork

MAX_LISTED_PAYMENTS, MAX_LISTED_STRAYS = 10, 20
FEE, FEE_BACK, PAYOUT, PAYOUT_BACK = "card fee", "card fee back", "card payout", "card payout back"
ACCOUNTS_BY_KIND = {
    FEE: (CARD_FEES, CARDS),
    FEE_BACK: (CARDS, CARD_FEES),
    PAYOUT: (BANK, CARDS),
    PAYOUT_BACK: (CARDS, BANK),
}
RETURN_CATEGORIES = ("refund", "dispute")  # of a report's lines: money that went back to a card

R = TypeVar("R", bound=Refusal)


def ask_for_invoice(act: Act, amount: int, team: TeamNumber) -> CardInvoice:
    """Return an invoice over this amount for the account that the button was made for (the router acts for `team`).
    Raise FundingClosed, and BadInput for an amount that no card can pay."""
    return make_invoice(act, amount)


def make_invoice(act: Act, amount: int) -> CardInvoice:
    """Store that the requester was asked for this amount, and return its invoice; the same amount asked for again while
    it is open is the same payment. Raise FundingClosed, and BadInput for an amount that no card can pay."""
    cards, currency = act.house.cards, act.house.terms.currency
    if not cards or act.chat.bot != FIRST_BOT:  # the provider's token is of the first bot
        raise FundingClosed(why="cards", currency=currency)
    if not cards.takes(amount):
        bounds = [str(cards.minimum // CENT), str(cards.maximum // CENT), currency]
        raise BadInput(what="card_amount", value="", expected=bounds)
    payment = act.unit.card_payments.ask(act.person.id, act.chat.id, amount, currency)
    return CardInvoice(payment.id, amount, currency, act.person.team_name)


def offer_card(act: Act, refusal: R) -> R:
    """Return a refusal for missing money with the amount that a card can pay; other refusals as they are."""
    if not isinstance(refusal, FundsMissing | AttemptPayMissing | JudgesPayMissing):
        return refusal
    return replace(refusal, card=act.house.card_amount(refusal.missing, refusal.currency))


def check_payment(act: Act, checkout: Checkout) -> Refusal | None:
    """Let a payment be made: note it and return None. Return the reason if it must not be: it was asked of somebody
    else, is not open any more, has another amount, or its payer may not add money any more."""
    payment = _find_payment(act.unit, checkout.payload)
    try:
        _require_payable(act, payment, checkout)
    except Refusal as refusal:
        return refusal
    if payment is not None:
        act.unit.card_payments.set_checked(payment.id)
    return None


def _require_payable(act: Act, payment: CardPayment | None, checkout: Checkout) -> None:
    """Raise CheckoutRefused, NotAllowed, Suspended, NotInTeam or TeamHalted."""
    unit, person = act.unit, act.person
    if payment is None or payment.payer != person.id:
        raise CheckoutRefused(why="person")
    if not payment.is_open or payment.open_until <= unit.now:
        raise CheckoutRefused(why="closed")
    if not _has_amount(payment, checkout.total, checkout.currency):
        raise CheckoutRefused(why="amount")
    act.require(REQUESTER)
    account = unit.people.get(payment.account)
    if deposits.has_left(unit, account):
        raise CheckoutRefused(why="closed")
    if account.is_team:
        team_spending.act_for_team(act, account.id, Right.SPEND)


def book_payment(act: Act, made: MadePayment) -> None:
    """Book a payment that was made, once however often it is reported, and tell the payer. One that fits none that was
    asked for is not booked: it is put before the admins, and the payer is told."""
    unit = act.unit
    if unit.card_payments.is_charge_known(made.charge):
        return
    payment = _find_payment(unit, made.payload)
    why = _find_misfit(unit, act.person, payment, made)
    if payment is None or why:
        keep_stray(unit, act.house.admins, act.person, made, why)
        return
    account, name = unit.people.get(payment.account), _get_name(payment)
    operation = _post_deposit(unit, account, payment.amount, payment.currency, made.charge, name)
    unit.card_payments.set_paid(payment.id, made, operation)
    _tell_deposited(unit, payment.payer, account, operation, (payment.amount, payment.currency))
    unit.audit.note(act.person.id, "card payment", f"card payment:{payment.id}", amount=payment.amount)


def _post_deposit(unit: UnitOfWork, account: Person, amount: Millionths, currency: str, charge: str, name: str) -> int:
    """Move what a card paid to the account; return the operation's number."""
    operation = transfers.post_deposit(
        unit, account, amount=amount, currency=currency, key=f"card:{charge}", memo=name, source=CARDS
    )
    if operation is None:
        raise RuntimeError(f"{name} was booked before, and its row does not say so")
    return operation


def _tell_deposited(unit: UnitOfWork, payer: PersonId, account: Person, operation: int, made: tuple[int, str]) -> None:
    """Tell the payer that (amount, currency) arrived."""
    amount, currency = made
    free_money = unit.ledger.balance(requester_account(account), currency)
    unit.outbox.tell(payer, FundsDeposited(amount, free_money, currency, "", operation, account.team_name))


def _find_payment(unit: UnitOfWork, payload: str) -> CardPayment | None:
    """Return the payment that the payload of an invoice names, None if it names none."""
    is_number = payload.isascii() and payload.isdecimal() and len(payload) <= 15
    return unit.card_payments.find(int(payload)) if is_number else None


def _has_amount(payment: CardPayment, total: int, currency: str) -> bool:
    return payment.amount == total * CENT and payment.currency == currency


def _find_misfit(unit: UnitOfWork, payer: Person, payment: CardPayment | None, made: MadePayment) -> str:
    """Return why a payment that was made cannot be booked by itself, "" if it can be."""
    if payment is None:
        return "unknown"
    checks = {
        "person": payment.payer == payer.id,
        "amount": _has_amount(payment, made.total, made.currency),
        "twice": payment.is_open,
        "unchecked": payment.state is not CardPaymentState.ASKED,
        "gone": not deposits.has_left(unit, unit.people.get(payment.account)),
    }
    return next((why for why, holds in checks.items() if not holds), "")


def keep_stray(unit: UnitOfWork, admins: Iterable[int], payer: Person, made: MadePayment, why: str) -> None:
    """Store a payment that cannot be booked by itself, and tell the payer and the admins; nothing if it is stored."""
    stray = unit.card_payments.add_stray(payer.id, made, why)
    if stray is None:
        return
    unit.outbox.tell(payer.id, StrayPaymentNoticed(made.total, made.currency))
    for admin in cases.get_deciders(unit, frozenset(admins), (payer.id,)):
        unit.outbox.tell(admin, _show(unit, stray, made.currency))


def _show(unit: UnitOfWork, stray: StrayPayment, currency: str) -> StrayPaymentShown:
    payer = unit.people.get(stray.payer)
    may_credit = stray.currency == currency and 0 < stray.total < MAX_TOTAL and not deposits.has_left(unit, payer)
    return StrayPaymentShown(
        number=stray.id,
        who=payer.label,
        total=stray.total,
        currency=stray.currency,
        why=stray.why,
        charge=stray.charge,
        provider_charge=stray.provider_charge,
        state=stray.state,
        may_credit=may_credit,
    )


def show_stray(act: Act, stray: int) -> StrayPaymentShown:
    """Return a payment that fits none that was asked for. Raise NotFound."""
    return _show(act.unit, _get_stray(act.unit, stray), act.house.terms.currency)


def credit_stray(act: Act, stray: int) -> Reply:
    """Add a stray payment to its payer's own funds, once, and tell the payer. Return the outcome, also if it was
    decided before. Raise NotFound, OwnMatter, and BadInput if it cannot be added: another currency, or its payer has
    left."""
    unit, payment = act.unit, _get_stray(act.unit, stray)
    if payment.state == "waiting":
        cases.require_decider(act, payment.payer)
        if not _show(unit, payment, act.house.terms.currency).may_credit:
            raise BadInput(what="stray_payment", value=str(stray), expected=[])
        payer, amount = unit.people.get(payment.payer), Millionths(payment.total * CENT)
        name = f"stray card payment {stray}"
        operation = _post_deposit(unit, payer, amount, payment.currency, payment.charge, name)
        unit.card_payments.close_stray(stray, "credited", act.person.id, operation)
        unit.audit.note(act.person.id, "deposit", f"person:{payer.id}", amount=amount, transfer=operation)
        _tell_deposited(unit, payer.id, payer, operation, (amount, payment.currency))
    return Reply(show_stray(act, stray), edits=act.message)


def return_stray(act: Act, stray: int) -> Reply:
    """Record that an admin sent a stray payment back at the provider, and tell its payer; nothing is booked. Return the
    outcome, also if it was decided before. Raise NotFound, or OwnMatter."""
    unit, payment = act.unit, _get_stray(act.unit, stray)
    if payment.state == "waiting":
        cases.require_decider(act, payment.payer)
    if unit.card_payments.close_stray(stray, "returned", act.person.id):
        unit.audit.note(act.person.id, "refund", f"person:{payment.payer}", charge=payment.charge)
        unit.outbox.tell(payment.payer, StrayPaymentReturned(payment.total, payment.currency))
    return Reply(show_stray(act, stray), edits=act.message)


def _get_stray(unit: UnitOfWork, number: int) -> StrayPayment:
    """Raises NotFound."""
    stray = unit.card_payments.find_stray(number)
    if stray is None:
        raise NotFound(what="card_payment", name=str(number))
    return stray


def refund_payment(act: Act, number: int, amount: str) -> RefundRecorded:
    """Record that a payment, or the part `amount` of it, was sent back to its card at the provider
    (`/cardrefund N [AMOUNT]`), and tell the payer. Raise NotFound for a payment that was not made, BadInput,
    NotWholeCents, and MoreThanThere if the account has less, or less of the payment is left."""
    unit, payment = act.unit, act.unit.card_payments.find(number)
    if payment is None or payment.charge is None:
        raise NotFound(what="card_payment", name=str(number))
    left = Millionths(payment.amount - payment.refunded)
    value = _parse_part(payment, amount) if amount else left
    if not 0 < value <= left:
        raise MoreThanThere(asked=value, available=left, currency=payment.currency)
    operation = record_refund(act, payment, value, act.key)
    account = unit.people.get(payment.account)
    free_money = unit.ledger.balance(requester_account(account), payment.currency)
    return RefundRecorded(account.label, value, free_money, payment.currency, _get_name(payment), operation)


def record_refund(act: Act, payment: CardPayment, value: Millionths, key: str) -> int | None:
    """Record that a part of a payment, no more than is left of it, went back to its card, and tell the payer; return
    the operation's number. Raise MoreThanThere if the account has less."""
    unit, account, name = act.unit, act.unit.people.get(payment.account), _get_name(payment)
    operation = transfers.post_refund(
        unit, account, value, payment.currency, key=f"card:{payment.id}:{key}", memo=name, target=CARDS
    )
    unit.card_payments.add_refunded(payment.id, value)
    unit.audit.note(act.person.id, "refund", f"person:{account.id}", amount=value, reference=name, transfer=operation)
    if payment.payer != act.person.id:
        free_money = unit.ledger.balance(requester_account(account), payment.currency)
        facts = (value, free_money, payment.currency, name)
        unit.outbox.tell(payment.payer, FundsRefunded(*facts, operation, account.team_name))
    return operation


def _get_name(payment: CardPayment) -> str:
    return f"card payment {payment.id}"


def _parse_part(payment: CardPayment, amount: str) -> Millionths:
    """Return the typed amount. Raise BadInput or NotWholeCents."""
    usage = f"/cardrefund {payment.id} {{}}"
    value, _, currency = split_leading_money(amount, payment.currency, [payment.currency], usage)
    if not value:
        raise BadInput(what="card_refund", value=amount, expected=[usage.format("AMOUNT")])
    require_whole_cents(value, currency, amount)
    return value


def record_fee(act: Act, amount: str, reason: str) -> ProviderMoneyMoved:
    """Record what the provider has kept of the payments, which the operator bears; with a minus what it gave back
    (`/cardfee AMOUNT reason`). Raise BadInput, NotWholeCents, and MoreThanThere for more than lies at the provider."""
    return _record_typed(act, "cardfee", (FEE, FEE_BACK), amount, reason)


def record_payout(act: Act, amount: str, reason: str) -> ProviderMoneyMoved:
    """Record what the provider paid to the bank account; with a minus what it took back (`/cardpayout AMOUNT
    reference`). Raise BadInput, NotWholeCents, and MoreThanThere for more than lies at the provider."""
    return _record_typed(act, "cardpayout", (PAYOUT, PAYOUT_BACK), amount, reason)


def _record_typed(act: Act, command: str, kinds: tuple[str, str], amount: str, reason: str) -> ProviderMoneyMoved:
    value, currency, memo, is_back = operator_money.read_typed_movement(act, command, amount, reason, of_account=CARDS)
    kind = kinds[1 if is_back else 0]
    operation = move_provider_money(act, kind, amount=value, currency=currency, key=act.key, memo=memo)
    return ProviderMoneyMoved(kind, value, currency, memo, -act.unit.ledger.balance(CARDS, currency), operation)


def move_provider_money(act: Act, kind: str, amount: Millionths, currency: str, key: str, memo: str) -> int | None:
    """Move money between the provider and the bank, or the provider's fees; return the operation's number, or None if
    the key was booked before. Raise MoreThanThere for more than lies at the provider."""
    unit = act.unit
    unit.ledger.open((BANK, CARDS, CARD_FEES), currency)
    if unit.ledger.is_posted(f"{kind}:{key}"):
        return None
    held = max(0, -unit.ledger.locked_balance(CARDS, currency))
    if kind in (FEE, PAYOUT) and amount > held:
        raise MoreThanThere(asked=amount, available=held, currency=currency)
    operation = unit.ledger.post(Transfer(f"{kind}:{key}", kind, *ACCOUNTS_BY_KIND[kind], amount, currency, memo=memo))
    unit.audit.note(act.person.id, kind, CARDS, amount=amount, reference=memo, transfer=operation)
    return operation


def list_payments(act: Act) -> CardPaymentsListed:
    """Return the money at the provider, stray payments that wait and the newest payments (`/cards`)."""
    unit = act.unit
    payments = unit.card_payments.list_newest_paid(MAX_LISTED_PAYMENTS)
    return CardPaymentsListed(
        balances=tuple(
            ProviderBalance(currency, -unit.ledger.balance(CARDS, currency), -unit.ledger.balance(CARD_FEES, currency))
            for currency in unit.ledger.currencies(CARDS)
        ),
        waiting=tuple(unit.card_payments.list_waiting_strays(MAX_LISTED_STRAYS)),
        payments=tuple(_list_payment(unit, payment) for payment in payments),
        is_open=bool(act.house.cards),
    )


def _list_payment(unit: UnitOfWork, payment: CardPayment) -> ListedCardPayment:
    label = unit.people.get(payment.account).label
    return ListedCardPayment(
        payment.id, label, payment.amount, payment.refunded, payment.currency, payment.provider_charge
    )
