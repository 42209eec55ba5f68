"""Changing and removing what is already in a chat."""

from simulator.api.call import Call
from simulator.errors import Refused, bad_request
from simulator.keyboards import inline_only
from simulator.values import Chat, Json, Shown

DELETABLE_FOR = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
MEDIA = ("photo", "document", "voice", "audio", "video")
CAPTION = ("caption", "caption_entities")


def _target(call: Call) -> tuple[Chat, Shown]:
    """The bot's own message to edit; one that carried a reply keyboard can never be edited."""
    if call.get("inline_message_id") is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    if call.get("chat_id") is None:
        raise bad_request("chat_id is empty")
    if call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    chat = call.reach()
    shown = call.message(chat, "message to edit not found")
    if shown.out or shown.reply_keyboard is not None or "forward_origin" in shown.body:
        raise bad_request("message can't be edited")
    return chat, shown


def _edit(call: Call, chat: Chat, shown: Shown, drop: tuple[str, ...], fields: Json) -> Json:
    """Replaces the dropped fields; without a reply_markup the keyboard goes as well."""
    kept = {name: value for name, value in shown.body.items() if name not in (*drop, "reply_markup")}
    body = {**kept, **fields}
    inline = inline_only(call.get("reply_markup"))
    if inline is not None:
        body["reply_markup"] = inline
    if body == shown.body:
        raise bad_request(NOT_MODIFIED)
    return call.world.edit(chat, shown, body).body


def edit_message_text(call: Call) -> Json:
    chat, shown = _target(call)
    fields = call.text()
    if "text" not in shown.body:
        raise bad_request("there is no text in the message to edit")
    return _edit(call, chat, shown, ("text", "entities"), fields)


def edit_message_caption(call: Call) -> Json:
    chat, shown = _target(call)
    fields = call.caption()
    if not any(kind in shown.body for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _edit(call, chat, shown, CAPTION, fields)


def edit_message_reply_markup(call: Call) -> Json:
    chat, shown = _target(call)
    return _edit(call, chat, shown, (), {})


def edit_message_media(call: Call) -> Json:
    """Photo, video, document or audio in place of the same or another; the caption comes with it."""
    chat, shown = _target(call)
    wanted = call.params["media"]
    if wanted["type"] not in ("photo", "document", "audio", "video"):
        raise Refused(501, f"Not Implemented: the local Telegram does not edit to {wanted['type']}")
    drop = (*MEDIA, *CAPTION, "text", "entities")
    return _edit(call, chat, shown, drop, call.media_item(wanted))


def delete_message(call: Call) -> bool:
    chat = call.reach()
    shown = call.message(chat, "message to delete not found")
    if call.world.clock() - shown.body["date"] > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    call.world.delete(chat, shown.id)
    return True


def delete_messages(call: Call) -> bool:
    """Deletes those of up to 100 messages that can be; the others are skipped without a word."""
    chat = call.reach()
    if not 1 <= len(call.params["message_ids"]) <= 100:
        raise bad_request("too many message identifiers specified")
    for message_id in call.params["message_ids"]:
        shown = chat.messages.get(message_id)
        if shown is not None and call.world.clock() - shown.body["date"] <= DELETABLE_FOR:
            call.world.delete(chat, message_id)
    return True
