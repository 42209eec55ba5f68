"""Reduces a raw update to the fields that handlers read, before the library builds objects.

Private messages, edited captions, pressed buttons and changes of membership pass, each with a human sender; anything
else is acknowledged and ended. A new or malformed field elsewhere therefore cannot fail.
"""

from typing import Any, TypeGuard

SERVICE = frozenset({777000, 1087968824, 136817688})  # "Telegram", anonymous admins, messages in a channel's name
LARGEST_ID = 2**63
LATEST = 2**33  # seconds since 1970
NAMES = ("first_name", "last_name", "username", "language_code")
CHAT = ("id", "type")
WORDS, THINGS = ("text", "caption", "media_group_id"), ("document", "voice", "location", "audio", "video")
CONTENT = frozenset({"text", "photo", *THINGS})
NUMBERS = frozenset(
    {"file_size", "width", "height", "duration", "latitude", "longitude", "horizontal_accuracy"}
    | {"live_period", "heading", "proximity_alert_radius"}
)
# Other content people send: answered with the kind of answer a task wants; not read.
UNREAD = frozenset(
    {"animation", "checklist", "contact", "dice", "game", "live_photo", "paid_media", "poll", "sticker"}
    | {"story", "venue", "video_note"}
)


def usable(update: dict[str, Any]) -> dict[str, Any] | None:
    """The update with the fields that handlers read; None for an update the bot does not handle."""
    for kind, cut in CUTS.items():
        event = update.get(kind)
        if isinstance(event, dict) and is_human(event.get("from")) and (kept := cut(event)) is not None:
            return {"update_id": update["update_id"], kind: {**kept, "from": _person(event["from"])}}
    return None


def is_human(sender: object) -> bool:
    """Bots and Telegram's own accounts never become people."""
    if not isinstance(sender, dict) or not is_number(sender.get("id")):
        return False
    is_named = isinstance(sender.get("first_name"), str) and sender["first_name"] != ""
    return is_named and sender["id"] > 0 and not sender.get("is_bot") and sender["id"] not in SERVICE


def is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_ID


def _person(sender: dict[str, Any]) -> dict[str, Any]:
    names = {name: sender[name] for name in NAMES if isinstance(sender.get(name), str)}
    return {"id": sender["id"], "is_bot": False, **names}


def _message(message: dict[str, Any]) -> dict[str, Any] | None:
    if not _is_private(message) or not (CONTENT | UNREAD) & message.keys():
        return None  # in a group, or a line of Telegram's own: a pinned message, a new picture
    read: dict[str, Any] = {name: message[name] for name in WORDS if isinstance(message.get(name), str)}
    read |= {name: _flat(message[name]) for name in THINGS if name in message}
    replied = message.get("reply_to_message")
    if "text" in read and isinstance(replied, dict) and is_number(replied.get("message_id")):
        read["reply_to_message"] = _fields(replied, ("message_id",))  # which message a text replies to
    if isinstance(message.get("photo"), list):
        read["photo"] = [_flat(size) for size in message["photo"]]
    return {**_fields(message, ("message_id", "date")), **read, "chat": _fields(message["chat"], CHAT)}


def _flat(thing: object) -> dict[str, Any]:
    """Its texts and numbers, without thumbnails and the like."""
    if not isinstance(thing, dict):
        return {}
    return {name: value for name, value in thing.items() if isinstance(value, int | float if name in NUMBERS else str)}


def _edited(message: dict[str, Any]) -> dict[str, Any] | None:
    return _message(message) if "document" in message and "caption" in message else None


def _pressed(query: dict[str, Any]) -> dict[str, Any] | None:
    """The number of its message, without the content: building the library's objects of it is expensive."""
    kept = {name: query[name] for name in ("id", "chat_instance", "data") if isinstance(query.get(name), str)}
    message = query.get("message")
    if "id" not in kept or message is None:
        return kept if "id" in kept else None
    if not isinstance(message, dict) or not _is_private(message):
        return None
    dates = {name: message[name] for name in ("date", "edit_date") if is_number(message.get(name))}
    return {**kept, "message": {**_fields(message, ("message_id",)), **dates, "chat": _fields(message["chat"], CHAT)}}


def _membership(change: dict[str, Any]) -> dict[str, Any] | None:
    states = [change.get(name) for name in ("old_chat_member", "new_chat_member")]
    if not _is_private(change) or not all(isinstance(state, dict) and "status" in state for state in states):
        return None
    return {**_fields(change, ("date", "old_chat_member", "new_chat_member")), "chat": _fields(change["chat"], CHAT)}


def _is_private(event: dict[str, Any]) -> bool:
    chat, date = event.get("chat"), event.get("date")
    is_dated = is_number(date) and 0 <= date < LATEST and is_number(event.get("message_id", 0))
    return is_dated and isinstance(chat, dict) and chat.get("type") == "private" and is_number(chat.get("id"))


def _fields(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


CUTS = {"message": _message, "edited_message": _edited, "callback_query": _pressed, "my_chat_member": _membership}
