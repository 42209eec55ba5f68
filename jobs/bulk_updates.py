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

PAUSE_SECONDS = 0.002  # seconds between two transactions, for other writers
TURN_SECONDS = 0.8  # seconds after which a turn ends


async def run_bulk_updates(database: Database, clock: Callable[[], Moment], seconds: float = TURN_SECONDS) -> None:
    """Run steps of all unfinished bulk updates until `seconds` are over; the next sweep does the rest. Requesters wait
    for them: a step shares the commit of waiting answers, and its transaction also returns the updates that are
    unfinished, which saves a commit."""
    end, batch = time.monotonic() + seconds, AdaptiveBatch(lifecycle.TASKS, lambda: database.commits)
    updates = await database.look(lambda unit: unit.bulk_updates.all(), clock())
    while updates:
        for update in updates:
            unfinished = await database.transact(_step, clock(), update, batch)
            await asyncio.sleep(PAUSE_SECONDS)
        updates = unfinished
        if time.monotonic() > end:
            return


def _step(unit: UnitOfWork, update: BulkUpdate, batch: AdaptiveBatch) -> list[BulkUpdate]:
    with batch.step():
        lifecycle.take_step(unit, update, batch.size)
    return unit.bulk_updates.all()
