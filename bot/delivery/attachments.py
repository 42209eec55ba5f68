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
from typing import (
    Any,
    BinaryIO,
    TypeVar,
    cast,
)

from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.clock import Clock
from bot.transport.requests import (
    AiohttpRequest,
    BotApi,
    NotSent,
    pause_of,
)
from domain.projects.tasks import (
    AUDIO,
    BROUGHT,
    DOCUMENT,
    PHOTO,
    VIDEO,
    VOICE,
)
from formats.media.archive import (
    HEAD,
    LARGEST,
    fits,
    media_type,
)
from formats.media.camera_data import without_camera_data
from handlers.screen import Drawing
from jobs import exports
from jobs.fetching import Fetcher, NotFetched
from jobs.figures import MadeFile
from storage.boxes.outbox import Letter
from storage.database import Database

PAUSES = (1.0, 3.0, 9.0)  # seconds before another try


@dataclass(frozen=True, slots=True)
class Downloads:
    """`base` is the address under which the token's files are."""

    api: BotApi
    base: str

    async def __call__(self, file_id: str, into: BinaryIO) -> str | None:
        """The path of the downloaded file; None where Telegram does not have it any more. Raises the last error of
        repeated failures."""
        for pause in PAUSES:
            try:
                return await self._fetched(file_id, into)
            except RetryAfter as error:
                await asyncio.sleep(pause_of(error))
            except (BadRequest, Forbidden):
                return None
            except NetworkError:
                await asyncio.sleep(pause)
        return await self._fetched(file_id, into)

    async def attempt(self, file_id: str, into: BinaryIO) -> bool:
        """Once, for somebody who waits; whether it could be had."""
        try:
            return await self._fetched(file_id, into) is not None
        except TelegramError:
            return False

    async def _fetched(self, file_id: str, into: BinaryIO) -> str | None:
        path = str((await self.api("getFile", file_id=file_id))["file_path"])
        into.seek(0)
        into.truncate()
        request, url = self.api.request, f"{self.base}/{path}"
        if isinstance(request, AiohttpRequest):
            return path if await request.download(url, into, exports.LARGEST) else None
        into.write(await request.retrieve(url))
        return path


K = TypeVar("K")
T = TypeVar("T")

REMEMBERED = 10_000  # ids in memory
# Telegram's words for an id it does not take, or no longer.
REFUSED = ("wrong file", "wrong remote file", "file_id", "file reference", "file identifier", "use file of type")


def is_refused(words: str) -> bool:
    """Whether an error of Telegram's says that it does not take the id."""
    return any(sign in words.lower() for sign in REFUSED)


def remember(known: dict[K, T], key: K, value: T) -> None:
    """The oldest goes where there are too many."""
    known[key] = value
    while len(known) > REMEMBERED:
        del known[next(iter(known))]


