"""After an erasure: what was overwritten in the database leaves its log, too."""

import asyncio
from collections.abc import Callable

from domain.moments import Moment
from storage.database import Database
from storage.unit import UnitOfWork


async def scrub(database: Database, clock: Callable[[], Moment]) -> None:
    """Where the log is being read it is tried again at the next turn."""

    def ordered(unit: UnitOfWork) -> bool:
        return unit.erasure.is_scrub_ordered()

    if await database.transact(ordered, clock()) and await asyncio.to_thread(database.dialect.scrub):
        await database.transact(lambda unit: unit.erasure.scrubbed(), clock())
