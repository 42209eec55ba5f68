"""Moments are whole milliseconds since 1970-01-01 UTC: exact, comparable, the same in both databases."""

from datetime import UTC, datetime
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
