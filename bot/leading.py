"""One process acts, however many run: it holds a lease, and others take over when it falls silent."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from bot.clock import Clock
from storage.database import Database
from storage.leases import Lease
from storage.unit import UnitOfWork

NAME = "house"
RENEWED = 2.0  # seconds
SILENCE = 6.0  # after which another may take over
MARGIN = 1.0  # the holder stops acting this much before

log = logging.getLogger(__name__)


def here() -> str:
    """This boot of this machine and these process ids; empty where that can't be told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot[:13]}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""


def holder_name() -> str:
    return f"{here()} {os.getpid()} {socket.gethostname()} {token_hex(4)}"


def is_gone(holder: str) -> bool:
    """Whether that process surely has ended: it ran here, and nobody here has its number (or we do ourselves)."""
    place, pid, *_ = (*holder.split(" "), "", "")
    if not place or place != here() or not pid.isdigit():
        return False
    with suppress(PermissionError):
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
    return False


class Leading:
    """Time is measured by the event loop's clock: a wall clock that jumps neither gives nor takes the lease."""

    def __init__(self, database: Database, clock: Clock, name: Callable[[], str] = holder_name) -> None:
        self.database, self.clock, self.holder = database, clock, name()
        self.valid_until = 0.0
        self.seen: Lease | None = None
        self.seen_at = 0.0

    @property
    def leads(self) -> bool:
        return asyncio.get_running_loop().time() < self.valid_until

    async def gain(self) -> None:
        """Returns once the lease is ours."""
        told = False
        while not await self._try():
            if not told:
                log.info("Another process is at work; standing by")
            told = True
            await asyncio.sleep(RENEWED / 2)

    async def keep(self) -> None:
        """Renews until that fails for too long: then whoever acts must stop."""
        loop = asyncio.get_running_loop()
        while self.leads:
            await asyncio.sleep(RENEWED)
            try:
                async with asyncio.timeout(max(0.1, self.valid_until - loop.time())):
                    if not await self._try():
                        self.valid_until = 0.0
            except TimeoutError:
                self.valid_until = 0.0
        log.warning("The lease is lost; another process takes over")

    async def give_up(self) -> None:
        self.valid_until = 0.0
        with suppress(Exception):
            await self.database.transact(lambda unit: unit.leases.give_up(NAME, self.holder), self.clock())

    async def _try(self) -> bool:
        asked = asyncio.get_running_loop().time()
        silent = self.seen if self.seen and asked - self.seen_at > SILENCE else None
        try:
            lease = await self.database.transact(self._begin, self.clock(), silent)
        except Exception as error:
            log.warning("The lease can't be asked for (%s)", type(error).__name__)
            return self.leads
        if lease.holder == self.holder:
            self.valid_until = asked + SILENCE - MARGIN
            self.seen = None
            return True
        if lease != self.seen:
            self.seen, self.seen_at = lease, asked
        return False

    def _begin(self, unit: UnitOfWork, silent: Lease | None) -> Lease:
        milliseconds = int(SILENCE * 1000)
        lease = unit.leases.begin(NAME, self.holder, milliseconds)
        if lease.holder != self.holder and (lease == silent or is_gone(lease.holder)):
            unit.leases.seize(NAME, self.holder, milliseconds, lease)
            lease = unit.leases.begin(NAME, self.holder, milliseconds)
        return lease
