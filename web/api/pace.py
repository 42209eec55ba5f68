"""Rate limits: requests a second and at once of a key; and how many the API does at once in all, so that the chat
never waits for programs."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import hdrs

from web.api.problems import Problem

PER_SECOND, BURST = 10.0, 40.0  # requests of a key
AT_ONCE = 4  # of a key
READING, WRITING, MAKING = 1, 1, 1  # of all keys: readings beside the writer, transactions that wait for it, files
REMEMBERED = 10_000  # keys
OFTEN = 60.0  # seconds between two notes of a key's use


@dataclass(slots=True)
class Bucket:
    """`tokens` is how many requests are free at `at`, `busy` how many are under way, `noted_at` when its use was last
    written."""

    at: float
    tokens: float
    busy: int = 0
    noted_at: float = float("-inf")


@dataclass(slots=True)
class Pace:
    clock: Callable[[], float] = time.monotonic
    per_second: float = PER_SECOND
    burst: float = BURST
    at_once: int = AT_ONCE
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READING))
    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WRITING))
    making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAKING))
    refusal: Callable[[int], Exception] = field(default=lambda seconds: too_many(seconds))
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[Bucket]:
        """While a request of this key (its hash) is under way. Raises the `refusal` for the seconds to wait."""
        bucket = self._bucket(key)
        if bucket.busy >= self.at_once:
            raise self.refusal(1)
        if bucket.tokens < 1:
            raise self.refusal(int((1 - bucket.tokens) / self.per_second) + 1)
        bucket.tokens -= 1
        bucket.busy += 1
        try:
            yield bucket
        finally:
            bucket.busy -= 1

    def notes(self, bucket: Bucket) -> bool:
        """Whether the use of its key is to be written now."""
        if self.clock() - bucket.noted_at < OFTEN:
            return False
        bucket.noted_at = self.clock()
        return True

    def _bucket(self, key: str) -> Bucket:
        now = self.clock()
        bucket = self._buckets.setdefault(key, Bucket(now, self.burst))
        self._buckets.move_to_end(key)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.at) * self.per_second)
        bucket.at = now
        return bucket


def too_many(seconds: int) -> Problem:
    return Problem(429, "too_many_requests", "Too many requests with this key.", {hdrs.RETRY_AFTER: str(seconds)})
