"""Runs bulk updates step by step: opening tasks after a launch, closing them after an end, notifying workers."""

import asyncio
import time
from collections.abc import Callable

from domain.moments import Moment
from jobs.adaptive_batch import AdaptiveBatch
from services.projects import bulk_updates
from storage.database import Database
from storage.projects.bulk_updates import BulkUpdate
from storage.unit import UnitOfWork

REST = 0.002  # seconds between two transactions, for other writers
TURN = 0.8  # seconds after which a turn ends


async def carry_on(database: Database, clock: Callable[[], Moment], seconds: float = TURN) -> None:
    """Goes on with all of them for a moment; the next turn of the schedule does the rest."""
    end, batch = time.monotonic() + seconds, AdaptiveBatch(bulk_updates.TASKS, lambda: database.commits)
    while updates := await database.look(lambda unit: unit.bulk_updates.all(), clock()):
        for update in updates:
            await database.transact_last(_step, clock(), update, batch)
            await asyncio.sleep(REST)
        if time.monotonic() > end:
            return


def _step(unit: UnitOfWork, update: BulkUpdate, batch: AdaptiveBatch) -> None:
    with batch.step():
        bulk_updates.step(unit, update, batch.size)
