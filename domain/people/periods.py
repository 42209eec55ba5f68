"""Periods a record covers: whole months and years in UTC, written 2026 or 2026-11."""

from domain.moments import Moment
from domain.months import bounds, parse_period


def period(first: str, last: str, now: Moment) -> tuple[Moment, Moment] | None:
    """From the first moment of `first` up to the end of `last`, at most until now; everything where both are empty,
    one month or year where `last` is. None where it makes no sense, or has not begun."""
    if not first:
        return (Moment(0), now) if not last else None
    if not parse_period(first) or (last and not parse_period(last)):
        return None
    since, until = bounds(first)[0], bounds(last or first)[1]
    return (since, min(until, now)) if since < min(until, now) else None
