"""Why: an operation by its number, or what somebody's skill is made of."""

from telegram import Update

from domain.refusals import BadInput
from handlers.context import Context
from services.money import explanations as services
from services.quality import skill_report


async def why(update: Update, context: Context) -> None:
    """`/why ID` or `/why skill`; alone it offers both."""
    asked = (context.args or [""])[0].lower().removeprefix("#")
    if asked == "skill":
        context.role = "worker"
        await context.transact(skill_report.skill)
    elif asked.isdecimal() and len(asked) <= 15:
        number = int(asked)
        await context.transact(lambda unit, person: services.explain(unit, person, number, "admin" in context.roles))
    elif asked:
        raise BadInput(what="why", value=asked, expected=["/why skill"])
    else:
        await context.transact(services.menu)


async def skill(update: Update, context: Context) -> None:
    await context.transact(skill_report.skill)
    await context.toast()
