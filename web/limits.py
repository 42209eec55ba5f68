"""Limits of the HTTP port: number and lifetime of connections, size of heads and bodies.

A connection is bounded before aiohttp sees it: one without a request is closed after `head` seconds, one between two
requests after `idle`, any after `lifetime`. There are never more of them than a part of the files the process may open;
beyond that the one that has been without a request for longest makes room.
"""

import asyncio
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from web.bad_requests import BadRequests

FEWEST, MOST, PART = 16, 512, 4


def connections_allowed() -> int:
    """A quarter of the files this process may open: the database, Telegram and files being made need theirs."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if files == resource.RLIM_INFINITY else max(FEWEST, min(MOST, files // PART))


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Seconds, bytes and numbers; `request` is from the head of a request to its response; `files` what is given from
    then on to whom is known, who may send and get files, `lingering` how long the rest of a refused body is read."""

    head: float = 10.0
    idle: float = 75.0
    request: float = 10.0
    files: float = 300.0
    lingering: float = 1.0
    lifetime: float = 600.0
    body: int = 1024 * 1024
    line: int = 4096
    headers: int = 64
    header: int = 4096
    connections: int = field(default_factory=connections_allowed)

    @property
    def longest(self) -> float:
        """Of a connection: the answer that is under way at the end of its `lifetime` goes on to its own."""
        return self.lifetime + self.request + self.files

    @property
    def of_server(self) -> dict[str, Any]:
        """As aiohttp's server calls them."""
        return {
            "keepalive_timeout": self.idle,
            "lingering_time": self.lingering,
            "max_line_size": self.line,
            "max_headers": self.headers,
            "max_field_size": self.header,
        }


class Connection(asyncio.Protocol):
    """One connection, handed on to `inner`; `requests` are under way, `since` is when it was last without one."""

    def __init__(self, inner: asyncio.Protocol, others: "Connections") -> None:
        self.inner, self.others = inner, others
        self.transport: asyncio.Transport | None = None
        self.begun = self.since = time.monotonic()
        self.requests = self.served = 0
        self.timers: list[asyncio.TimerHandle] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        opened = cast(asyncio.Transport, transport)
        if self.others.admit(self, opened):
            self.transport = opened
            self.inner.connection_made(opened)
        else:
            opened.abort()

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self.others.forget(self.transport)
            self.inner.connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self.transport is not None:
            self.inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self.inner.eof_received() if self.transport is not None else None

    def pause_writing(self) -> None:
        self.inner.pause_writing()

    def resume_writing(self) -> None:
        self.inner.resume_writing()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()


class Connections:
    """All that are open, oldest first."""

    def __init__(self, limits: ConnectionLimits, bad: BadRequests) -> None:
        self.limits, self.bad = limits, bad
        self.open: dict[asyncio.BaseTransport, Connection] = {}

    def guarded(self, server: Callable[[], asyncio.Protocol]) -> Callable[[], Connection]:
        """Wraps a protocol factory (`server`) so that its connections keep the limits."""
        return lambda: Connection(server(), self)

    def admit(self, connection: Connection, transport: asyncio.Transport) -> bool:
        if len(self.open) >= self.limits.connections and not self._make_room():
            self.bad.count("too many connections")
            return False
        self.open[transport] = connection
        loop = asyncio.get_running_loop()
        connection.timers = [
            loop.call_later(self.limits.head, self._end_unless_served, connection),
            loop.call_later(self.limits.longest, connection.close),
        ]
        return True

    def forget(self, transport: asyncio.BaseTransport) -> None:
        connection = self.open.pop(transport, None)
        for timer in connection.timers if connection is not None else ():
            timer.cancel()

    @contextmanager
    def request(self, transport: asyncio.BaseTransport | None) -> Iterator[bool]:
        """While one is under way; gives whether it is to be the last of its connection."""
        connection = self.open.get(transport) if transport is not None else None
        if connection is None:  # it is gone already
            yield True
            return
        connection.requests += 1
        connection.served += 1
        try:
            yield time.monotonic() - connection.begun > self.limits.lifetime
        finally:
            connection.requests -= 1
            connection.since = time.monotonic()

    def _make_room(self) -> bool:
        waiting = [connection for connection in self.open.values() if not connection.requests]
        if not waiting:
            return False
        self.bad.count("closed to make room")
        longest = min(waiting, key=lambda connection: connection.since)
        if longest.transport is not None:
            self.forget(longest.transport)
        longest.close()
        return True

    def _end_unless_served(self, connection: Connection) -> None:
        if not connection.served:
            self.bad.count("no request")
            connection.close()
