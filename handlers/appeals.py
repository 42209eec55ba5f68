"""A rejection is appealed, and judged."""

from telegram import Update

from domain.fairness.appeals import Verdict
from domain.work.submissions import SubmissionId
from handlers.context import Context
from handlers.payloads.fairness import AppealRejection, Judge
from services.fairness import appeals

VERDICTS = {1: Verdict.WORKER, 0: Verdict.REQUESTER}


async def appeal(update: Update, context: Context) -> None:
    assert isinstance(context.button, AppealRejection)  # noqa: S101 (the route says so)
    fresh = await context.transact(appeals.appeal, SubmissionId(context.button.submission))
    await context.toast("" if fresh else context.t.plain("This has been noted already, or decided."))


async def judge(update: Update, context: Context) -> None:
    assert isinstance(context.button, Judge)  # noqa: S101 (the route says so)
    pressed, verdict = context.button, VERDICTS.get(context.button.verdict)
    pay, currency = await context.transact(appeals.judge, pressed.appeal, verdict, context.pressed_message)
    t = context.t
    paid = t.plain("Received. + {pay}", pay=t.money(pay, currency))
    await context.toast(paid if verdict else t.plain("Skipped. Skipping costs you nothing."))
