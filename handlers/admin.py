"""What whoever runs the bot asks and does."""

from telegram import Update

from handlers.context import Context
from services.people import dashboard as watched


async def overview(update: Update, context: Context) -> None:
    currency = context.house.terms.currency
    seen = await context.aside(lambda unit, person: watched.look(unit, currency))
    await context.transact(watched.show, seen)
