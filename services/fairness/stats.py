"""`/stats`: the platform's public figures, computed on a reading connection and cached."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any, cast

from domain.fairness import cases
from domain.fairness.automated import (
    Figures,
    PlatformFigures,
    at_least,
    quantile,
    spread,
)
from domain.moments import DAY, Moment, later
from domain.money.amounts import UNIT, Millionths
from domain.money.funds import Holdings
from domain.money.pricing import hourly
from services.act import Act
from storage.unit import UnitOfWork

DAYS = (1, 7, 30)
PAID = (1, 10, 100)  # units of the currency
STEPS = (1, 5, 10, 20, 50)  # of the picture of a month's earnings
SHARE_OF_TIME = 100  # a computation of one second is cached for a hundred: at most a hundredth of one processor


@dataclass(frozen=True, slots=True)
class Found:
    """`took`: milliseconds of the computation; None where the figures are the cached ones."""

    figures: Figures
    made_at: Moment
    took: int | None


def work_out(act: Act) -> Found:
    """The cached figures while they are fresh, else new ones."""
    unit, currency = act.unit, act.house.terms.currency
    known = unit.stats.kept(currency)
    if known is not None and unit.now - known[1] < known[2] * SHARE_OF_TIME:
        return Found(_kept(known[0]), known[1], None)
    began = perf_counter()
    found = figures(unit, currency)
    return Found(found, unit.now, round((perf_counter() - began) * 1000))


def show(act: Act, found: Found) -> PlatformFigures:
    """New figures are cached."""
    unit, currency = act.unit, act.house.terms.currency
    if found.took is not None:
        unit.stats.keep(currency, asdict(found.figures), found.took)
    head = unit.hash_chain.head()
    return PlatformFigures(currency, found.made_at, DAYS, PAID, STEPS, found.figures, head.position, head.hash)


def figures(unit: UnitOfWork, currency: str) -> Figures:
    """Of the platform's currency; the ledger's balances in every currency."""
    since = later(unit.now, -DAYS[-1] * DAY)
    work, earned = unit.stats.work(since, currency), unit.stats.earned(since, currency)
    month = [each.lately for each in earned if each.lately > 0]
    hours = [hourly(each.pay, each.milliseconds) for each in work if each.milliseconds]
    return Figures(
        registered=unit.stats.registered(),
        active=tuple(sum(each.last > later(unit.now, -days * DAY) for each in work) for days in DAYS),
        paid=tuple(at_least((each.ever for each in earned), [bound * UNIT for bound in PAID])),
        month=_spread(month),
        hour=_spread(hours),
        spread=tuple(spread(month, [step * UNIT for step in STEPS])),
        books=books(unit.stats.balances(), currency),
        complaints=cases.figures(unit.stats.complaints(), unit.now),
    )


def books(rows: Iterable[tuple[str, str, int]], currency: str) -> tuple[Holdings, ...]:
    """One item a currency, never summed: money held, owed to each group, and the platform's own."""
    sums: dict[str, dict[str, Millionths]] = {currency: {}}
    for found, whose, balance in rows:
        sums.setdefault(found, {})[whose] = Millionths(balance)
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
        )
        for name, amounts in sorted(sums.items())
    )


def _spread(amounts: list[Millionths]) -> tuple[Millionths | None, Millionths | None]:
    """The median and the lowest tenth."""
    return cast("tuple[Millionths | None, Millionths | None]", (quantile(amounts, 0.5), quantile(amounts, 0.1)))


def _kept(found: dict[str, Any]) -> Figures:
    """As they were kept."""
    lists = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    held = tuple(Holdings(**each) for each in found["books"])
    heard = cases.ComplaintFigures(**found.get("complaints", {}))
    return Figures(**{**found, **lists, "books": held, "complaints": heard})
