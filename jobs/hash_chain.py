"""Sealing of the ledger in steps, between which waiting answers are stored."""

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
from domain.money.ledger import NotStamped, encode_certificate, next_retry_at, timestamped_text, verify_timestamp
from services.money import ledger
from storage.database import Database
from storage.unit import UnitOfWork


async def seal_ledger(database: Database, clock: Callable[[], Moment]) -> None:
    """Seal new transfers. Once a day the whole ledger is read beside the writer, for transfers that committed late."""
    after = None
    if await database.look(ledger.is_new_day, clock()):
        after = await database.aside(ledger.find_id_before_unsealed, clock())
    sealed = await database.look(partial(ledger.seal_recent, after=after), clock())
    while sealed == ledger.MAX_SEALED_AT_ONCE:
        sealed = await database.look(partial(ledger.seal_next_page, after=after), clock())


REQUEST_SECONDS = 20  # seconds for the whole request
MAX_ANSWER_BYTES = 64 * 1024  # bytes of an answer
HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority: its address, and the root certificates that are trusted."""

    url: str
    roots: Sequence[x509.Certificate]

    async def stamp_newest_head(self, database: Database, clock: Callable[[], Moment]) -> None:
        """Have the newest ledger head time-stamped if it waits for that; note the failure and the time of the next try
        if the authority gives no valid stamp."""
        waiting_head = await database.transact(lambda unit: unit.head_timestamps.find_waiting(), clock())
        if waiting_head is None:
            return
        day, head, tries = waiting_head
        text = timestamped_text(day, head)
        try:
            answer = await self._ask(text)
            moment, root = verify_timestamp(answer, text, self.roots)
        except (aiohttp.ClientError, TimeoutError, NotStamped) as error:
            reason = str(error) if isinstance(error, NotStamped) else type(error).__name__
            log.warning("No time-stamp for a head", extra={"day": day, "reason": reason, "tries": tries + 1})
            await database.transact(_note_failure, clock(), day, next_retry_at(tries, clock()), reason[:200])
            return
        stored = base64.b64encode(answer).decode()
        await database.transact(
            lambda unit: unit.head_timestamps.store(day, stored, encode_certificate(root), moment), clock()
        )

    async def _ask(self, text: bytes) -> bytes:
        """Return the authority's answer. Raise NotStamped if its status is not 200 or it is too large."""
        request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
        async with asyncio.timeout(REQUEST_SECONDS), aiohttp.ClientSession() as http:
            sending = http.post(self.url, data=request.as_bytes(), headers=HEADERS, allow_redirects=False)
            async with sending as response:
                body = await response.content.read(MAX_ANSWER_BYTES + 1)
                while len(body) <= MAX_ANSWER_BYTES and (
                    block := await response.content.read(MAX_ANSWER_BYTES + 1 - len(body))
                ):
                    body += block
        if response.status != 200 or len(body) > MAX_ANSWER_BYTES:
            raise NotStamped(f"the authority answered {response.status} with {len(body)} bytes")
        return body


def _note_failure(unit: UnitOfWork, day: str, try_at: Moment, reason: str) -> None:
    unit.head_timestamps.note_failure(day, try_at, reason)
