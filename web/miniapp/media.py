"""A task's files for its page: fetched by us, from Telegram, from what a ZIP brought or from an address, and
streamed.

The page never gets their address: an address of Telegram's holds the bot's token. Nor what a camera wrote into a
picture that somebody sent: it may be another worker's answer."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import BinaryIO
from weakref import WeakValueDictionary

from aiohttp import hdrs, web

from domain.moments import Moment
from domain.projects.tasks import BROUGHT, DOCUMENT, PHOTO, Medium
from formats.media.archive import HEAD_BYTES, MAX_BYTES_BY_KIND, can_be_sent_as, media_type
from formats.media.camera_data import remove_camera_data
from jobs.fetching import Fetcher, NotFetched, parse_address
from storage.database import Database
from web.miniapp.files import HEADERS

FETCHES_PER_HOST = 2  # files that are fetched from one host
FETCH_SECONDS = 25.0  # for one of them, the wait for its turn included: a page that waits longer is given up
PIECE_BYTES = 1 << 20  # read at once: a thread reads it, and each change of threads delays answers
CACHE_FOR_AN_HOUR = "private, max-age=3600"

Download = Callable[[str, BinaryIO], Awaitable[bool]]
"""Of a file that Telegram keeps; whether it could be had."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources of a task's files; `hosts` limits concurrent fetches from each host."""

    database: Database
    clock: Callable[[], Moment]
    download: Download
    fetch: Fetcher
    hosts: WeakValueDictionary[str, asyncio.Semaphore] = field(default_factory=WeakValueDictionary)

    async def stream(self, request: web.Request, medium: Medium) -> web.StreamResponse:
        """Stream the file. Raise HTTPNotFound if it cannot be fetched, or is not what its task says it is."""
        with TemporaryFile() as target:
            is_found = await self._copy_file(medium, target)
            kind = media_type(_read_head(target)) if is_found else None
            if kind is None or not can_be_sent_as(medium.kind, kind):
                raise web.HTTPNotFound
            return await _stream(request, target, kind.mime)

    async def _copy_file(self, medium: Medium, target: BinaryIO) -> bool:
        """Write the file into `target` and return whether it could be had; data of cameras is removed from what
        people sent."""
        if medium.file.startswith(BROUGHT):
            content = medium.file.removeprefix(BROUGHT)
            body = await self.database.freely(lambda unit: unit.media_files.body(content), self.clock())
            target.write(body or b"")
            return body is not None
        if medium.file.startswith(("http://", "https://")):
            return await self._fetch_file(medium, target)
        is_found = await self.download(medium.file, target)
        if is_found and medium.kind in (PHOTO, DOCUMENT):
            await asyncio.to_thread(remove_camera_data, target)
        return is_found

    async def _fetch_file(self, medium: Medium, target: BinaryIO) -> bool:
        """Fetch the file of an address into `target`; return False if it cannot be fetched in time. Files of one
        host wait only for each other."""
        with suppress(NotFetched, TimeoutError):
            host = parse_address(medium.file).host or ""
            host_slots = self.hosts.setdefault(host, asyncio.Semaphore(FETCHES_PER_HOST))
            async with asyncio.timeout(FETCH_SECONDS), host_slots:
                await self.fetch(medium.file, target, MAX_BYTES_BY_KIND[medium.kind])
                return True
        return False


def _read_head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(HEAD_BYTES)


async def _stream(request: web.Request, file: BinaryIO, mime: str) -> web.StreamResponse:
    size = file.seek(0, 2)
    file.seek(0)
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox", hdrs.CACHE_CONTROL: CACHE_FOR_AN_HOUR}
    response = web.StreamResponse(headers={**HEADERS, **headers, hdrs.CONTENT_TYPE: mime})
    response.content_length = size
    await response.prepare(request)
    while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
        await response.write(piece)
    await response.write_eof()
    return response
