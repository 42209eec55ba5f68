"""The figures of the two-yearly evaluation of automated decisions, a quarter each (UTC): what machines decided, what
humans made of it, what it did to pay."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from domain.fairness.complaints import ComplaintFigures
from domain.moments import HOUR, Moment, as_datetime
from domain.months import bounds


class Quarter(NamedTuple):
    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def bounds(self) -> tuple[Moment, Moment]:
        """Its first moment, and the first of the next."""
        first, last = (f"{self.year}-{month:02}" for month in (3 * self.number - 2, 3 * self.number))
        return bounds(first)[0], bounds(last)[1]


def quarter_of(moment: Moment) -> Quarter:
    day = as_datetime(moment)
    return Quarter(day.year, (day.month + 2) // 3)


def quarters(first: Moment, last: Moment) -> list[Quarter]:
    """From the one of `first` to the one of `last`."""
    found = [quarter_of(first)]
    while found[-1] < quarter_of(last):
        year, number = found[-1]
        found.append(Quarter(year, number + 1) if number < 4 else Quarter(year + 1, 1))
    return found


class RestrictionRow(NamedTuple):
    state: str
    by_human: bool
    lapsed: bool
    appeal: str | None
    imposed_at: Moment
    decided_at: Moment | None


@dataclass(frozen=True, slots=True)
class RestrictionFigures:
    """Those imposed in a quarter, and what became of them. `lifted` by a human, `lapsed` without one, `granted` to an
    appeal by silence, `faded` with their evidence; `waiting` for a human. `hours`: the median to a human's decision."""

    imposed: int
    confirmed: int
    lifted: int
    lapsed: int
    granted: int
    faded: int
    waiting: int
    appealed: int
    hours: float | None


def of_restrictions(rows: Iterable[RestrictionRow]) -> RestrictionFigures:
    fates = Counter[str]()
    appealed, took = 0, list[int]()
    for row in rows:
        fates[_fate(row)] += 1
        appealed += row.appeal is not None
        if row.by_human and row.decided_at is not None:
            took.append(row.decided_at - row.imposed_at)
    hours = round(median(took) / HOUR, 1) if took else None
    fate = {name: fates[name] for name in ("confirmed", "lifted", "lapsed", "granted", "faded", "waiting")}
    return RestrictionFigures(imposed=sum(fates.values()), appealed=appealed, hours=hours, **fate)


def _fate(row: RestrictionRow) -> str:
    if row.lapsed:
        return "lapsed"
    if row.state == "lifted":
        return "lifted" if row.by_human else "granted" if row.appeal == "granted" else "faded"
    return "confirmed" if row.by_human else "waiting" if row.state == "standing" else "faded"


@dataclass(frozen=True, slots=True)
class Movement:
    """Transfers of one kind and currency: their number and sum, in millionths."""

    kind: str
    currency: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One quarter. `measures`: soft measures that began, by kind, and how many a human ended (`spared`). `pauses`:
    projects stopped by a machine, resumed by a machine, resumed or ended by a human. `gold`: check questions set aside
    by a machine, overturned and kept. `appeals`: opened, won, lost, decided by an admin."""

    quarter: str
    answers: int
    workers: int
    restrictions: RestrictionFigures
    measures: dict[str, int]
    pauses: dict[str, int]
    gold: dict[str, int]
    appeals: dict[str, int]
    complaints: ComplaintFigures
    pay: tuple[Movement, ...]
