"""What a requester says about tasks that could not be shown."""

from telegram import Update

from handlers.context import Context
from handlers.payloads.projects import GoOn
from services.work import undelivered


async def go_on(update: Update, context: Context) -> None:
    assert isinstance(context.button, GoOn)  # noqa: S101 (the route says so)
    await context.transact(undelivered.go_on, context.button.project)
    await context.toast()
