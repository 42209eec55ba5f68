"""Contests, appeals and what they are decided by."""

from telegram import Update

from domain.quality.gold_challenges import TrialId
from domain.quality.restrictions import RestrictionId
from domain.work.submissions import SubmissionId
from handlers.context import Context
from handlers.payloads.quality import AppealRestriction, Contest, DecideRestriction, JudgeGold
from handlers.projects import number_of
from services.quality import gold_challenges, restrictions, skill_report


async def contest(update: Update, context: Context) -> None:
    assert isinstance(context.button, Contest)  # noqa: S101 (the route says so)
    fresh = await context.transact(gold_challenges.contest, SubmissionId(context.button.submission))
    t = context.t
    noted = t.plain("⚖️ Noted. The requester must look at it within 72 hours; if nothing is said, you are right.")
    await context.toast(noted if fresh else t.plain("This has been noted already, or decided."), alert=fresh)


async def judge(update: Update, context: Context) -> None:
    assert isinstance(context.button, JudgeGold)  # noqa: S101 (the route says so)
    await context.transact(gold_challenges.decide, TrialId(context.button.trial), context.button.keep)
    await context.toast()


async def appeals(update: Update, context: Context) -> None:
    await context.transact(skill_report.appeals)
    await context.toast()


async def appeal(update: Update, context: Context) -> None:
    assert isinstance(context.button, AppealRestriction)  # noqa: S101 (the route says so)
    number = RestrictionId(context.button.restriction)
    fresh = await context.transact(restrictions.appeal, number, context.house.admins)
    await context.toast("" if fresh else context.t.plain("This has been noted already, or decided."))


async def decide(update: Update, context: Context) -> None:
    assert isinstance(context.button, DecideRestriction)  # noqa: S101 (the route says so)
    pressed = context.button
    await context.transact(restrictions.decide, RestrictionId(pressed.restriction), pressed.lift)
    await context.toast()


async def audit(update: Update, context: Context) -> None:
    await context.transact(restrictions.audit, context.args[0] if context.args else "")


async def quality(update: Update, context: Context) -> None:
    number = number_of(context)
    facts = await context.aside(lambda unit, person: skill_report.picture(unit, person, number))
    await context.transact(skill_report.show_picture, facts)
    await context.toast()
