"""`/stats`: the platform's public figures, computed on a reading connection and cached."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any, cast

from domain.fairness import cases
from domain.fairness.automated import DecisionFigures, PlatformFigures, count_by_steps, count_reaching, quantile
from domain.moments import DAY, Moment, later
from domain.money.amounts import UNIT, Millionths
from domain.money.funds import Holdings
from domain.money.pricing import hourly_pay
from services.act import Act
from storage.unit import UnitOfWork

DAYS = (1, 7, 30)
PAID_BOUNDS = (1, 10, 100)  # units of the currency
EARNING_STEPS = (1, 5, 10, 20, 50)  # of the picture of a month's earnings
SHARE_OF_TIME = 100  # a computation of one second is cached for a hundred: at most a hundredth of one processor


@dataclass(frozen=True, slots=True)
class ComputedFigures:
    """Public figures. `took`: milliseconds of the computation, None if the figures are cached."""

    figures: DecisionFigures
    made_at: Moment
    took: int | None


def get_or_compute_figures(act: Act) -> ComputedFigures:
    """Return the cached figures while they are fresh, else new ones."""
    unit, currency = act.unit, act.house.terms.currency
    cached = unit.stats.find_cached(currency)
    if cached is not None and unit.now - cached[1] < cached[2] * SHARE_OF_TIME:
        return ComputedFigures(_from_stored(cached[0]), cached[1], None)
    started_at = perf_counter()
    fresh_figures = compute_figures(unit, currency)
    return ComputedFigures(fresh_figures, unit.now, round((perf_counter() - started_at) * 1000))


def publish_figures(act: Act, reading: ComputedFigures) -> PlatformFigures:
    """Return the figures for `/stats`; new figures are cached."""
    unit, currency = act.unit, act.house.terms.currency
    if reading.took is not None:
        unit.stats.store_cached(currency, asdict(reading.figures), reading.took)
    head = unit.hash_chain.head()
    return PlatformFigures(
        currency=currency,
        at=reading.made_at,
        days=DAYS,
        bounds=PAID_BOUNDS,
        steps=EARNING_STEPS,
        figures=reading.figures,
        position=head.position,
        hash=head.hash,
    )


def compute_figures(unit: UnitOfWork, currency: str) -> DecisionFigures:
    """Compute the figures in the platform's currency; the ledger's balances are in every currency."""
    since = later(unit.now, -DAYS[-1] * DAY)
    work, earned = unit.stats.recent_work(since, currency), unit.stats.earnings(since, currency)
    month = [worker_row.lately for worker_row in earned if worker_row.lately > 0]
    hours = [hourly_pay(worker_row.pay, worker_row.milliseconds) for worker_row in work if worker_row.milliseconds]
    return DecisionFigures(
        registered=unit.stats.count_registered(),
        active=tuple(sum(worker_row.last > later(unit.now, -days * DAY) for worker_row in work) for days in DAYS),
        paid=tuple(count_reaching((worker_row.ever for worker_row in earned), [bound * UNIT for bound in PAID_BOUNDS])),
        month=_median_and_lowest_tenth(month),
        hour=_median_and_lowest_tenth(hours),
        spread=tuple(count_by_steps(month, [step * UNIT for step in EARNING_STEPS])),
        books=sum_holdings(unit.stats.sum_balances(), currency),
        complaints=cases.complaint_figures(unit.stats.complaints(), unit.now),
    )


def sum_holdings(rows: Iterable[tuple[str, str, int]], currency: str) -> tuple[Holdings, ...]:
    """Return one item per currency, never summed: money held, owed to each group, and the platform's own."""
    sums: dict[str, dict[str, Millionths]] = {currency: {}}
    for currency_found, whose, balance in rows:
        sums.setdefault(currency_found, {})[whose] = Millionths(balance)
    none = Millionths(0)
    return tuple(
        Holdings(
            currency=name,
            held=Millionths(-amounts.get("bank", none)),
            fees=amounts.get("fees", none),
            workers=amounts.get("workers", none),
            requesters=amounts.get("requesters", none),
            projects=amounts.get("projects", none),
            withheld=amounts.get("withheld", none),
            unexplained=amounts.get("unexplained", none),
            cards=Millionths(-amounts.get("cards", none)),
        )
        for name, amounts in sorted(sums.items())
    )


def _median_and_lowest_tenth(amounts: list[Millionths]) -> tuple[Millionths | None, Millionths | None]:
    """Return the median and the lowest tenth, None for too few amounts."""
    return cast("tuple[Millionths | None, Millionths | None]", (quantile(amounts, 0.5), quantile(amounts, 0.1)))


def _from_stored(stored: dict[str, Any]) -> DecisionFigures:
    """Return the figures decoded from their stored JSON."""
    lists = {name: tuple(value) for name, value in stored.items() if isinstance(value, list)}
    holdings = tuple(Holdings(**holding) for holding in stored["books"])
    complaint_figures = cases.ComplaintFigures(**stored.get("complaints", {}))
    return DecisionFigures(**{**stored, **lists, "books": holdings, "complaints": complaint_figures})
