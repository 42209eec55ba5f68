"""The run of tasks that a worker's newest answer belongs to, as it is read."""

from collections.abc import Sequence

from domain.people.people import PersonId
from domain.work.recaps import GivenAnswer, Run, run_of
from storage.drivers.connection import Row

# The newest of one worker behind one of theirs, a page at a time; so many are read of a run of tasks at most.
LATEST_OF = """
SELECT s.id, s.submitted_at, s.milliseconds, s.worked, s.pay, p.currency
FROM submissions s JOIN projects p ON p.id = s.project
WHERE (s.worker, s.id) > (:worker, :after) AND (s.worker, s.id) < (:worker, :before)
ORDER BY s.worker DESC, s.id DESC LIMIT :few"""
FEW, LONGEST_RUN, AFTER_ALL = 50, 500, 2**63 - 1


class RunReading:
    """A worker's answers behind those of a run that is known, the newest first, a page at a time, as far as their run
    goes."""

    def __init__(self, worker: PersonId, before: Run | None) -> None:
        self.worker, self.is_done = worker, False
        self.run: Run | None = None
        self._before, self._answers = before, list[GivenAnswer]()

    def asked(self) -> dict[str, int]:
        after = self._before.last if self._before else 0
        before = self._answers[-1].number if self._answers else AFTER_ALL
        return {"worker": self.worker, "after": after, "before": before, "few": FEW}

    def add(self, rows: Sequence[Row]) -> None:
        self._answers += [GivenAnswer(*row) for row in rows]
        self.run, many = run_of(self._answers), len(self._answers)
        ends = self.run is not None and self.run.tasks < many
        self.is_done = ends or len(rows) < FEW or many >= LONGEST_RUN
        if self.is_done:
            self.run = run_of(self._answers, self._before)
