"""A bonus for somebody who worked well."""

from telegram import Update

from domain.work.submissions import SubmissionId
from handlers.context import Context
from handlers.payloads.money import GiveBonus
from services.money import bonus


async def give(update: Update, context: Context) -> None:
    """`/bonus WHO AMOUNT reason`: once a message, however often it is delivered."""
    who, *rest = context.args or [""]
    await context.transact(bonus.give, who, " ".join(rest), str(update.update_id), context.house.terms)


async def ask(update: Update, context: Context) -> None:
    assert isinstance(context.button, GiveBonus)  # noqa: S101 (the route says so)
    await context.transact(bonus.ask, SubmissionId(context.button.submission))
    await context.toast()
