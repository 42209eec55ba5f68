"""Payouts: shown, requested, reserved. Their settlement: services/money/settlement.py."""

from dataclasses import replace
from typing import Any

from domain.messages import Message
from domain.money.amount_input import typed_amount
from domain.money.amounts import CENT, Millionths
from domain.money.ledger import WITHHELD, Transfer, available_account, payout_account
from domain.money.messages.payouts import AccountNoted, HolderAsked, PayoutCard, PayoutRequested, PayoutUnread
from domain.money.payouts import Channel, Payee, PayoutId, split, whole_cents
from domain.people.people import Person
from domain.refusals import AlreadyAsked, BelowLeast, MoreThanThere, NothingToPay
from locales.languages import words
from services.act import Act, Reply
from services.money import payees, withholding
from services.money.payout_views import view
from services.money.taxes import asking, contributions
from storage.unit import UnitOfWork

SHOWN = 6
ALL = words("all")


def show(act: Act) -> tuple[Message, ...]:
    """`/payout`: the sum available, the bank account, payouts on their way. Asks for an account where there is none."""
    return _with_form(act, cards(act))


def _with_form(act: Act, shown: tuple[Message, ...]) -> tuple[Message, ...]:
    """The first card says how the tax form, and the SIRET, stand."""
    first = shown[0]
    if not isinstance(first, PayoutCard):
        return shown
    return (replace(first, tax_form=asking.state(act), siret=contributions.state(act)), *shown[1:])


def ask_for(act: Act, amount: str) -> Reply | tuple[Message, ...]:
    """`/payout 12.50` and `/payout all` ask at once."""
    word, currency = amount.lower().strip("€"), act.house.terms.currency
    asked = None if word in ALL else typed_amount(word, currency)
    if asked is None and word not in ALL:
        return Reply(PayoutUnread(), erases=True)  # it may be an IBAN, typed too early
    return _requested(act, currency, asked)


def press(act: Act, turn: int, amount: int, currency: str, net: int) -> tuple[Message, ...]:
    """`turn` identifies a button's showing, so that a second press does nothing. Where another sum than the button's
    `net` would reach them, the card is shown again."""
    rate = withholding.share(act.unit, act.person, currency, act.house.contributions).rate
    if split(whole_cents(amount), rate)[0] != net and turn == act.unit.payouts.count(act.person.id) + 1:
        return _with_form(act, tuple(_changed(each, currency) for each in cards(act, amount)))
    done = _requested(act, currency, amount, turn)
    take_away(act, currency)
    return done


def _changed(shown: Message, currency: str) -> Message:
    return replace(shown, changed=True) if isinstance(shown, PayoutCard) and shown.currency == currency else shown


def take_away(act: Act, currency: str) -> None:
    """The pressed card says how things stand, without the button that has done its work."""
    payee = act.unit.payees.current(act.person.id)
    if payee is not None and act.message is not None:
        (card,) = _with_form(act, (replace(_card(act, payee, currency), asked=True),))
        act.unit.outbox.tell(act.person.id, card, klass="nudge", edits=act.message)


def press_rest(act: Act, turn: int, currency: str) -> tuple[Message, ...]:
    """Of somebody who leaves: all there is, also less than Wise is asked to send otherwise."""
    return _requested(act, currency, None, turn, least=0)


def rest_of(act: Act, currency: str) -> int:
    """The payout that it would be, by its turn, where all there is is less than goes through Wise; else 0."""
    payee = act.unit.payees.current(act.person.id)
    if payee is None:
        return 0
    card = _card(act, payee, currency, country=act.house.contributions)
    return card.turn if card.net < card.least else 0


def _requested(
    act: Act, currency: str, amount: int | None, turn: int | None = None, least: int | None = None
) -> tuple[Message, ...]:
    """The first payout asks for the tax form; one that has waited too long for it is refused."""
    asking.gate(act)
    house = act.house
    least = house.wise_least if least is None else least
    done = request(act.unit, act.person, currency, amount, turn, house.contributions, least)
    if not isinstance(done, PayoutRequested):
        return (done,)
    return (*asking.beside(act, done), *contributions.wanted(act))


def typed(act: Act, kept: dict[str, Any], words: str) -> tuple[Message | Reply, ...]:
    """The account's holder, or its number; with both the payout goes on where it was.

    A number is taken out of the chat, right or wrong.
    """
    answer = payees.typed(act.unit, act.person, words, act.house.wise)
    said = Reply(answer, erases="@" in words or any(sign.isdigit() for sign in words))
    if not isinstance(answer, AccountNoted):
        return (said,)
    return (said, *_with_form(act, cards(act, kept.get("amount"))))


