"""Refused requests are counted, and logged as one sum a minute, so that a flood of them does not flood the log."""

import asyncio
import logging
from collections import Counter

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

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
