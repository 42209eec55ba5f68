"""Reads files of tasks in child processes: few at once, and one a requester at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO
from weakref import WeakKeyDictionary

from domain.people.people import PersonId
from formats.tables.reading import TaskFile
from formats.tables.sandbox import Beside, ReadRequest, read
from jobs.uploads.progress import UploadProgress

AT_ONCE = 2  # processes that read files: each has memory of its own


class ReadingQueue:
    """Requesters whose file is being read, and those who wait."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._people: dict[PersonId, asyncio.Lock] = {}

    @asynccontextmanager
    async def place(self, person: PersonId) -> AsyncIterator[None]:
        lock = self._people.setdefault(person, asyncio.Lock())
        async with lock, self._places:
            yield


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, ReadingQueue] = WeakKeyDictionary()


async def checked(
    person: PersonId,
    place: BinaryIO,
    rows: BinaryIO,
    question: ReadRequest,
    told: UploadProgress,
    beside: Beside | None = None,
) -> TaskFile:
    """The file with every row checked. Raises FileErrors. `rows` stays open for as long as they are read."""
    queue = _queues.setdefault(asyncio.get_running_loop(), ReadingQueue())
    async with queue.place(person):
        return await read(place, rows, question, told.heard, beside)