PATIENCE = 5.0  # seconds one letter brings a content before another tries as well
GLANCE = 0.3  # seconds after which it is looked whether it has arrived
AFTERWARDS = 1.0  # seconds after a refusal before it goes another way
FETCHED_AT_ONCE = 2  # files that we bring: each is in memory
CARRIED = (VIDEO, AUDIO, VOICE, DOCUMENT)  # fields of a message that name a file
RECOVERY = 600.0  # seconds an address Telegram can't fetch is not tried again
NO_VOICE = "voice_messages_forbidden"  # to this chat: its owner takes none, as subscribers of Telegram may choose
# Telegram's errors that are not about the picture; any other error of a call with a picture's address is.
ELSEWHERE = (
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
    """The letter waits `pause` seconds; `asked`: Telegram has seen a call for it."""

    def __init__(self, pause: float, asked: bool) -> None:
        super().__init__()
        self.pause, self.asked = pause, asked


class Partly(Later):
    """A part of the letter is there; what is left goes in its next turn."""

    def __init__(self) -> None:
        super().__init__(0.0, asked=True)


@dataclass(frozen=True, slots=True)
class Attachment:
    """`named` is how the call refers to it. `content` is the hash it is remembered by; empty: it is not remembered.
    `address`: where it comes from, if it is not known yet."""

    named: str
    files: Files = field(default_factory=dict)
    content: str = ""
    known: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A content and the id Telegram gave it."""

    content: str
    file_id: str


class Attachments:
    """`ids` are the latest contents by hash; the table has them all. `ours` are addresses that Telegram can't fetch and
    we do; without `fetch` we don't."""

    def __init__(self, database: Database, clock: Clock, fetch: Fetcher | None = None) -> None:
        self.database, self.clock, self.fetch = database, clock, fetch
        self.ours: dict[str, None] = {}
        self.fetching = asyncio.Semaphore(FETCHED_AT_ONCE)
        self.ids: dict[str, str] = {}
        self.under_way: dict[str, float] = {}
        self.unfetched: dict[str, float] = {}
        self.drawing = asyncio.Lock()

    async def picture(self, photo: Drawing | str, kind: str = PHOTO) -> Attachment:
        """An id goes as it is; an address and a drawing are brought once. Raises Later while another brings it, or
        where it goes another way."""
        if callable(photo):
            async with self.drawing:  # one at a time, beside the loop: answers go on meanwhile
                drawn = await asyncio.to_thread(photo)
            files = {"picture": ("picture.png", drawn, "image/png")}
            return await self._once(Attachment("attach://picture", files, _hash(b"picture", drawn)))
        if photo.startswith(BROUGHT):
            return await self._kept(photo, kind)
        if not is_address(photo):
            return Attachment(photo)
        where = b"address" if kind == PHOTO else f"address {kind}".encode()
        attachment = await self._once(Attachment(photo, content=_hash(where, photo.encode()), address=photo))
        return attachment if attachment.known or photo not in self.ours else await self._fetched(attachment, kind)

    async def _kept(self, reference: str, kind: str) -> Attachment:
        """From a ZIP that a requester sent. Raises Later where it is gone."""
        content = reference.removeprefix(BROUGHT)
        attachment = await self._once(Attachment(reference, content=_hash(f"media {kind}".encode(), content.encode())))
        if attachment.known:
            return attachment
        async with self.fetching:
            body = await self.database.freely(lambda unit: unit.media_files.body(content), self.clock())
        if body is None:
            self.landed(attachment)
            self.set_aside(reference)
            raise Later(GLANCE, asked=False)
        known, named = media_type(body[:HEAD]), f"m{attachment.content[:16]}"
        name = f"{content[:8]}.{content.rpartition('.')[2]}"
        files = {named: (name, body, known.mime if known else "application/octet-stream")}
        return replace(attachment, named=f"attach://{named}", files=files)

    async def _fetched(self, attachment: Attachment, kind: str) -> Attachment:
        """Fetched by us, where Telegram could not. Raises Later where we can't either: it becomes a link."""
        into, found = BytesIO(), None
        with suppress(NotFetched):
            async with self.fetching:
                found = await self.fetch(attachment.address, into, LARGEST[kind]) if self.fetch else None
        known = media_type(into.getvalue()[:HEAD])
        if found is None or not fits(kind, known):
            self.landed(attachment)
            self.set_aside(attachment.address)
            raise Later(GLANCE, asked=False)
        name, named = found.name or "file", f"m{attachment.content[:16]}"
        files = {named: (name, into.getvalue(), known.mime if known else found.mime)}
        return replace(attachment, named=f"attach://{named}", files=files)

    async def document(self, made: MadeFile) -> Attachment:
        """Remembers the file id only where the maker allows it; files about a person are uploaded each time."""
        attachment = Attachment("attach://file", {"file": (made.name, made.path, made.mime)})
        if not made.kept:
            return attachment
        content = await asyncio.to_thread(_hash_of, made)
        return await self._once(Attachment(attachment.named, attachment.files, content))

    async def _once(self, attachment: Attachment) -> Attachment:
        content = attachment.content
        if content not in self.ids:
            kept = await self.database.freely(lambda unit: unit.uploaded_files.known(content), self.clock())
            if kept and content not in self.ids:  # it may have arrived meanwhile
                self._remember(content, kept)
        if file_id := self.ids.get(content):
            return Attachment(file_id, content=content, known=True)
        if time.monotonic() - self.under_way.get(content, -PATIENCE) < PATIENCE:
            raise Later(GLANCE, asked=False)
        self.under_way[content] = time.monotonic()
        return attachment

    def landed(self, attachment: Attachment) -> None:
        """The call has ended, however it did."""
        self.under_way.pop(attachment.content, None)

    def learn(self, attachment: Attachment, message: Mapping[str, Any]) -> UploadedFile | None:
        """The id in Telegram's answer, when it is worth keeping."""
        file_id = _file_id(message)
        if not attachment.content or attachment.known or not file_id:
            return None
        self._remember(attachment.content, file_id)
        return UploadedFile(attachment.content, file_id)

    def _remember(self, content: str, file_id: str) -> None:
        remember(self.ids, content, file_id)

    async def refused(self, attachment: Attachment, words: str) -> None:
        """Raises Later where the next try goes another way: an id is brought anew, what is at an address is fetched by
        us, and then becomes a link."""
        told = words.lower()
        if attachment.known and is_refused(told):
            self.ids.pop(attachment.content, None)
            await self.database.freely(
                lambda unit: unit.uploaded_files.refused(attachment.content, attachment.named), self.clock()
            )
            raise Later(AFTERWARDS, asked=True) from None
        if attachment.address and not attachment.known and not any(sign in told for sign in ELSEWHERE):
            self._another_way(attachment.address)
            raise Later(AFTERWARDS, asked=True) from None

    def _another_way(self, address: str) -> None:
        if self.fetch is None or address in self.ours:
            self.set_aside(address)
            return
        remember(self.ours, address, None)

    def set_aside(self, photo: str) -> None:
        """It is not shown as a photo for a while."""
        self.unfetched[photo] = time.monotonic() + RECOVERY

    async def keep(self, upload: UploadedFile) -> None:
        await self.database.freely(lambda unit: unit.uploaded_files.keep(upload.content, upload.file_id), self.clock())

    def is_unfetched(self, photo: Drawing | str | None) -> bool:
        now = time.monotonic()
        self.unfetched = {address: until for address, until in self.unfetched.items() if until > now}
        return isinstance(photo, str) and photo in self.unfetched


def opened(files: Files, stack: ExitStack) -> Files:
    """Opens a file on disk, to be read while it is sent."""
    return {
        field: (name, stack.enter_context(content.open("rb")) if isinstance(content, Path) else content, mime)
        for field, (name, content, mime) in files.items()
    }


def is_address(photo: str) -> bool:
    return photo.startswith(("http://", "https://"))


def _hash(kind: bytes, content: bytes) -> str:
    return hashlib.sha256(kind + b"\0" + content).hexdigest()


def _hash_of(made: MadeFile) -> str:
    """Of the name too: Telegram keeps a document under the name it was sent with."""
    with Path(made.path).open("rb") as file:
        found = hashlib.file_digest(file, "sha256")
    return _hash(b"document", f"{made.name}\0{found.hexdigest()}".encode())


def _file_id(message: Mapping[str, Any]) -> str | None:
    """Of a photo the largest size."""
    sizes = message.get("photo")
    found = sizes[-1] if sizes else next((message[kind] for kind in CARRIED if message.get(kind)), {})
    return cast("str | None", found.get("file_id"))


OTHER = "use file of type"  # Telegram's words for an id of a voice message, say, where a document is wanted

Download = Callable[[str, BinaryIO], Awaitable[str | None]]
Values = dict[str, Any]


class SentFiles:
    """`ids`: the file that is sent instead, or the same where nothing has to be taken out. They are in memory alone: of
    an answer that is taken back nothing stays. Without `download` a file goes as it is."""

    def __init__(self, api: BotApi, download: Download | None) -> None:
        self.api, self.download = api, download
        self.ids: dict[str, str] = {}
        self.without_voice: dict[int, None] = {}  # chats that take no voice messages
        self.fetching = asyncio.Semaphore(FETCHED_AT_ONCE)

    async def send(self, file_id: str, values: Values) -> dict[str, Any]:
        """The message. Raises NotSent where the file cannot be fetched now."""
        known = self.ids.get(file_id, "" if self.download else file_id)
        if known:
            try:
                return dict(await self.api("sendDocument", **values, document=known))
            except BadRequest as error:
                if known == file_id or not is_refused(error.message):
                    raise
        async with self.fetching:
            return await self._brought(file_id, values)

    async def _brought(self, file_id: str, values: Values) -> dict[str, Any]:
        """A file that Telegram does not give goes by its id: it is too large, or gone, and Telegram says so."""
        content, path = await self._fetched(file_id)
        cleaned = content if path is None else await asyncio.to_thread(without_camera_data, content)
        if cleaned is content and (sent := await self._by_id(file_id, values, len(content))):
            return sent
        files = {"file": (f"photo{PurePath(path or '').suffix.lower()}", cleaned, "application/octet-stream")}
        message = dict(await self.api("sendDocument", files, **values, document="attach://file"))
        if found := message.get("document", {}).get("file_id"):
            remember(self.ids, file_id, found)
        return message

    async def _by_id(self, file_id: str, values: Values, fetched: int) -> dict[str, Any] | None:
        """None where it is no document to Telegram, but can be sent as one."""
        try:
            message = dict(await self.api("sendDocument", **values, document=file_id))
        except BadRequest as error:
            if not fetched or OTHER not in error.message.lower():
                raise
            return None
        remember(self.ids, file_id, file_id)
        return message

    async def voice(self, letter: Letter, file_id: str, values: Values) -> dict[str, Any]:
        """A voice message, or a document to somebody who takes none."""
        if letter.chat in self.without_voice:
            return await self.send(file_id, values)
        try:
            return dict(await self.api("sendVoice", voice=file_id, **values))
        except BadRequest as error:
            if NO_VOICE in error.message.lower():
                self.refuse_voice(letter)
            raise

    def refuse_voice(self, letter: Letter) -> None:
        """From now on its chat gets documents. Raises Later."""
        remember(self.without_voice, letter.chat or 0, None)
        raise Later(AFTERWARDS, asked=True) from None

    async def _fetched(self, file_id: str) -> tuple[bytes, str | None]:
        into = BytesIO()
        try:
            path = await self.download(file_id, into) if self.download else None
        except NetworkError as error:
            raise NotSent(f"The file cannot be fetched: {error.message}") from error
        return into.getvalue(), path
