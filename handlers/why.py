"""Why: an operation by its number, or what somebody's skill is made of."""

from telegram import Update

from domain.refusals import BadInput
from handlers.context import Context
from handlers.payloads.quality import ShowSkill
from handlers.routes import TABLE
from services.money import explanations as services


async def why(update: Update, context: Context) -> None:
    """`/why ID` or `/why skill`; alone it offers both."""
    asked = (context.args or [""])[0].lower().removeprefix("#")
    if asked == "skill":
        await context.follow(TABLE.by_payload[ShowSkill], ShowSkill())
    elif asked.isdecimal() and len(asked) <= 15:
        number = int(asked)
        await context.transact(lambda unit, person: services.explain(unit, person, number, "admin" in context.roles))
    elif asked:
        raise BadInput(what="why", value=asked, expected=["/why skill"])
    else:
        await context.transact(services.menu)
