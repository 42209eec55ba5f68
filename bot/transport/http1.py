"""Calls of the Bot API over the project's own connections: JSON out, JSON in; files go over aiohttp."""

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import SplitResult, quote, unquote, urlsplit

import aiohappyeyeballs
import httptools
import orjson
from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

from bot.transport.requests import (
    CONNECT_SECONDS,
    READ_SECONDS,
    AiohttpRequest,
    NotSent,
    OutcomeUnknown,
    raise_for_refusal,
    seconds_of,
)

LONGEST_HEAD, LONGEST_BODY = 1 << 16, 1 << 26  # bytes: a hundred of the largest updates are a third of it


@dataclass(slots=True)
class HttpAnswer:
    """An HTTP response. Header names are in lower case. `keeps`: whether the connection may carry another request."""

    status: int
    headers: dict[str, str]
    body: bytes
    keeps: bool


class BadAnswer(Exception):
    """Raised for a response that is no HTTP, or too long."""


class AnswerReader:
    """Reads one connection's responses; those with a status below 200 are passed over."""

    __slots__ = ("begun", "body", "complete", "head", "headers", "length", "parser")

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.complete: HttpAnswer | None = None
        self._reset()

    def _reset(self) -> None:
        self.begun = False  # its head is complete
        self.headers: dict[str, str] = {}
        self.body: list[bytes] = []
        self.head = self.length = 0

    def feed(self, data: bytes | memoryview) -> HttpAnswer | None:
        """Read data; return a response once it is complete, else None. What follows it unasked spoils the
        connection. Raise BadAnswer."""
        if not self.begun:
            self.head += len(data)
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self.complete is None:
                raise BadAnswer(type(error).__name__) from None
            self.complete.keeps = False
        if not self.begun and self.head > LONGEST_HEAD:
            raise BadAnswer("HeadTooLong")
        complete, self.complete = self.complete, None
        return complete

    def end(self) -> HttpAnswer | None:
        """Return the response that the connection's end completes, because it did not tell its length; None if there
        is none."""
        if not self.begun or "content-length" in self.headers or "transfer-encoding" in self.headers:
            return None
        return HttpAnswer(self.parser.get_status_code(), self.headers, b"".join(self.body), keeps=False)

    def on_message_begin(self) -> None:
        if self.complete is not None:
            raise BadAnswer

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.begun = True

    def on_body(self, data: bytes) -> None:
        self.length += len(data)
        if self.length > LONGEST_BODY:
            raise BadAnswer
        self.body.append(data)

    def on_message_complete(self) -> None:
        status = self.parser.get_status_code()
        if status >= 200:
            self.complete = HttpAnswer(status, self.headers, b"".join(self.body), self.parser.should_keep_alive())
        self._reset()


READ_BUFFER = memoryview(bytearray(1 << 16))  # of all connections: what is read is consumed at once


class ConnectionLost(Exception):
    """Raised when the connection ended before the response did."""


