"""A person blocked the bot, or unblocked it. Groups are ignored."""

from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus

from handlers.context import Context
from services.people import arrivals


async def changed(change: ChatMemberUpdated, context: Context) -> None:
    """Of whom nothing is kept, such as a person who was forgotten, nothing is kept now either."""
    here = change.new_chat_member.status not in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    heard = arrivals.returned if here else arrivals.left
    await context.end(lambda unit, sender: heard(unit, sender.id))
