"""Metrics of money. The ledger is read beside the writer, at most once a minute: first the whole of it, then what was
sealed since, in the order of the seals, so that late commits are not missed."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from aiohttp import web

from domain.moments import MINUTE, Moment
from domain.money.amounts import as_decimal
from services.money.ledger import VERIFIED
from storage.database import Database
from storage.drivers.errors import named
from storage.unit import UnitOfWork

PATIENCE = 2.0  # seconds a scrape waits; longer readings appear in a later one

log = logging.getLogger(__name__)


class Money:
    """`counts` and `sums` (millionths) are of (kind, currency), up to `position` of the chain."""

    def __init__(self, database: Database, clock: Callable[[], Moment]) -> None:
        self.database, self.clock = database, clock
        self.position = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        self.sums: Counter[tuple[str, str]] = Counter()
        self.known: Mapping[str, Decimal | float] = {}
        self.read_at = Moment(0)
        self.reading: asyncio.Task[None] | None = None

    async def figures(self) -> Mapping[str, Decimal | float]:
        """No older than a minute, unless the database is away or slow."""
        now = self.clock()
        if self.reading is None or (self.reading.done() and abs(now - self.read_at) >= MINUTE):
            self.read_at = now
            self.reading = asyncio.create_task(self._read(now))
        await asyncio.wait({self.reading}, timeout=PATIENCE)
        return self.known

    async def _read(self, now: Moment) -> None:
        try:
            self.known = await self.database.aside(self._told, now)
        except Exception as error:
            log.warning("The ledger cannot be read for /metrics", extra={"reason": named(error)})

    def _told(self, unit: UnitOfWork) -> dict[str, Decimal | float]:
        """Of one moment; runs in one thread at a time."""
        head = unit.hash_chain.head().position
        for kind, currency, count, amount in unit.stats.flows(self.position, head):
            self.counts[kind, currency] += count
            self.sums[kind, currency] += amount
        self.position = head
        return {
            "pouce_answers_total": unit.stats.answers(),
            **{_labelled("pouce_transfers_total", *key): count for key, count in self.counts.items()},
            **{_labelled("pouce_transferred_total", *key): as_decimal(sum_) for key, sum_ in self.sums.items()},
            **balances(unit.stats.balances()),
            **_verified(unit),
        }


MONEY = web.AppKey("money", Money)


def balances(rows: Iterable[tuple[str, str, int]]) -> dict[str, Decimal | float]:
    """Balances by owner, and the sum of each currency, which must be 0."""
    figures: dict[str, Decimal | float] = {}
    sums: defaultdict[str, int] = defaultdict(int)
    for currency, whose, balance in rows:
        figures[f'pouce_balance{{currency="{currency}",whose="{whose}"}}'] = as_decimal(balance)
        sums[currency] += balance
    return figures | {f'pouce_book_sum{{currency="{name}"}}': as_decimal(total) for name, total in sums.items()}


def _labelled(name: str, kind: str, currency: str) -> str:
    return f'{name}{{currency="{currency}",kind="{kind}"}}'


def _verified(unit: UnitOfWork) -> dict[str, Decimal | float]:
    kept = unit.stats.kept(VERIFIED)
    if kept is None:
        return {}
    found, at, _ = kept
    return {"pouce_verify_broken_rules": len(found["broken"]), "pouce_verify_time_seconds": at / 1000}
