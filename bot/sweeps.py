"""Runs the table of sweeps: each is a transaction at its interval, or some; a failure is counted and never fatal."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from math import ceil

from bot.clock import Clock
from bot.schedule import AdminAsyncSweep, AdminSweep, AnySweep, AsyncSweep, Sweep
from storage.cluster.leases import LeaseLost
from storage.database import Database
from storage.drivers.dialects import Unavailable
from storage.drivers.errors import named

APART = (5**0.5 - 1) / 2  # of their intervals: the golden ratio keeps any number of them apart

log = logging.getLogger(__name__)


def phase(place: int) -> float:
    """The share of its interval by which the sweep at this place of the table begins earlier."""
    return place * APART % 1.0


class SweepRunner:
    """One task per sweep, timed by the event loop's monotonic clock: setting the system's clock delays none of them.

    Due dates are compared with `clock`, `admins` are Telegram ids. A sweep never overlaps itself, and missed runs are
    made up by one. Those of one interval have their turns at different moments, so that no answer waits for all.
    """

    def __init__(
        self, database: Database, sweeps: Iterable[AnySweep], clock: Clock, admins: frozenset[int] = frozenset()
    ) -> None:
        self.database, self.sweeps, self.clock, self.admins = database, tuple(sweeps), clock, admins
        self.failures: Counter[str] = Counter()

    async def run(self) -> None:
        """Until cancelled; a transaction that the writer has begun is ended by the writer."""
        async with asyncio.TaskGroup() as group:
            for place, sweep in enumerate(self.sweeps):
                group.create_task(self._repeat(sweep, phase(place)), name=f"sweep {sweep.name}")

    async def _repeat(self, sweep: AnySweep, earlier: float) -> None:
        elapsed = asyncio.get_running_loop().time
        due = elapsed() - sweep.seconds * earlier
        while True:
            due += sweep.seconds * max(1, ceil((elapsed() - due) / sweep.seconds))
            await asyncio.sleep(due - elapsed())
            await self.once(sweep)

    async def once(self, sweep: AnySweep) -> None:
        """One turn of it."""
        try:
            if isinstance(sweep, AsyncSweep):
                await sweep.work(self.database, self.clock)
            elif isinstance(sweep, AdminAsyncSweep):
                await sweep.work(self.database, self.clock, self.admins)
            elif isinstance(sweep, AdminSweep):
                await self.database.transact(sweep.service, self.clock(), self.admins)
            else:
                await self._in_steps(sweep)
        except LeaseLost:  # another process sweeps now; the end of this term follows
            return
        except Unavailable as error:  # nothing was kept: it comes again
            self.failures[sweep.name] += 1
            log.warning("A sweep waits for the database", extra={"sweep": sweep.name, "reason": named(error)})
        except Exception as error:
            self.failures[sweep.name] += 1
            log.error("A sweep failed", extra={"sweep": sweep.name}, exc_info=error)

    async def _in_steps(self, sweep: Sweep) -> None:
        """Whoever waits for the writer comes before the next step."""
        more, left = await self.database.look(sweep.service, self.clock()), sweep.steps - 1
        while more and left:
            more, left = await self.database.transact_last(sweep.service, self.clock()), left - 1
