"""What a worker takes out: shown, asked for, reserved. What becomes of it: services/money/settlement.py."""

from typing import Any

from domain.money.amounts import CENT, Millionths
from domain.money.ledger import WITHHELD, Transfer, available_account, payout_account
from domain.money.payouts import Payee, Payout, PayoutId, split, whole_cents
from domain.people.people import Person
from domain.refusals import AlreadyAsked, MoreThanThere, NothingToPay
from services.money import payees
from storage.unit import UnitOfWork

SHOWN = 6


def show(unit: UnitOfWork, worker: Person, currency: str, asked: int | None = None) -> None:
    """`/payout`: what can be paid out and where to, and what is on its way. Without an account it is asked for."""
    payee = unit.payees.current(worker.id)
    if payee is None:
        payees.begin(unit, worker, asked)
        return
    _card(unit, worker, payee, currency, asked)
    for other in unit.ledger.currencies(available_account(worker)):
        if other != currency and unit.ledger.balance(available_account(worker), other) >= CENT:
            _card(unit, worker, payee, other)


def _card(unit: UnitOfWork, worker: Person, payee: Payee, currency: str, asked: int | None = None) -> None:
    """What was earned in one currency leaves in it."""
    there = unit.ledger.balance(available_account(worker), currency)
    gross = min(whole_cents(there), whole_cents(there if asked is None else asked))
    net, withheld = split(Millionths(gross), unit.payouts.rate(worker.id))
    unit.outbox.say(
        worker.id,
        "payouts.card",
        available=there,
        gross=gross,
        net=net,
        withheld=withheld,
        currency=currency,
        turn=unit.payouts.count(worker.id) + 1,
        on_the_way=[described(unit, payout) for payout in unit.payouts.of(worker.id, SHOWN)],
        **_account(unit, worker, payee),
    )


def typed(unit: UnitOfWork, worker: Person, text: str, currency: str) -> None:
    """The account's holder, or its number; with both the payout goes on where it was."""
    answered = payees.typed(unit, worker, text)
    if answered is not None:
        show(unit, worker, currency, answered.get("amount"))


def request(unit: UnitOfWork, worker: Person, currency: str, asked: int | None, turn: int | None = None) -> None:
    """Reserves the amount, all of it when `asked` is None; `turn` is what a button pressed twice is known by."""
    payee = unit.payees.current(worker.id)
    if payee is None:
        payees.begin(unit, worker, asked)
        return
    following = unit.payouts.count(worker.id) + 1
    gross = _gross(unit, worker, currency, asked) if turn in (None, following) else None
    net, withheld = split(gross or Millionths(0), unit.payouts.rate(worker.id))
    payout = unit.payouts.ask(worker.id, following, payee.id, currency, net, withheld) if gross else None
    if payout is None:
        raise AlreadyAsked()
    _reserve(unit, worker, payout, net, withheld, currency)
    asked_for = unit.payouts.find(payout)
    assert asked_for is not None  # noqa: S101 (it was just written)
    left = unit.ledger.balance(available_account(worker), currency)
    unit.outbox.say(worker.id, "payouts.requested", left=left, **described(unit, asked_for))


def described(unit: UnitOfWork, payout: Payout) -> dict[str, Any]:
    """Facts of one payout; its number for the worker is the operation's."""
    return {
        "number": unit.payouts.transfer(f"payout:{payout.id}"),
        "payout": payout.id,
        "gross": payout.gross,
        "net": payout.net,
        "withheld": payout.withheld,
        "currency": payout.currency,
        "state": payout.state.value,
        "reason": payout.reason,
        "account": unit.payees.get(payout.payee).masked,
        "requested_at": payout.requested_at,
        "decided_at": payout.decided_at,
    }


def _account(unit: UnitOfWork, worker: Person, payee: Payee) -> dict[str, Any]:
    coming = unit.payees.coming(worker.id)
    return {
        "account": payee.masked,
        "holder": payee.holder,
        "coming": coming.masked if coming else None,
        "usable_at": coming.usable_at if coming else None,
    }


def _gross(unit: UnitOfWork, worker: Person, currency: str, asked: int | None) -> Millionths:
    """Whole cents; what is below a cent stays available."""
    there = unit.ledger.locked_balance(available_account(worker), currency)
    gross = whole_cents(there if asked is None else asked)
    if there < CENT or gross < CENT:
        raise NothingToPay(available=there, currency=currency)
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
