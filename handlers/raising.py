"""Pay that goes up."""

from telegram import Update

from domain.money.amount_input import typed_amount
from domain.money.amounts import Millionths
from domain.refusals import BadInput
from handlers.context import Context
from handlers.payloads.projects import OfferRaise, RaisePay
from handlers.projects import number_of
from services.projects import pay_raises


async def raise_pay(update: Update, context: Context) -> None:
    """`/raise N AMOUNT`; without an amount it offers some."""
    given = (context.args or [])[1:]
    if not given:
        await context.transact(pay_raises.offer, number_of(context), context.house.terms)
    else:
        pay = typed_amount(" ".join(given), context.house.terms.currency, f"/raise {number_of(context)} {{}}")
        if not pay:
            raise BadInput(what="raise", value=" ".join(given), expected=["amount"])
        await context.transact(pay_raises.raise_pay, number_of(context), pay, context.house.terms)
    await context.toast()


async def offer(update: Update, context: Context) -> None:
    assert isinstance(context.button, OfferRaise)  # noqa: S101 (the route says so)
    await context.transact(pay_raises.offer, context.button.project, context.house.terms)
    await context.toast()


async def press(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, RaisePay)  # noqa: S101 (the route says so)
    await context.transact(pay_raises.raise_pay, pressed.project, Millionths(pressed.pay), context.house.terms)
    await context.toast()
