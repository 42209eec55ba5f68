"""Requests to Telegram over aiohttp and httpx; failures become the library's errors."""

import asyncio
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, BinaryIO, cast

import aiohttp
import httpx
import orjson
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData
from telegram.warnings import PTBDeprecationWarning

from domain.messages import record

LIBRARY_REFUSALS = {400, 401, 403, 404, 409, 429}  # refusals the library maps itself; other 4xx are the request's fault
MIN_PAUSE_SECONDS = 1.0  # seconds of a pause, whatever a 429 says
DEFAULT_PAUSE_SECONDS = 5  # seconds after a 429 that doesn't say how long


class NotSent(NetworkError):
    """Raised when Telegram certainly never saw the request: no connection was made."""


class OutcomeUnknown(NetworkError):
    """Raised when a request was sent and no response came back: it may have had its effect."""


def pause_of(error: RetryAfter) -> float:
    """Return the seconds that a 429 asks for (a number in this version of the library, a timedelta in the next),
    MIN_PAUSE_SECONDS at least."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        retry_after = error.retry_after
    return max(
        MIN_PAUSE_SECONDS, retry_after.total_seconds() if isinstance(retry_after, timedelta) else float(retry_after)
    )


def is_unknown_method(error: InvalidToken) -> bool:
    """Return whether the error means an unknown method (404) and not an unknown token (401): the library raises the
    same class for both."""
    return "unauthorized" not in error.message.lower()


def raise_for_refusal(code: int, payload: bytes, retry_after: str) -> tuple[int, bytes]:
    """Return status and body; raise RetryAfter or BadRequest for refusals that the library would report as network
    errors. `retry_after` is the header, if any."""
    if code == 429:
        raise retry_after_of(payload, retry_after)
    if 400 <= code < 500 and code not in LIBRARY_REFUSALS:
        raise BadRequest(f"{HTTPStatus(code).phrase} ({code})" if code in set(HTTPStatus) else f"refused ({code})")
    return code, payload


def download_error(code: int, payload: bytes, retry_after: str) -> TelegramError:
    return retry_after_of(payload, retry_after) if code == 429 else NetworkError(f"answered {code}")


def retry_after_of(payload: bytes, header: str) -> RetryAfter:
    """The error of a 429, with the seconds of its body, else of its header, else DEFAULT_PAUSE_SECONDS."""
    try:
        seconds = orjson.loads(payload)["parameters"]["retry_after"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        seconds = None
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        seconds = int(header) if header.isdecimal() else DEFAULT_PAUSE_SECONDS
    with warnings.catch_warnings():  # the library's own constructor warns of its future
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        return RetryAfter(max(round(MIN_PAUSE_SECONDS), seconds))


READ_SECONDS = 20.0  # seconds until an answer, unless Telegram is asked to hold it back

Upload = tuple[str, Any, str]  # a file's name, its content, its media type


@record
class RequestParameters:
    """The part of the library's RequestData that the transport needs, from plain values: texts stay, others become
    JSON."""

    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def contains_files(self) -> bool:
        return bool(self.files)

    @property
    def json_parameters(self) -> dict[str, str]:
        return {
            name: value if isinstance(value, str) else orjson.dumps(value).decode()
            for name, value in self.values.items()
            if value is not None
        }

    @property
    def multipart_data(self) -> dict[str, Upload]:
        return dict(self.files)


@dataclass(frozen=True, slots=True)
class BotApi:
    """The Bot API with plain values in and out; errors are the library's."""

    request: BaseRequest
    base: str

    async def __call__(
        self, method: str, files: Mapping[str, Upload] | None = None, wait: float = 0, **values: Any
    ) -> Any:
        """Call a method and return its result. `wait`: seconds the server is asked to hold the answer back, on top
        of the usual timeout."""
        data = cast(RequestData, RequestParameters(values, files or {}))
        timeout = {"read_timeout": READ_SECONDS + wait} if wait else {}
        try:
            return await self.request.post(f"{self.base}/{method}", data, **timeout)
        except (KeyError, TypeError, asyncio.IncompleteReadError):
            raise OutcomeUnknown("Invalid server response") from None


