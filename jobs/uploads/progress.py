"""Progress of an upload: a live message shows it, and its sender can drop the file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from domain.moments import DAY, Moment
from domain.people.people import PersonId
from domain.projects.draft_messages import FileArriving
from domain.refusals import FileDropped
from services.projects.imports import FILES
from storage.database import Database
from storage.drivers.dialects import Unavailable
from storage.unit import UnitOfWork

Clock = Callable[[], Moment]
Question = Callable[[UnitOfWork], bool]

OFTEN = 3.0  # seconds between two edits of the message
GLANCE = 0.5  # seconds between two checks for a /cancel


@dataclass(slots=True)
class UploadProgress:
    """Progress of a file: rows checked, then rows written of a total. Set from any thread; `shown` once a message was
    sent, `dropped` once its sender cancelled."""

    name: str
    checked: int = 0
    written: int = 0
    of: int = 0
    shown: bool = False
    dropped: bool = False

    def heard(self, rows: int) -> None:
        self.checked = rows


@asynccontextmanager
async def showing_progress(
    database: Database, clock: Clock, person: PersonId, number: int, name: str
) -> AsyncIterator[UploadProgress]:
    """Shows the progress of a file that takes longer than OFTEN in a live message. `number` identifies this sending of
    the file."""
    told, live = UploadProgress(name), f"{FILES}{number}:{clock() // DAY}"

    async def say(done: bool) -> None:
        how_far = FileArriving(told.name, told.checked, told.written, told.of, done)
        await database.transact(lambda unit: unit.outbox.tell(person, how_far, klass="nudge", live=live), clock())
        told.shown = True

    async def keep_saying() -> None:
        while True:
            await asyncio.sleep(OFTEN)
            await say(done=False)

    task = asyncio.create_task(keep_saying())
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if told.shown:
            await say(done=True)


@asynccontextmanager
async def droppable(
    database: Database, clock: Clock, told: UploadProgress, is_dropped: Question
) -> AsyncIterator[None]:
    """Cancels the block as soon as `is_dropped` is true. Raises FileDropped."""
    limit = asyncio.timeout(None)

    async def watch() -> None:
        while not told.dropped:
            await asyncio.sleep(GLANCE)
            with suppress(Unavailable):
                told.dropped = await database.freely(is_dropped, clock())
        limit.reschedule(asyncio.get_running_loop().time())

    watcher = asyncio.create_task(watch())
    try:
        async with limit:
            yield
    except TimeoutError:
        if limit.expired():
            raise FileDropped(name=told.name) from None
        raise
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
