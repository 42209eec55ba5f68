"""Attachments of a call: bytes are uploaded once, then sent by Telegram's file id; concurrent calls wait for the
upload."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any, BinaryIO, TypeVar, cast

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.clock import Clock
from bot.transport.requests import AiohttpRequest, BotApi, NotSent, pause_of
from domain.people.bots import FIRST_BOT, split_file_id
from domain.projects.tasks import AUDIO, BROUGHT, DOCUMENT, PHOTO, VIDEO, VOICE
from formats.media.archive import HEAD_BYTES, MAX_BYTES_BY_KIND, can_be_sent_as, media_type
from formats.media.camera_data import without_camera_data
from handlers.screen import Drawing
from jobs import exports
from jobs.fetching import Fetcher, NotFetched
from jobs.figures import MadeFile
from storage.boxes.outbox import Letter
from storage.database import Database

RETRY_PAUSES_SECONDS = (1.0, 3.0, 9.0)  # seconds before another try


@dataclass(frozen=True, slots=True)
class FileDownloads:
    """Downloads of files that Telegram holds. `base` is the address under which the token's files are; `others` are
    the downloads of further bots, by number: each bot knows the files that were sent to it."""

    api: BotApi
    base: str
    others: Mapping[int, "FileDownloads"] = field(default_factory=dict)

    async def __call__(self, file_id: str, into: BinaryIO) -> str | None:
        """Download a file and return its path at Telegram; None if Telegram no longer has it. Raise the last error
        of repeated failures."""
        for pause in RETRY_PAUSES_SECONDS:
            try:
                return await self._download(file_id, into)
            except RetryAfter as error:
                await asyncio.sleep(pause_of(error))
            except (BadRequest, Forbidden):
                return None
            except NetworkError:
                await asyncio.sleep(pause)
        return await self._download(file_id, into)

    async def try_download(self, file_id: str, into: BinaryIO) -> bool:
        """Download a file, without another try, for somebody who waits; return whether it succeeded."""
        try:
            return await self._download(file_id, into) is not None
        except TelegramError:
            return False

    async def _download(self, file_id: str, into: BinaryIO) -> str | None:
        bot, own_id = split_file_id(file_id)
        if bot != FIRST_BOT:
            if bot not in self.others:
                raise BadRequest("wrong file_id: its bot is not here")
            return await self.others[bot].download_own(own_id, into)
        return await self.download_own(own_id, into)

    async def download_own(self, file_id: str, into: BinaryIO) -> str | None:
        """Download a file by the id by which this bot knows it; return its path at Telegram, None if it is too
        large. Raise the library's errors."""
        path = str((await self.api("getFile", file_id=file_id))["file_path"])
        into.seek(0)
        into.truncate()
        request, url = self.api.request, f"{self.base}/{path}"
        if isinstance(request, AiohttpRequest):
            return path if await request.download(url, into, exports.MAX_FILE_BYTES) else None
        into.write(await request.retrieve(url))
        return path


K = TypeVar("K")
T = TypeVar("T")

MAX_REMEMBERED = 10_000  # ids in memory
# Telegram's words for an id it does not take, or no longer.
ID_REFUSALS = ("wrong file", "wrong remote file", "file_id", "file reference", "file identifier", "use file of type")


def is_id_refusal(words: str) -> bool:
    """Return whether Telegram's error says that it does not accept a file id."""
    return any(sign in words.lower() for sign in ID_REFUSALS)


def remember_latest(values_by_key: dict[K, T], key: K, value: T) -> None:
    """Set a key of a cache; the oldest leaves where there are too many."""
    values_by_key[key] = value
    while len(values_by_key) > MAX_REMEMBERED:
        del values_by_key[next(iter(values_by_key))]