UPLOAD_SECONDS, CONNECT_SECONDS = 120.0, 10.0  # seconds
PIECE_BYTES = 1 << 18  # bytes of a download in memory
JSON_HEADERS = {"Content-Type": "application/json"}


def seconds_of(value: Any, default: float | None) -> float | None:
    """Return a timeout in seconds, None for none. The library marks "use your default" by an object of its own."""
    return float(value) if isinstance(value, int | float) else None if value is None else default


class AiohttpRequest(BaseRequest):
    def __init__(self, read_timeout: float = READ_SECONDS) -> None:
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None
        self.counts: Counter[int] = Counter()  # of responses, by their status

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=15, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

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
        if self._session is None:
            raise RuntimeError("the transport is not initialized")
        default_read = UPLOAD_SECONDS if request_data and request_data.contains_files else self._read_timeout
        read_seconds, connect_seconds = (
            seconds_of(read_timeout, default_read),
            seconds_of(connect_timeout, CONNECT_SECONDS),
        )
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds, sock_read=read_seconds)
        body, headers = _body_and_headers(request_data)
        try:
            async with self._session.request(method, url, data=body, headers=headers, timeout=timeout) as response:
                self.counts[response.status] += 1
                return raise_for_refusal(
                    response.status, await response.read(), response.headers.get("Retry-After", "")
                )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (TimeoutError, aiohttp.ServerTimeoutError):
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise OutcomeUnknown(type(error).__name__) from None

    async def download(self, url: str, into: BinaryIO, most: int) -> bool:
        """Download a file, piece by piece; return False if it is not there, or larger than `most`. Raise
        NetworkError."""
        if self._session is None:
            raise RuntimeError("the transport is not initialized")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=self._read_timeout)
        try:
            async with self._session.get(url, timeout=timeout) as response:
                self.counts[response.status] += 1
                if response.status in (403, 404):
                    return False
                if response.status != HTTPStatus.OK:
                    raise download_error(
                        response.status, await response.read(), response.headers.get("Retry-After", "")
                    )
                async for piece in response.content.iter_chunked(PIECE_BYTES):
                    if into.tell() + len(piece) > most:
                        return False
                    await asyncio.to_thread(into.write, piece)
                return True
        except (TimeoutError, aiohttp.ClientError) as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            return cast(dict[str, Any], orjson.loads(payload))
        except orjson.JSONDecodeError:
            raise TelegramError("Invalid server response") from None


def _body_and_headers(data: RequestData | None) -> tuple[Any, dict[str, str]]:
    """The body and its headers: JSON, and a multipart form only with files, which costs a hundred times as much."""
    if data is None:
        return None, {}
    if not data.contains_files:
        return orjson.dumps(data.json_parameters), JSON_HEADERS
    form = aiohttp.FormData(data.json_parameters)
    for name, (file_name, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form, {}


CONNECTION_ERRORS = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError


class HttpxRequest(HTTPXRequest):
    """The library's httpx request, which also tells what was certainly not sent from what may have been."""

    def __init__(self, connections: int = 64) -> None:
        super().__init__(connection_pool_size=connections)
        self.counts: Counter[int] = Counter()  # of responses, by their status

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
        try:
            status, body = await super().do_request(
                url,
                method,
                request_data,
                read_timeout,
                write_timeout,
                connect_timeout=connect_timeout,
                pool_timeout=pool_timeout,
            )
        except NetworkError as error:
            reason = type(error.__cause__).__name__
            if isinstance(error.__cause__, CONNECTION_ERRORS):
                raise NotSent(reason) from None
            if isinstance(error, TimedOut):
                raise
            raise OutcomeUnknown(reason) from None
        self.counts[status] += 1
        return raise_for_refusal(status, body, "")
