"""A screen becomes Telegram's calls: a new message, an edit in place, a picture, a document, a menu."""

from collections.abc import Mapping
from typing import Any

from telegram.error import BadRequest

from bot.clock import Clock
from bot.request import BotApi
from handlers.screens.screen import Button, FileOrder, Screen
from services.exports import Maker
from storage.database import Database
from storage.outbox import Letter

# Telegram's words for an edit that changes nothing, and for one that can never be made.
SAME = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "no text in the message to edit")
# For a picture that somebody had sent as a file.
NO_PHOTO = "file of type document as photo"

Values = dict[str, Any]


class Gone(Exception):
    """The message that should be edited is no longer there."""


class Showing:
    """Files are made when they are sent, by the maker the screen names, and deleted afterwards."""

    def __init__(self, api: BotApi, database: Database, makers: Mapping[str, Maker], clock: Clock) -> None:
        self.api, self.database, self.makers, self.clock = api, database, makers, clock

    async def __call__(self, letter: Letter, screen: Screen) -> int | None:
        """The id of the message that shows it; Gone when there is nothing left to edit. Raises the library's errors."""
        if screen.menu is not None:
            await self._menu(letter, screen.menu)
        if not shows(screen):
            return None
        place = letter.edits or letter.live_message
        if place is None or screen.file:
            return await self._send(letter, screen)
        try:
            return await self._edit(letter, screen, place)
        except Gone:
            if letter.live is None:
                raise
            return await self._send(letter, screen)

    async def _menu(self, letter: Letter, commands: tuple[tuple[str, str], ...]) -> None:
        scope = {"type": "chat", "chat_id": letter.chat}
        listed = [{"command": command, "description": description} for command, description in commands]
        await self.api("setMyCommands", scope=scope, commands=listed)

    async def _edit(self, letter: Letter, screen: Screen, place: int) -> int:
        values: Values = {"chat_id": letter.chat, "message_id": place, "reply_markup": keyboard(screen)}
        try:
            if screen.photo is None:
                await self.api("editMessageText", **values, **worded(screen, "text"))
            else:
                files, photo = attached(screen.photo)
                media = {"type": "photo", "media": photo, **worded(screen, "caption")}
                await self.api("editMessageMedia", files, **values, media=media)
        except BadRequest as error:
            words = error.message.lower()
            if any(gone in words for gone in GONE):
                raise Gone from None
            if SAME not in words:
                raise
        return place

    async def _send(self, letter: Letter, screen: Screen) -> int:
        values: Values = {"chat_id": letter.chat, "reply_markup": keyboard(screen)}
        if screen.silent:
            values["disable_notification"] = True
        if screen.file is not None:
            return await self._send_file(screen.file, {**values, **worded(screen, "caption")})
        if screen.voice is not None:
            return _id(await self.api("sendVoice", voice=screen.voice, **values, **worded(screen, "caption")))
        if screen.photo is None:
            return _id(await self.api("sendMessage", **values, **worded(screen, "text")))
        return await self._send_photo(screen.photo, {**values, **worded(screen, "caption")})

    async def _send_photo(self, photo: bytes | str, values: Values) -> int:
        """What somebody sent as a file stays a file: Telegram does not show it as a photo."""
        files, named = attached(photo)
        try:
            return _id(await self.api("sendPhoto", files, photo=named, **values))
        except BadRequest as error:
            if files or NO_PHOTO not in error.message.lower():
                raise
            return _id(await self.api("sendDocument", document=named, **values))

    async def _send_file(self, order: FileOrder, values: Values) -> int:
        made = await self.makers[order.what](self.database, order.facts, self.clock())
        try:
            with made.path.open("rb") as content:
                files = {"document": (made.name, content, made.mime)}
                return _id(await self.api("sendDocument", files, **values))
        finally:
            made.path.unlink(missing_ok=True)


def shows(screen: Screen) -> bool:
    """Whether there is a message in it, and not just a menu."""
    return bool(screen.text or screen.photo or screen.voice or screen.file)


def worded(screen: Screen, name: str) -> Values:
    values: Values = {name: screen.text, "parse_mode": "HTML"}
    return values if name == "caption" else {**values, "link_preview_options": {"is_disabled": True}}


def attached(photo: bytes | str) -> tuple[dict[str, tuple[str, bytes, str]], str]:
    """What is uploaded, and how the call names it: bytes travel along, a text is a file's id or address."""
    if isinstance(photo, str):
        return {}, photo
    return {"picture": ("picture.png", photo, "image/png")}, "attach://picture"


def keyboard(screen: Screen) -> Values | None:
    """None leaves it out: an edit without a keyboard drops the one there was."""
    if not screen.keyboard:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in screen.keyboard]}


def _button(button: Button) -> Values:
    values: Values = {"text": button.text}
    if button.url is not None:
        values["url"] = button.url
    elif button.copy is not None:
        values["copy_text"] = {"text": button.copy}
    else:
        values["callback_data"] = button.data or button.text
    return {**values, "style": button.style} if button.style else values


def _id(message: Values) -> int:
    return int(message["message_id"])
