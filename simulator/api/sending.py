"""New messages: text, places, copies and forwards."""

from secrets import randbelow

from simulator.api.call import MethodCall
from simulator.errors import RefusedCall, bad_request
from simulator.keyboards import keyboards
from simulator.media.fetching import number_refusal
from simulator.media.files import media_fields
from simulator.values import Chat, Json, PostedMessage, Topic

ACTIONS = frozenset(
    {
        *("typing", "choose_sticker", "find_location", "upload_photo", "upload_document"),
        *(f"{act}_{what}" for act in ("record", "upload") for what in ("video", "voice", "video_note")),
    }
)
FILE_FIELDS = ("photo", "document", "voice", "audio", "video")
COPIED_FIELDS = frozenset({"text", "entities", "caption", "caption_entities", *FILE_FIELDS, "location", "contact"})


def deliver(call: MethodCall, fields: Json) -> Json:
    """Post the bot's message into the call's chat, with its keyboard and the message it replies to, and return it."""
    chat = call.reach()
    markup = keyboards(call.get("reply_markup"))
    body = {**_find_thread(call, chat), **_reply_fields(call, chat), **fields}
    if markup.inline is not None:
        body["reply_markup"] = markup.inline
    if call.get("protect_content"):
        body["has_protected_content"] = True
    silent = bool(call.get("disable_notification"))
    message = call.world.post(chat, body, call.world.bot.user(), keyboard=markup.reply, silent=silent)
    return message.body


def _reply_fields(call: MethodCall, chat: Chat) -> Json:
    """Return the fields of a reply, {} for none; raise 400 if the message or the quoted words are missing."""
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


def send_message(call: MethodCall) -> Json:
    options = call.get("link_preview_options")
    extra = {} if options is None else {"link_preview_options": options}
    return deliver(call, {**call.text(), **extra})


def send_location(call: MethodCall) -> Json:
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("invalid coordinates specified")
    return deliver(call, {"location": {"latitude": latitude, "longitude": longitude}})


def send_chat_action(call: MethodCall) -> bool:
    chat = call.reach()
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    for person in call.world.readers(chat):
        call.world.live.tell("action", person, action=call.params["action"])
    return True


def _get_source(call: MethodCall, missing: str) -> PostedMessage:
    return call.message(call.world.chat(call.params["from_chat_id"]), missing)


def _copied_fields(message: PostedMessage) -> Json:
    return {name: value for name, value in message.body.items() if name in COPIED_FIELDS}


def forward_message(call: MethodCall) -> Json:
    original = _get_source(call, "message to forward not found")
    origin = {"type": "user", "sender_user": original.body["from"], "date": original.body["date"]}
    return deliver(call, {"forward_origin": original.body.get("forward_origin", origin), **_copied_fields(original)})


def copy_message(call: MethodCall) -> Json:
    fields = _copied_fields(_get_source(call, "message to copy not found"))
    if call.get("caption") is not None and "text" not in fields:
        uncaptioned = {name: value for name, value in fields.items() if not name.startswith("caption")}
        fields = {**uncaptioned, **call.caption()}
    return {"message_id": deliver(call, fields)["message_id"]}


MAX_TOPIC_NAME_CHARS = 128
DEFAULT_TOPIC_COLOUR = 7322096


def _find_thread(call: MethodCall, chat: Chat) -> Json:
    """Return the fields that put a message into a topic, {} outside topics; raise 400 where the bot may not write."""
    if chat.kind == "private":
        return {}
    if not chat.standing.may_write:
        raise bad_request("not enough rights to send text messages to the chat")
    thread = call.get("message_thread_id")
    if thread is None:
        return {}
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not chat.standing.may_manage_topics:
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread, "is_topic_message": True}


def create_forum_topic(call: MethodCall) -> Json:
    """Open a topic and return the Bot API's ForumTopic: its id is that of the message that announces it."""
    chat = call.reach()
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if not chat.standing.may_manage_topics:
        raise bad_request("not enough rights to create a topic")
    name, colour = call.params["name"].strip(), call.get("icon_color", DEFAULT_TOPIC_COLOUR)
    if not 1 <= len(name) <= MAX_TOPIC_NAME_CHARS:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    topic_fields = {"name": name, "icon_color": colour}
    announcement = call.world.post(
        chat, {"forum_topic_created": topic_fields, "is_topic_message": True}, call.world.bot.user()
    )
    announcement.body["message_thread_id"] = announcement.id
    chat.topics[announcement.id] = Topic(name)
    return {"message_thread_id": announcement.id, **topic_fields}


def send_file(call: MethodCall) -> Json:
    """Send the file of sendPhoto, sendDocument, sendVoice, sendAudio or sendVideo, uploaded or named by its file_id."""
    kind = call.method.removeprefix("send").lower()
    call.reach()
    caption = call.caption()
    stored = call.file(call.get(kind), kind, kind)
    return deliver(call, {**media_fields(stored, call.get("duration", 0)), **caption})


def get_file(call: MethodCall) -> Json:
    return call.world.files.describe(call.params["file_id"])


MIN_ALBUM_ITEMS, MAX_ALBUM_ITEMS = 2, 10
ALBUM_KINDS = ("photo", "video", "document", "audio")
UNMIXED_KINDS = ("document", "audio")  # grouped with their own kind only


def send_media_group(call: MethodCall) -> list[Json]:
    """Send an album: two to ten messages, or none if one of them is refused."""
    items: list[Json] = call.params["media"]
    if not MIN_ALBUM_ITEMS <= len(items) <= MAX_ALBUM_ITEMS:
        raise bad_request(f"media must include {MIN_ALBUM_ITEMS}-{MAX_ALBUM_ITEMS} items")
    kinds = {item["type"] for item in items}
    if unknown := kinds.difference(ALBUM_KINDS):
        raise RefusedCall(501, f"Not Implemented: the local Telegram does not group {', '.join(sorted(unknown))}")
    if len(kinds) > 1 and kinds.intersection(UNMIXED_KINDS):
        raise bad_request("document and audio can't be mixed with other media types")
    call.reach()
    group = {"media_group_id": str(10**16 + randbelow(10**16))}
    prepared = [_album_item(call, position, item) for position, item in enumerate(items, 1)]
    return [deliver(call, {**fields, **group}) for fields in prepared]


def _album_item(call: MethodCall, position: int, item: Json) -> Json:
    """Return the fields of the message at this position of an album; a refusal names the position."""
    try:
        return call.media_item(item)
    except RefusedCall as refused:
        raise number_refusal(position, refused) from None
