"""Translates a screen into Telegram's calls: a new message, an edit in place, a picture, a document, a menu."""

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from html import escape
from typing import Any

from telegram.error import BadRequest, InvalidToken

from bot.clock import Clock
from bot.delivery.albums import Albums, Charge
from bot.delivery.attachments import Attachment, Attachments, Download, SentFiles, UploadedFile, open_files
from bot.transport.requests import BotApi, is_unknown_method
from domain.messages import record
from domain.people.bots import FIRST_BOT, number_at, number_in_telegram
from domain.projects.tasks import AUDIO, DOCUMENT, PHOTO, VIDEO, VOICE
from handlers.screen import CAPTION, MESSAGE, Button, Drawing, FileOrder, InvoiceOrder, Screen, shorten_html
from jobs.fetching import Fetcher
from jobs.figures import MadeFile, Maker
from storage.boxes.outbox import Letter
from storage.database import Database

Values = dict[str, Any]


def text_values(screen: Screen, name: str) -> Values:
    values: Values = {name: screen.text, "parse_mode": "HTML"}
    return values if name == "caption" else {**values, "link_preview_options": {"is_disabled": True}}


def text_values_with_link(screen: Screen) -> Values:
    """Values of a text message; a picture that Telegram can't fetch stands above the text as a link."""
    values = text_values(screen, "text")
    if isinstance(screen.photo, str):
        text_with_link = f'<a href="{escape(screen.photo)}">🖼</a>\n\n{screen.text}'
        values["text"] = shorten_html(text_with_link, MESSAGE)
    return values


def keyboard_values(screen: Screen, pages: str = "") -> Values | None:
    """Values of the keyboard; None leaves it out, and an edit without a keyboard drops the one that was there.
    `pages` is the Mini App's address: without it buttons that open it are left out."""
    rows = [[_button(button, pages) for button in row if pages or button.page is None] for row in screen.keyboard]
    rows_with_buttons = [row for row in rows if row]
    return {"inline_keyboard": rows_with_buttons} if rows_with_buttons else None


def place_keyboard(label: str) -> Values:
    """Values of a keyboard in place of the letters with one button, which shares a location; it goes when pressed."""
    button = {"text": label, "request_location": True}
    return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}


def _button(button: Button, pages: str) -> Values:
    values: Values = {"text": button.text}
    if button.page is not None:
        values["web_app"] = {"url": f"{pages}/{button.page}"}
    elif button.url is not None:
        values["url"] = button.url
    elif button.copy is not None:
        values["copy_text"] = {"text": button.copy}
    else:
        values["callback_data"] = button.data or button.text
    return {**values, "style": button.style} if button.style else values


# Telegram's words for an edit that changes nothing, and for one that can never be made.
NOT_MODIFIED = "message is not modified"
EDIT_IMPOSSIBLE = ("message to edit not found", "message can't be edited", "message_id_invalid")
# A picture with a caption, say.
HAS_NO_TEXT, HAS_NO_MEDIA = "no text in the message to edit", "no media in the message to edit"
HAS_NO_CAPTION = "no caption in the message to edit"
# Telegram's error for a picture that had been sent as a file.
IS_NO_PHOTO = "file of type document as photo"

MAX_CAPTIONS_REMEMBERED = 20_000  # messages remembered for the edits to come, some 100 bytes each

MEDIA_ICONS = {PHOTO: "🖼", VIDEO: "🎬", AUDIO: "🔊", VOICE: "🔊", DOCUMENT: "📄"}

log = logging.getLogger(__name__)


class MessageGone(Exception):
    """Raised when the message to edit is no longer there, or cannot show this screen."""


@record
class ShownMessage:
    """The message that shows a screen (None for a menu alone), and the upload Telegram holds now.

    `linked`: its picture can't be loaded and stands there as a link. `has_caption`: its words are a file's caption."""

    message_id: int | None
    upload: UploadedFile | None = None
    linked: bool = False
    has_caption: bool = False


