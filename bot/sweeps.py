"""Runs the table of sweeps: each is one transaction at its interval; a failure is counted and never fatal."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from math import ceil

from bot.clock import Clock
from bot.cluster.election import LeaseLost
from bot.schedule import AdminSweep, AnySweep, AsyncSweep
from storage.database import Database

log = logging.getLogger(__name__)


class SweepRunner:
    """One task per sweep, timed by the event loop's monotonic clock: setting the system's clock delays none of them.

    Due dates are compared with `clock`, `admins` are Telegram ids. A sweep never overlaps itself, and missed runs are
    made up by one.
    """

    def __init__(
        self, database: Database, sweeps: Iterable[AnySweep], clock: Clock, admins: frozenset[int] = frozenset()
    ) -> None:
        self.database, self.sweeps, self.clock, self.admins = database, tuple(sweeps), clock, admins
        self.failures: Counter[str] = Counter()

    async def run(self) -> None:
        """Until cancelled; a transaction that the writer has begun is ended by the writer."""
        async with asyncio.TaskGroup() as group:
            for sweep in self.sweeps:
                group.create_task(self._repeat(sweep), name=f"sweep {sweep.name}")

    async def _repeat(self, sweep: AnySweep) -> None:
        elapsed = asyncio.get_running_loop().time
        due = elapsed()
        while True:
            due += sweep.seconds * max(1, ceil((elapsed() - due) / sweep.seconds))
            await asyncio.sleep(due - elapsed())
            await self._once(sweep)

    async def _once(self, sweep: AnySweep) -> None:
        try:
            if isinstance(sweep, AsyncSweep):
                await sweep.work(self.database, self.clock)
            elif isinstance(sweep, AdminSweep):
                await self.database.transact(sweep.service, self.clock(), self.admins)
            else:
                await self.database.look(sweep.service, self.clock())
        except LeaseLost:  # another process sweeps now; the end of this term follows
            return
        except Exception as error:
            self.failures[sweep.name] += 1
            log.error("A sweep failed", extra={"sweep": sweep.name}, exc_info=error)
