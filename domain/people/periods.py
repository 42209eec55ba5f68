"""Periods a record covers: whole months and years in UTC, written 2026 or 2026-11."""

import re

from domain.moments import Moment
from domain.months import bounds

_WRITTEN = re.compile(r"20[0-9]{2}(-(0[1-9]|1[0-2]))?")


def period(first: str, last: str, now: Moment) -> tuple[Moment, Moment] | None:
    """From the first moment of `first` up to the end of `last`, at most until now; everything where both are empty,
    one month or year where `last` is. None where it makes no sense, or has not begun."""
    if not first:
        return (Moment(0), now) if not last else None
    if not _WRITTEN.fullmatch(first) or (last and not _WRITTEN.fullmatch(last)):
        return None
    since, until = _bounds(first)[0], _bounds(last or first)[1]
    return (since, min(until, now)) if since < min(until, now) else None


def _bounds(written: str) -> tuple[Moment, Moment]:
    if len(written) > len("2026"):
        return bounds(written)
    return bounds(f"{written}-01")[0], bounds(f"{written}-12")[1]
