"""What anybody may know about the house."""

from telegram import Update

from handlers.context import Context
from services.fairness import stats


async def house(update: Update, context: Context) -> None:
    currency = context.house.terms.currency
    await stats.refresh(context.house.database, context.house.clock, currency)
    await context.transact(stats.show, currency)
