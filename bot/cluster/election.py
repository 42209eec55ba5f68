"""Leader election: the process that holds a role's lease has the role; another takes over when the lease lapses.

On SQLite one role covers all work. On PostgreSQL relay, scheduler and receiver are elected one by one.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from zlib import crc32

from bot.clock import Clock
from domain.money.ledger import shard_of
from domain.projects.projects import ProjectId
from storage.cluster.leases import Lease, LeaseLost
from storage.database import Database
from storage.drivers.connection import error_name
from storage.unit import UnitOfWork

HOUSE = "house"
# The process of a holder on this machine is seen to have ended within WATCH seconds. Elsewhere, or while it is frozen,
# its lease stands unchanged for SILENCE seconds.
RENEWED = 1.0  # seconds between renewals; who stands by asks twice as often
SILENCE = 4.0  # after which another may take over
MARGIN = 1.0  # the holder stops acting this much before
WATCH = 0.1  # seconds between looks at processes of this machine
ENDED_STATES = ("Z", "X")  # of processes in /proc

log = logging.getLogger(__name__)


@cache
def machine_id() -> str:
    """Return what identifies this boot of this machine and its process id namespace; "" where that is unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot[:13]}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""


def holder_name() -> str:
    return f"{machine_id()} {os.getpid()} {socket.gethostname()} {token_hex(4)}"


def is_gone(holder: str) -> bool:
    """Return whether a holder's process has certainly ended: it ran on this machine, and its process id is unused, or
    is still there because its parent has not asked for its end yet."""
    place, pid, *_ = (*holder.split(" "), "", "")
    if not place or place != machine_id() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ENDED_STATES
    except ProcessLookupError:
        return True
    except OSError:  # the process is another user's
        return False


async def rest_or_end(seconds: float, holders: Collection[str]) -> None:
    """Return after so many seconds, or earlier if the process of one of the holders has ended on this machine."""
    until = elapsed() + seconds
    while (rest := until - elapsed()) > 0:
        await asyncio.sleep(min(WATCH, rest))
        if any(map(is_gone, holders)):
            return


def elapsed() -> float:
    """Seconds that go on while this process, or the whole machine, sleeps; a wall clock that jumps changes nothing."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Leadership:
    """One role's lease."""

    def __init__(
        self, database: Database, clock: Clock, name: Callable[[], str] = holder_name, role: str = HOUSE
    ) -> None:
        self.database, self.clock, self.holder, self.role = database, clock, name(), role
        self.valid_until = 0.0
        self.trouble = ""
        self.seen: Lease | None = None
        self.seen_at = 0.0

    @property
    def leads(self) -> bool:
        return elapsed() < self.valid_until

    def fence(self, unit: UnitOfWork) -> None:
        """Raises LeaseLost, else the role stays here until this transaction ends."""
        if not unit.leases.holds(self.role, self.holder):
            raise LeaseLost(self.role)

    async def gain(self) -> None:
        """Returns once the lease is ours."""
        is_logged = False
        while not await self._try():
            if not is_logged:
                log.info("Another process has the role; standing by", extra={"role": self.role})
            is_logged = True
            await rest_or_end(RENEWED / 2, [self.seen.holder] if self.seen else [])

    async def keep(self) -> None:
        """Renews the lease until that fails for too long; then the role must stop."""
        while self.leads:
            await asyncio.sleep(RENEWED)
            try:
                async with asyncio.timeout(max(0.1, self.valid_until - elapsed())):
                    if not await self._try():
                        self.valid_until = 0.0
            except TimeoutError:
                self.valid_until = 0.0
        log.warning("The lease is lost; another process takes over", extra={"role": self.role})

    async def give_up(self) -> None:
        self.valid_until = 0.0
        with suppress(Exception):
            await self.database.freely(lambda unit: unit.leases.give_up(self.role, self.holder), self.clock())

    async def _try(self) -> bool:
        asked = elapsed()
        silent = self.seen if self.seen and asked - self.seen_at > SILENCE else None
        try:
            lease = await self.database.freely(lambda unit: self._begin(unit, silent), self.clock())
        except Exception as error:
            self._ill(error_name(error))
            return self.leads
        self.trouble = ""
        if lease.holder == self.holder:
            self.valid_until = asked + SILENCE - MARGIN
            self.seen = None
            return True
        if lease != self.seen:
            self.seen, self.seen_at = lease, asked
        return False

    def _ill(self, trouble: str) -> None:
        """One line an episode, not one a try."""
        if trouble != self.trouble:
            log.warning("The lease cannot be requested", extra={"role": self.role, "reason": trouble})
        self.trouble = trouble

    def _begin(self, unit: UnitOfWork, silent: Lease | None) -> Lease:
        milliseconds = int(SILENCE * 1000)
        lease = unit.leases.begin(self.role, self.holder, milliseconds)
        if lease.holder != self.holder and (lease == silent or is_gone(lease.holder)):
            unit.leases.seize(self.role, self.holder, milliseconds, lease)
            lease = unit.leases.begin(self.role, self.holder, milliseconds)
        return lease


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
            await rest_or_end(BEAT, self.alive - {self.holder})

    async def beat(self) -> None:
        asked_at = elapsed()
        silent = {name for name, (_, since) in self.seen.items() if asked_at - since > SILENCE}
        leases = await self.database.freely(lambda unit: self._look(unit, silent), self.clock())
        self.alive = frozenset(lease.holder for lease in leases.values()) | {self.holder}
        self.seen = {name: self._since(name, lease, asked_at) for name, lease in leases.items()}
        self.database.share(len(self.alive) > 1)

    def _since(self, name: str, lease: Lease, asked_at: float) -> tuple[Lease, float]:
        """Return the lease, and since when it has stood unchanged."""
        last_seen = self.seen.get(name)
        return last_seen if last_seen and last_seen[0] == lease else (lease, asked_at)

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
