"""Downloads of people's files from Telegram, streamed to the disk."""

import asyncio
from dataclasses import dataclass
from typing import BinaryIO

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.transport import AiohttpRequest, BotApi, pause_of
from jobs.file_parts import LARGEST

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
            return path if await request.download(url, into, LARGEST) else None
        into.write(await request.retrieve(url))
        return path
