"""Attachments of a Telegram message (photo, voice, location) as a payload."""

from typing import Any

from telegram import Message

from domain.answers import Wants
from handlers.payloads.work import SendAnswer


def is_picture(message: Message) -> bool:
    """A photo that was sent as a file, in its full size."""
    sent, asks = message.document, message.caption or ""
    return bool(sent and (sent.mime_type or "").startswith("image/")) and not asks.startswith("/")


def answer_in(message: Message) -> SendAnswer:
    """A photo, a voice message or a place, with the album it belongs to."""
    what, handed_in = _handed_in(message)
    return SendAnswer(what=what or "", handed_in=handed_in, album=message.media_group_id or "")


def _handed_in(message: Message) -> tuple[Wants | None, str]:
    """The kind of attachment and its stored form; the largest size of a photo."""
    if message.photo:
        return Wants.PHOTO, _file(message.photo[-1])
    if message.document and is_picture(message):
        return Wants.PHOTO, _file(message.document)
    if message.voice:
        return Wants.VOICE, _file(message.voice)
    if message.location:
        return Wants.LOCATION, f"{message.location.latitude:.6f},{message.location.longitude:.6f}"
    if other := message.audio or message.video:
        return None, _file(other)  # no answer to a task, but a requester may want its id
    return None, ""


def _file(sent: Any) -> str:
    return f"{sent.file_id} {sent.file_unique_id}"
