"""Cluster membership: each process that handles updates holds a lease on itself; the others remove one whose lease
has lapsed."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from zlib import crc32

from bot.clock import Clock
from bot.cluster.election import SILENCE, elapsed, holder_name, is_gone
from domain.money.ledger import shard_of
from domain.projects.projects import ProjectId
from storage.cluster.leases import Lease
from storage.database import Database
from storage.unit import UnitOfWork

PREFIX = "process:"
BEAT = 1.0  # seconds


class Membership:
    """`alive` holds the names of the processes that handle updates, this one included."""

    def __init__(self, database: Database, clock: Clock, holder: str | None = None) -> None:
        self.database, self.clock, self.holder = database, clock, holder or holder_name()
        self.alive: frozenset[str] = frozenset({self.holder})
        self.seen: dict[str, tuple[Lease, float]] = {}

    async def run(self) -> None:
        """Is here until cancelled."""
        while True:
            with suppress(Exception):  # the database is away; the elections log it
                await self.beat()
            await asyncio.sleep(BEAT)

    async def beat(self) -> None:
        asked = elapsed()
        silent = {name for name, (_, since) in self.seen.items() if asked - since > SILENCE}
        leases = await self.database.freely(lambda unit: self._look(unit, silent), self.clock())
        self.alive = frozenset(lease.holder for lease in leases.values()) | {self.holder}
        self.seen = {name: self._since(name, lease, asked) for name, lease in leases.items()}
        self.database.share(len(self.alive) > 1)

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
        """Releases the updates this process holds to the others."""
        with suppress(Exception):
            await self.database.freely(
                lambda unit: unit.leases.give_up(PREFIX + self.holder, self.holder), self.clock()
            )

    def share(self, person: int) -> str:
        """The process that handles this person's updates while no task of theirs says so; every process computes the
        same one (rendezvous hashing)."""
        return max(self.alive, key=lambda name: crc32(f"{person} {name}".encode()))

    def home(self, project: ProjectId) -> str:
        """The process in which a project is at home: it handles the updates of those who have a task of it in hand.
        Wherever they are handled, the turn of the project's shard keeps them apart; at home nobody waits for it."""
        names = sorted(self.alive)
        return names[shard_of(project) % len(names)]


def alive(unit: UnitOfWork) -> set[str]:
    """The names of all processes with a valid lease."""
    return {lease.holder for lease in unit.leases.all(PREFIX).values()}
