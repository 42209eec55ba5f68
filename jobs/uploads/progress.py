"""Progress of an upload: a live message shows it, and its sender can drop the file."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol, TypeVar, cast

from domain.moments import DAY, Moment
from domain.people.accounts import Person, PersonId
from domain.projects.drafts import FileArriving
from domain.projects.projects import ProjectId
from domain.refusals import BadInput, FileDropped
from services.act import Act, House
from services.projects.drafts import FILES
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.unit import UnitOfWork

MAX_LONG_UPDATES = 48  # that take long at once: each may hold files open
MAX_LONG_UPDATES_TO_FETCH = (
    24  # of them when one may join them whose file is at an address: its server may be slow on purpose
)

Leave = Callable[[int], bool]
"""Gives up the place of the update being handled, unless so many have done so."""

_leave: ContextVar[Leave | None] = ContextVar("leave", default=None)


def lend_place(leave: Leave) -> None:
    """Lend the function that gives up an update's place, for what this task handles from now on."""
    _leave.set(leave)


def leave_place_if_free(most: int = MAX_LONG_UPDATES) -> bool:
    """Give the update's place up. Return False if so many updates have done so; True also if no queue of updates lent a
    place."""
    leave = _leave.get()
    return leave is None or leave(most)


def leave_place(most: int = MAX_LONG_UPDATES) -> None:
    """Give the update's place up. Raise BadInput if too many take long already."""
    if not leave_place_if_free(most):
        raise BadInput(what="files_at_once", value="")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SentFile:
    """`fetch` writes its bytes, of which there are `size`; `reference` is the door's id of the file.

    It came with the message `message`, whose caption was `edited` since or not; `number` tells this sending from
    others, and 0 is not shown on its way. `is_dropped` is whether its sender has cancelled it since.
    """

    name: str
    size: int
    caption: str
    reference: str
    message: int
    number: int
    fetch: Callable[[BinaryIO], Awaitable[None]]
    is_dropped: Callable[[UnitOfWork], bool]
    edited: bool = False

    @property
    def command(self) -> str:
        """The first line of its caption, such as /bonus."""
        return self.caption.split("\n", 1)[0].strip().partition("@")[0].lower()

    async def content(self, most: int) -> bytes:
        """Return at most so many bytes of a small file. Raise BadInput if too many take long already."""
        leave_place()
        with TemporaryFile() as place:
            await self.fetch(cast(BinaryIO, place))
            place.seek(0)
            return place.read(most)


class UploadDoor(Protocol):
    """The way by which a file arrived: its sender, readings of rows, and the final transaction of the request. If it
    `asks` back, the sender is asked about a problem that one press can solve; else the file is refused."""

    asks: bool

    @property
    def person(self) -> Person:
        """The account that the file is for: the sender, or a team."""
        ...

    @property
    def chat(self) -> Person:
        """The sender."""
        ...

    @property
    def house(self) -> House: ...

    def file(self, reference: str, name: str, size: int, message: int, edited: bool = False) -> SentFile:
        """A file that was sent before."""
        ...

    async def stand_for(self, project: ProjectId) -> None:
        """Let the sender act for the account that owns this project from now on."""
        ...

    async def ask(self, question: Callable[[Act], T]) -> T:
        """Return the result of a reading before the work begins. Raise NotAllowed for a sender without the role."""
        ...

    async def finish(self, service: Callable[[Act], object]) -> None:
        """Run the service in the final transaction; its result is shown to the sender."""
        ...


Clock = Callable[[], Moment]
Question = Callable[[UnitOfWork], bool]

SECONDS_BETWEEN_EDITS = 3.0  # seconds between two edits of the message
SECONDS_BETWEEN_CHECKS = 0.5  # seconds between two checks for a /cancel


@dataclass(slots=True)
class UploadProgress:
    """Progress of a file: rows checked, then rows written of a total. Set from any thread; `shown` once a message was
    sent, `dropped` once its sender cancelled."""

    name: str
    checked: int = 0
    written: int = 0
    total: int = 0
    shown: bool = False
    dropped: bool = False

    def note_checked(self, rows: int) -> None:
        self.checked = rows


@asynccontextmanager
async def showing_progress(
    database: Database, clock: Clock, person: PersonId, number: int, name: str
) -> AsyncIterator[UploadProgress]:
    """Yield the progress of a file; one that takes longer than SECONDS_BETWEEN_EDITS is shown in a live message.
    `number` identifies this sending of the file."""
    progress, live = UploadProgress(name), f"{FILES}{number}:{clock() // DAY}"

    async def say(is_done: bool) -> None:
        message = FileArriving(progress.name, progress.checked, progress.written, progress.total, is_done)
        await database.transact(lambda unit: unit.outbox.tell(person, message, klass="nudge", live=live), clock())
        progress.shown = True

    async def keep_saying() -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_EDITS)
            await say(is_done=False)

    task = asyncio.create_task(keep_saying())
    try:
        yield progress
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if progress.shown:
            await say(is_done=True)


@asynccontextmanager
async def droppable(
    database: Database, clock: Clock, progress: UploadProgress, is_dropped: Question
) -> AsyncIterator[None]:
    """Cancel the block as soon as `is_dropped` is true. Raise FileDropped."""
    limit = asyncio.timeout(None)

    async def watch() -> None:
        while not progress.dropped:
            await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
            with suppress(Unavailable):
                progress.dropped = await database.freely(is_dropped, clock())
        limit.reschedule(asyncio.get_running_loop().time())

    watcher = asyncio.create_task(watch())
    try:
        async with limit:
            yield
    except TimeoutError:
        if limit.expired():
            raise FileDropped(name=progress.name) from None
        raise
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
