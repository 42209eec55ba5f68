"""`/settings`: one message, edited with each press."""

from telegram import Update

from handlers.context import Context
from handlers.payloads.people import ChangeSetting, ShowSettings
from services.people import settings


async def settings_(update: Update, context: Context) -> None:
    """`/settings` opens them; `/settings Dakar` says where the clock is read."""
    words = " ".join(context.args or ())
    if words:
        await context.transact(settings.find_zone, context.house.terms, words)
    else:
        await context.transact(settings.open_, context.house.terms)


async def show(update: Update, context: Context) -> None:
    assert isinstance(context.button, ShowSettings)  # noqa: S101 (the route says so)
    await context.transact(settings.show, context.house.terms, context.button.page, context.pressed_message)
    await context.toast()


async def change(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, ChangeSetting)  # noqa: S101 (the route says so)
    message = context.pressed_message
    await context.transact(settings.change, context.house.terms, pressed.what, pressed.value, message)
    await context.toast()


async def pause(update: Update, context: Context) -> None:
    await context.transact(settings.pause, context.house.terms, context.pressed_message)
    await context.toast()
