"""A requester decides about answers; an admin about a project that rejected too many."""

from telegram import Update

from domain.work.submissions import SubmissionId
from handlers.context import Context
from handlers.payloads.fairness import AcceptAnswer, AcceptRest, CiteLine, DecidePause, RejectAnswer, ShowReview
from handlers.projects import number_of
from services.fairness import review
from services.projects import rejection_pause


async def begin(update: Update, context: Context) -> None:
    pressed = getattr(context, "button", None)
    after = pressed.after if isinstance(pressed, ShowReview) else 0
    number = pressed.project if isinstance(pressed, ShowReview) else number_of(context)
    await context.transact(review.begin, number, after)
    await context.toast()


async def accept(update: Update, context: Context) -> None:
    assert isinstance(context.button, AcceptAnswer)  # noqa: S101 (the route says so)
    await context.transact(review.accept, SubmissionId(context.button.submission), context.house.admins)
    await context.toast(context.t.plain("✅ Accepted and paid."))


async def accept_rest(update: Update, context: Context) -> None:
    assert isinstance(context.button, AcceptRest)  # noqa: S101 (the route says so)
    pressed = context.button
    await context.transact(review.accept_rest, pressed.project, pressed.last, context.house.admins)
    await context.toast()


async def reject(update: Update, context: Context) -> None:
    assert isinstance(context.button, RejectAnswer)  # noqa: S101 (the route says so)
    await context.transact(review.choose_line, SubmissionId(context.button.submission))
    await context.toast()


async def cite(update: Update, context: Context) -> None:
    assert isinstance(context.button, CiteLine)  # noqa: S101 (the route says so)
    await context.transact(review.ask_reason, SubmissionId(context.button.submission), context.button.line)
    await context.toast()


async def decide_pause(update: Update, context: Context) -> None:
    assert isinstance(context.button, DecidePause)  # noqa: S101 (the route says so)
    await context.transact(rejection_pause.decide, context.button.project, bool(context.button.resume))
    await context.toast()
