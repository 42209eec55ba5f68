"""The book, as whoever runs the bot asks for it."""

from telegram import Update

from handlers.context import Context
from services.money import ledger as book


async def ledger(update: Update, context: Context) -> None:
    """`/ledger [ACCOUNT [CURRENCY]]`."""
    account, currency = [*(context.args or []), "", ""][:2]
    await context.transact(book.show, account, currency.upper())


async def journal(update: Update, context: Context) -> None:
    await context.transact(book.order_journal)
    await context.toast()


async def verify(update: Update, context: Context) -> None:
    """The whole house is looked through beside the writer: answers are paid meanwhile."""
    await context.look(lambda unit, person: person)
    began = context.house.clock()
    found = await context.house.database.aside(book.look_through, began)
    await context.transact(book.tell, found, began)
