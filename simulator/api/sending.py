"""New messages: text, places, copies and forwards."""

from simulator.api import topics
from simulator.api.call import Call
from simulator.errors import bad_request
from simulator.keyboards import keyboards
from simulator.values import Chat, Json, Shown

ACTIONS = frozenset(
    {
        *("typing", "choose_sticker", "find_location", "upload_photo", "upload_document"),
        *(f"{act}_{what}" for act in ("record", "upload") for what in ("video", "voice", "video_note")),
    }
)
FILES = ("photo", "document", "voice", "audio", "video")
CONTENT = frozenset({"text", "entities", "caption", "caption_entities", *FILES, "location", "contact"})


def deliver(call: Call, fields: Json) -> Json:
    """Puts a message of the bot's into the chat, with its keyboard and the message it replies to."""
    chat = call.reach()
    markup = keyboards(call.get("reply_markup"))
    body = {**topics.place(call, chat), **_reply(call, chat), **fields}
    if markup.inline is not None:
        body["reply_markup"] = markup.inline
    if call.get("protect_content"):
        body["has_protected_content"] = True
    silent = bool(call.get("disable_notification"))
    shown = call.world.post(chat, body, call.world.bot.user(), keyboard=markup.reply, silent=silent)
    return shown.body


def _reply(call: Call, chat: Chat) -> Json:
    reply = call.get("reply_parameters")
    if reply is None:
        return {}
    original = chat.messages.get(reply["message_id"])
    if original is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quote = reply.get("quote")
    if quote is not None and quote not in (original.content or ""):
        raise bad_request("QUOTE_TEXT_INVALID")
    position = {"position": reply.get("quote_position", 0), "is_manual": True}
    return {
        "reply_to_message": {key: value for key, value in original.body.items() if key != "reply_to_message"},
        **({"quote": {"text": quote, **position}} if quote is not None else {}),
    }


def send_message(call: Call) -> Json:
    options = call.get("link_preview_options")
    extra = {} if options is None else {"link_preview_options": options}
    return deliver(call, {**call.text(), **extra})


def send_location(call: Call) -> Json:
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("invalid coordinates specified")
    return deliver(call, {"location": {"latitude": latitude, "longitude": longitude}})


def send_chat_action(call: Call) -> bool:
    chat = call.reach()
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    for person in call.world.readers(chat):
        call.world.live.tell("action", person, action=call.params["action"])
    return True


def _source(call: Call, missing: str) -> Shown:
    return call.message(call.world.chat(call.params["from_chat_id"]), missing)


def _copied(shown: Shown) -> Json:
    return {name: value for name, value in shown.body.items() if name in CONTENT}


def forward_message(call: Call) -> Json:
    original = _source(call, "message to forward not found")
    origin = {"type": "user", "sender_user": original.body["from"], "date": original.body["date"]}
    return deliver(call, {"forward_origin": original.body.get("forward_origin", origin), **_copied(original)})


def copy_message(call: Call) -> Json:
    fields = _copied(_source(call, "message to copy not found"))
    if call.get("caption") is not None and "text" not in fields:
        kept = {name: value for name, value in fields.items() if not name.startswith("caption")}
        fields = {**kept, **call.caption()}
    return {"message_id": deliver(call, fields)["message_id"]}
