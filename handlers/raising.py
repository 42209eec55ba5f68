"""Pay that goes up."""

from telegram import Update

from domain.amounts import typed_amount
from domain.money import Millionths
from domain.refusals import BadInput
from handlers.context import Context
from handlers.projects import number_of
from handlers.raising_buttons import OfferRaise, RaisePay
from services import raising


async def raise_pay(update: Update, context: Context) -> None:
    """`/raise N AMOUNT`; without an amount it offers some."""
    given = (context.args or [])[1:]
    if not given:
        await context.transact(raising.offer, number_of(context), context.house.terms)
    else:
        pay = typed_amount(" ".join(given), context.house.terms.currency, f"/raise {number_of(context)} {{}}")
        if not pay:
            raise BadInput(what="raise", value=" ".join(given), expected=["amount"])
        await context.transact(raising.raise_pay, number_of(context), pay, context.house.terms)
    await context.toast()


async def offer(update: Update, context: Context) -> None:
    assert isinstance(context.button, OfferRaise)  # noqa: S101 (the route says so)
    await context.transact(raising.offer, context.button.project, context.house.terms)
    await context.toast()


async def press(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, RaisePay)  # noqa: S101 (the route says so)
    await context.transact(raising.raise_pay, pressed.project, Millionths(pressed.pay), context.house.terms)
    await context.toast()