class TelegramCalls:
    """Shows screens in Telegram. Files are made when they are sent, by the maker the screen names, and deleted
    afterwards. `pages` is the Mini App's address, empty where there is none; `provider_token` is that of
    the provider of cards."""

    def __init__(
        self,
        api: BotApi,
        database: Database,
        makers: Mapping[str, Maker],
        clock: Clock,
        charge: Charge,
        fetch: Fetcher | None = None,
        pages: str = "",
        download: Download | None = None,
        bot: int = FIRST_BOT,
        provider_token: str = "",
    ) -> None:
        self.bot, self.provider_token = bot, provider_token
        self.api, self.database, self.makers, self.clock, self.pages = api, database, makers, clock, pages
        self.attachments = Attachments(database, clock, fetch, download, bot)
        self.sent_files = SentFiles(api, download, bot)
        self.albums = Albums(api, database, self.attachments, self.sent_files, clock, charge=charge)
        self._with_captions: dict[tuple[int | None, int], None] = {}  # chats and messages, the newest last

    async def __call__(self, letter: Letter, screen: Screen) -> ShownMessage:
        """Show the screen, by an edit where the letter names a message. Raise MessageGone if that message is gone
        and a new one is not worth it, Later, and the library's errors."""
        shown = await self._show(letter, screen)
        if self.bot == FIRST_BOT or shown.message_id is None:
            return shown
        return replace(shown, message_id=number_at(self.bot, shown.message_id))

    async def _show(self, letter: Letter, screen: Screen) -> ShownMessage:
        """Show the screen; return the message with the number that Telegram knows."""
        if screen.menu is not None:
            await self._set_menu(letter, screen.menu)
        if not has_message(screen):
            return ShownMessage(None)
        place = number_in_telegram(letter.edits or letter.live_message or 0) or None
        brings = (screen.album or screen.before) and letter.brings_pictures
        if place is None or screen.file or screen.files or screen.invoice or brings:
            return await self._send_anew(letter, screen)
        try:
            return await self._edit(letter, screen, place)
        except MessageGone:
            if letter.live is None and not screen.anew:
                raise
            return await self._send_anew(letter, screen)

    async def _send_anew(self, letter: Letter, screen: Screen) -> ShownMessage:
        """Sends a message, and remembers it where later words are its caption."""
        message = await self._send(letter, screen)
        if message.message_id is not None and message.has_caption:
            self._remember_caption(letter.chat, message.message_id)
        self.albums.forget(letter)
        return message

    def _remember_caption(self, chat: int | None, message: int) -> None:
        self._with_captions[chat, message] = None
        if len(self._with_captions) > MAX_CAPTIONS_REMEMBERED:
            del self._with_captions[next(iter(self._with_captions))]

    async def _set_menu(self, letter: Letter, commands: tuple[tuple[str, str], ...]) -> None:
        scope = {"type": "chat", "chat_id": letter.chat}
        menu_values = [{"command": command, "description": description} for command, description in commands]
        try:
            await self.api("setMyCommands", scope=scope, commands=menu_values)
        except InvalidToken as error:
            if not is_unknown_method(error):
                raise
            log.warning("The server knows no command menus", extra={"letter": letter.id})
        except BadRequest as error:  # the text is sent without it
            log.warning("A command menu is refused", extra={"letter": letter.id, "reason": error.message[:60]})

    async def _edit(self, letter: Letter, screen: Screen, place: int) -> ShownMessage:
        values: Values = {
            "chat_id": letter.chat,
            "message_id": place,
            "reply_markup": keyboard_values(screen, self.pages),
        }
        try:
            if screen.keyboard_only:
                await self.api("editMessageReplyMarkup", **values)
                return ShownMessage(place)
            if screen.photo is None or self.attachments.is_unfetched(screen.photo):
                await self._edit_words(screen, values)
                return ShownMessage(place, linked=screen.photo is not None)
            attachment = await self.attachments.attach_picture(screen.photo)
            media = {"type": "photo", "media": attachment.reference, **text_values(screen, "caption")}
            return await self._send_attachment("editMessageMedia", attachment, {**values, "media": media})
        except BadRequest as error:
            words = error.message.lower()
            if any(phrase in words for phrase in (*EDIT_IMPOSSIBLE, HAS_NO_MEDIA)):
                raise MessageGone from None
            if NOT_MODIFIED not in words:
                raise
        return ShownMessage(place)

    async def _edit_words(self, screen: Screen, values: Values) -> None:
        """Edit the text, or the caption where the message shows a file: at once where that is remembered, else
        (after a restart) once Telegram has refused the text. Raise MessageGone if the file there is another task's."""
        place = values["chat_id"], values["message_id"]
        if place in self._with_captions and await self._edit_caption(screen, values):
            return
        try:
            await self.api("editMessageText", **values, **text_values_with_link(screen))
        except BadRequest as error:
            if HAS_NO_TEXT not in error.message.lower():
                raise
            self._remember_caption(*place)
            await self._edit_caption(screen, values)

    async def _edit_caption(self, screen: Screen, values: Values) -> bool:
        """Edit the caption; return False, and forget the message, if it shows a text. Raise MessageGone if the
        screen asks for a message of its own."""
        if screen.anew:
            raise MessageGone
        fitting = replace(screen, text=shorten_html(screen.text, CAPTION))
        try:
            await self.api("editMessageCaption", **values, **text_values(fitting, "caption"))
        except BadRequest as error:
            if HAS_NO_CAPTION not in error.message.lower():
                raise
            del self._with_captions[values["chat_id"], values["message_id"]]
            return False
        return True

    async def _send(self, letter: Letter, screen: Screen) -> ShownMessage:
        chat: Values = {"chat_id": letter.chat}
        if screen.silent or letter.quiet:
            chat["disable_notification"] = True
        values = {**chat, "reply_markup": keyboard_values(screen, self.pages)}
        above = [text_values(replace(screen, text=words), "text") for words in screen.before]
        if screen.place_button:
            above.append({"text": "📍 ⬇️", "reply_markup": place_keyboard(screen.place_button)})
        if above:
            await self.albums.send_leading_texts(letter, above, chat)
        if screen.invoice is not None and self.provider_token:
            return _to_shown(await self.api("sendInvoice", **chat, **self._invoice_values(screen.invoice)))
        if screen.album:
            return await self._send_album(letter, screen, chat, values)
        if screen.files:
            return await self._send_files(letter, screen, chat)
        if screen.file is not None:
            return await self._send_file(screen, screen.file, values)
        if screen.voice is not None:
            return _to_shown(
                await self.sent_files.send_voice(letter, screen.voice, values | text_values(screen, "caption"))
            )
        if screen.photo is None or self.attachments.is_unfetched(screen.photo):
            message = _to_shown(await self.api("sendMessage", **values, **text_values_with_link(screen)))
            return replace(message, linked=screen.photo is not None)
        return await self._send_photo(screen.photo, {**values, **text_values(screen, "caption")})

    def _invoice_values(self, invoice: InvoiceOrder) -> Values:
        """Values of an invoice. Its start parameter makes forwarded copies open a chat instead of taking money."""
        return {
            "title": invoice.title,
            "description": invoice.description,
            "payload": invoice.payload,
            "provider_token": self.provider_token,
            "currency": invoice.currency,
            "prices": [{"label": invoice.label, "amount": invoice.total}],
            "start_parameter": "fund",
        }

    async def _send_album(self, letter: Letter, screen: Screen, chat: Values, values: Values) -> ShownMessage:
        """Send the pictures in turns of their own, then the text below them; pictures that can't be fetched become
        links."""
        await self.albums.send_pictures(letter, screen.album, chat)
        unfetchable = self.albums.unfetchable_pictures(screen.album)
        links = [
            f'<a href="{escape(picture.photo)}">{MEDIA_ICONS[picture.kind]}</a> {picture.caption}'
            for picture in unfetchable
        ]
        text = shorten_html("\n".join([*links, *([""] if links else []), screen.text]), MESSAGE)
        message = _to_shown(await self.api("sendMessage", **values, **text_values(replace(screen, text=text), "text")))
        self.albums.forget(letter)
        return replace(message, linked=bool(unfetchable))

    async def _send_photo(self, photo: Drawing | str, values: Values) -> ShownMessage:
        """Sends a picture that came as a file as a file again: Telegram does not accept its id as a photo."""
        attachment = await self.attachments.attach_picture(photo)
        try:
            return await self._send_attachment("sendPhoto", attachment, {**values, "photo": attachment.reference})
        except BadRequest as error:
            if attachment.content or IS_NO_PHOTO not in error.message.lower():
                raise
            return _to_shown(await self.sent_files.send_document(attachment.reference, values))

    async def _send_file(self, screen: Screen, order: FileOrder, values: Values) -> ShownMessage:
        """Make the file and send it as a document; a text instead if it is empty and the order has one."""
        made_file = await self.makers[order.what](self.database, order.facts, self.clock())
        try:
            if order.nothing and not made_file.path.stat().st_size:
                text_message = text_values(replace(screen, text=order.nothing), "text")
                return _to_shown(await self.api("sendMessage", **values, **text_message))
            attachment = await self.attachments.attach_document(made_file)
            values = {**values, **text_values(screen, "caption"), "document": attachment.reference}
            return await self._send_attachment("sendDocument", attachment, values)
        finally:
            made_file.path.unlink(missing_ok=True)

    async def _send_files(self, letter: Letter, screen: Screen, chat: Values) -> ShownMessage:
        """Make all files and send them in one call, so that all of them arrive or none."""
        made_files: list[MadeFile] = []
        try:
            for order in screen.files:
                made_files.append(await self.makers[order.what](self.database, order.facts, self.clock()))
            messages = await self.albums.send_documents(letter, made_files, text_values(screen, "caption"), chat)
        finally:
            for made_file in made_files:
                made_file.path.unlink(missing_ok=True)
        return _to_shown(messages[-1])

    async def _send_attachment(self, method: str, attachment: Attachment, values: Values) -> ShownMessage:
        """Make a call with an attachment; return the message and the attachment's file id. Raise Later if the
        attachment has to go another way."""
        try:
            with ExitStack() as stack:
                message = await self.api(method, open_files(attachment.files, stack), **values)
        except BadRequest as error:
            await self.attachments.handle_refusal(attachment, error.message)
            raise
        finally:
            self.attachments.end_upload(attachment)
        return replace(_to_shown(message), upload=self.attachments.note_upload(attachment, message))


def has_message(screen: Screen) -> bool:
    """Return whether the screen has a message, and not just a menu."""
    return bool(screen.keyboard_only or screen.text or screen.photo or screen.voice or screen.file or screen.files)


def _to_shown(message: Values) -> ShownMessage:
    return ShownMessage(int(message["message_id"]), has_caption="text" not in message)
