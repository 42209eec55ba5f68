"""One queue a person: their updates run one at a time and in order, different people's at once. The inbox is the
source.

Each of several processes handles the updates it holds, and those held by a process that is gone.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from contextlib import suppress
from functools import partial

from bot.clock import Clock
from bot.cluster.election import alive
from domain.people.bots import FIRST_BOT, number_ranges
from jobs.uploads import progress
from storage.boxes.inbox import NO_HOLDER, ReceivedUpdate
from storage.database import Database
from storage.drivers.connection import error_name
from storage.drivers.records import Page
from storage.unit import UnitOfWork

AT_ONCE = 64  # updates being handled
MOST = 1_000  # updates in memory; the rest stays in the table
EACH = 32  # of them of one person: a flood waits in the table
CHUNK = 250
GLANCE = 0.3  # seconds between readings of updates that other processes stored
# Numbers of a bot that are read once more, because a lower one may be stored after a higher one: Telegram sends up to
# 40 at the same time to a webhook, and each may come to another process.
LOOK_BACK = 64
ADOPTED = 250  # people whose updates are taken over at a time

log = logging.getLogger(__name__)


class PersonQueues:
    """`handle(received)` returns None once the update has ended, or the seconds until it should be tried again. The
    numbers of each of the `bots` are read in their own order."""

    def __init__(
        self,
        database: Database,
        handle: Callable[[ReceivedUpdate], Awaitable[float | None]],
        clock: Clock,
        holder: str = NO_HOLDER,
        bots: Iterable[int] = (FIRST_BOT,),
    ) -> None:
        self.ranges = number_ranges(bots)
        self.database, self.handle, self.clock, self.holder = database, handle, clock, holder
        self.known: set[int] = set()
        self.queues: dict[int, deque[ReceivedUpdate]] = {}
        self.walks: set[asyncio.Task[None]] = set()
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.long = set[int]()  # people whose update takes long: it has no slot any more
        self.wake, self.stopping = asyncio.Event(), asyncio.Event()
        self._start_over()
        for signal in ("inbox", "elsewhere"):
            database.on(signal, self._look)

    async def run(self) -> None:
        """Feeds the queues until cancelled."""
        loop = asyncio.get_running_loop()
        restart = loop.time()
        while True:
            self.wake.clear()
            over = loop.time() >= restart
            if over:
                self._start_over()
                restart = loop.time() + GLANCE
            try:
                if over and self._has_space():
                    await self.database.freely(self._adopt, self.clock())
                await self._load()
            except Exception as error:
                log.warning("The inbox cannot be read; trying again", extra={"reason": error_name(error)})
            with suppress(TimeoutError):
                async with asyncio.timeout_at(restart):  # wait_for may lose a cancellation
                    await self.wake.wait()

    def has(self, person: int) -> bool:
        """Return whether an update of this person is being handled, or waits for its turn."""
        return person in self.queues

    async def stop(self, patience: float) -> None:
        """Waits for updates in progress; the others stay in the inbox."""
        self.stopping.set()
        if self.walks:
            await asyncio.wait(self.walks, timeout=patience)
        for walk in list(self.walks):
            walk.cancel()
        await asyncio.gather(*self.walks, return_exceptions=True)

    def _start_over(self) -> None:
        self.after = {last: first - 1 for first, last in self.ranges}
        self.passed = set[int]()
        self.ended = self.behind = False

    def _look(self) -> None:
        """Something was stored that is to be read."""
        self.behind = True
        self.wake.set()

    def take_ahead(self, updates: Iterable[ReceivedUpdate]) -> Container[int]:
        """Return which numbers of updates that are about to be stored need not be read then: their persons' tasks begin
        in the next turn of the loop. Return none if something before them is to be read first."""
        is_next = self.ended and not self.behind and self._has_space()
        for received in updates:
            if is_next or received.is_urgent:
                self._take(received)
        return self.known if is_next else ()

    async def _load(self) -> None:
        """Go on a little before the place where the last look ended, as far as memory allows."""
        for first, last in self.ranges:
            self.after[last] = max(first - 1, self.after[last] - LOOK_BACK)
        unread = dict(self.after)
        while unread and self._has_space() and not self.stopping.is_set():
            self.behind = False
            pages = await self.database.freely(partial(self._list_waiting, unread, frozenset(self.known)), self.clock())
            for last, page in zip(list(unread), pages, strict=True):
                for received in page.records:
                    self._take(received)
                self.after[last] = unread[last] = page.last_id
                if not page.is_full:
                    del unread[last]
            self.ended = not unread

    def _list_waiting(
        self, unread: Mapping[int, int], known: frozenset[int], unit: UnitOfWork
    ) -> list[Page[ReceivedUpdate]]:
        """Return a page of waiting updates for each range that is not read to its end."""
        return unit.inbox.list_waiting([(after, last) for last, after in unread.items()], CHUNK, known, self.holder)

    def _has_space(self) -> bool:
        return len(self.known) < MOST - CHUNK

    def _adopt(self, unit: UnitOfWork) -> None:
        unit.inbox.adopt(self.holder, alive(unit), ADOPTED)

    def _take(self, received: ReceivedUpdate) -> None:
        """Skips a person whose queue is full, or whose update takes long, with their later updates, until the next
        reading from the start. An update that arrived late and precedes the queued ones is taken even if it is full."""
        if received.update_id in self.known or self.stopping.is_set():
            return
        queue = self.queues.get(received.person)
        full = queue is not None and len(queue) >= EACH and all(each.update_id < received.update_id for each in queue)
        if received.person in self.passed or received.person in self.long or full:
            self.passed.add(received.person)
            return
        self.known.add(received.update_id)
        if queue is not None:
            queue.append(received)
            return
        self.queues[received.person] = deque([received])
        walk = asyncio.create_task(self._walk(received.person), name=f"lane {received.person}")
        self.walks.add(walk)
        walk.add_done_callback(self.walks.discard)

    async def _walk(self, person: int) -> None:
        queue = self.queues[person]
        try:
            while queue and not self.stopping.is_set():
                received = min(queue, key=lambda waiting: waiting.update_id)
                pause = await self._handled(received)
                if self.stopping.is_set():
                    return
                if pause is None:
                    queue.remove(received)
                    self._ended(received)
                else:
                    await self._rest(pause)
        finally:
            del self.queues[person]
            self.known.difference_update(received.update_id for received in queue)

    async def _handled(self, received: ReceivedUpdate) -> float | None:
        """Handle an update once there is a slot; an urgent one needs none."""
        if received.is_urgent:
            return await self.handle(received)
        await self.slots.acquire()
        progress.lend_place(partial(self._leave, received))
        try:
            return None if self.stopping.is_set() else await self.handle(received)
        finally:
            if received.person in self.long:
                self.long.remove(received.person)
            else:
                self.slots.release()

    def _leave(self, received: ReceivedUpdate, most: int) -> bool:
        """Its slot is another's; what waits behind it does so in the table, so that memory is left for others."""
        if received.person in self.long:
            return True
        if len(self.long) >= most:
            return False
        self.long.add(received.person)
        self.slots.release()
        queue = self.queues[received.person]
        self.known.difference_update(each.update_id for each in queue if each is not received)
        queue.clear()
        queue.append(received)
        self.passed.add(received.person)
        return True

    def _ended(self, received: ReceivedUpdate) -> None:
        self.known.discard(received.update_id)
        if len(self.known) == MOST - 2 * CHUNK:
            self.wake.set()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
