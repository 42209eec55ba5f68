"""One server: its addresses, its TLS, and the connections that wait for another request."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohappyeyeballs

from bot.transport.connection import Connection

IDLE = 15.0  # seconds a connection is kept; servers close theirs later
KNOWN = 60.0  # seconds an address is remembered
STAGGER = 0.25  # seconds until the next address is tried beside the one before

Addresses = Sequence[Any]  # as getaddrinfo returns them


@dataclass(slots=True)
class Origin:
    """`tls` is None for plain HTTP."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    idle: list[Connection] = field(default_factory=list)
    open: set[Connection] = field(default_factory=set)
    addresses: Addresses = ()
    known_until: float = 0.0
    looking: "asyncio.Task[None] | None" = None

    def waiting(self, now: float) -> Connection | None:
        """The connection that was used last, so that the others grow old and are closed."""
        while self.idle:
            connection = self.idle.pop()
            if connection.is_open and now - connection.idle_since < IDLE:
                return connection
            connection.close()
        return None

    def keep(self, connection: Connection, now: float) -> None:
        """For the next request; what has waited long enough is closed."""
        if connection.is_open:
            connection.idle_since = now
            self.idle.append(connection)
        while self.idle and now - self.idle[0].idle_since >= IDLE:
            self.idle.pop(0).close()

    async def connect(self, seconds: float | None) -> Connection:
        """A new one. Raises OSError, and TimeoutError, which is one."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._addresses(loop)
                found = await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=STAGGER, loop=loop)
                name = self.host if self.tls else None
                _, connection = await loop.create_connection(
                    lambda: Connection(loop, self._lost), sock=found, ssl=self.tls, server_hostname=name
                )
        except OSError:
            self.known_until = 0.0
            raise
        self.open.add(connection)
        return connection

    async def _addresses(self, loop: asyncio.AbstractEventLoop) -> Addresses:
        """Looked up once for all who want to know: a lookup holds a thread, which others need, until it ends."""
        if loop.time() >= self.known_until:
            if self.looking is None or self.looking.done():
                self.looking = loop.create_task(self._look_up(loop))
            await asyncio.shield(self.looking)
        return self.addresses

    async def _look_up(self, loop: asyncio.AbstractEventLoop) -> None:
        found = await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        self.addresses, self.known_until = found, loop.time() + KNOWN

    def _lost(self, connection: Connection) -> None:
        self.open.discard(connection)
        if connection in self.idle:
            self.idle.remove(connection)

    async def close(self) -> None:
        if self.looking is not None:
            self.looking.cancel()
        for connection in self.open:
            connection.close()
        await asyncio.sleep(0)  # their sockets are closed in the next turn
