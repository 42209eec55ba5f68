"""Runs bulk updates step by step: opening tasks after a launch, closing them after an end, notifying workers."""

import asyncio
import time
from collections.abc import Callable

from domain.moments import Moment
from jobs.computing import AdaptiveBatch
from services.projects import lifecycle
from storage.database import Database
from storage.projects.lifecycle import BulkUpdate
from storage.unit import UnitOfWork

REST = 0.002  # seconds between two transactions, for other writers
TURN = 0.8  # seconds after which a turn ends


async def carry_on(database: Database, clock: Callable[[], Moment], seconds: float = TURN) -> None:
    """Goes on with all of them for a moment; the next turn of the schedule does the rest. Somebody waits for each: a
    step shares the commit of answers that wait, and says what is left, which would be another commit to ask for."""
    end, batch = time.monotonic() + seconds, AdaptiveBatch(lifecycle.TASKS, lambda: database.commits)
    left = await database.look(lambda unit: unit.bulk_updates.all(), clock())
    while left:
        for update in left:
            found = await database.transact(_step, clock(), update, batch)
            await asyncio.sleep(REST)
        left = found
        if time.monotonic() > end:
            return


def _step(unit: UnitOfWork, update: BulkUpdate, batch: AdaptiveBatch) -> list[BulkUpdate]:
    with batch.step():
        lifecycle.take_step(unit, update, batch.size)
    return unit.bulk_updates.all()
