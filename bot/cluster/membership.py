"""Who handles updates: each such process holds a lease on itself; who is gone or silent is struck off by the rest."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from zlib import crc32

from bot.clock import Clock
from bot.cluster.election import SILENCE, elapsed, holder_name, is_gone
from storage.cluster.leases import Lease
from storage.database import Database
from storage.unit import UnitOfWork

PREFIX = "process:"
BEAT = 1.0  # seconds


class Presence:
    """`alive` are the names of those who handled updates a moment ago, this process among them."""

    def __init__(self, database: Database, clock: Clock, holder: str | None = None) -> None:
        self.database, self.clock, self.holder = database, clock, holder or holder_name()
        self.alive: frozenset[str] = frozenset({self.holder})
        self.seen: dict[str, tuple[Lease, float]] = {}

    async def run(self) -> None:
        """Is here until cancelled."""
        while True:
            with suppress(Exception):  # the database is away: those who ask for roles say so
                await self.beat()
            await asyncio.sleep(BEAT)

    async def beat(self) -> None:
        asked = elapsed()
        silent = {name for name, (_, since) in self.seen.items() if asked - since > SILENCE}
        leases = await self.database.freely(lambda unit: self._look(unit, silent), self.clock())
        self.alive = frozenset(lease.holder for lease in leases.values()) | {self.holder}
        self.seen = {name: self._since(name, lease, asked) for name, lease in leases.items()}

    def _since(self, name: str, lease: Lease, asked: float) -> tuple[Lease, float]:
        """The lease, and since when it has been so."""
        known = self.seen.get(name)
        return known if known and known[0] == lease else (lease, asked)

    def _look(self, unit: UnitOfWork, silent: Collection[str]) -> dict[str, Lease]:
        unit.leases.begin(PREFIX + self.holder, self.holder, int(SILENCE * 1000))
        leases = unit.leases.all(PREFIX)
        for name, lease in list(leases.items()):
            stands = name in silent and self.seen[name][0] == lease
            if lease.holder != self.holder and (stands or is_gone(lease.holder)) and unit.leases.end(name, lease):
                del leases[name]
        return leases

    async def leave(self) -> None:
        """What is held here is anybody's from now on."""
        with suppress(Exception):
            await self.database.freely(
                lambda unit: unit.leases.give_up(PREFIX + self.holder, self.holder), self.clock()
            )

    def share(self, person: int) -> str:
        """Who of those alive takes up this person's updates: the same for the same people, whoever asks."""
        return max(self.alive, key=lambda name: crc32(f"{person} {name}".encode()))


def alive(unit: UnitOfWork) -> set[str]:
    """Everybody's names, as the table has them now."""
    return {lease.holder for lease in unit.leases.all(PREFIX).values()}
