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

from domain.extensions import load_parts
from web.api import endpoint
from web.api.endpoint import Problem

LOG_INTERVAL_SECONDS = 60.0  # seconds

log = logging.getLogger(__name__)


class BadRequests:
    """Counter of refused requests: `counts` by reason since the start, `unlogged` since the last line of the log."""

    def __init__(self, every: float = LOG_INTERVAL_SECONDS) -> None:
        self.every = every
        self.counts: Counter[str] = Counter()
        self.unlogged: Counter[str] = Counter()
        self.log_timer: asyncio.TimerHandle | None = None

    def count(self, reason: str) -> None:
        """Count a refused request; the sum is logged after `every` seconds."""
        self.counts[reason] += 1
        self.unlogged[reason] += 1
        if self.log_timer is None:
            self.log_timer = asyncio.get_running_loop().call_later(self.every, self.write_log)

    def write_log(self) -> None:
        """Log the sum since the last line, if there is any; also called when the server stops."""
        if self.log_timer is not None:
            self.log_timer.cancel()
            self.log_timer = None
        if self.unlogged:
            log.warning("Bad requests", extra={_log_key(reason): count for reason, count in self.unlogged.items()})
            self.unlogged.clear()

    def server_log(self) -> logging.Logger:
        """Return a logger for aiohttp's server, which would log each request it cannot read with its traceback:
        those are counted instead."""
        quiet = logging.Logger(f"{__name__}.server")  # noqa: LOG001 (one of this door alone, which ends with it)
        quiet.parent = log
        quiet.addFilter(self._needs_log)
        return quiet

    def _needs_log(self, record: logging.LogRecord) -> bool:
        """Return whether a record of aiohttp's server must be logged; refused requests and lost connections are
        counted instead."""
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


def _log_key(reason: str) -> str:
    return f"status_{reason}" if reason.isdigit() else reason.replace(" ", "_")


MIN_CONNECTIONS, MAX_CONNECTIONS, FILES_PER_CONNECTION = 16, 512, 4


def default_connections() -> int:
    """Return a quarter of the files that this process may open, within bounds: the database, Telegram and files
    being made need the others."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MAX_CONNECTIONS
        if files == resource.RLIM_INFINITY
        else max(MIN_CONNECTIONS, min(MAX_CONNECTIONS, files // FILES_PER_CONNECTION))
    )


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits in seconds, bytes and numbers. `request` is the time from the head of a request to its response;
    `files` the time from then on for authenticated senders, who may send and get files; `lingering` how long the
    rest of a refused body is read."""

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
    connections: int = field(default_factory=default_connections)

    @property
    def max_connection_seconds(self) -> float:
        """Seconds that a connection may last: an answer under way at the end of its `lifetime` still has its own
        time."""
        return self.lifetime + self.request + self.files

    @property
    def server_options(self) -> dict[str, Any]:
        """Options of aiohttp's server."""
        return {
            "keepalive_timeout": self.idle,
            "lingering_time": self.lingering,
            "max_line_size": self.line,
            "max_headers": self.headers,
            "max_field_size": self.header,
        }


class Connection(asyncio.Protocol):
    """One connection, handed on to `inner`; `requests` are under way, `idle_since` is when it was last without one."""

    def __init__(self, inner: asyncio.Protocol, connections: "Connections") -> None:
        self.inner, self.connections = inner, connections
        self.transport: asyncio.Transport | None = None
        self.opened_at = self.idle_since = time.monotonic()
        self.requests = self.requests_begun = 0
        self.timers: list[asyncio.TimerHandle] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        opened = cast(asyncio.Transport, transport)
        if self.connections.admit(self, opened):
            self.transport = opened
            self.inner.connection_made(opened)
        else:
            opened.abort()

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self.connections.forget(self.transport)
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
    """Open connections, oldest first."""

    def __init__(self, limits: ConnectionLimits, bad: BadRequests) -> None:
        self.limits, self.bad_requests = limits, bad
        self.open: dict[asyncio.BaseTransport, Connection] = {}

    def wrap(self, server: Callable[[], asyncio.Protocol]) -> Callable[[], Connection]:
        """Return a protocol factory that makes `server`'s protocols keep the limits."""
        return lambda: Connection(server(), self)

    def admit(self, connection: Connection, transport: asyncio.Transport) -> bool:
        """Take in the connection and start its timers, closing the one idle for longest if there are too many.
        Return False if none is idle."""
        if len(self.open) >= self.limits.connections and not self._make_room():
            self.bad_requests.count("too many connections")
            return False
        self.open[transport] = connection
        loop = asyncio.get_running_loop()
        connection.timers = [
            loop.call_later(self.limits.head, self._end_unless_served, connection),
            loop.call_later(self.limits.max_connection_seconds, connection.close),
        ]
        return True

    def forget(self, transport: asyncio.BaseTransport) -> None:
        connection = self.open.pop(transport, None)
        for timer in connection.timers if connection is not None else ():
            timer.cancel()

    @contextmanager
    def track_request(self, transport: asyncio.BaseTransport | None) -> Iterator[bool]:
        """Count a request while it is under way; yield whether it is to be the last of its connection."""
        connection = self.open.get(transport) if transport is not None else None
        if connection is None:  # it is gone already
            yield True
            return
        connection.requests += 1
        connection.requests_begun += 1
        try:
            yield time.monotonic() - connection.opened_at > self.limits.lifetime
        finally:
            connection.requests -= 1
            connection.idle_since = time.monotonic()

    def _make_room(self) -> bool:
        """Close the connection that has been without a request for longest. Return False if all have one."""
        waiting = [connection for connection in self.open.values() if not connection.requests]
        if not waiting:
            return False
        self.bad_requests.count("closed to make room")
        longest = min(waiting, key=lambda connection: connection.idle_since)
        if longest.transport is not None:
            self.forget(longest.transport)
        longest.close()
        return True

    def _end_unless_served(self, connection: Connection) -> None:
        if not connection.requests_begun:
            self.bad_requests.count("no request")
            connection.close()


UNREADABLE_TEXT = (
    "This is no HTTP that can be read here. A body comes as it is, or with Content-Encoding: gzip or deflate."
)


class Protocol(web.RequestHandler):
    """aiohttp's protocol with our own error responses: aiohttp answers what it cannot read with text that names
    packages to install."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        response = super().handle_error(request, status, exc, message)
        return unreadable_response(status) if 400 <= status < 500 else response


def unreadable_response(status: int) -> web.Response:
    """Return the response to a request that is not HTTP: a problem document of the API that is an error of the
    extensions' interfaces as well."""
    problem = orjson.loads(Problem(status, "unreadable", UNREADABLE_TEXT).body)
    for part in load_parts("web"):
        problem |= part.describe_unreadable(UNREADABLE_TEXT)
    response = web.Response(status=status, body=orjson.dumps(problem), content_type=endpoint.PROBLEM_TYPE)
    response.force_close()
    return response


def protocol_factory(server: web.Server, **options: Any) -> Callable[[], Protocol]:
    """Return the factory of a connection's protocol; `options` are what aiohttp's server would pass to its own."""
    return lambda: Protocol(server, loop=asyncio.get_running_loop(), **options)
