"""Gold made in chat."""

from telegram import Update

from domain.projects.tasks import TaskId
from handlers.context import Context
from handlers.payloads.quality import (
    AnswerGold,
    ChooseGold,
    ConfirmGold,
    DoneGold,
    SkipGold,
    StopGold,
    SuggestGold,
    UndoGold,
)
from handlers.projects import number_of
from services.quality import gold_wizard


async def begin(update: Update, context: Context) -> None:
    await context.transact(gold_wizard.begin, number_of(context))


async def answer(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, AnswerGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.answer, TaskId(pressed.task), pressed.option)
    await context.toast()


async def choose(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, ChooseGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.choose, TaskId(pressed.task), pressed.option, context.pressed_message)
    await context.toast()


async def undo(update: Update, context: Context) -> None:
    assert isinstance(context.button, UndoGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.undo, TaskId(context.button.task), context.pressed_message)
    await context.toast()


async def done(update: Update, context: Context) -> None:
    assert isinstance(context.button, DoneGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.done, TaskId(context.button.task))
    await context.toast()


async def skip(update: Update, context: Context) -> None:
    assert isinstance(context.button, SkipGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.skip, context.button.project)
    await context.toast()


async def suggest(update: Update, context: Context) -> None:
    assert isinstance(context.button, SuggestGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.suggest, context.button.project, context.button.after)
    await context.toast()


async def confirm(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, ConfirmGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.confirm, TaskId(pressed.task), pressed.yes)
    await context.toast()


async def stop(update: Update, context: Context) -> None:
    assert isinstance(context.button, StopGold)  # noqa: S101 (the route says so)
    await context.transact(gold_wizard.stop, context.button.project)
    await context.toast()
