"""A task in hand: answered, skipped, refused; and whether pushes may come."""

from telegram import Update

from domain.assignments import AssignmentId
from domain.projects import ProjectId
from handlers.buttons import AcceptAgain, CantTell, Decline, Skip, SubmitAnswer
from handlers.context import Context
from services import work


async def work_now(update: Update, context: Context) -> None:
    await context.transact(work.work)
    await context.toast()


async def submit_answer(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, SubmitAnswer | CantTell)  # noqa: S101 (the route says so)
    handed_in = str(pressed.option) if isinstance(pressed, SubmitAnswer) else None
    done = await context.transact(work.submit, AssignmentId(pressed.assignment), handed_in, context.pressed_message)
    await context.toast(_toast(context, done))


async def skip(update: Update, context: Context) -> None:
    assert isinstance(context.button, Skip)  # noqa: S101 (the route says so)
    await context.transact(work.skip, AssignmentId(context.button.assignment), context.pressed_message)
    await context.toast(context.t.plain("Skipped. Skipping costs you nothing."))


async def decline(update: Update, context: Context) -> None:
    assert isinstance(context.button, Decline)  # noqa: S101 (the route says so)
    await context.transact(work.decline, ProjectId(context.button.project), context.pressed_message)
    await context.toast()


async def accept_again(update: Update, context: Context) -> None:
    assert isinstance(context.button, AcceptAgain)  # noqa: S101 (the route says so)
    await context.transact(work.accept_again, ProjectId(context.button.project))
    await context.toast()


async def pause(update: Update, context: Context) -> None:
    await context.transact(work.pause)
    await context.toast()


def _toast(context: Context, done: work.Submitted) -> str:
    """What was earned, at once; a missed gold task is explained in the next message."""
    t, pay = context.t, context.t.money(done.pay, done.currency)
    if done.held:
        return t.plain("Received. {pay} pending", pay=pay)
    return t.plain("Received. + {pay}", pay=pay)
