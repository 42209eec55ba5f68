"""What whoever runs the bot asks and does."""

from telegram import Update

from domain.money.amount_input import typed_amount
from domain.money.amounts import Millionths
from domain.refusals import BadInput
from handlers.context import Context
from services.people import dashboard as watched
from services.people import roles


async def overview(update: Update, context: Context) -> None:
    currency = context.house.terms.currency
    seen = await context.aside(lambda unit, person: watched.look(unit, currency))
    await context.transact(watched.show, seen)


async def deposit(update: Update, context: Context) -> None:
    """`/deposit PERSON AMOUNT [reference]`: recorded once per message, however often it is delivered."""
    who, value, reference = _money(context, "deposit")
    await context.transact(roles.deposit, who, value, reference, str(update.update_id), context.house.terms)


async def refund(update: Update, context: Context) -> None:
    """`/refund PERSON AMOUNT [reference]`: the way back of a deposit."""
    who, value, reference = _money(context, "refund")
    await context.transact(roles.refund, who, value, reference, str(update.update_id), context.house.terms)


def _money(context: Context, command: str) -> tuple[str, Millionths, str]:
    who, amount, *reference = [*(context.args or []), "", ""][: max(2, len(context.args or []))]
    how = (f"/{command} {who} {{}}", f"/{command} PERSON AMOUNT [reference]")
    value = typed_amount(amount, context.house.terms.currency, *how)
    if who and amount and not value:
        raise BadInput(what=f"{command}_amount", value=amount, expected=["amount"])
    if not who or not value:
        raise BadInput(what=command, value=" ".join(context.args or []), expected=[f"/{command} PERSON AMOUNT"])
    return who, value, " ".join(reference)[:140]
