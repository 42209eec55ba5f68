"""Attachments of a Telegram message (photo, voice, location) as a payload."""

from typing import Any

from telegram import Message

from domain.answers import Wants
from handlers.payloads.work import SendAnswer


def is_picture(message: Message | None) -> bool:
    """A photo that was sent as a file, in its full size."""
    sent = message.document if message else None
    asks = (message and message.caption) or ""
    return bool(sent and (sent.mime_type or "").startswith("image/")) and not asks.startswith("/")


def answer_in(message: Message | None) -> SendAnswer:
    """A photo, a voice message or a place, with the album it belongs to."""
    what, handed_in = _handed_in(message)
    album = message and message.media_group_id
    return SendAnswer(what=what or "", handed_in=handed_in, album=album or "")


def _handed_in(message: Message | None) -> tuple[Wants | None, str]:
    """The kind of attachment and its stored form; the largest size of a photo."""
    if message and message.photo:
        return Wants.PHOTO, _file(message.photo[-1])
    if message and message.document and is_picture(message):
        return Wants.PHOTO, _file(message.document)
    if message and message.voice:
        return Wants.VOICE, _file(message.voice)
    if message and message.location:
        return Wants.LOCATION, f"{message.location.latitude:.6f},{message.location.longitude:.6f}"
    return None, ""


def _file(sent: Any) -> str:
    return f"{sent.file_id} {sent.file_unique_id}"
