"""A person blocked the bot, or unblocked it. Groups are ignored."""

from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus

from handlers.context import Context
from services.work import sweeps


async def changed(change: ChatMemberUpdated, context: Context) -> None:
    here = change.new_chat_member.status not in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if here:
        await context.transact(lambda unit, person: None)  # greeting brings them back
    else:
        await context.transact(lambda unit, person: sweeps.lost_contact(unit, person.id))
