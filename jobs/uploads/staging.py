"""A large file on its way in: written a little at a time while answers flow, told as it goes, begun again after a stop.

Nobody sees a batch before all of its rows are there. Whoever brings the same file again goes on where it ended; what
nobody brings again, or cannot come in, is taken out again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice

from domain.moments import DAY, HOUR, Moment, later
from domain.people.people import PersonId
from domain.projects.messages import FileArriving
from domain.projects.projects import Project, ProjectState
from domain.refusals import Refusal
from formats.tables.reading import TaskRow
from jobs.adaptive_batch import AdaptiveBatch
from services.projects.imports import FILES, STEP, Sent, write
from services.projects.lifecycle import end_if_done
from storage.database import Database
from storage.projects.batches import Batch
from storage.unit import UnitOfWork

Clock = Callable[[], Moment]

OFTEN = 3.0  # seconds between two edits of it
REST = 0.002  # seconds between two steps, for those who wait
LYING = 1 * HOUR  # after its last step a batch that is not all there is taken out again


@dataclass(slots=True)
class Told:
    """How far a file is: rows checked, then rows written of so many. Set from any thread; `shown` once it was told."""

    name: str
    checked: int = 0
    written: int = 0
    of: int = 0
    shown: bool = False

    def heard(self, rows: int) -> None:
        self.checked = rows


@asynccontextmanager
async def telling(database: Database, clock: Clock, person: PersonId, number: int, name: str) -> AsyncIterator[Told]:
    """While a file takes longer than a moment, a message says how far it is, edited in its place. `number` tells this
    sending of the file from others."""
    told, live = Told(name), f"{FILES}{number}:{clock() // DAY}"

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


async def stage(database: Database, clock: Clock, begin: Callable[[UnitOfWork], Batch], sent: Sent, told: Told) -> None:
    """Writes the rows of a large file, a step a transaction; a small one is left to the transaction that shows it.
    Raises the refusal of a row whose key is taken, after taking out what was written."""
    if len(sent.file.rows) <= STEP:
        return
    batch = await database.transact(begin, clock())
    if batch.arriving:
        try:
            await _write(database, clock, batch, sent, told)
        except Refusal:
            await _take_out(database, clock, batch)
            raise


async def _write(database: Database, clock: Clock, batch: Batch, sent: Sent, told: Told) -> None:
    told.of, rows, gait = batch.tasks, islice(sent.file.rows, batch.staged, None), AdaptiveBatch(STEP)
    while batch.staged < batch.tasks:
        chunk = await asyncio.to_thread(lambda: list(islice(rows, gait.size)))  # noqa: B023 (awaited in its turn)
        with gait.step():
            written = await database.transact(_step, clock(), batch, chunk)
        if written.staged != batch.staged + len(chunk):  # somebody else brings it in, too
            rows = islice(sent.file.rows, written.staged, None)
        batch, told.written = written, written.staged
        await asyncio.sleep(REST)


def _step(unit: UnitOfWork, batch: Batch, rows: list[TaskRow]) -> Batch:
    return write(unit, unit.projects.get(batch.project), batch, rows)


async def drop_stale(database: Database, clock: Clock) -> None:
    """Takes out what was begun and not brought to its end by whoever sent it."""
    while batch := await database.transact(lambda unit: unit.batches.stale(later(unit.now, -LYING)), clock()):
        await _take_out(database, clock, batch)


async def _take_out(database: Database, clock: Clock, batch: Batch) -> None:
    left: Batch | None = await database.transact(lambda unit: unit.batches.find(batch.id), clock())
    while left is not None and left.arriving and left.staged:
        left = await database.transact(_shrink, clock(), left)
        await asyncio.sleep(REST)
    if left is not None:
        await database.transact(_drop, clock(), left)


def _shrink(unit: UnitOfWork, batch: Batch) -> Batch | None:
    return unit.batches.shrink(batch, max(0, batch.staged - STEP))


def _drop(unit: UnitOfWork, batch: Batch) -> None:
    """What waited for nothing but these rows has ended."""
    project: Project = unit.projects.get(batch.project)
    if unit.batches.drop(batch) and project.state is ProjectState.RUNNING:
        end_if_done(unit, project)
