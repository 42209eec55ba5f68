"""Pictures that somebody sent as files: they go on as files again, without what a camera wrote into them."""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import PurePath
from typing import Any, BinaryIO

from telegram.error import BadRequest, NetworkError

from bot.delivery.attachments import FETCHED_AT_ONCE
from bot.delivery.file_ids import is_refused, remember
from bot.transport import BotApi, NotSent
from formats.media.camera_data import without_camera_data

Download = Callable[[str, BinaryIO], Awaitable[str | None]]
Values = dict[str, Any]


class SentFiles:
    """`ids`: the file that is sent instead, or the same where nothing has to be taken out. They are in memory alone: of
    an answer that is taken back nothing stays. Without `download` a file goes as it is."""

    def __init__(self, api: BotApi, download: Download | None) -> None:
        self.api, self.download = api, download
        self.ids: dict[str, str] = {}
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
        if cleaned is content:
            message = dict(await self.api("sendDocument", **values, document=file_id))
            remember(self.ids, file_id, file_id)
            return message
        files = {"file": (f"photo{PurePath(path or '').suffix.lower()}", cleaned, "application/octet-stream")}
        message = dict(await self.api("sendDocument", files, **values, document="attach://file"))
        if found := message.get("document", {}).get("file_id"):
            remember(self.ids, file_id, found)
        return message

    async def _fetched(self, file_id: str) -> tuple[bytes, str | None]:
        into = BytesIO()
        try:
            path = await self.download(file_id, into) if self.download else None
        except NetworkError as error:
            raise NotSent(f"The file cannot be fetched: {error.message}") from error
        return into.getvalue(), path
