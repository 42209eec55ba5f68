"""A year's figures of each worker by quarter, from the ledger: what became theirs, fees on it, what was withheld."""

from collections import defaultdict
from datetime import UTC, datetime, tzinfo

from domain.moments import Moment
from domain.money.declarations import Figures, Quarters
from domain.people.people import PersonId
from storage.unit import UnitOfWork

WHATS = ("consideration", "fees", "withheld", "activities")


def bounds(year: int, zone: tzinfo = UTC) -> list[Moment]:
    """The beginnings of the four quarters, and the end of the year, by that zone's clock."""
    days = [datetime(year, month, 1, tzinfo=zone) for month in (1, 4, 7, 10)] + [datetime(year + 1, 1, 1, tzinfo=zone)]
    return [Moment(int(day.timestamp()) * 1000) for day in days]


def figures(unit: UnitOfWork, year: int, zone: tzinfo = UTC) -> list[Figures]:
    """By worker, then currency."""
    sums: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: {what: [0] * 4 for what in WHATS})
    quarters = bounds(year, zone)
    for worker, currency, quarter, amount, answers in unit.tax_reports.consideration(quarters):
        sums[worker, currency]["consideration"][quarter - 1] = int(amount)
        sums[worker, currency]["activities"][quarter - 1] = int(answers)
    kept = (("fees", unit.tax_reports.fees(quarters)), ("withheld", unit.tax_reports.withheld(quarters)))
    for what, rows in kept:
        for worker, currency, quarter, amount in rows:
            sums[worker, currency][what][quarter - 1] = int(amount)
    return [
        Figures(PersonId(worker), currency, *(_quarters(found[what]) for what in WHATS))
        for (worker, currency), found in sorted(sums.items())
    ]


def _quarters(found: list[int]) -> Quarters:
    return found[0], found[1], found[2], found[3]