def cards(act: Act, asked: int | None = None) -> tuple[Message, ...]:
    """One card for each currency there is a cent in, the platform's first."""
    unit, worker, currency = act.unit, act.person, act.house.terms.currency
    payee = unit.payees.current(worker.id)
    if payee is None:
        return (payees.begin(unit, worker, asked),)
    account = available_account(worker)
    others = [
        each
        for each in unit.ledger.currencies(account)
        if each != currency and unit.ledger.balance(account, each) >= CENT
    ]
    first = _card(act, payee, currency, asked, act.house.contributions)
    return (first, *(_card(act, payee, other) for other in others))


def _card(act: Act, payee: Payee, currency: str, asked: int | None = None, country: str = "") -> PayoutCard:
    """The card of one currency: earnings are paid out in the currency they were earned in."""
    unit, worker = act.unit, act.person
    there = unit.ledger.balance(available_account(worker), currency)
    least = act.house.wise_least if payee.channel == Channel.WISE else 0
    rate = withholding.share(unit, worker, currency, country).rate
    net, withheld = split(whole_cents(there if asked is None else min(there, asked)), rate)
    if net < least:  # what was asked for is too little: all of it may do
        net, withheld = split(whole_cents(there), rate)
    coming = unit.payees.coming(worker.id)
    return PayoutCard(
        available=there,
        gross=net + withheld,
        net=net,
        withheld=withheld,
        currency=currency,
        turn=unit.payouts.count(worker.id) + 1,
        on_the_way=tuple(view(unit, payout) for payout in unit.payouts.of(worker.id, SHOWN)),
        account=payee.masked,
        holder=payee.holder,
        coming=coming.masked if coming else None,
        usable_at=coming.usable_at if coming else None,
        wise=payee.channel == Channel.WISE,
        least=least,
    )


def request(
    unit: UnitOfWork,
    worker: Person,
    currency: str,
    asked: int | None,
    turn: int | None = None,
    country: str = "",
    wise_least: int = 0,
) -> HolderAsked | PayoutRequested:
    """Reserves the amount, all of it when `asked` is None. Without an account it is asked for first.

    `country`: whose social contributions are withheld; `wise_least`: the smallest sum that goes through Wise.
    """
    payee = unit.payees.current(worker.id)
    if payee is None:
        return payees.begin(unit, worker, asked)
    following = unit.payouts.count(worker.id) + 1
    gross = _gross(unit, worker, currency, asked) if turn in (None, following) else None
    share = withholding.share(unit, worker, currency, country)
    net, withheld = split(gross or Millionths(0), share.rate)
    if gross and payee.channel == Channel.WISE and net < wise_least:
        there = unit.ledger.balance(available_account(worker), currency)
        raise BelowLeast(least=wise_least, available=there, currency=currency)
    payout = unit.payouts.ask(worker.id, following, payee.id, currency, net, withheld) if gross else None
    if payout is None:
        raise AlreadyAsked()
    contributions.note(unit, payout, net + withheld, share)
    _reserve(unit, worker, payout, net, withheld, currency)
    return PayoutRequested(
        view(unit, unit.payouts.get(payout)), unit.ledger.balance(available_account(worker), currency)
    )


def _gross(unit: UnitOfWork, worker: Person, currency: str, asked: int | None) -> Millionths:
    """The sum in whole cents; the rest stays available."""
    there = unit.ledger.locked_balance(available_account(worker), currency)
    gross = whole_cents(there if asked is None else asked)
    if there < CENT or gross < CENT:
        raise NothingToPay(available=there, currency=currency, named=there >= CENT)
    if gross > there:
        raise MoreThanThere(asked=gross, available=there, currency=currency)
    return gross


def _reserve(
    unit: UnitOfWork, worker: Person, payout: PayoutId, net: Millionths, withheld: Millionths, currency: str
) -> None:
    source, target = available_account(worker), payout_account(worker)
    unit.ledger.open((source, target, WITHHELD), currency)
    unit.ledger.post(Transfer(f"payout:{payout}", "payout", source, target, net, currency))
    if withheld:
        unit.ledger.post(Transfer(f"withhold:{payout}", "withhold", source, WITHHELD, withheld, currency))
