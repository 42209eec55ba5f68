"""Gold made in chat."""

from telegram import Update

from domain.tasks import TaskId
from handlers.buttons import AnswerGold, ConfirmGold, SkipGold, StopGold, SuggestGold
from handlers.context import Context
from handlers.projects import number_of
from services import gold


async def begin(update: Update, context: Context) -> None:
    await context.transact(gold.begin, number_of(context))


async def answer(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, AnswerGold)  # noqa: S101 (the route says so)
    await context.transact(gold.answer, TaskId(pressed.task), pressed.option)
    await context.toast()


async def skip(update: Update, context: Context) -> None:
    assert isinstance(context.button, SkipGold)  # noqa: S101 (the route says so)
    await context.transact(gold.skip, context.button.project)
    await context.toast()


async def suggest(update: Update, context: Context) -> None:
    assert isinstance(context.button, SuggestGold)  # noqa: S101 (the route says so)
    await context.transact(gold.suggest, context.button.project, context.button.after)
    await context.toast()


async def confirm(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, ConfirmGold)  # noqa: S101 (the route says so)
    await context.transact(gold.confirm, TaskId(pressed.task), bool(pressed.yes))
    await context.toast()


async def stop(update: Update, context: Context) -> None:
    assert isinstance(context.button, StopGold)  # noqa: S101 (the route says so)
    await context.transact(gold.stop, context.button.project)
    await context.toast()
