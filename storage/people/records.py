"""A worker's record in a period: answers, projects, time, check questions. Rejected answers are not counted."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.people.accounts import PersonId
from storage.drivers.connection import Connection

# Working time, pauses excluded (domain/work/assignments.py); what is not known of old answers has none. Check questions
# count once their project has ended: a record asked for after each answer would tell which of them they are.
SELECT_TOTALS = """
SELECT count(*), count(DISTINCT s.project), count(CASE WHEN s.worked > 0 OR s.milliseconds = 0 THEN 1 END),
  coalesce(sum(s.worked), 0),
  count(CASE WHEN p.ended_at IS NOT NULL THEN s.gold END),
  coalesce(sum(CASE WHEN p.ended_at IS NOT NULL THEN s.gold END), 0),
  count(DISTINCT CASE WHEN p.ended_at IS NULL THEN p.id END),
  coalesce(min(s.submitted_at), 0), coalesce(max(s.submitted_at), 0)
FROM submissions s JOIN projects p ON p.id = s.project
WHERE s.worker = :worker AND s.state <> 'rejected' AND s.submitted_at >= :since AND s.submitted_at < :until"""
COUNT_BY_KIND = """
SELECT p.kind, count(*) FROM submissions s JOIN projects p ON p.id = s.project
WHERE s.worker = :worker AND s.state <> 'rejected' AND s.submitted_at >= :since AND s.submitted_at < :until
GROUP BY p.kind ORDER BY p.kind"""


@dataclass(frozen=True, slots=True)
class WorkTotals:
    """Totals of a worker's answers in a period.

    `timed` of the answers were measured, together `milliseconds`; of `gold_seen` check questions in projects that have
    ended `gold_right` were right; `running` projects have not ended."""

    answers: int
    projects: int
    timed: int
    milliseconds: int
    gold_seen: int
    gold_right: int
    running: int
    first_at: Moment
    last_at: Moment


class WorkRecords:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def count_work(self, worker: PersonId, since: Moment, until: Moment) -> WorkTotals:
        """Return totals of the worker's answers from `since` to before `until`; rejected ones do not count."""
        *counts, first_at, last_at = map(int, self._db.all(SELECT_TOTALS, worker=worker, since=since, until=until)[0])
        answers, projects, timed, milliseconds, gold_seen, gold_right, running = counts
        return WorkTotals(
            answers=answers,
            projects=projects,
            timed=timed,
            milliseconds=milliseconds,
            gold_seen=gold_seen,
            gold_right=gold_right,
            running=running,
            first_at=Moment(first_at),
            last_at=Moment(last_at),
        )

    def count_by_kind(self, worker: PersonId, since: Moment, until: Moment) -> dict[str, int]:
        """Return the number of answers by kind."""
        return {row[0]: int(row[1]) for row in self._db.all(COUNT_BY_KIND, worker=worker, since=since, until=until)}