UPLOAD_PATIENCE_SECONDS = 5.0  # seconds one letter brings a content before another tries as well
UPLOAD_CHECK_SECONDS = 0.3  # seconds after which it is looked whether it has arrived
RETRY_SECONDS = 1.0  # seconds after a refusal before it goes another way
MAX_CONCURRENT_FETCHES = 2  # files that we bring: each is in memory
FILE_FIELDS = (VIDEO, AUDIO, VOICE, DOCUMENT)  # fields of a message that name a file
UNFETCHABLE_SECONDS = 600.0  # seconds an address Telegram can't fetch is not tried again
NO_VOICE = "voice_messages_forbidden"  # to this chat: its owner takes none, as subscribers of Telegram may choose
# Telegram's errors that are not about the picture; any other error of a call with a picture's address is.
UNRELATED_ERRORS = (
    "entities",
    "caption",
    "message is too long",
    "chat not found",
    "user is deactivated",
    "message to edit",
    "message can't be edited",
    "message_id_invalid",
    "no media in the message",
    "not modified",
    "button",
    "reply_markup",
    NO_VOICE,
)

Files = Mapping[str, tuple[str, Any, str]]


class Later(Exception):
    """Raised where a letter must wait `pause` seconds; `was_called`: Telegram has seen a call for it."""

    def __init__(self, pause: float, was_called: bool) -> None:
        super().__init__()
        self.pause, self.was_called = pause, was_called


class Partly(Later):
    """Raised when a part of the letter was sent; the rest goes in its next turn."""

    def __init__(self) -> None:
        super().__init__(0.0, was_called=True)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a call. `reference` is how the call refers to it: an id, an address or `attach://name`. `content` is
    the hash under which it is remembered; empty: it is not. `is_uploaded`: the reference is Telegram's id.
    `address`: where the file comes from, if Telegram does not have it yet."""

    reference: str
    files: Files = field(default_factory=dict)
    content: str = ""
    is_uploaded: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The hash of a content and the file id that Telegram gave it."""

    content: str
    file_id: str


