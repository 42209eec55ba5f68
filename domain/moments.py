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


def bounds(period: str, zone: tzinfo = UTC) -> tuple[Moment, Moment]:
    """Its first moment, and the first after it."""
    year, number = int(period[:4]), int(period[5:] or 1)
    after = (year + 1, 1) if is_year(period) or number == 12 else (year, number + 1)
    begin, end = (datetime(*found, 1, tzinfo=zone) for found in ((year, number), after))
    return Moment(int(begin.timestamp() * 1000)), Moment(int(end.timestamp() * 1000))


def before(period: str) -> str:
    """The month, or the year, before it."""
    last = month_of(Moment(bounds(period)[0] - 1))
    return last[:4] if is_year(period) else last


def latest_months(now: Moment, zone: tzinfo) -> list[tuple[int, int]]:
    """(year, month) of this month and the one before."""
    today = as_datetime(now).astimezone(zone)
    whole = today.year * 12 + today.month - 1
    return [(month // 12, month % 12 + 1) for month in (whole, whole - 1)]


def period(first: str, last: str, now: Moment) -> tuple[Moment, Moment] | None:
    """From the first moment of `first` up to the end of `last`, at most until now; everything where both are empty,
    one month or year where `last` is. None where it makes no sense, or has not begun."""
    if not first:
        return (Moment(0), now) if not last else None
    if not parse_period(first) or (last and not parse_period(last)):
        return None
    since, until = bounds(first)[0], bounds(last or first)[1]
    return (since, min(until, now)) if since < min(until, now) else None
