"""The real database without its writer threads: each transaction runs where it is asked for, by the writer's own code.

Nothing waits together here unless it is asked for, and on a busy machine a change of threads costs more than the
transaction.
"""

import asyncio
import queue
from collections.abc import Callable, Sequence

from domain.moments import Moment
from storage.database import Database
from storage.drivers.writer import WriteJob, WriterThread
from storage.unit import UnitOfWork


class InlineQueue(queue.SimpleQueue[WriteJob | None]):
    """What is put in is done at once, or with the others once `held` is let go."""

    def __init__(self, writer: WriterThread) -> None:
        self.writer, self.thread = writer, writer.jobs
        self.held: list[WriteJob] | None = None

    def put(self, item: WriteJob | None, block: bool = True, timeout: float | None = None) -> None:
        if item is None:
            self.thread.put(None)
        elif self.held is not None:
            self.held.append(item)
        else:
            self.writer._settle([item])


class InlineDatabase(Database):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._queue = InlineQueue(self._writer)
        for writer in self._writers:
            writer.jobs = self._queue if writer is self._writer else InlineQueue(writer)

    async def together(self, services: Sequence[Callable[[UnitOfWork], None]], now: Moment) -> list[Exception]:
        """One commit for all of them, as for requests that wait together; what some of them raised."""
        self._queue.held = []
        asked = [asyncio.ensure_future(self.transact(each, now)) for each in services]
        await asyncio.sleep(0)
        jobs, self._queue.held = self._queue.held, None
        self._writer._settle(jobs)
        found = await asyncio.gather(*asked, return_exceptions=True)
        return [each for each in found if isinstance(each, Exception)]

    async def close(self) -> None:
        """The connections are closed where they were opened."""
        for writer in self._writers:
            if writer.connection is not None:
                writer.connection.close()
                writer.connection = None
        await super().close()