class Attachments:
    """The files that letters carry. `ids` are the latest file ids by content hash; the table has them all. `ours`
    are addresses that Telegram can't fetch and this process does; without `fetch` it does not."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        fetch: Fetcher | None = None,
        download: "Download | None" = None,
        bot: int = FIRST_BOT,
    ) -> None:
        self.database, self.clock, self.fetch, self.download, self.bot = database, clock, fetch, download, bot
        self.ours: dict[str, None] = {}
        self.fetching = asyncio.Semaphore(MAX_CONCURRENT_FETCHES)
        self.ids: dict[str, str] = {}
        self.under_way: dict[str, float] = {}
        self.unfetched: dict[str, float] = {}
        self.drawing = asyncio.Lock()

    async def attach_picture(self, photo: Drawing | str, kind: str = PHOTO) -> Attachment:
        """Return the attachment of a picture: an id as it is, an address or a drawing after one upload. Raise Later
        while another letter uploads it, or where it has to go another way."""
        if callable(photo):
            async with self.drawing:  # one at a time, beside the loop: answers go on meanwhile
                png = await asyncio.to_thread(photo)
            files = {"picture": ("picture.png", png, "image/png")}
            return await self._claim_upload(Attachment("attach://picture", files, self._hash(b"picture", png)))
        if photo.startswith(BROUGHT):
            return await self._attach_archived(photo, kind)
        if not is_address(photo):
            return await self._attach_sent(photo)
        hash_kind = b"address" if kind == PHOTO else f"address {kind}".encode()
        attachment = await self._claim_upload(
            Attachment(photo, content=self._hash(hash_kind, photo.encode()), address=photo)
        )
        return (
            attachment
            if attachment.is_uploaded or photo not in self.ours
            else await self._attach_fetched(attachment, kind)
        )

    async def _attach_sent(self, reference: str) -> Attachment:
        """Return the attachment of a file by its id; one that another bot got is uploaded once. Raise Later while it
        cannot be downloaded."""
        bot, file_id = split_file_id(reference)
        if bot == self.bot or self.download is None:
            return Attachment(file_id)
        attachment = await self._claim_upload(Attachment(reference, content=self._hash(b"file", reference.encode())))
        if attachment.is_uploaded:
            return attachment
        into, path = BytesIO(), None
        try:
            async with self.fetching:
                path = await self.download(reference, into)
        except TelegramError:
            path = None
        if path is None:
            self.end_upload(attachment)
            raise Later(RETRY_SECONDS, was_called=True)
        field_name, name = f"m{attachment.content[:16]}", f"file{PurePath(path).suffix.lower()}"
        files = {field_name: (name, into.getvalue(), "application/octet-stream")}
        return replace(attachment, reference=f"attach://{field_name}", files=files)

    def _hash(self, kind: bytes, content: bytes) -> str:
        """Hash under which the bot's id of a content is remembered: a file has another id for each bot."""
        return _content_hash(kind if self.bot == FIRST_BOT else kind + b" of bot %d" % self.bot, content)

    async def _attach_archived(self, reference: str, kind: str) -> Attachment:
        """Return the attachment of a file from a requester's ZIP. Raise Later if the file is gone: it is set aside."""
        content = reference.removeprefix(BROUGHT)
        attachment = await self._claim_upload(
            Attachment(reference, content=self._hash(f"media {kind}".encode(), content.encode()))
        )
        if attachment.is_uploaded:
            return attachment
        async with self.fetching:
            body = await self.database.freely(lambda unit: unit.media_files.body(content), self.clock())
        if body is None:
            self.end_upload(attachment)
            self.set_aside(reference)
            raise Later(UPLOAD_CHECK_SECONDS, was_called=False)
        media, field_name = media_type(body[:HEAD_BYTES]), f"m{attachment.content[:16]}"
        name = f"{content[:8]}.{content.rpartition('.')[2]}"
        files = {field_name: (name, body, media.mime if media else "application/octet-stream")}
        return replace(attachment, reference=f"attach://{field_name}", files=files)

    async def _attach_fetched(self, attachment: Attachment, kind: str) -> Attachment:
        """Fetch what Telegram could not fetch from an address. Raise Later if that fails or the file is not of this
        kind: it becomes a link."""
        into, fetched = BytesIO(), None
        with suppress(NotFetched):
            async with self.fetching:
                fetched = await self.fetch(attachment.address, into, MAX_BYTES_BY_KIND[kind]) if self.fetch else None
        media = media_type(into.getvalue()[:HEAD_BYTES])
        if fetched is None or not can_be_sent_as(kind, media):
            self.end_upload(attachment)
            self.set_aside(attachment.address)
            raise Later(UPLOAD_CHECK_SECONDS, was_called=False)
        name, field_name = fetched.name or "file", f"m{attachment.content[:16]}"
        files = {field_name: (name, into.getvalue(), media.mime if media else fetched.mime)}
        return replace(attachment, reference=f"attach://{field_name}", files=files)

    async def attach_document(self, made_file: MadeFile) -> Attachment:
        """Return the attachment of a file that a maker made. Its id is remembered only where the maker allows it:
        files about a person are uploaded each time."""
        attachment = Attachment("attach://file", {"file": (made_file.name, made_file.path, made_file.mime)})
        if not made_file.is_reusable:
            return attachment
        digest = await asyncio.to_thread(_digest_document, made_file)
        content = self._hash(b"document", digest)
        return await self._claim_upload(Attachment(attachment.reference, attachment.files, content))

    async def _claim_upload(self, attachment: Attachment) -> Attachment:
        """Return the attachment with Telegram's id if there is one, else claim its upload for this letter. Raise
        Later while another letter uploads it."""
        content = attachment.content
        if content not in self.ids:
            stored_id = await self.database.freely(lambda unit: unit.uploaded_files.find_id(content), self.clock())
            if stored_id and content not in self.ids:  # it may have arrived meanwhile
                self._remember_id(content, stored_id)
        if file_id := self.ids.get(content):
            return Attachment(file_id, content=content, is_uploaded=True)
        if time.monotonic() - self.under_way.get(content, -UPLOAD_PATIENCE_SECONDS) < UPLOAD_PATIENCE_SECONDS:
            raise Later(UPLOAD_CHECK_SECONDS, was_called=False)
        self.under_way[content] = time.monotonic()
        return attachment

    def end_upload(self, attachment: Attachment) -> None:
        """Release the claim on an upload: its call has ended, with success or without."""
        self.under_way.pop(attachment.content, None)

    def note_upload(self, attachment: Attachment, message: Mapping[str, Any]) -> UploadedFile | None:
        """Remember and return the file id in Telegram's answer; None if the attachment is not to be remembered, or
        was known."""
        file_id = _find_file_id(message)
        if not attachment.content or attachment.is_uploaded or not file_id:
            return None
        self._remember_id(attachment.content, file_id)
        return UploadedFile(attachment.content, file_id)

    def _remember_id(self, content: str, file_id: str) -> None:
        remember_latest(self.ids, content, file_id)

    async def handle_refusal(self, attachment: Attachment, words: str) -> None:
        """Raise Later where the next try goes another way: instead of an id the file is uploaded anew, what is at an
        address is fetched by this process, and becomes a link if that failed too. Return if the error is not about
        the file."""
        lower_words = words.lower()
        if attachment.is_uploaded and is_id_refusal(lower_words):
            self.ids.pop(attachment.content, None)
            await self.database.freely(
                lambda unit: unit.uploaded_files.forget_refused(attachment.content, attachment.reference), self.clock()
            )
            raise Later(RETRY_SECONDS, was_called=True) from None
        if (
            attachment.address
            and not attachment.is_uploaded
            and not any(sign in lower_words for sign in UNRELATED_ERRORS)
        ):
            self._change_way(attachment.address)
            raise Later(RETRY_SECONDS, was_called=True) from None

    def _change_way(self, address: str) -> None:
        if self.fetch is None or address in self.ours:
            self.set_aside(address)
            return
        remember_latest(self.ours, address, None)

    def set_aside(self, photo: str) -> None:
        """Show this photo as a link, or not at all, for UNFETCHABLE_SECONDS."""
        self.unfetched[photo] = time.monotonic() + UNFETCHABLE_SECONDS

    async def store_upload(self, upload: UploadedFile) -> None:
        await self.database.freely(lambda unit: unit.uploaded_files.keep(upload.content, upload.file_id), self.clock())

    def is_unfetched(self, photo: Drawing | str | None) -> bool:
        now = time.monotonic()
        self.unfetched = {address: until for address, until in self.unfetched.items() if until > now}
        return isinstance(photo, str) and photo in self.unfetched


