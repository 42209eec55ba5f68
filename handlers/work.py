"""A task in hand: answered, skipped, refused; and whether pushes may come."""

from typing import Any

from telegram import Message, Update

from domain.answers import Wants
from domain.projects.projects import ProjectId
from domain.work.assignments import AssignmentId
from handlers.context import Context
from handlers.payloads.work import AcceptAgain, CantTell, Choose, Decline, Done, Skip, SubmitAnswer, Undo
from services.work import inputs, submit


async def work_now(update: Update, context: Context) -> None:
    await context.transact(submit.work)
    await context.toast()


async def submit_answer(update: Update, context: Context) -> None:
    pressed = context.button
    assert isinstance(pressed, SubmitAnswer | CantTell)  # noqa: S101 (the route says so)
    handed_in = str(pressed.option) if isinstance(pressed, SubmitAnswer) else None
    done = await context.transact(submit.submit, AssignmentId(pressed.assignment), handed_in, context.pressed_message)
    await context.toast(_toast(context, done))


async def choose(update: Update, context: Context) -> None:
    """One press of several."""
    pressed = context.button
    assert isinstance(pressed, Choose)  # noqa: S101 (the route says so)
    message = context.pressed_message
    await context.transact(inputs.choose, AssignmentId(pressed.assignment), pressed.option, message)
    await context.toast()


async def undo(update: Update, context: Context) -> None:
    assert isinstance(context.button, Undo)  # noqa: S101 (the route says so)
    await context.transact(inputs.undo, AssignmentId(context.button.assignment), context.pressed_message)
    await context.toast()


async def done(update: Update, context: Context) -> None:
    assert isinstance(context.button, Done)  # noqa: S101 (the route says so)
    number = AssignmentId(context.button.assignment)
    await context.toast(_toast(context, await context.transact(inputs.done, number, context.pressed_message)))


async def typed(update: Update, context: Context) -> None:
    """Plain text: the answer to a task, or to a question."""
    text = (update.effective_message and update.effective_message.text) or ""
    house = context.house
    private = await context.transact(
        lambda unit, person: inputs.typed(unit, person, text, context.roles, house.terms.currency, house.admins)
    )
    if private:
        await context.erase()


async def sent(update: Update, context: Context) -> None:
    """A photo, a voice message or a place, if a task wants one; anything else is lost on us."""
    what, handed_in = _handed_in(update.effective_message)
    album = update.effective_message and update.effective_message.media_group_id
    await context.transact(
        lambda unit, person: inputs.sent(unit, person, what, handed_in, album or None, context.roles)
    )


async def skip(update: Update, context: Context) -> None:
    assert isinstance(context.button, Skip)  # noqa: S101 (the route says so)
    await context.transact(submit.skip, AssignmentId(context.button.assignment), context.pressed_message)
    await context.toast(context.t.plain("Skipped. Skipping costs you nothing."))


async def decline(update: Update, context: Context) -> None:
    assert isinstance(context.button, Decline)  # noqa: S101 (the route says so)
    await context.transact(submit.decline, ProjectId(context.button.project), context.pressed_message)
    await context.toast()


async def accept_again(update: Update, context: Context) -> None:
    assert isinstance(context.button, AcceptAgain)  # noqa: S101 (the route says so)
    await context.transact(submit.accept_again, ProjectId(context.button.project))
    await context.toast()


async def pause(update: Update, context: Context) -> None:
    await context.transact(submit.pause)
    await context.toast()


def _toast(context: Context, done: submit.Submitted) -> str:
    """What was earned, at once; a missed gold task is explained in the next message."""
    t, pay = context.t, context.t.money(done.pay, done.currency)
    if done.held:
        return t.plain("Received. {pay} pending", pay=pay)
    return t.plain("Received. + {pay}", pay=pay)


def is_picture(message: Message | None) -> bool:
    """A photo that was sent as a file, in its full size."""
    sent = message.document if message else None
    asks = (message and message.caption) or ""
    return bool(sent and (sent.mime_type or "").startswith("image/")) and not asks.startswith("/")


def _handed_in(message: Message | None) -> tuple[Wants | None, str]:
    """What was sent, and how it is stored; of a photo the largest of its sizes."""
    if message and message.photo:
        return Wants.PHOTO, _file(message.photo[-1])
    if message and message.document and is_picture(message):
        return Wants.PHOTO, _file(message.document)
    if message and message.voice:
        return Wants.VOICE, _file(message.voice)
    if message and message.location:
        return Wants.LOCATION, f"{message.location.latitude:.6f},{message.location.longitude:.6f}"
    return None, ""


def _file(sent: Any) -> str:
    return f"{sent.file_id} {sent.file_unique_id}"
