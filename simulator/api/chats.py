"""Information about chats, and pins."""

from simulator.api.call import Call
from simulator.errors import bad_request, forbidden
from simulator.values import Chat, Json

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(call: Call) -> Json:
    """The Bot API's ChatFullInfo, as much of it as people here have."""
    chat = call.world.chat(call.params["chat_id"])
    if chat.standing.gone:
        raise forbidden(chat.standing.gone)
    facts = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    pinned = [chat.messages[each].body for each in chat.pinned if each in chat.messages]
    return {**call.world.chat_info(chat), **facts, **({"pinned_message": pinned[-1]} if pinned else {})}


def get_chat_member(call: Call) -> Json:
    chat = call.world.chat(call.params["chat_id"])
    person = call.world.people.get(call.params["user_id"])
    if call.params["user_id"] == call.world.bot.id:
        return {"user": call.world.bot.user(), **_standing(chat)}
    if person is None or person.id not in call.world.readers(chat):
        raise bad_request("member not found")
    return {"user": person.user(), "status": "member"}


def _standing(chat: Chat) -> Json:
    """The bot's own place there, as much of it as is read."""
    if chat.standing.gone:
        return {"status": "kicked", "until_date": 0}
    if not chat.standing.admin:
        return {"status": "member"}
    return {"status": "administrator", "can_manage_topics": chat.standing.may_manage_topics}


def pin_chat_message(call: Call) -> bool:
    chat = call.reach()
    shown = call.message(chat, "message to pin not found")
    chat.pinned = [*(each for each in chat.pinned if each != shown.id), shown.id]
    return True


def unpin_chat_message(call: Call) -> bool:
    chat = call.reach()
    wanted = call.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    call.reach().pinned.clear()
    return True


def answer_callback_query(call: Call) -> bool:
    """Stops the button's spinner; up to 200 characters may be shown."""
    text = call.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    press = call.world.queries.answer(call.params["callback_query_id"])
    shown = {"text": text, "show_alert": call.get("show_alert", False), "url": call.get("url")}
    call.world.live.tell("callback_answer", press.person, callback_query_id=press.id, **shown)
    return True


def set_message_reaction(call: Call) -> bool:
    """The bot's own reaction: one emoji, or none."""
    chat = call.reach()
    shown = call.message(chat, "message to react not found")
    reactions = call.get("reaction", [])
    if len(reactions) > 1 or any(each["type"] != "emoji" for each in reactions):
        raise bad_request("REACTION_INVALID")
    call.world.react(chat, shown, tuple(each["emoji"] for each in reactions), call.world.bot.id)
    return True