def open_files(files: Files, stack: ExitStack) -> Files:
    """Return the files with those on disk opened, to be read while they are sent; the stack closes them."""
    return {
        field: (name, stack.enter_context(content.open("rb")) if isinstance(content, Path) else content, mime)
        for field, (name, content, mime) in files.items()
    }


def is_address(photo: str) -> bool:
    return photo.startswith(("http://", "https://"))


def _content_hash(kind: bytes, content: bytes) -> str:
    return hashlib.sha256(kind + b"\0" + content).hexdigest()


def _digest_document(made_file: MadeFile) -> bytes:
    """Name and digest of a document: Telegram keeps a document under the name it was sent with."""
    with Path(made_file.path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return f"{made_file.name}\0{digest.hexdigest()}".encode()


def _find_file_id(message: Mapping[str, Any]) -> str | None:
    """Return the id of the message's file, of a photo the largest size; None if it has no file."""
    sizes = message.get("photo")
    file_values = sizes[-1] if sizes else next((message[kind] for kind in FILE_FIELDS if message.get(kind)), {})
    return cast("str | None", file_values.get("file_id"))


WRONG_FILE_TYPE = "use file of type"  # Telegram's words for an id of a voice message, say, where a document is wanted

Download = Callable[[str, BinaryIO], Awaitable[str | None]]
Values = dict[str, Any]


class SentFiles:
    """Files that people sent, passed on without their camera data. `ids`: the file id that is sent instead, or the
    same where nothing had to be taken out; in memory alone, so that nothing stays of an answer that is taken back.
    Without `download` a file goes as it is."""

    def __init__(self, api: BotApi, download: Download | None, bot: int = FIRST_BOT) -> None:
        self.api, self.download, self.bot = api, download, bot
        self.ids: dict[str, str] = {}
        self.without_voice: dict[int, None] = {}  # chats that take no voice messages
        self.fetching = asyncio.Semaphore(MAX_CONCURRENT_FETCHES)

    async def send_document(self, file_id: str, values: Values) -> dict[str, Any]:
        """Send a file as a document and return the message. Raise NotSent if the file cannot be fetched now."""
        clean_id = self.ids.get(file_id, "" if self.download else split_file_id(file_id)[1])
        if clean_id:
            try:
                return dict(await self.api("sendDocument", **values, document=clean_id))
            except BadRequest as error:
                if clean_id == split_file_id(file_id)[1] or not is_id_refusal(error.message):
                    raise
        async with self.fetching:
            return await self._send_downloaded(file_id, values)

    async def _send_downloaded(self, file_id: str, values: Values) -> dict[str, Any]:
        """Download the file, take out its camera data, and send it. A file that Telegram does not give goes by its
        id: it is too large, or gone, and Telegram says so."""
        bot, _ = split_file_id(file_id)
        content, path = await self._download(file_id)
        cleaned = content if path is None else await asyncio.to_thread(without_camera_data, content)
        if bot == self.bot and cleaned is content and (sent := await self._send_by_id(file_id, values, len(content))):
            return sent
        files = {"file": (f"photo{PurePath(path or '').suffix.lower()}", cleaned, "application/octet-stream")}
        message = dict(await self.api("sendDocument", files, **values, document="attach://file"))
        if new_id := message.get("document", {}).get("file_id"):
            remember_latest(self.ids, file_id, new_id)
        return message

    async def _send_by_id(self, file_id: str, values: Values, size: int) -> dict[str, Any] | None:
        """Send a document by its id and return the message; None if it is no document to Telegram, but can be sent
        as one."""
        try:
            message = dict(await self.api("sendDocument", **values, document=split_file_id(file_id)[1]))
        except BadRequest as error:
            if not size or WRONG_FILE_TYPE not in error.message.lower():
                raise
            return None
        remember_latest(self.ids, file_id, split_file_id(file_id)[1])
        return message

    async def send_voice(self, letter: Letter, file_id: str, values: Values) -> dict[str, Any]:
        """Send a voice message, or a document to a chat that takes none, and return the message. Raise Later when a
        chat first refuses."""
        if letter.chat in self.without_voice:
            return await self.send_document(file_id, values)
        bot, own_id = split_file_id(file_id)
        try:
            if bot == self.bot:
                return dict(await self.api("sendVoice", voice=own_id, **values))
            return await self._send_voice_anew(file_id, values)
        except BadRequest as error:
            if NO_VOICE in error.message.lower():
                self.refuse_voice(letter)
            raise

    async def _send_voice_anew(self, file_id: str, values: Values) -> dict[str, Any]:
        """Send a voice message that another bot got: uploaded once, then by this bot's id."""
        if known_id := self.ids.get(file_id):
            return dict(await self.api("sendVoice", voice=known_id, **values))
        async with self.fetching:
            content, path = await self._download(file_id)
        files = {"file": (f"{VOICE}{PurePath(path or '.ogg').suffix.lower()}", content, "audio/ogg")}
        message = dict(await self.api("sendVoice", files, **values, voice="attach://file"))
        if new_id := message.get(VOICE, {}).get("file_id"):
            remember_latest(self.ids, file_id, new_id)
        return message

    def refuse_voice(self, letter: Letter) -> None:
        """Send this chat documents instead of voice messages from now on. Raise Later."""
        remember_latest(self.without_voice, letter.chat or 0, None)
        raise Later(RETRY_SECONDS, was_called=True) from None

    async def _download(self, file_id: str) -> tuple[bytes, str | None]:
        into = BytesIO()
        try:
            path = await self.download(file_id, into) if self.download else None
        except NetworkError as error:
            raise NotSent(f"The file cannot be fetched: {error.message}") from error
        return into.getvalue(), path
