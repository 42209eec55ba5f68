"""Counts for a project's data sheet: its answers and its workers, none of them by name."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.work.consents import TAKEN_BACK

ANSWERS = f"""
SELECT count(*), count(*) FILTER (WHERE s.answer IS NULL AND NOT {TAKEN_BACK}),
  count(*) FILTER (WHERE s.state = 'rejected'), min(s.submitted_at), max(s.submitted_at)
FROM submissions s WHERE s.project = :project"""
WORKERS = """
SELECT count(*) FILTER (WHERE answered > 0), coalesce(max(answered), 0), count(*) FILTER (WHERE taken_back = 1)
FROM enrolments WHERE project = :project"""


@dataclass(frozen=True, slots=True)
class WorkDone:
    """`silent` of the `answers` say “can't tell”, some were `rejected`; the `busiest` of the `workers` gave so many;
    so many took theirs back (`withdrawn`). `first` and `last`: when they came, None without any."""

    answers: int
    silent: int
    rejected: int
    first: Moment | None
    last: Moment | None
    workers: int
    busiest: int
    withdrawn: int


class DataSheets:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def done(self, project: ProjectId) -> WorkDone:
        (answers,) = self._db.all(ANSWERS, project=project)
        (workers,) = self._db.all(WORKERS, project=project)
        return WorkDone(*answers, *workers)
