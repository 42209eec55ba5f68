"""What a promise is here: how it is read from the rows, what holds it, and what a verdict says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks.fairness.ran import Ran
from benchmarks.fairness.town import TICK
from domain.moments import HOUR, Moment, as_datetime
from storage.drivers.connection import Connection, Row
from storage.drivers.dialects import dialect_of

BY_SILENCE = 72 * HOUR


@dataclass(frozen=True, slots=True)
class Verdict:
    """`cases` were judged, `broken` of them broke the promise; `found` is the measured number in words."""

    cases: int
    broken: int
    found: str

    @property
    def holds(self) -> bool:
        return self.broken == 0 and self.cases > 0

    @property
    def word(self) -> str:
        if self.broken:
            return "**broken**"
        return "held" if self.cases else "not tried"


@dataclass(frozen=True, slots=True)
class Promise:
    """`name` is in the table and names its control; `measured`: of what rows; `held_by` and `test`: where it lives."""

    name: str
    measured: str
    held_by: str
    test: str
    read: Callable[["Books"], Verdict]


@dataclass(frozen=True, slots=True)
class Line:
    """Of the table: a promise, and what was found."""

    promise: Promise
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Books:
    """The rows of a town that ran, and what only the simulation knows."""

    ran: Ran
    connection: Connection

    @property
    def end(self) -> Moment:
        return self.ran.end

    @property
    def patience(self) -> int:
        """A sweep may be as late, and what it finds takes the next one."""
        return 2 * self.ran.town.every + TICK

    def rows(self, sql: str, **values: Any) -> list[Row]:
        return list(self.connection.all(sql, **values))

    def number(self, sql: str, **values: Any) -> int:
        return int(self.rows(sql, **values)[0][0] or 0)

    def hour_of(self, worker: int, moment: int) -> int:
        """On the wall where this worker lives."""
        zone = self.ran.workers[worker].zone  # type: ignore[index]  # a plain number from a row
        return as_datetime(Moment(moment)).astimezone(zone).hour

    def is_awake(self, worker: int, moment: int) -> bool:
        """Within the hours they chose, by code of our own."""
        begin, end = self.ran.workers[worker].sort.hours  # type: ignore[index]
        hour = self.hour_of(worker, moment)
        return begin <= hour < end if begin < end else hour >= begin or hour < end

    def acted(self, person: int, since: int, until: int) -> bool:
        """Whether they pressed or typed something between two moments."""
        acts = self.ran.town.acts.get(person, ())  # type: ignore[call-overload]
        return any(since <= moment <= until for moment in acts)

    def is_right(self, content: str, answer: str | None) -> bool:
        """By the truth that only the simulation knows; `content` is the task's, as it is stored."""
        return bool(self.ran.truth.answers.get(json.loads(content)["text"]) == answer)


@contextmanager
def opened(ran: Ran) -> Iterator[Books]:
    """On a connection of its own, in one snapshot."""
    dialect = dialect_of(ran.url)
    connection = dialect.open(read_only=True)
    try:
        connection.changed(dialect.begin_reading())
        yield Books(ran, connection)
        connection.changed("COMMIT")
    finally:
        connection.close()


def hours(milliseconds: float) -> str:
    return f"{timedelta(milliseconds=round(milliseconds)).total_seconds() / 3600:.1f} h"
