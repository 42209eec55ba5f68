"""What whoever runs the bot asks and does."""

from telegram import Update

from domain.money import parse_amount
from domain.refusals import BadInput
from handlers.context import Context
from services import admin


async def overview(update: Update, context: Context) -> None:
    await context.transact(admin.overview, context.house.terms)


async def deposit(update: Update, context: Context) -> None:
    """`/deposit PERSON AMOUNT [reference]`: recorded once per message, however often it is delivered."""
    who, amount, *reference = [*(context.args or []), "", ""][: max(2, len(context.args or []))]
    value = parse_amount(amount)
    if who and amount and not value:
        raise BadInput(what="deposit_amount", value=amount, expected=["amount"])
    if not who or not value:
        raise BadInput(
            what="deposit", value=" ".join(context.args or []), expected=["/deposit PERSON AMOUNT [reference]"]
        )
    key = str(update.update_id)
    await context.transact(admin.deposit, who, value, " ".join(reference)[:140], key, context.house.terms)


async def role(update: Update, context: Context) -> None:
    """`/role PERSON requester on|off`."""
    args = [word.lower() for word in context.args or []]
    if len(args) != 3 or args[1] != "requester" or args[2] not in ("on", "off"):
        raise BadInput(
            what="role", value=" ".join(args), expected=["/role PERSON requester on", "/role PERSON requester off"]
        )
    await context.transact(
        lambda unit, person: admin.set_role(unit, person, args[0], args[2] == "on", context.house.roles)
    )
