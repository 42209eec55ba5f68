"""Answers to what people press, and reactions."""

from simulator.api.call import Call
from simulator.errors import bad_request


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
