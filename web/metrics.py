"""/metrics in Prometheus' text format: queues, the process's own counters, money."""

import asyncio
import hmac
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from aiohttp import web

from domain.moments import MINUTE, Moment
from domain.money.amounts import as_decimal
from services.money.ledger import VERIFICATION_STATS
from storage.database import Database
from storage.drivers.connection import named
from storage.unit import UnitOfWork
from web import door as door_web
from web.door import DOOR, HttpDoor
from web.health import queues, seconds
from web.requests import CONNECTIONS

FAMILIES = {
    "pouce_answers_total": "Answers workers sent in, ever.",
    "pouce_balance": "What the ledger holds, in units of the currency, by whose it is; bank is minus what came in.",
    "pouce_book_sum": "Sum of all balances of a currency: anything but 0 is an alarm.",
    "pouce_database_commits_total": "Commits of this process.",
    "pouce_database_up": "1 when the database answered this time.",
    "pouce_http_refused_total": "HTTP requests and connections this process refused, by status or reason.",
    "pouce_inbox_lag_seconds": "How long the oldest update waits.",
    "pouce_inbox_waiting": "Updates that wait to be handled.",
    "pouce_leading": "1 for each role this process has now: handler, relay, scheduler, receiver.",
    "pouce_letters_on_their_way": "Letters being sent right now.",
    "pouce_letters_total": "What became of letters since this process took over; refused is a 429, failed is an alarm.",
    "pouce_outbox_lag_seconds": "How long the oldest due letter waits.",
    "pouce_outbox_waiting": "Letters that are due and not sent.",
    "pouce_processes": "Processes that handle updates, as this one sees them; 0 while it does not.",
    "pouce_sweep_failures_total": "Periodic jobs that failed since this process took over.",
    "pouce_telegram_responses_total": "What Telegram answered to this process, by HTTP status.",
    "pouce_transferred_total": "Money moved in the ledger, ever, in units of the currency, by kind of transfer.",
    "pouce_transfers_total": "Transfers in the ledger, ever, by kind.",
    "pouce_updates_in_memory": "Updates taken up and not ended.",
    "pouce_updates_total": "What became of updates in this process.",
    "pouce_verify_broken_rules": "Rules that were broken at the last /verify; none before the first.",
    "pouce_verify_time_seconds": "When the last /verify was, in seconds since 1970.",
}


def family(figure: str) -> str:
    """`name{label="value"}` → its name."""
    return figure.partition("{")[0]


def kind(name: str) -> str:
    """Names that end in _total only grow."""
    return "counter" if name.endswith("_total") else "gauge"


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
            "pouce_answers_total": unit.stats.count_answers(),
            **{_labelled("pouce_transfers_total", *key): count for key, count in self.counts.items()},
            **{_labelled("pouce_transferred_total", *key): as_decimal(sum_) for key, sum_ in self.sums.items()},
            **balances(unit.stats.sum_balances()),
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
    kept = unit.stats.find_cached(VERIFICATION_STATS)
    if kept is None:
        return {}
    found, at, _ = kept
    return {"pouce_verify_broken_rules": len(found["broken"]), "pouce_verify_time_seconds": at / 1000}


FORMAT = "text/plain; version=0.0.4; charset=utf-8"

Figures = Mapping[str, Decimal | float]


async def show(request: web.Request) -> web.Response:
    door = request.app[DOOR]
    if not _may_read(request, door):
        return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    waiting = await _waiting(door)
    money = await request.app[MONEY].figures() if waiting["pouce_database_up"] else {}
    body = text({**door.figures(), **request.app[CONNECTIONS].bad.figures(), **waiting, **money}).encode()
    return web.Response(body=body, headers={"Content-Type": FORMAT})


def _may_read(request: web.Request, door: HttpDoor) -> bool:
    """With the token where there is one; without, only through a loopback address."""
    if not door.metrics_token:
        return door.is_local
    told = request.headers.get("Authorization", "")
    return hmac.compare_digest(told.encode(), f"Bearer {door.metrics_token}".encode())


async def _waiting(door: HttpDoor) -> Figures:
    now = door.clock()
    try:
        async with asyncio.timeout(door_web.PATIENCE):
            found = await door.database.freely(queues, now)
    except Exception:
        return {"pouce_database_up": 0}
    return {
        "pouce_inbox_waiting": found.updates,
        "pouce_inbox_lag_seconds": seconds(found.updates_since, now),
        "pouce_outbox_waiting": found.letters,
        "pouce_outbox_lag_seconds": seconds(found.letters_since, now),
        "pouce_database_up": 1,
    }


def text(figures: Figures) -> str:
    """One line a figure, under its family's HELP and TYPE."""
    lines: list[str] = []
    announced = ""
    for figure in sorted(figures, key=lambda figure: (family(figure), figure)):
        name, value = family(figure), figures[figure]
        if name != announced:
            announced = name
            lines += [f"# HELP {name} {FAMILIES[name]}"] if name in FAMILIES else []
            lines.append(f"# TYPE {name} {kind(name)}")
        lines.append(f"{figure} {value:f}" if isinstance(value, Decimal) else f"{figure} {value!r}")
    return "\n".join(lines) + "\n"
