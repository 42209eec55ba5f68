"""`/forget`: one project, or everything."""

from telegram import Update

from handlers.context import Context
from handlers.payloads.people import Forget, Withdraw
from handlers.projects import number_of
from services.people import erasure


async def forget(update: Update, context: Context) -> None:
    """`/forget` asks; `/forget 7` asks whether the consent to project 7 shall end."""
    if context.args:
        await context.transact(erasure.ask_withdraw, number_of(context))
    else:
        await context.transact(erasure.ask)


async def press(update: Update, context: Context) -> None:
    assert isinstance(context.button, Forget)  # noqa: S101 (the route says so)
    if context.button.sure == 0:
        await context.transact(erasure.ask, True)
    elif context.button.sure == 1:
        await context.transact(erasure.forget)
    else:
        await context.transact(erasure.keep)
    await context.toast()


async def press_one(update: Update, context: Context) -> None:
    assert isinstance(context.button, Withdraw)  # noqa: S101 (the route says so)
    if context.button.sure == 1:
        await context.transact(erasure.withdraw, context.button.project)
    else:
        await context.transact(erasure.keep)
    await context.toast()