class Connection(asyncio.BufferedProtocol):
    """One connection, used by one request at a time. `lost(self)` is called once it is closed."""

    __slots__ = ("deadline", "idle_since", "loop", "lost", "reader", "timer", "transport", "waiter")

    def __init__(self, loop: asyncio.AbstractEventLoop, lost: Callable[["Connection"], None]) -> None:
        self.loop, self.lost = loop, lost
        self.reader = AnswerReader()
        self.waiter: asyncio.Future[HttpAnswer] | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.deadline: float | None = None
        self.idle_since = 0.0

    @property
    def is_open(self) -> bool:
        return not self.transport.is_closing()

    async def ask(self, request: bytes, seconds: float | None) -> HttpAnswer:
        """Send a request and return its response, which must be whole within so many seconds. Raise ConnectionLost
        or TimeoutError; the connection is closed then."""
        waiter: asyncio.Future[HttpAnswer] = self.loop.create_future()
        self.waiter = waiter
        if seconds is not None:
            self._expect(self.loop.time() + seconds)
        self.transport.write(request)
        try:
            return await waiter
        except BaseException:
            self.close()  # whatever still comes would be taken for the next request's answer
            raise

    def close(self) -> None:
        self.transport.abort()

    def _expect(self, deadline: float) -> None:
        """Set the deadline of a response. One timer serves many requests: it is set again only where it would fire
        too late."""
        self.deadline = deadline
        if self.timer is None or self.timer.when() > deadline:
            if self.timer is not None:
                self.timer.cancel()
            self.timer = self.loop.call_at(deadline, self._check_deadline)

    def _check_deadline(self) -> None:
        self.timer = None
        if self.deadline is None:
            return
        if self.loop.time() < self.deadline:
            self._expect(self.deadline)
        else:
            self._fail(TimeoutError())

    def _succeed(self, answer: HttpAnswer) -> None:
        waiter, self.waiter, self.deadline = self.waiter, None, None
        if waiter is not None and not waiter.done():
            waiter.set_result(answer)

    def _fail(self, error: Exception) -> None:
        waiter, self.waiter, self.deadline = self.waiter, None, None
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # other loops have classes of their own

    def get_buffer(self, sizehint: int) -> memoryview:
        return READ_BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        if self.waiter is None:  # words nobody asked for, such as that the server has waited long enough
            self.close()
            return
        try:
            answer = self.reader.feed(READ_BUFFER[:nbytes])
        except BadAnswer as error:
            self._fail(ConnectionLost(str(error)))
            self.close()
            return
        if answer is not None:
            if not answer.keeps:
                self.transport.close()
            self._succeed(answer)

    def connection_lost(self, error: Exception | None) -> None:
        answer = None if error else self.reader.end()
        if answer is not None:
            self._succeed(answer)
        else:
            self._fail(ConnectionLost(type(error).__name__ if error else "ServerDisconnected"))
        if self.timer is not None:
            self.timer.cancel()
        self.lost(self)


IDLE_SECONDS = 15.0  # seconds a connection is kept; servers close theirs later
ADDRESS_SECONDS = 60.0  # seconds an address is remembered
STAGGER_SECONDS = 0.25  # seconds until the next address is tried beside the one before

Addresses = Sequence[Any]  # as getaddrinfo returns them


@dataclass(slots=True)
class Origin:
    """A server's address and its open connections; `tls` is None for plain HTTP."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    idle: list[Connection] = field(default_factory=list)
    open: set[Connection] = field(default_factory=set)
    addresses: Addresses = ()
    known_until: float = 0.0
    looking: "asyncio.Task[None] | None" = None

    def take_idle(self, now: float) -> Connection | None:
        """Return the idle connection that was used last, so that the others grow old and are closed; None if there
        is none."""
        while self.idle:
            connection = self.idle.pop()
            if connection.is_open and now - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.close()
        return None

    def keep(self, connection: Connection, now: float) -> None:
        """Keep a connection for the next request; connections that were idle for too long are closed."""
        if connection.is_open:
            connection.idle_since = now
            self.idle.append(connection)
        while self.idle and now - self.idle[0].idle_since >= IDLE_SECONDS:
            self.idle.pop(0).close()

    async def connect(self, seconds: float | None) -> Connection:
        """Return a new connection. Raise OSError, of which TimeoutError is one."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._get_addresses(loop)
                connected_socket = await aiohappyeyeballs.start_connection(
                    addresses, happy_eyeballs_delay=STAGGER_SECONDS, loop=loop
                )
                name = self.host if self.tls else None
                _, connection = await loop.create_connection(
                    lambda: Connection(loop, self._forget), sock=connected_socket, ssl=self.tls, server_hostname=name
                )
        except OSError:
            self.known_until = 0.0
            raise
        self.open.add(connection)
        return connection

    async def _get_addresses(self, loop: asyncio.AbstractEventLoop) -> Addresses:
        """Return the host's addresses. All requests share one lookup: it holds a thread, which others need, until it
        ends."""
        if loop.time() >= self.known_until:
            if self.looking is None or self.looking.done():
                self.looking = loop.create_task(self._look_up(loop))
            await asyncio.shield(self.looking)
        return self.addresses

    async def _look_up(self, loop: asyncio.AbstractEventLoop) -> None:
        addresses = await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        self.addresses, self.known_until = addresses, loop.time() + ADDRESS_SECONDS

    def _forget(self, connection: Connection) -> None:
        self.open.discard(connection)
        if connection in self.idle:
            self.idle.remove(connection)

    async def close(self) -> None:
        if self.looking is not None:
            self.looking.cancel()
        for connection in self.open:
            connection.close()
        await asyncio.sleep(0)  # their sockets are closed in the next turn


