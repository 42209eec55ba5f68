"""`/stats`: what anybody may know about the house. Worked out beside the work, and kept while it is fresh."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from domain.fairness.distribution import at_least, quantile, spread
from domain.moments import DAY, Moment, later
from domain.money.amounts import UNIT
from domain.money.pricing import hourly
from domain.people.people import Person
from storage.database import Database
from storage.fairness.stats import BALANCES, EARNED, REGISTERED, WORK
from storage.unit import UnitOfWork

DAYS = (1, 7, 30)
PAID = (1, 10, 100)  # units of the currency
STEPS = (1, 5, 10, 20, 50)  # of the picture of a month's earnings
SHARE_OF_TIME = 100  # what took a second is kept for a hundred: a hundredth of one processor, whoever asks how often
OWED = ("workers", "requesters", "projects", "withheld")


async def refresh(database: Database, clock: Callable[[], Moment], currency: str) -> None:
    """Works the figures out anew where they are no longer fresh, on a connection of their own."""
    now = clock()
    known = await database.transact(lambda unit: unit.stats.kept(currency), now)
    if known is not None and now - known[1] < known[2] * SHARE_OF_TIME:
        return
    began = perf_counter()
    found = await figures(database, now, currency)
    took = round((perf_counter() - began) * 1000)
    await database.transact(lambda unit: unit.stats.keep(currency, found, took), now)


async def figures(database: Database, now: Moment, currency: str) -> dict[str, Any]:
    """Of the platform's currency; the book's balances in each currency there is."""
    since = later(now, -DAYS[-1] * DAY)
    work = [row async for row in database.rows(WORK, since=since, currency=currency)]
    earned = [row async for row in database.rows(EARNED, since=since, currency=currency)]
    month = [int(row[2]) for row in earned if row[2] > 0]
    hours = [hourly(int(pay), took) for _, _, pay, took in work if took]
    return {
        "registered": (await _rows(database, REGISTERED))[0][0],
        "active": [sum(row[1] > later(now, -days * DAY) for row in work) for days in DAYS],
        "paid": at_least((int(row[1]) for row in earned), [bound * UNIT for bound in PAID]),
        "month": [quantile(month, 0.5), quantile(month, 0.1)],
        "hour": [quantile(hours, 0.5), quantile(hours, 0.1)],
        "spread": spread(month, [step * UNIT for step in STEPS]),
        "books": books(await _rows(database, BALANCES), currency),
    }


def show(unit: UnitOfWork, person: Person, currency: str) -> None:
    known, head = unit.stats.kept(currency), unit.ledger.head()
    assert known is not None  # noqa: S101 (they were worked out just before)
    found, at, _ = known
    told: dict[str, Any] = {"days": DAYS, "bounds": PAID, "steps": STEPS, "position": head.position, "hash": head.hash}
    unit.outbox.say(person.id, "stats.house", currency=currency, at=at, **told, **found)


async def _rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) async for row in database.rows(sql)]


def books(rows: Iterable[tuple[Any, ...]], currency: str) -> list[dict[str, Any]]:
    """One a currency, never summed: what is held, what is owed to whom, what is the platform's own."""
    sums: dict[str, dict[str, int]] = {currency: {}}
    for found, whose, balance in rows:
        sums.setdefault(found, {})[whose] = int(balance)
    return [
        {
            "currency": name,
            "held": -amounts.get("bank", 0),
            "fees": amounts.get("fees", 0),
            **{whose: amounts.get(whose, 0) for whose in OWED},
        }
        for name, amounts in sorted(sums.items())
    ]
