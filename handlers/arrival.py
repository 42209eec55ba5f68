"""An update as handlers read it: plain values, and the library's objects only where there is more than a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import (
    Bot,
    ChatMemberUpdated,
    Message,
    Update,
)

from domain.handing_in import Wants
from domain.messages import record
from domain.moments import NEVER, Moment
from handlers.work import tasks


@record
class Sender:
    id: int
    username: str | None
    name: str
    language: str | None


@dataclass(slots=True)
class Arrived:
    """`query` is the pressed button's, whose message is `message`; None where none was pressed. `shown_at` is when the
    message was sent, or edited last; 0 where Telegram does not say.

    `text` is that of a plain message, `replies_to` the message it replies to, 0 for none. `content` is a message with
    more than that, `is_edited` where its caption was edited; `membership` is how the bot stands with the sender now.
    """

    update_id: int
    sender: Sender
    chat: int | None = None
    message: int | None = None
    query: str | None = None
    data: str = ""
    shown_at: Moment = NEVER
    text: str = ""
    replies_to: int = 0
    content: Message | None = None
    is_edited: bool = False
    membership: ChatMemberUpdated | None = None


def read_arrival(update: dict[str, Any], bot: Bot) -> Arrived:
    """Return the parts of an update that bot/intake/processing.py lets pass. Raise the library's errors."""
    pressed, message = update.get("callback_query"), update.get("message")
    if pressed is not None:
        place = pressed.get("message") or {}
        arrived = _to_arrival(update["update_id"], pressed, place)
        arrived.query, arrived.data = pressed["id"], pressed.get("data", "")
    elif message is not None and message.get("text") and "document" not in message:
        arrived = _to_arrival(update["update_id"], message, message)
        arrived.text = message["text"]
        arrived.replies_to = (message.get("reply_to_message") or {}).get("message_id", 0)
    else:
        arrived = _with_objects(update, Update.de_json(update, bot))
    return arrived


def _to_arrival(number: int, event: dict[str, Any], message: dict[str, Any]) -> Arrived:
    chat = message.get("chat") or {}
    seconds = max(message.get("date", 0), message.get("edit_date", 0))
    return Arrived(
        number, _sender(event["from"]), chat.get("id"), message.get("message_id"), shown_at=Moment(1_000 * seconds)
    )


def _sender(user: dict[str, Any]) -> Sender:
    first_name, last_name = user["first_name"], user.get("last_name")
    name = f"{first_name} {last_name}" if last_name else first_name
    return Sender(user["id"], user.get("username"), name, user.get("language_code"))


def _with_objects(update: dict[str, Any], built: Update) -> Arrived:
    event = next(value for name, value in update.items() if name != "update_id")
    arrived = _to_arrival(built.update_id, event, event)
    arrived.content, arrived.is_edited = built.message or built.edited_message, built.edited_message is not None
    arrived.membership = built.my_chat_member
    return arrived


def is_picture(message: Message) -> bool:
    """Return whether a file is a picture in its full size, and no caption makes it a command."""
    sent, asks = message.document, message.caption or ""
    return bool(sent and (sent.mime_type or "").startswith("image/")) and not asks.startswith("/")


def answer_in(message: Message) -> tasks.SendAnswer:
    """Return the photo, voice message or place of a message as an answer, with the album it belongs to."""
    what, handed_in = _read_attachment(message)
    return tasks.SendAnswer(what=what or "", handed_in=handed_in, album=message.media_group_id or "")


def _read_attachment(message: Message) -> tuple[Wants | None, str]:
    """Return the kind of attachment and its stored form, that of a photo in its largest size; None as the kind of what
    answers no task."""
    if message.photo:
        return Wants.PHOTO, _to_file_text(message.photo[-1])
    if message.document and is_picture(message):
        return Wants.PHOTO, _to_file_text(message.document)
    if message.voice:
        return Wants.VOICE, _to_file_text(message.voice)
    if message.location:
        return Wants.LOCATION, f"{message.location.latitude:.6f},{message.location.longitude:.6f}"
    if attachment := message.audio or message.video:
        return None, _to_file_text(attachment)  # no answer to a task, but a requester may want its id
    return None, ""


def _to_file_text(sent: Any) -> str:
    return f"{sent.file_id} {sent.file_unique_id}"
