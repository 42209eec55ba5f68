"""Changing and removing what is already in a chat."""

from simulator.api.call import MethodCall
from simulator.errors import RefusedCall, bad_request
from simulator.keyboards import inline_only
from simulator.values import Chat, Json, PostedMessage

DELETABLE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
MEDIA_FIELDS = ("photo", "document", "voice", "audio", "video")
CAPTION_FIELDS = ("caption", "caption_entities")


def _get_editable(call: MethodCall) -> tuple[Chat, PostedMessage]:
    """Return the bot's own message to edit and its chat; raise 400 for others, forwarded ones and those with a reply
    keyboard."""
    if call.get("inline_message_id") is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    if call.get("chat_id") is None:
        raise bad_request("chat_id is empty")
    if call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    chat = call.reach()
    message = call.message(chat, "message to edit not found")
    if message.out or message.reply_keyboard is not None or "forward_origin" in message.body:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(call: MethodCall, chat: Chat, message: PostedMessage, drop: tuple[str, ...], fields: Json) -> Json:
    """Replace the dropped fields by `fields`; without a reply_markup the keyboard goes as well. Raise 400 if nothing
    changes."""
    remaining = {name: value for name, value in message.body.items() if name not in (*drop, "reply_markup")}
    body = {**remaining, **fields}
    inline = inline_only(call.get("reply_markup"))
    if inline is not None:
        body["reply_markup"] = inline
    if body == message.body:
        raise bad_request(NOT_MODIFIED)
    return call.world.edit(chat, message, body).body


def edit_message_text(call: MethodCall) -> Json:
    chat, message = _get_editable(call)
    fields = call.text()
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _edit(call, chat, message, ("text", "entities"), fields)


def edit_message_caption(call: MethodCall) -> Json:
    chat, message = _get_editable(call)
    fields = call.caption()
    if not any(kind in message.body for kind in MEDIA_FIELDS):
        raise bad_request("there is no caption in the message to edit")
    return _edit(call, chat, message, CAPTION_FIELDS, fields)


def edit_message_reply_markup(call: MethodCall) -> Json:
    chat, message = _get_editable(call)
    return _edit(call, chat, message, (), {})


def edit_message_media(call: MethodCall) -> Json:
    """Put a photo, video, document or audio file with its caption in place of what the message shows."""
    chat, message = _get_editable(call)
    item = call.params["media"]
    if item["type"] not in ("photo", "document", "audio", "video"):
        raise RefusedCall(501, f"Not Implemented: the local Telegram does not edit to {item['type']}")
    drop = (*MEDIA_FIELDS, *CAPTION_FIELDS, "text", "entities")
    return _edit(call, chat, message, drop, call.media_item(item))


def delete_message(call: MethodCall) -> bool:
    chat = call.reach()
    message = call.message(chat, "message to delete not found")
    if call.world.clock() - message.body["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    call.world.delete(chat, message.id)
    return True


def delete_messages(call: MethodCall) -> bool:
    """Delete up to 100 messages; those that are missing or older than 48 hours are skipped."""
    chat = call.reach()
    if not 1 <= len(call.params["message_ids"]) <= 100:
        raise bad_request("too many message identifiers specified")
    for message_id in call.params["message_ids"]:
        message = chat.messages.get(message_id)
        if message is not None and call.world.clock() - message.body["date"] <= DELETABLE_SECONDS:
            call.world.delete(chat, message_id)
    return True
