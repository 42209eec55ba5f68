"""A person blocked the bot, or unblocked it. Groups are ignored."""

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType

from handlers.context import Context
from services.work import sweeps


async def changed(update: Update, context: Context) -> None:
    change = update.my_chat_member
    assert change is not None  # noqa: S101 (the route says so)
    if change.chat.type != ChatType.PRIVATE:
        return
    here = change.new_chat_member.status not in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if here:
        await context.transact(lambda unit, person: None)  # greeting brings them back
    else:
        await context.transact(lambda unit, person: sweeps.lost_contact(unit, person.id))
