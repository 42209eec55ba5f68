"""A sent file on the disk: downloaded from Telegram, or from the address its sender gave."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from weakref import WeakKeyDictionary

from domain.refusals import BadInput, FormRefused
from formats.addresses import is_address
from formats.errors import shortened
from formats.tables.sandbox import Beside
from jobs.fetching.fetcher import NotFetched, fetcher_of
from jobs.uploads import places
from jobs.uploads.door import SentFile, UploadDoor
from jobs.uploads.progress import UploadProgress, droppable, showing_progress
from jobs.uploads.reading import ReadingQueue

LARGEST = 20 * 1024 * 1024  # bytes a bot may download


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on disk, one for its checked rows, and what its media are appended to, perhaps from a ZIP beside it: all
    for as long as they are read."""

    place: BinaryIO
    rows: BinaryIO
    told: UploadProgress
    beside: Beside


@asynccontextmanager
async def fetched(door: UploadDoor, sent: SentFile, media: str | None = None) -> AsyncIterator[Upload]:
    """Downloads the file, and a ZIP of media from its address; the sender sees how far it is and can drop it.

    Raises FileDropped, FormRefused, and BadInput where too many are on their way."""
    if sent.size > LARGEST:
        raise BadInput(what="file_size", value=str(sent.size), expected=[str(LARGEST)])
    places.leave(places.FETCHED if media or is_address(sent.reference) else places.MOST)
    database, clock = door.house.database, door.house.clock
    with TemporaryFile() as place, TemporaryFile() as rows, TemporaryFile() as brought, TemporaryFile() as archive:
        async with (
            _shown(door, sent) as told,
            droppable(database, clock, told, sent.is_dropped),
        ):
            beside = Beside(cast(BinaryIO, brought), cast(BinaryIO, archive) if media else None)
            upload = Upload(cast(BinaryIO, place), cast(BinaryIO, rows), told, beside)
            if media and beside.archive:
                await _from_address(door, "media", media, beside.archive)
            if is_address(sent.reference):
                await _from_address(door, "file", sent.reference, upload.place)
            else:
                await sent.fetch(upload.place)
            yield upload


def _shown(door: UploadDoor, sent: SentFile) -> AbstractAsyncContextManager[UploadProgress]:
    if not sent.number:
        return nullcontext(UploadProgress(sent.name))
    return showing_progress(door.house.database, door.house.clock, door.chat.id, sent.number, sent.name)


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, ReadingQueue] = WeakKeyDictionary()


async def _from_address(door: UploadDoor, key: str, address: str, place: BinaryIO) -> None:
    """A few at once, one a requester: each takes room on the disk."""
    queue = _queues.setdefault(asyncio.get_running_loop(), ReadingQueue())
    try:
        async with queue.place(door.person.id):
            await fetcher_of(door.house.private_destinations)(address, place)
    except NotFetched as problem:
        facts = {"key": key, "value": shortened(address), "expected": problem.expected, "facts": dict(problem.facts)}
        raise FormRefused(errors=[facts]) from None


def fingerprint(place: BinaryIO, asked: str) -> str:
    """A hash of the bytes, and one of them with the request: of the same file, and of it with the same caption."""
    place.seek(0)
    digest = hashlib.sha256()
    while block := place.read(1 << 20):
        digest.update(block)
    content = digest.hexdigest()
    digest.update(b"\0" + asked.encode())
    return f"{content}:{digest.hexdigest()}"
