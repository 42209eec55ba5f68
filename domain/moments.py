"""Moments are whole milliseconds since 1970-01-01 UTC: exact, comparable, the same in both databases."""

import re
from datetime import UTC, datetime, tzinfo
from typing import NewType

Moment = NewType("Moment", int)

NEVER = Moment(0)

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DECISION_TIME = 72 * HOUR  # of a person who is asked to decide; their silence past it is for the worker


def later(moment: Moment, milliseconds: int) -> Moment:
    return Moment(moment + milliseconds)


def as_datetime(moment: Moment) -> datetime:
    return datetime.fromtimestamp(moment / 1000, UTC)


_PERIOD = re.compile(r"20[0-9]{2}(-(0[1-9]|1[0-2]))?")


def month_of(moment: Moment, zone: tzinfo = UTC) -> str:
    return as_datetime(moment).astimezone(zone).strftime("%Y-%m")


def day_of(moment: Moment, zone: tzinfo = UTC) -> str:
    """2026-11-27."""
    return as_datetime(moment).astimezone(zone).date().isoformat()


def parse_period(text: str) -> str | None:
    """A month or a year."""
    return text if _PERIOD.fullmatch(text) else None


def is_year(period: str) -> bool:
    return len(period) == len("2026")


def get_period_bounds(period: str, zone: tzinfo = UTC) -> tuple[Moment, Moment]:
    """Return the first moment of a month or year, and the first moment after it."""
    year, number = int(period[:4]), int(period[5:] or 1)
    after = (year + 1, 1) if is_year(period) or number == 12 else (year, number + 1)
    begin, end = (datetime(*year_month, 1, tzinfo=zone) for year_month in ((year, number), after))
    return Moment(int(begin.timestamp() * 1000)), Moment(int(end.timestamp() * 1000))


def get_period_before(period: str) -> str:
    """Return the month or year before this one."""
    last = month_of(Moment(get_period_bounds(period)[0] - 1))
    return last[:4] if is_year(period) else last


def get_latest_months(now: Moment, zone: tzinfo) -> list[tuple[int, int]]:
    """Return this month and the one before as (year, month)."""
    today = as_datetime(now).astimezone(zone)
    whole = today.year * 12 + today.month - 1
    return [(month // 12, month % 12 + 1) for month in (whole, whole - 1)]


def parse_span(first_period: str, last_period: str, now: Moment) -> tuple[Moment, Moment] | None:
    """Return the span from the beginning of `first_period` to the end of `last_period`, at most until now: all time if
    both are empty, one month or year if the second is. Return None for malformed periods and a span that has not begun.
    """
    if not first_period:
        return (Moment(0), now) if not last_period else None
    if not parse_period(first_period) or (last_period and not parse_period(last_period)):
        return None
    since, until = get_period_bounds(first_period)[0], get_period_bounds(last_period or first_period)[1]
    return (since, min(until, now)) if since < min(until, now) else None
