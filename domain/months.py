"""Calendar months in UTC, written 2026-11."""

import re
from datetime import UTC, datetime

from domain.moments import Moment, as_datetime

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def month_of(moment: Moment) -> str:
    return as_datetime(moment).strftime("%Y-%m")


def parse_month(text: str) -> str | None:
    return text if _MONTH.fullmatch(text) else None


def bounds(month: str) -> tuple[Moment, Moment]:
    """Its first moment, and the first of the month after it."""
    year, number = int(month[:4]), int(month[5:])
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    begin, end = (datetime(*found, 1, tzinfo=UTC) for found in ((year, number), after))
    return Moment(int(begin.timestamp() * 1000)), Moment(int(end.timestamp() * 1000))


def month_before(month: str) -> str:
    return month_of(Moment(bounds(month)[0] - 1))


def latest_months(now: Moment) -> list[tuple[int, int]]:
    """(year, month) of this month and the one before."""
    today = as_datetime(now)
    whole = today.year * 12 + today.month - 1
    return [(each // 12, each % 12 + 1) for each in (whole, whole - 1)]
