"""Which updates were received: runs of numbers without a gap, so that an update can be missed."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from domain.moments import DAY, Moment
from storage.drivers.connection import Connection, Foresight
from storage.drivers.rows import ABSENT, Held, Insert, Table

RUN = """
SELECT first_update, last_update, started_at FROM received_updates
WHERE last_update = :last ORDER BY started_at DESC LIMIT 1"""
FORGET = "DELETE FROM received_updates WHERE started_at < :before"
BEGINS = Insert(
    "first_update, last_update, started_at",
    "SELECT :first_update, :last_update, :started_at\nWHERE 1 = 1",
    "ON CONFLICT (first_update) DO NOTHING",
    optional=True,
)
RUNS = Table(("received_updates",), keys=("first_update",), guard="last_update", insert=BEGINS)
LATEST = Held(("received_updates",), lasts=True)  # by "run", the one that was noted last


class Run(NamedTuple):
    first: int
    last: int
    started_at: Moment


class ReceivedRuns:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def foresee(self, number: int) -> Foresight[None]:
        """Holds the run that goes on with this number."""
        if self._to(number - 1) is None:
            (found,) = yield [(RUN, [{"last": number - 1}])]
            for row in found[0]:
                self._db.keep(LATEST, "run", Run(*row))

    def note(self, new: Iterable[int]) -> None:
        """A run goes on, or begins: a new one every day."""
        for _, numbers in groupby(enumerate(sorted(new)), key=lambda pair: pair[1] - pair[0]):
            these = [number for _, number in numbers]
            run = self._to(these[0] - 1)
            if run is not None and run.started_at > self._now - DAY:
                self._db.change(RUNS, run.first, ABSENT, guard=run.last, last_update=these[-1])
                run = run._replace(last=these[-1])
            else:
                run = Run(these[0], these[-1], self._now)
                self._db.add(
                    RUNS, run.first, ABSENT, first_update=run.first, last_update=run.last, started_at=run.started_at
                )
            self._db.put(LATEST, "run", run)

    def forget(self, before: Moment) -> None:
        self._db.send(FORGET, before=before)

    def _to(self, last: int) -> Run | None:
        """The run that ends with this number, if it is held."""
        found = self._db.get(LATEST, "run")
        return found if isinstance(found, Run) and found.last == last else None
