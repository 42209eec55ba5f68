"""`/stats`, once more from raw events by other code."""

from collections import defaultdict
from datetime import timedelta

from benchmarks.fairness.promises.promise import Books, Promise, Verdict
from domain.moments import Moment
from services.fairness import stats
from storage.drivers.connection import Connection
from storage.unit import UnitOfWork

UNIT = 1_000_000
DAY = int(timedelta(days=1).total_seconds() * 1000)
EARNING = ("reward", "release", "topup", "bonus", "appeal", "judge")
PEOPLE = "SELECT count(*) FROM people WHERE consented_at IS NOT NULL"
ANSWERED = "SELECT worker, submitted_at, worked, state, pay, project, measured_in FROM submissions"
TOPPED = "SELECT project, number, each_paid FROM topups"
MOVES = """
SELECT d.name, c.name, t.kind, t.amount, t.made_at FROM transfers t
JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit WHERE t.currency = 'EUR'"""
GROUPS = {"worker": "workers", "requester": "requesters", "project": "projects"}


def recomputed(connection: Connection, now: Moment) -> dict[str, object]:
    """The same figures from single rows, in Python."""
    since = now - 30 * DAY
    ever, lately, owed = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for debit, credit, kind, amount, at in connection.all(MOVES):
        owed[_whose(debit)] -= amount
        owed[_whose(credit)] += amount
        if kind in EARNING and credit.startswith("worker:") and credit.endswith(":available"):
            ever[credit] += amount
            lately[credit] += amount if at > since else 0
    month = sorted(amount for amount in lately.values() if amount > 0)
    hour = sorted(_hours(connection, since))
    last = _last(connection)
    return {
        "registered": int(connection.all(PEOPLE)[0][0]),
        "active": tuple(sum(now - at < days * DAY for at in last.values()) for days in (1, 7, 30)),
        "paid": tuple(sum(amount >= bound * UNIT for amount in ever.values()) for bound in (1, 10, 100)),
        "month": (_quantile(month, 2), _quantile(month, 10)),
        "hour": (_quantile(hour, 2), _quantile(hour, 10)),
        "workers": owed["workers"],
        "requesters": owed["requesters"],
        "projects": owed["projects"],
        "fees": owed["fees"],
        "held": -owed["bank"],
    }


def _whose(account: str) -> str:
    kind, _, rest = account.partition(":")
    if kind == "platform":
        return "workers" if rest == "judges" else "withheld" if rest == "withheld" else "fees"
    return GROUPS.get(kind, "bank")


def _last(connection: Connection) -> dict[int, int]:
    last: dict[int, int] = {}
    for worker, at, *_ in connection.all(ANSWERED):
        last[worker] = max(at, last.get(worker, 0))
    return last


def _hours(connection: Connection, since: int) -> list[int]:
    """Pay an hour of each worker of the last thirty days, whole cents."""
    topped = {(project, number): each for project, number, each in connection.all(TOPPED)}
    pay, took = defaultdict[int, int](int), defaultdict[int, int](int)
    for worker, at, worked, state, earned, project, number in connection.all(ANSWERED):
        if at > since:
            pay[worker] += (0 if state == "rejected" else earned) + topped.get((project, number), 0)
            took[worker] += worked
    return [int(pay[worker] * 3_600_000 / max(1, took[worker])) // 10_000 * 10_000 for worker in took if took[worker]]


def _quantile(values: list[int], part: int) -> int | None:
    """The smallest that a half, or a tenth, do not exceed; of fewer than five nothing is told."""
    return values[-(-len(values) // part) - 1] if len(values) >= 5 else None


def told(connection: Connection, now: Moment) -> dict[str, object]:
    """What `/stats` says."""
    found = stats.compute_figures(UnitOfWork(connection, now), "EUR")
    (euros,) = [each for each in found.books if each.currency == "EUR"]
    names = ("registered", "active", "paid", "month", "hour")
    sums = ("workers", "requesters", "projects", "fees", "held")
    return {**{name: getattr(found, name) for name in names}, **{name: getattr(euros, name) for name in sums}}


def equal(books: Books) -> Verdict:
    said, counted = told(books.connection, books.end), recomputed(books.connection, books.end)
    differing = [name for name in counted if said[name] != counted[name]]
    words = f"{len(counted)} figures, {len(differing)} differ" + (f": {', '.join(differing)}" if differing else "")
    return Verdict(len(counted), len(differing), words)


PROMISES = (
    Promise(
        "`/stats` is what the events say",
        "people, answers and transfers, one by one, in Python",
        "`services/fairness/stats.py`",
        "`tests/services/fairness/test_stats.py`",
        equal,
    ),
)
