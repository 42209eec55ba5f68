"""Sealing of the ledger in steps: answers that wait pass between two of them."""

import asyncio
import base64
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import aiohttp
from cryptography import x509
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from domain.moments import Moment
from domain.money.ledger import (
    NotStamped,
    encode_certificate,
    next_retry_at,
    timestamped_text,
    verify_timestamp,
)
from services.money import ledger
from storage.database import Database
from storage.unit import UnitOfWork


async def seal(database: Database, clock: Callable[[], Moment]) -> None:
    """Seals new transfers. Once a day a reading of the whole ledger, beside the writer, finds those that committed
    late."""
    after = None
    if await database.look(ledger.is_new_day, clock()):
        after = await database.aside(ledger.find_id_before_unsealed, clock())
    sealed = await database.look(partial(ledger.seal_recent, after=after), clock())
    while sealed == ledger.MAX_SEALED_AT_ONCE:
        sealed = await database.look(partial(ledger.seal_next_page, after=after), clock())


PATIENCE = 20  # seconds for the whole request
LARGEST = 64 * 1024  # bytes of an answer
KINDS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Authority:
    """Its address, and the root certificates that are trusted."""

    url: str
    roots: Sequence[x509.Certificate]

    async def stamp(self, database: Database, clock: Callable[[], Moment]) -> None:
        """A sweep: the newest head, where it waits for its time-stamp."""
        found = await database.transact(lambda unit: unit.head_timestamps.find_waiting(), clock())
        if found is None:
            return
        day, head, tries = found
        text = timestamped_text(day, head)
        try:
            answer = await self._ask(text)
            moment, root = verify_timestamp(answer, text, self.roots)
        except (aiohttp.ClientError, TimeoutError, NotStamped) as error:
            reason = str(error) if isinstance(error, NotStamped) else type(error).__name__
            log.warning("No time-stamp for a head", extra={"day": day, "reason": reason, "tries": tries + 1})
            await database.transact(_failed, clock(), day, next_retry_at(tries, clock()), reason[:200])
            return
        kept = base64.b64encode(answer).decode()
        await database.transact(
            lambda unit: unit.head_timestamps.store(day, kept, encode_certificate(root), moment), clock()
        )

    async def _ask(self, text: bytes) -> bytes:
        """The authority's answer. Raises NotStamped where it is none."""
        request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
            sending = http.post(self.url, data=request.as_bytes(), headers=KINDS, allow_redirects=False)
            async with sending as response:
                body = await response.content.read(LARGEST + 1)
                while len(body) <= LARGEST and (more := await response.content.read(LARGEST + 1 - len(body))):
                    body += more
        if response.status != 200 or len(body) > LARGEST:
            raise NotStamped(f"the authority answered {response.status} with {len(body)} bytes")
        return body


def _failed(unit: UnitOfWork, day: str, try_at: Moment, reason: str) -> None:
    unit.head_timestamps.note_failure(day, try_at, reason)
