"""Updates that bring files run side by side; one that ended processes runs without other files beside it.

Several uploads may be under way when a process is killed, and each is noted as under way, although one of them, or
none, is to blame. The one that ends a process by itself is.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jobs.uploads import places


class Seclusion:
    """`running` updates are under way side by side; with `secluded` one is under way, alone; `waiting` ones wait to be
    alone, and none begins before them."""

    def __init__(self) -> None:
        self.running, self.waiting, self.secluded = 0, 0, False
        self.changed = asyncio.Event()

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Wait until no update is, or waits to be, alone."""
        while self.secluded or self.waiting:
            await self._change()
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self.changed.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Wait until no other update with a file is under way."""
        self.waiting += 1
        try:
            while self.secluded or self.running:
                await self._change()
            self.secluded = True
        finally:
            self.waiting -= 1
            self.changed.set()
        try:
            yield
        finally:
            self.secluded = False
            self.changed.set()

    async def _change(self) -> None:
        """Wait for the next change, without a place among the updates that are handled at once."""
        places.is_left()
        self.changed.clear()
        await self.changed.wait()