DEFAULT_PORTS = {"http": 80, "https": 443}
PATH_CHARS = "/:@!$&'()*+,;=%"  # beside letters, digits and -._~


@dataclass(frozen=True, slots=True)
class Target:
    """A method's address: its server, and the head of its requests up to the body's length."""

    origin: Origin
    head: bytes


class Http1Request(AiohttpRequest):
    """Requests over the project's own connections. A connection is used by one request after the other; there are as
    many as there are requests under way.

    A request that ends with its connection is never sent again from here, because Telegram may have seen it and a
    chat must rest in between: the relay decides (bot/delivery/attempts.py)."""

    def __init__(self, read_timeout: float = READ_SECONDS) -> None:
        super().__init__(read_timeout)
        self._origins: dict[tuple[str, str, int], Origin] = {}
        self._targets: dict[str, Target] = {}

    async def shutdown(self) -> None:
        for origin in self._origins.values():
            await origin.close()
        self._origins, self._targets = {}, {}
        await super().shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if method != "POST" or (request_data and request_data.contains_files):
            return await super().do_request(url, method, request_data, read_timeout, connect_timeout=connect_timeout)
        target = self._targets.get(url) or self._add_target(url)
        body = orjson.dumps(request_data.json_parameters) if request_data else b"{}"
        request = b"%b%d\r\n\r\n%b" % (target.head, len(body), body)
        read_seconds, connect_seconds = (
            seconds_of(read_timeout, self._read_timeout),
            seconds_of(connect_timeout, CONNECT_SECONDS),
        )
        try:
            answer = await self._ask(target, request, read_seconds, connect_seconds)
        except TimeoutError:
            raise TimedOut from None
        except ConnectionLost as error:
            raise OutcomeUnknown(str(error)) from None
        self.counts[answer.status] += 1
        if answer.status == HTTPStatus.OK:
            return answer.status, answer.body
        return raise_for_refusal(answer.status, answer.body, answer.headers.get("retry-after", ""))

    async def _ask(
        self, target: Target, request: bytes, read_seconds: float | None, connect_seconds: float | None
    ) -> HttpAnswer:
        """Send a request over an idle connection, or a new one. Raise NotSent if none can be made, TimeoutError,
        ConnectionLost."""
        origin, loop = target.origin, asyncio.get_running_loop()
        connection = origin.take_idle(loop.time())
        if connection is None:
            try:
                connection = await origin.connect(connect_seconds)
            except OSError as error:
                raise NotSent(type(error).__name__) from None
        answer = await connection.ask(request, read_seconds)
        origin.keep(connection, loop.time())
        return answer

    def _add_target(self, url: str) -> Target:
        """Return the target of a URL that was not called before, and remember it."""
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        place = (parts.scheme, parts.hostname or "", port)
        new_origin = Origin(place[1], port, tls_context() if parts.scheme == "https" else None)
        origin = self._origins.setdefault(place, new_origin)
        lines = [
            f"POST {quote(parts.path, safe=PATH_CHARS)} HTTP/1.1",
            f"Host: {parts.netloc.rpartition('@')[2]}",
            f"User-Agent: {self.USER_AGENT}",
            "Content-Type: application/json",
            *_credential_headers(parts),
            "Content-Length: ",
        ]
        target = self._targets[url] = Target(origin, "\r\n".join(lines).encode("ascii"))
        return target


def _credential_headers(parts: SplitResult) -> list[str]:
    """The Authorization header of an address such as http://name:password@host, if it has one."""
    if parts.username is None:
        return []
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return [f"Authorization: Basic {b64encode(login.encode()).decode()}"]


@cache
def tls_context() -> ssl.SSLContext:
    """Return the TLS context of all connections; certificates are verified with the system's."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
