"""Staging of a file: its rows are written in steps while answers flow, and continued after a restart.

A batch is invisible until all of its rows are written. Sending the same file again continues it; rows of an abandoned
or refused file are deleted.
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice

from domain.moments import HOUR, later
from domain.projects.projects import Project, ProjectState
from domain.refusals import Refusal
from formats.tables.tasks import PackedRow
from jobs.adaptive_batch import AdaptiveBatch
from jobs.uploads.progress import Clock, UploadProgress
from services.projects.imports import STEP, Sent, comes_along, write
from services.projects.lifecycle import end_if_done
from storage.database import Database
from storage.projects.batches import Batch
from storage.unit import UnitOfWork

CHARACTERS = 1_000_000  # of content, written in one transaction
FINEST = 40  # of a full step, one part in so many is written at least beside others where a server writes it
REST = 0.002  # seconds between two steps of taking out, for other writers; reading the next rows takes as long
LYING = 1 * HOUR  # after its last step a batch that is not all there is taken out again


async def stage(
    database: Database, clock: Clock, begin: Callable[[UnitOfWork], Batch], sent: Sent, told: UploadProgress
) -> None:
    """Writes the rows of a file, a step a transaction; few are left to the transaction that shows them.
    Raises the refusal of a duplicate key after deleting the rows written; rows of a dropped file are deleted, too."""
    if comes_along(sent.file):
        return
    batch = await database.transact(begin, clock())
    if batch.arriving:
        try:
            await _write(database, clock, batch, sent, told)
        except (Refusal, asyncio.CancelledError) as ended:
            if told.dropped or isinstance(ended, Refusal):
                await _take_out(database, clock, batch)
            raise


async def _write(database: Database, clock: Clock, batch: Batch, sent: Sent, told: UploadProgress) -> None:
    finest = None if database.dialect.one_process else FINEST
    told.of, rows, gait = (
        batch.tasks,
        islice(sent.file.rows.packed(), batch.staged, None),
        AdaptiveBatch(STEP, lambda: database.commits, finest=finest),
    )
    while batch.staged < batch.tasks:
        chunk = await asyncio.to_thread(lambda: _some(rows, gait.size))  # noqa: B023 (awaited in its turn)
        written = await database.transact_lazily(_step, clock(), batch, chunk, gait)
        if written.staged != batch.staged + len(chunk):  # another process stages the same file
            rows = islice(sent.file.rows.packed(), written.staged, None)
        batch, told.written = written, written.staged


def _some(rows: Iterator[PackedRow], most: int) -> list[PackedRow]:
    """The next rows, no more than memory and one transaction should hold."""
    chunk: list[PackedRow] = []
    size = 0
    for row in islice(rows, most):
        chunk.append(row)
        size += len(row[2])
        if size > CHARACTERS:
            break
    return chunk


def _step(unit: UnitOfWork, batch: Batch, rows: list[PackedRow], gait: AdaptiveBatch) -> Batch:
    with gait.step():
        return write(unit, unit.projects.get(batch.project), batch, rows)


async def drop_stale(database: Database, clock: Clock) -> None:
    """Deletes rows of uploads that were not finished."""
    while batch := await database.transact(lambda unit: unit.batches.stale(later(unit.now, -LYING)), clock()):
        await _take_out(database, clock, batch)


async def _take_out(database: Database, clock: Clock, batch: Batch) -> None:
    left: Batch | None = await database.transact(lambda unit: unit.batches.find(batch.id), clock())
    while left is not None and left.arriving and left.staged:
        left = await database.transact_lazily(_shrink, clock(), left)
        await asyncio.sleep(REST)
    if left is not None:
        await database.transact(_drop, clock(), left)


def _shrink(unit: UnitOfWork, batch: Batch) -> Batch | None:
    return unit.batches.shrink(batch, max(0, batch.staged - STEP))


def _drop(unit: UnitOfWork, batch: Batch) -> None:
    """Ends a project that waited only for these rows."""
    project: Project = unit.projects.get(batch.project)
    if unit.batches.drop(batch) and project.state is ProjectState.RUNNING:
        end_if_done(unit, project)
