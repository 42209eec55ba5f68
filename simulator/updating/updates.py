"""Updates wait here until a higher offset (or the webhook) confirms them."""

import asyncio
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from simulator.errors import conflict
from simulator.faults import Faults
from simulator.values import Clock, Json

KINDS_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LIFETIME_SECONDS = {"callback_query": 150.0}
DEFAULT_LIFETIME_SECONDS = 24 * 3600.0
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Update:
    """One update as kept: `lane` says which updates must stay in order among themselves."""

    id: int
    kind: str
    lane: str
    stored_at: float
    payload: Json

    def body(self) -> Json:
        return {"update_id": self.id, self.kind: self.payload}


class Updates:
    """The queue, its one poller, and which kinds the bot has asked for."""

    def __init__(self, clock: Clock, faults: Faults, first_id: int = 100_000_001) -> None:
        self.clock = clock
        self.faults = faults
        self.pending: dict[int, Update] = {}
        self.allowed: tuple[str, ...] = ()
        self.webhook_active = False
        self._next_id = first_id
        self._poller: asyncio.Future[str] | None = None
        self._replayed: list[Update] = []
        self.dropped: set[int] = set()  # expired before they were fetched
        self.lanes: dict[int, str] = {}  # of all there were
        self.arrived = asyncio.Event()

    def allows(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in KINDS_ON_REQUEST

    def store(self, kind: str, lane: int, payload: Json) -> Update | None:
        """Store an update of an allowed kind and return it; return None for other kinds."""
        if not self.allows(kind):
            return None
        update = Update(self._next_id, kind, f"{kind}:{lane}", self.clock(), payload)
        self._next_id += 1
        self.pending[update.id], self.lanes[update.id] = update, update.lane
        self.arrived.set()
        return update

    def confirm(self, offset: int) -> None:
        """Forget every update below a positive offset; -n forgets all but the last n."""
        ids = list(self.pending) if offset < 0 else self.pending
        confirmed = islice(ids, max(0, len(ids) + offset)) if offset < 0 else takewhile(lambda key: key < offset, ids)
        for key in list(confirmed):
            update = self.pending.pop(key)
            self._replayed += [update] * self.faults.often("replay", "getUpdates")

    def current(self, limit: int | None = None) -> list[Update]:
        """Return the waiting updates, oldest first, and drop expired ones."""
        now, fresh, stale = self.clock(), list[Update](), list[int]()
        for update in self.pending.values():
            if len(fresh) == limit:
                break
            if now - update.stored_at > LIFETIME_SECONDS.get(update.kind, DEFAULT_LIFETIME_SECONDS):
                stale.append(update.id)
            else:
                fresh.append(update)
        for update_id in stale:
            del self.pending[update_id]
        self.dropped.update(stale)
        return fresh

    def since(self, update_id: int) -> list[Update]:
        """Return the updates after this one, oldest first."""
        newest = takewhile(lambda update: update.id > update_id, reversed(self.pending.values()))
        return list(newest)[::-1]

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Return waiting updates at once, else when one comes or time is up; raise 409 if a webhook or another poll
        takes over."""
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        self.interrupt(OTHER_POLLER)
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            self.confirm(offset)
            if not self._waiting() and seconds > 0:
                await self._wait(poller, seconds)
            if poller.done():
                raise conflict(poller.result())
            return self._batch(limit)
        finally:
            if self._poller is poller:
                self._poller = None

    def interrupt(self, reason: str) -> None:
        """End the poll under way, if any, with 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(reason)

    def _waiting(self) -> bool:
        return bool(self._replayed or self.current(1))

    async def _wait(self, poller: "asyncio.Future[str]", seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not poller.done() and not self._waiting():
            remaining = deadline - asyncio.get_running_loop().time()
            if remaining <= 0:
                return
            self.arrived.clear()
            arrival = asyncio.ensure_future(self.arrived.wait())
            both: set[asyncio.Future[Any]] = {arrival, poller}
            await asyncio.wait(both, timeout=remaining, return_when=asyncio.FIRST_COMPLETED)
            arrival.cancel()

    def _batch(self, limit: int) -> list[Json]:
        batch = [*self._replayed, *self.current(limit)][:limit]
        self._replayed.clear()
        batch += [update for update in batch for _ in range(self.faults.often("duplicate", "getUpdates"))]
        shuffled = self.faults.shuffled(batch, "getUpdates", lambda update: update.lane)
        return [update.body() for update in shuffled]
