"""What was earned, and why."""

from telegram import Update

from handlers.context import Context
from handlers.payloads.money import GetStatement
from jobs import statements
from services.money import wallet
from services.people import roles


async def balance(update: Update, context: Context) -> None:
    """A worker's own; with a name behind it, an admin's question about somebody."""
    if context.args:
        context.role = "admin"
        await context.transact(roles.balance, context.args[0], context.house.terms)
    else:
        await context.transact(wallet.balance, context.house.terms)
    await context.toast()


async def statement(update: Update, context: Context) -> None:
    """`/statement [YYYY-MM] [csv]`: this month, or another."""
    pressed = getattr(context, "button", None)
    asked = (pressed.month, pressed.format) if isinstance(pressed, GetStatement) else (context.args or [])
    month, form = [*asked, "", ""][:2]
    await context.transact(statements.order, month, form.lower() or "pdf", context.house.terms.currency)
    await context.toast()
