"""Limits of the HTTP port: number and lifetime of connections, size of heads and bodies.

A connection is bounded before aiohttp sees it: one without a request is closed after `head` seconds, one between two
requests after `idle`, any after `lifetime`. There are never more of them than a part of the files the process may open;
beyond that the one that has been without a request for longest makes room.
"""

import asyncio
import logging
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

from web.api import endpoint
from web.api.endpoint import Problem
from web.mturk import faults

EVERY = 60.0  # seconds

log = logging.getLogger(__name__)


class BadRequests:
    """`counts` by reason since the start; `untold` are those since the last line of the log."""

    def __init__(self, every: float = EVERY) -> None:
        self.every = every
        self.counts: Counter[str] = Counter()
        self.untold: Counter[str] = Counter()
        self.telling: asyncio.TimerHandle | None = None

    def count(self, reason: str) -> None:
        self.counts[reason] += 1
        self.untold[reason] += 1
        if self.telling is None:
            self.telling = asyncio.get_running_loop().call_later(self.every, self.tell)

    def tell(self) -> None:
        """The sum so far; also called when the door is closed."""
        if self.telling is not None:
            self.telling.cancel()
            self.telling = None
        if self.untold:
            log.warning("Bad requests", extra={_key(reason): count for reason, count in self.untold.items()})
            self.untold.clear()

    def server_log(self) -> logging.Logger:
        """For aiohttp's server, which would log each request it cannot read with its traceback."""
        quiet = logging.Logger(f"{__name__}.server")  # noqa: LOG001 (one of this door alone, which ends with it)
        quiet.parent = log
        quiet.addFilter(self._passes)
        return quiet

    def _passes(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            self.count(str(error.code))
            return False
        if isinstance(error, ConnectionError):  # whoever asked has left
            self.count("connection lost")
            return False
        return not isinstance(error, RequestPayloadError)  # the body's, read after the answer, which was counted

    def figures(self) -> dict[str, float]:
        return {f'pouce_http_refused_total{{reason="{reason}"}}': count for reason, count in self.counts.items()}


def _key(reason: str) -> str:
    return f"status_{reason}" if reason.isdigit() else reason.replace(" ", "_")


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


SAID = "This is no HTTP that can be read here. A body comes as it is, or with Content-Encoding: gzip or deflate."


class Protocol(web.RequestHandler):
    """aiohttp's, which answers what it cannot read with a line of text and names packages to install."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        refused = super().handle_error(request, status, exc, message)
        return unreadable(status) if 400 <= status < 500 else refused


def unreadable(status: int) -> web.Response:
    """A problem document of the API that is an error of Mechanical Turk's as well."""
    said = orjson.loads(Problem(status, "unreadable", SAID).body) | orjson.loads(faults.unreadable(SAID).body)
    response = web.Response(status=status, body=orjson.dumps(said), content_type=endpoint.TYPE)
    response.force_close()
    return response


def protocols(server: web.Server, **told: Any) -> Callable[[], Protocol]:
    """Makes a connection's protocol, `told` what aiohttp's server would tell its own."""
    return lambda: Protocol(server, loop=asyncio.get_running_loop(), **told)
