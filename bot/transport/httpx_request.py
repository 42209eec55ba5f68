"""The library's requests as it has them, over httpx: a dozen times the CPU, but with proxies."""

from collections import Counter
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.transport.failures import NotSent, OutcomeUnknown, understood

UNCONNECTED = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError


class HttpxRequest(HTTPXRequest):
    """Tells apart what was surely not sent from what may have been."""

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
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        except NetworkError as error:
            reason = type(error.__cause__).__name__
            if isinstance(error.__cause__, UNCONNECTED):
                raise NotSent(reason) from None
            if isinstance(error, TimedOut):
                raise
            raise OutcomeUnknown(reason) from None
        self.counts[status] += 1
        return understood(status, body, "")
