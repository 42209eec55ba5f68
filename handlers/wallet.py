"""What was earned, and why."""

from telegram import Update

from handlers.context import Context
from services import admin, wallet


async def balance(update: Update, context: Context) -> None:
    """A worker's own; with a name behind it, an admin's question about somebody."""
    if context.args:
        context.role = "admin"
        await context.transact(admin.balance, context.args[0], context.house.terms)
    else:
        await context.transact(wallet.balance, context.house.terms)
    await context.toast()
