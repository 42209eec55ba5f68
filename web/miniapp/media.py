"""A task's files for its page: fetched by us, from Telegram, from what a ZIP brought or from an address, and streamed.

The page never learns where they come from: an address of Telegram's holds the bot's token. Nor what a camera wrote into
a picture that somebody sent: it may be another worker's answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import BinaryIO
from weakref import WeakValueDictionary

from aiohttp import hdrs, web

from domain.moments import Moment
from domain.projects.tasks import (
    BROUGHT,
    DOCUMENT,
    PHOTO,
    Medium,
)
from formats.media.archive import (
    HEAD,
    LARGEST,
    fits,
    media_type,
)
from formats.media.camera_data import clean
from jobs.fetching import Fetcher, NotFetched, parsed
from storage.database import Database
from web.miniapp.files import HEADERS

AT_ONCE = 2  # files that are fetched from one host
SECONDS = 25.0  # for one of them, the wait for its turn included: a page that waits longer is given up
PIECE = 64 << 10
AWHILE = "private, max-age=3600"

Download = Callable[[str, BinaryIO], Awaitable[bool]]
"""Of a file that Telegram keeps; whether it could be had."""


@dataclass(frozen=True, slots=True)
class Sources:
    database: Database
    clock: Callable[[], Moment]
    download: Download
    fetch: Fetcher
    hosts: WeakValueDictionary[str, asyncio.Semaphore] = field(default_factory=WeakValueDictionary)

    async def streamed(self, request: web.Request, medium: Medium) -> web.StreamResponse:
        """404 where it cannot be had, or is not what its task says it is."""
        with TemporaryFile() as into:
            found = await self._brought(medium, into)
            kind = media_type(_head(into)) if found else None
            if kind is None or not fits(medium.kind, kind):
                raise web.HTTPNotFound
            return await _sent(request, into, kind.mime)

    async def _brought(self, medium: Medium, into: BinaryIO) -> bool:
        if medium.file.startswith(BROUGHT):
            content = medium.file.removeprefix(BROUGHT)
            body = await self.database.freely(lambda unit: unit.media_files.body(content), self.clock())
            into.write(body or b"")
            return body is not None
        if medium.file.startswith(("http://", "https://")):
            return await self._fetched(medium, into)
        found = await self.download(medium.file, into)
        if found and medium.kind in (PHOTO, DOCUMENT):
            await asyncio.to_thread(clean, into)
        return found

    async def _fetched(self, medium: Medium, into: BinaryIO) -> bool:
        """Files of one host wait for each other alone: one that is silent stops no other."""
        with suppress(NotFetched, TimeoutError):
            host = parsed(medium.file).host or ""
            places = self.hosts.setdefault(host, asyncio.Semaphore(AT_ONCE))
            async with asyncio.timeout(SECONDS), places:
                await self.fetch(medium.file, into, LARGEST[medium.kind])
                return True
        return False


def _head(into: BinaryIO) -> bytes:
    into.seek(0)
    return into.read(HEAD)


async def _sent(request: web.Request, into: BinaryIO, mime: str) -> web.StreamResponse:
    size = into.seek(0, 2)
    into.seek(0)
    walls = {"Content-Security-Policy": "default-src 'none'; sandbox", hdrs.CACHE_CONTROL: AWHILE}
    response = web.StreamResponse(headers={**HEADERS, **walls, hdrs.CONTENT_TYPE: mime})
    response.content_length = size
    await response.prepare(request)
    while piece := await asyncio.to_thread(into.read, PIECE):
        await response.write(piece)
    await response.write_eof()
    return response
