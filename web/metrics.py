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
from storage.drivers.connection import error_name
from storage.unit import UnitOfWork
from web import door as door_web
from web.door import DOOR, HttpDoor
from web.health import read_queues, waiting_seconds
from web.requests import CONNECTIONS

FAMILIES = {
    "pouce_answers_total": "Answers workers sent in, ever.",
    "pouce_balance": "What the ledger holds, in units of the currency, by whose it is; bank is minus what came in.",
    "pouce_book_sum": "Sum of all balances of a currency: anything but 0 is an alarm.",
    "pouce_bot_refused": "1 for each of several bots whose token Telegram refused this process.",
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


def family_of(figure: str) -> str:
    """`name{label="value"}` → its name."""
    return figure.partition("{")[0]


def metric_type(family: str) -> str:
    """Return "counter" for names that end in _total, which only grow, else "gauge"."""
    return "counter" if family.endswith("_total") else "gauge"


SCRAPE_SECONDS = 2.0  # seconds a scrape waits; longer readings appear in a later one

log = logging.getLogger(__name__)


class MoneyFigures:
    """Figures of the ledger, read at most once a minute. `counts` and `sums` (millionths) are by (kind, currency),
    up to `position` of the chain."""

    def __init__(self, database: Database, clock: Callable[[], Moment]) -> None:
        self.database, self.clock = database, clock
        self.position = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        self.sums: Counter[tuple[str, str]] = Counter()
        self.latest: Mapping[str, Decimal | float] = {}
        self.read_at = Moment(0)
        self.running_read: asyncio.Task[None] | None = None

    async def figures(self) -> Mapping[str, Decimal | float]:
        """Return the figures, no older than a minute unless the database is away or slow."""
        now = self.clock()
        if self.running_read is None or (self.running_read.done() and abs(now - self.read_at) >= MINUTE):
            self.read_at = now
            self.running_read = asyncio.create_task(self._refresh(now))
        await asyncio.wait({self.running_read}, timeout=SCRAPE_SECONDS)
        return self.latest

    async def _refresh(self, now: Moment) -> None:
        try:
            self.latest = await self.database.aside(self._compute, now)
        except Exception as error:
            log.warning("The ledger cannot be read for /metrics", extra={"reason": error_name(error)})

    def _compute(self, unit: UnitOfWork) -> dict[str, Decimal | float]:
        """Return all figures of one moment; runs in one thread at a time. Advances `position`, `counts` and `sums`."""
        head = unit.hash_chain.head().position
        for kind, currency, count, amount in unit.stats.flows(self.position, head):
            self.counts[kind, currency] += count
            self.sums[kind, currency] += amount
        self.position = head
        return {
            "pouce_answers_total": unit.stats.count_answers(),
            **{_labelled("pouce_transfers_total", *key): count for key, count in self.counts.items()},
            **{_labelled("pouce_transferred_total", *key): as_decimal(sum_) for key, sum_ in self.sums.items()},
            **balance_figures(unit.stats.sum_balances()),
            **_verify_figures(unit),
        }


MONEY_FIGURES = web.AppKey("money", MoneyFigures)


def balance_figures(rows: Iterable[tuple[str, str, int]]) -> dict[str, Decimal | float]:
    """Return the figures of balances by owner, and of the sum of each currency, which must be 0."""
    figures: dict[str, Decimal | float] = {}
    sums: defaultdict[str, int] = defaultdict(int)
    for currency, whose, balance in rows:
        figures[f'pouce_balance{{currency="{currency}",whose="{whose}"}}'] = as_decimal(balance)
        sums[currency] += balance
    return figures | {f'pouce_book_sum{{currency="{name}"}}': as_decimal(total) for name, total in sums.items()}


def _labelled(name: str, kind: str, currency: str) -> str:
    return f'{name}{{currency="{currency}",kind="{kind}"}}'


def _verify_figures(unit: UnitOfWork) -> dict[str, Decimal | float]:
    """Return the figures of the last /verify; {} before the first."""
    stored = unit.stats.find_cached(VERIFICATION_STATS)
    if stored is None:
        return {}
    result, verified_at, _ = stored
    return {"pouce_verify_broken_rules": len(result["broken"]), "pouce_verify_time_seconds": verified_at / 1000}


CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Figures = Mapping[str, Decimal | float]


async def show_metrics(request: web.Request) -> web.Response:
    """Answer all figures in Prometheus' text format, or 401 for a scraper that may not read them."""
    door = request.app[DOOR]
    if not _may_read(request, door):
        return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    waiting = await _queue_figures(door)
    money = await request.app[MONEY_FIGURES].figures() if waiting["pouce_database_up"] else {}
    body = to_prometheus_text(
        {**door.figures(), **request.app[CONNECTIONS].bad_requests.figures(), **waiting, **money}
    ).encode()
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})


def _may_read(request: web.Request, door: HttpDoor) -> bool:
    """Return whether the request has the token; without a configured token, whether the server is local."""
    if not door.metrics_token:
        return door.is_local
    authorization = request.headers.get("Authorization", "")
    return hmac.compare_digest(authorization.encode(), f"Bearer {door.metrics_token}".encode())


async def _queue_figures(door: HttpDoor) -> Figures:
    """Return the figures of the queues, or only that the database is down."""
    now = door.clock()
    try:
        async with asyncio.timeout(door_web.PATIENCE):
            waiting = await door.database.freely(read_queues, now)
    except Exception:
        return {"pouce_database_up": 0}
    return {
        "pouce_inbox_waiting": waiting.updates,
        "pouce_inbox_lag_seconds": waiting_seconds(waiting.updates_since, now),
        "pouce_outbox_waiting": waiting.letters,
        "pouce_outbox_lag_seconds": waiting_seconds(waiting.letters_since, now),
        "pouce_database_up": 1,
    }


def to_prometheus_text(figures: Figures) -> str:
    """Return one line for each figure, under its family's HELP and TYPE."""
    lines: list[str] = []
    current_name = ""
    for figure in sorted(figures, key=lambda figure: (family_of(figure), figure)):
        name, value = family_of(figure), figures[figure]
        if name != current_name:
            current_name = name
            lines += [f"# HELP {name} {FAMILIES[name]}"] if name in FAMILIES else []
            lines.append(f"# TYPE {name} {metric_type(name)}")
        lines.append(f"{figure} {value:f}" if isinstance(value, Decimal) else f"{figure} {value!r}")
    return "\n".join(lines) + "\n"
