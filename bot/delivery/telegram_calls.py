"""Translates a screen into Telegram's calls: a new message, an edit in place, a picture, a document, a menu."""

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from html import escape

from telegram.error import BadRequest, InvalidToken

from bot.clock import Clock
from bot.delivery.albums import Albums, Charge
from bot.delivery.attachments import Attachment, Attachments, UploadedFile, opened
from bot.delivery.fields import Values, keyboard, linked, worded
from bot.delivery.sent_files import Download, SentFiles
from bot.transport import BotApi, is_unknown_method
from domain.projects.media import AUDIO, DOCUMENT, PHOTO, VIDEO, VOICE
from domain.records import record
from handlers.screens.layout.fitting import CAPTION, MESSAGE, shortened
from handlers.screens.screen import Drawing, FileOrder, Screen
from jobs.fetching.fetcher import Fetcher
from jobs.made_files import MadeFile, Maker
from storage.boxes.letters import Letter
from storage.database import Database

# Telegram's words for an edit that changes nothing, and for one that can never be made.
SAME = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
# A picture with a caption, say.
NO_TEXT, NO_MEDIA = "no text in the message to edit", "no media in the message to edit"
NO_CAPTION = "no caption in the message to edit"
# Telegram's error for a picture that had been sent as a file.
NO_PHOTO = "file of type document as photo"

MOST_CAPTIONS = 20_000  # messages remembered for the edits to come, some 100 bytes each

ICONS = {PHOTO: "🖼", VIDEO: "🎬", AUDIO: "🔊", VOICE: "🔊", DOCUMENT: "📄"}

log = logging.getLogger(__name__)


class Gone(Exception):
    """The message that should be edited is no longer there, or cannot show this."""


@record
class Shown:
    """The message that shows a screen (None for a menu alone), and the upload Telegram holds now.

    `linked`: its picture can't be loaded and stands there as a link. `has_caption`: its words are a file's caption.
    """

    message_id: int | None
    upload: UploadedFile | None = None
    linked: bool = False
    has_caption: bool = False


