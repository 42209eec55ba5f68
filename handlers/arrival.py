"""An update as handlers read it: plain values, and the library's objects only where there is more than a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Bot, ChatMemberUpdated, Message, Update

from domain.handing_in import Wants
from domain.messages import record
from domain.moments import NEVER, Moment
from domain.money.card_payments import Checkout, MadePayment
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
    `checkout` asks whether a card payment may be made, `payment` is one that was made.
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
    checkout: Checkout | None = None
    payment: MadePayment | None = None


def read_arrival(update: dict[str, Any], bot: Bot) -> Arrived:
    """Return the parts of an update that bot/intake/processing.py lets pass. Raise the library's errors."""
    message = update.get("message")
    if "callback_query" in update:
        return _with_press(update["update_id"], update["callback_query"])
    if "pre_checkout_query" in update:
        return _with_checkout(update["update_id"], update["pre_checkout_query"])
    if message is not None and "successful_payment" in message:
        return _with_payment(update["update_id"], message)
    if message is not None and message.get("text") and "document" not in message:
        return _with_text(update["update_id"], message)
    return _with_objects(update, Update.de_json(update, bot))


def _with_text(number: int, message: dict[str, Any]) -> Arrived:
    arrived = _to_arrival(number, message, message)
    arrived.text = message["text"]
    arrived.replies_to = (message.get("reply_to_message") or {}).get("message_id", 0)
    return arrived


def _with_press(number: int, pressed: dict[str, Any]) -> Arrived:
    arrived = _to_arrival(number, pressed, pressed.get("message") or {})
    arrived.query, arrived.data = pressed["id"], pressed.get("data", "")
    return arrived


def _with_checkout(number: int, query: dict[str, Any]) -> Arrived:
    arrived = _to_arrival(number, query, {})
    arrived.checkout = Checkout(query["id"], query["invoice_payload"], query["total_amount"], query["currency"])
    return arrived


def _with_payment(number: int, message: dict[str, Any]) -> Arrived:
    arrived = _to_arrival(number, message, message)
    arrived.payment = payment_of(message["successful_payment"])
    return arrived


def payment_of(paid: dict[str, Any]) -> MadePayment:
    """Return a card payment as Telegram reports it."""
    return MadePayment(
        charge=paid["telegram_payment_charge_id"],
        provider_charge=paid["provider_payment_charge_id"],
        payload=paid["invoice_payload"],
        total=paid["total_amount"],
        currency=paid["currency"],
    )


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
