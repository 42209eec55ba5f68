"""The Bot API's calls over connections of our own: JSON out, JSON in; files go over aiohttp."""

import asyncio
import ssl
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

import orjson
from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

from bot.transport.aiohttp_request import CONNECT, AiohttpRequest, seconds_of
from bot.transport.answers import Answer
from bot.transport.api import READ
from bot.transport.connection import Lost
from bot.transport.failures import NotSent, OutcomeUnknown, understood
from bot.transport.origin import Origin

PORTS = {"http": 80, "https": 443}
PATH = "/:@!$&'()*+,;=%"  # beside letters, digits and -._~


@dataclass(frozen=True, slots=True)
class Target:
    """A method's address: where it is, and the head of its requests up to the body's length."""

    origin: Origin
    head: bytes


class Http1Request(AiohttpRequest):
    """A connection is used by one request after the other; there are as many as there are requests under way.

    A request that ends with its connection is never sent again from here, because Telegram may have seen it and a
    chat must rest in between: the relay decides (bot/delivery/attempts.py).
    """

    def __init__(self, read_timeout: float = READ) -> None:
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
        target = self._targets.get(url) or self._target(url)
        body = orjson.dumps(request_data.json_parameters) if request_data else b"{}"
        request = b"%b%d\r\n\r\n%b" % (target.head, len(body), body)
        read, connect = seconds_of(read_timeout, self._read_timeout), seconds_of(connect_timeout, CONNECT)
        try:
            answer = await self._asked(target, request, read, connect)
        except TimeoutError:
            raise TimedOut from None
        except Lost as error:
            raise OutcomeUnknown(str(error)) from None
        self.counts[answer.status] += 1
        if answer.status == HTTPStatus.OK:
            return answer.status, answer.body
        return understood(answer.status, answer.body, answer.headers.get("retry-after", ""))

    async def _asked(self, target: Target, request: bytes, read: float | None, connect: float | None) -> Answer:
        origin, loop = target.origin, asyncio.get_running_loop()
        connection = origin.waiting(loop.time())
        if connection is None:
            try:
                connection = await origin.connect(connect)
            except OSError as error:
                raise NotSent(type(error).__name__) from None
        answer = await connection.ask(request, read)
        origin.keep(connection, loop.time())
        return answer

    def _target(self, url: str) -> Target:
        """Worked out once for each method."""
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        place = (parts.scheme, parts.hostname or "", port)
        here = Origin(place[1], port, tls() if parts.scheme == "https" else None)
        origin = self._origins.setdefault(place, here)
        lines = [
            f"POST {quote(parts.path, safe=PATH)} HTTP/1.1",
            f"Host: {parts.netloc.rpartition('@')[2]}",
            f"User-Agent: {self.USER_AGENT}",
            "Content-Type: application/json",
            *_credentials(parts),
            "Content-Length: ",
        ]
        target = self._targets[url] = Target(origin, "\r\n".join(lines).encode("ascii"))
        return target


def _credentials(parts: SplitResult) -> list[str]:
    """Of an address such as http://name:password@host."""
    if parts.username is None:
        return []
    told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return [f"Authorization: Basic {b64encode(told.encode()).decode()}"]


@cache
def tls() -> ssl.SSLContext:
    """Certificates are verified with the system's."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
