"""Pictures that somebody sent as files: they go on as files again, without what a camera wrote into them. So do voice
messages to somebody who takes none."""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import PurePath
from typing import Any, BinaryIO

from telegram.error import BadRequest, NetworkError

from bot.delivery.attachments import AFTERWARDS, FETCHED_AT_ONCE, NO_VOICE, Later
from bot.delivery.file_ids import is_refused, remember
from bot.transport import BotApi, NotSent
from formats.media.camera_data import without_camera_data
from storage.boxes.letters import Letter

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