class TelegramCalls:
    """Files are made when they are sent, by the maker the screen names, and deleted afterwards. `pages` is the Mini
    App's address, empty where there is none."""

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
    ) -> None:
        self.api, self.database, self.makers, self.clock, self.pages = api, database, makers, clock, pages
        self.attachments = Attachments(database, clock, fetch)
        self.sent_files = SentFiles(api, download)
        self.albums = Albums(api, database, self.attachments, self.sent_files, clock, charge)
        self._with_captions: dict[tuple[int | None, int], None] = {}  # chats and messages, the newest last

    async def __call__(self, letter: Letter, screen: Screen) -> Shown:
        """Raises Gone when the message to edit is gone and a new one not worth it, Later, and the library's errors."""
        if screen.menu is not None:
            await self._menu(letter, screen.menu)
        if not shows(screen):
            return Shown(None)
        place = letter.edits or letter.live_message
        brings = (screen.album or screen.before) and letter.brings_pictures
        if place is None or screen.file or screen.files or brings:
            return await self._send_anew(letter, screen)
        try:
            return await self._edit(letter, screen, place)
        except Gone:
            if letter.live is None and not screen.anew:
                raise
            return await self._send_anew(letter, screen)

    async def _send_anew(self, letter: Letter, screen: Screen) -> Shown:
        """Sends a message, and remembers it where later words are its caption."""
        shown = await self._send(letter, screen)
        if shown.message_id is not None and shown.has_caption:
            self._remember_caption(letter.chat, shown.message_id)
        self.albums.forget(letter)
        return shown

    def _remember_caption(self, chat: int | None, message: int) -> None:
        self._with_captions[chat, message] = None
        if len(self._with_captions) > MOST_CAPTIONS:
            del self._with_captions[next(iter(self._with_captions))]

    async def _menu(self, letter: Letter, commands: tuple[tuple[str, str], ...]) -> None:
        scope = {"type": "chat", "chat_id": letter.chat}
        listed = [{"command": command, "description": description} for command, description in commands]
        try:
            await self.api("setMyCommands", scope=scope, commands=listed)
        except InvalidToken as error:
            if not is_unknown_method(error):
                raise
            log.warning("The server knows no command menus", extra={"letter": letter.id})
        except BadRequest as error:  # the text is sent without it
            log.warning("A command menu is refused", extra={"letter": letter.id, "reason": error.message[:60]})

    async def _edit(self, letter: Letter, screen: Screen, place: int) -> Shown:
        values: Values = {"chat_id": letter.chat, "message_id": place, "reply_markup": keyboard(screen, self.pages)}
        try:
            if screen.photo is None or self.attachments.is_unfetched(screen.photo):
                await self._edit_words(screen, values)
                return Shown(place, linked=screen.photo is not None)
            attachment = await self.attachments.picture(screen.photo)
            media = {"type": "photo", "media": attachment.named, **worded(screen, "caption")}
            return await self._bring("editMessageMedia", attachment, {**values, "media": media})
        except BadRequest as error:
            words = error.message.lower()
            if any(gone in words for gone in (*GONE, NO_MEDIA)):
                raise Gone from None
            if SAME not in words:
                raise
        return Shown(place)

    async def _edit_words(self, screen: Screen, values: Values) -> None:
        """Edits the text, or the caption where the message shows a file: at once where that is remembered, else (after
        a restart) once Telegram has refused the text. Raises Gone where the file there is another task's."""
        place = values["chat_id"], values["message_id"]
        if place in self._with_captions and await self._edit_caption(screen, values):
            return
        try:
            await self.api("editMessageText", **values, **linked(screen))
        except BadRequest as error:
            if NO_TEXT not in error.message.lower():
                raise
            self._remember_caption(*place)
            await self._edit_caption(screen, values)

    async def _edit_caption(self, screen: Screen, values: Values) -> bool:
        """False, and forgotten, where the message shows a text."""
        if screen.anew:
            raise Gone
        fitting = replace(screen, text=shortened(screen.text, CAPTION))
        try:
            await self.api("editMessageCaption", **values, **worded(fitting, "caption"))
        except BadRequest as error:
            if NO_CAPTION not in error.message.lower():
                raise
            del self._with_captions[values["chat_id"], values["message_id"]]
            return False
        return True

    async def _send(self, letter: Letter, screen: Screen) -> Shown:
        chat: Values = {"chat_id": letter.chat}
        if screen.silent or letter.quiet:
            chat["disable_notification"] = True
        values = {**chat, "reply_markup": keyboard(screen, self.pages)}
        if screen.before:
            above = [worded(replace(screen, text=words), "text") for words in screen.before]
            await self.albums.say_before(letter, above, chat)
        if screen.album:
            return await self._send_album(letter, screen, chat, values)
        if screen.files:
            return await self._send_files(letter, screen, chat)
        if screen.file is not None:
            return await self._send_file(screen, screen.file, values)
        if screen.voice is not None:
            return _shown(await self.sent_files.voice(letter, screen.voice, values | worded(screen, "caption")))
        if screen.photo is None or self.attachments.is_unfetched(screen.photo):
            shown = _shown(await self.api("sendMessage", **values, **linked(screen)))
            return replace(shown, linked=screen.photo is not None)
        return await self._send_photo(screen.photo, {**values, **worded(screen, "caption")})

    async def _send_album(self, letter: Letter, screen: Screen, chat: Values, values: Values) -> Shown:
        """The pictures in turns of their own, then what is said below them; those that can't be fetched as links."""
        await self.albums.bring(letter, screen.album, chat)
        missing = self.albums.missing(screen.album)
        links = [f'<a href="{escape(each.photo)}">{ICONS[each.kind]}</a> {each.caption}' for each in missing]
        text = shortened("\n".join([*links, *([""] if links else []), screen.text]), MESSAGE)
        shown = _shown(await self.api("sendMessage", **values, **worded(replace(screen, text=text), "text")))
        self.albums.forget(letter)
        return replace(shown, linked=bool(missing))

    async def _send_photo(self, photo: Drawing | str, values: Values) -> Shown:
        """Sends a picture that came as a file as a file again: Telegram does not accept its id as a photo."""
        attachment = await self.attachments.picture(photo)
        try:
            return await self._bring("sendPhoto", attachment, {**values, "photo": attachment.named})
        except BadRequest as error:
            if attachment.content or NO_PHOTO not in error.message.lower():
                raise
            return _shown(await self.sent_files.send(attachment.named, values))

    async def _send_file(self, screen: Screen, order: FileOrder, values: Values) -> Shown:
        made = await self.makers[order.what](self.database, order.facts, self.clock())
        try:
            if order.nothing and not made.path.stat().st_size:
                instead = worded(replace(screen, text=order.nothing), "text")
                return _shown(await self.api("sendMessage", **values, **instead))
            attachment = await self.attachments.document(made)
            values = {**values, **worded(screen, "caption"), "document": attachment.named}
            return await self._bring("sendDocument", attachment, values)
        finally:
            made.path.unlink(missing_ok=True)

    async def _send_files(self, letter: Letter, screen: Screen, chat: Values) -> Shown:
        """All in one call, so that all of them are there or none."""
        made: list[MadeFile] = []
        try:
            for order in screen.files:
                made.append(await self.makers[order.what](self.database, order.facts, self.clock()))
            messages = await self.albums.documents(letter, made, worded(screen, "caption"), chat)
        finally:
            for each in made:
                each.path.unlink(missing_ok=True)
        return _shown(messages[-1])

    async def _bring(self, method: str, attachment: Attachment, values: Values) -> Shown:
        """The call, and the file id of its attachment."""
        try:
            with ExitStack() as stack:
                message = await self.api(method, opened(attachment.files, stack), **values)
        except BadRequest as error:
            await self.attachments.refused(attachment, error.message)
            raise
        finally:
            self.attachments.landed(attachment)
        return replace(_shown(message), upload=self.attachments.learn(attachment, message))


def shows(screen: Screen) -> bool:
    """Whether there is a message in it, and not just a menu."""
    return bool(screen.text or screen.photo or screen.voice or screen.file or screen.files)


def _shown(message: Values) -> Shown:
    return Shown(int(message["message_id"]), has_caption="text" not in message)
