"""An answer that is changed within its minute."""

from telegram import Update

from domain.work.assignments import AssignmentId
from handlers.context import Context
from handlers.payloads.work import (
    AmendAnswer,
    AmendCantTell,
    AmendChoose,
    AmendDone,
    AmendUndo,
    ChangeAnswer,
    KeepAnswer,
)
from services.work import corrections


async def change(update: Update, context: Context) -> None:
    assert isinstance(context.button, ChangeAnswer)  # noqa: S101 (the route says so)
    message = context.button.message or None
    await context.transact(corrections.reopen, AssignmentId(context.button.assignment), message)
    above = message is not None and message != context.pressed_message
    await context.toast(context.t.plain("⬆️ Choose again, one message up.") if above else "")


async def amend(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, AmendAnswer | AmendCantTell)  # noqa: S101 (the route says so)
    handed_in = str(pressed.option) if isinstance(pressed, AmendAnswer) else None
    number = AssignmentId(pressed.assignment)
    await context.toast(_toast(context, await context.transact(corrections.submit, number, handed_in, _here(context))))


async def choose(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, AmendChoose)  # noqa: S101 (the route says so)
    await context.transact(corrections.choose, AssignmentId(pressed.assignment), pressed.option, _here(context))
    await context.toast()


async def undo(update: Update, context: Context) -> None:
    assert isinstance(context.button, AmendUndo)  # noqa: S101 (the route says so)
    await context.transact(corrections.undo, AssignmentId(context.button.assignment), _here(context))
    await context.toast()


async def done(update: Update, context: Context) -> None:
    assert isinstance(context.button, AmendDone)  # noqa: S101 (the route says so)
    number = AssignmentId(context.button.assignment)
    await context.toast(_toast(context, await context.transact(corrections.done, number, _here(context))))


async def keep(update: Update, context: Context) -> None:
    assert isinstance(context.button, KeepAnswer)  # noqa: S101 (the route says so)
    await context.transact(corrections.keep, AssignmentId(context.button.assignment), _here(context))
    await context.toast(_toast(context, changed=False))


def _here(context: Context) -> int | None:
    return context.pressed_message


def _toast(context: Context, changed: bool) -> str:
    t = context.t
    return t.plain("Changed. Your pay stays the same.") if changed else t.plain("Your answer stays as it was.")
