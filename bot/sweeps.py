"""Runs the table of sweeps: each is one transaction at its interval; a failure is counted and never fatal."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.cluster.election import LeaseLost
from bot.schedule import AsyncSweep, Sweep
from storage.database import Database

log = logging.getLogger(__name__)


class Sweeping:
    """A sweep that is late is done once, at once, however many turns it missed."""

    def __init__(self, database: Database, sweeps: Iterable[Sweep | AsyncSweep], clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.failures: Counter[str] = Counter()
        usual = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self.scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=usual)
        for sweep in sweeps:
            self.scheduler.add_job(self._run, "interval", [sweep], seconds=sweep.seconds, id=sweep.name)

    def start(self) -> None:
        self.scheduler.start()

    def stop(self) -> None:
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    async def _run(self, sweep: Sweep | AsyncSweep) -> None:
        try:
            if isinstance(sweep, AsyncSweep):
                await sweep.work(self.database, self.clock)
            else:
                await self.database.transact(sweep.service, self.clock())
        except (asyncio.CancelledError, LeaseLost):  # the scheduler stops: what the writer has begun, it ends
            return
        except Exception as error:
            self.failures[sweep.name] += 1
            log.error("A sweep failed", extra={"sweep": sweep.name}, exc_info=error)
