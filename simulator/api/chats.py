"""Information about chats, and pins."""

from simulator.api.call import MethodCall
from simulator.errors import bad_request, forbidden
from simulator.values import Chat, Json

GIFT_TYPES = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(call: MethodCall) -> Json:
    """Return the Bot API's ChatFullInfo, as far as bots read it."""
    chat = call.world.chat(call.params["chat_id"])
    if chat.standing.gone:
        raise forbidden(chat.standing.gone)
    fields = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFT_TYPES, False),
    }
    pinned = [chat.messages[message_id].body for message_id in chat.pinned if message_id in chat.messages]
    return {**call.world.chat_info(chat), **fields, **({"pinned_message": pinned[-1]} if pinned else {})}


def get_chat_member(call: MethodCall) -> Json:
    chat = call.world.chat(call.params["chat_id"])
    person = call.world.people.get(call.params["user_id"])
    if call.params["user_id"] == call.world.bot.id:
        return {"user": call.world.bot.user(), **_bot_membership(chat)}
    if person is None or person.id not in call.world.readers(chat):
        raise bad_request("member not found")
    return {"user": person.user(), "status": "member"}


def _bot_membership(chat: Chat) -> Json:
    """Return the bot's own ChatMember in a chat, as far as bots read it."""
    if chat.standing.gone:
        return {"status": "kicked", "until_date": 0}
    if not chat.standing.admin:
        return {"status": "member"}
    return {"status": "administrator", "can_manage_topics": chat.standing.may_manage_topics}


def pin_chat_message(call: MethodCall) -> bool:
    chat = call.reach()
    message = call.message(chat, "message to pin not found")
    chat.pinned = [*(message_id for message_id in chat.pinned if message_id != message.id), message.id]
    return True


def unpin_chat_message(call: MethodCall) -> bool:
    chat = call.reach()
    message_id = call.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


def unpin_all_chat_messages(call: MethodCall) -> bool:
    call.reach().pinned.clear()
    return True


def answer_callback_query(call: MethodCall) -> bool:
    """Stop the button's spinner and show up to 200 characters; raise 400 if the press was answered or is too old."""
    text = call.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    press = call.world.queries.answer(call.params["callback_query_id"])
    details = {"text": text, "show_alert": call.get("show_alert", False), "url": call.get("url")}
    call.world.live.tell("callback_answer", press.person, callback_query_id=press.id, **details)
    return True


def set_message_reaction(call: MethodCall) -> bool:
    """Replace the bot's own reaction: one emoji, or none."""
    chat = call.reach()
    message = call.message(chat, "message to react not found")
    reactions = call.get("reaction", [])
    if len(reactions) > 1 or any(reaction["type"] != "emoji" for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    call.world.react(chat, message, tuple(reaction["emoji"] for reaction in reactions), call.world.bot.id)
    return True
