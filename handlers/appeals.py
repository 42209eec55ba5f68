"""A rejection is appealed, and judged."""

from telegram import Update

from domain.fairness.appeals import Verdict
from domain.work.submissions import SubmissionId
from handlers.context import Context
from handlers.payloads.fairness import AppealRejection, Judge
from handlers.payloads.work import AppealWords, RuleAppeal
from services.fairness import appeals, pleas

VERDICTS = {1: Verdict.WORKER, 0: Verdict.REQUESTER}


async def appeal(update: Update, context: Context) -> None:
    assert isinstance(context.button, AppealRejection)  # noqa: S101 (the route says so)
    fresh = await context.transact(appeals.appeal, SubmissionId(context.button.submission), context.house.admins)
    await context.toast("" if fresh else context.t.plain("This has been noted already, or decided."))


async def words(update: Update, context: Context) -> None:
    """Asked for, sent, or left out."""
    assert isinstance(context.button, AppealWords)  # noqa: S101 (the route says so)
    pressed = context.button
    if pressed.step == 0:
        await context.transact(pleas.ask, pressed.appeal)
    elif pressed.step == 1:
        await context.transact(pleas.send, pressed.appeal, context.house.admins)
    else:
        await context.transact(pleas.leave, pressed.appeal)
    await context.toast()


async def rule(update: Update, context: Context) -> None:
    assert isinstance(context.button, RuleAppeal)  # noqa: S101 (the route says so)
    verdict = Verdict.WORKER if context.button.verdict == 1 else Verdict.REQUESTER
    await context.transact(appeals.rule, context.button.appeal, verdict)
    await context.toast()


async def judge(update: Update, context: Context) -> None:
    assert isinstance(context.button, Judge)  # noqa: S101 (the route says so)
    pressed, verdict = context.button, VERDICTS.get(context.button.verdict)
    about = (verdict, context.pressed_message, context.house.admins)
    pay, currency = await context.transact(appeals.judge, pressed.appeal, *about)
    t = context.t
    paid = t.plain("Received. + {pay}", pay=t.money(pay, currency))
    await context.toast(paid if verdict else t.plain("Skipped. Skipping costs you nothing."))
