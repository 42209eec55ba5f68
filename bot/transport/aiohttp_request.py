"""The library's requests over aiohttp and orjson: an eighth of httpx's CPU a request. Uploads and downloads."""

import asyncio
from collections import Counter
from http import HTTPStatus
from typing import Any, BinaryIO, cast

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.transport.api import READ
from bot.transport.failures import NotSent, OutcomeUnknown, broken, understood

UPLOAD, CONNECT = 120.0, 10.0  # seconds
PIECE = 1 << 18  # bytes of a download in memory
AS_JSON = {"Content-Type": "application/json"}


def seconds_of(value: Any, default: float | None) -> float | None:
    """The library marks “use your default” by an object of its own."""
    return float(value) if isinstance(value, int | float) else None if value is None else default


class AiohttpRequest(BaseRequest):
    def __init__(self, read_timeout: float = READ) -> None:
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
        usual = UPLOAD if request_data and request_data.contains_files else self._read_timeout
        read, connect = seconds_of(read_timeout, usual), seconds_of(connect_timeout, CONNECT)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)
        body, headers = _body(request_data)
        try:
            async with self._session.request(method, url, data=body, headers=headers, timeout=timeout) as response:
                self.counts[response.status] += 1
                return understood(response.status, await response.read(), response.headers.get("Retry-After", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (TimeoutError, aiohttp.ServerTimeoutError):
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise OutcomeUnknown(type(error).__name__) from None

    async def download(self, url: str, into: BinaryIO, most: int) -> bool:
        """A file, piece by piece; False where it is not there, or larger than `most`."""
        if self._session is None:
            raise RuntimeError("the transport is not initialized")
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=self._read_timeout)
        try:
            async with self._session.get(url, timeout=timeout) as response:
                self.counts[response.status] += 1
                if response.status in (403, 404):
                    return False
                if response.status != HTTPStatus.OK:
                    raise broken(response.status, await response.read(), response.headers.get("Retry-After", ""))
                async for piece in response.content.iter_chunked(PIECE):
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


def _body(data: RequestData | None) -> tuple[Any, dict[str, str]]:
    """The body and its headers: JSON, and a multipart form only with files, which costs a hundred times as much."""
    if data is None:
        return None, {}
    if not data.contains_files:
        return orjson.dumps(data.json_parameters), AS_JSON
    form = aiohttp.FormData(data.json_parameters)
    for name, (file_name, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form, {}
