"""Evidence against workers by project, and their watch level."""

from collections.abc import Sequence
from typing import Any

from domain.conduct.evidence import Evidence
from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, each, first
from storage.work.consents import TAKEN_BACK, taken_back

_EVIDENCE = columns(Evidence)

# Streamed by an examination: who answered what, in how long, in the order of arrival.
ANSWERS = f"""
SELECT s.id, s.task, s.worker, s.answer, s.milliseconds FROM submissions s
WHERE s.project = :project AND s.answer IS NOT NULL AND s.state <> 'rejected' AND NOT {TAKEN_BACK} ORDER BY s.id"""
SAID = f"""
SELECT s.task, s.worker, CASE WHEN s.answer IS NULL THEN 1 ELSE 0 END FROM submissions s
WHERE s.project = :project AND s.state <> 'rejected' AND NOT {TAKEN_BACK} ORDER BY s.id"""
WITHDRAWN = "SELECT worker FROM enrolments WHERE project = :project AND taken_back = 1"
EXAMINED = "SELECT last_submission FROM examinations WHERE project = :project"
# An examination is under way, and gold or an answer that changes meanwhile is marked (storage/quality/gold_tasks).
BEGIN = """
INSERT INTO examinations (project, last_submission) VALUES (:project, -1)
ON CONFLICT (project) DO UPDATE SET last_submission = excluded.last_submission"""
EXAMINE = "UPDATE examinations SET last_submission = :last WHERE project = :project AND last_submission = -1"
SINCE = "SELECT count(*) FROM submissions WHERE project = :project AND id > :last"
CLEAR = "DELETE FROM evidence WHERE worker = :worker AND project = :project"
KEEP = f"""
INSERT INTO evidence (project, {_EVIDENCE}, found_at) VALUES (:project, :worker, :suspicion, :nats, :answers, :gold,
  :expected, :observed, :now)"""
WATCH = """
UPDATE enrolments SET watch = :level
WHERE worker = :worker AND project = :project AND watch <> :level AND (spared = 0 OR :level = 0)"""
AGAINST = f"""
SELECT project, {_EVIDENCE} FROM evidence WHERE worker = :worker ORDER BY nats DESC LIMIT :limit"""
# By whom the evidence is strong, each worker's strongest first.
SUSPECTED = """
SELECT e.worker, e.suspicion, e.nats, p.title FROM evidence e JOIN projects p ON p.id = e.project
WHERE e.nats >= :nats AND NOT EXISTS (
  SELECT 1 FROM evidence o WHERE o.worker = e.worker
    AND (o.nats > e.nats OR (o.nats = e.nats AND (o.project > e.project
      OR (o.project = e.project AND o.suspicion > e.suspicion)))))
ORDER BY e.nats DESC, e.worker LIMIT :limit"""
SILENT = """
SELECT 1 FROM evidence WHERE worker = :worker AND project = :project AND suspicion = 'silent' AND nats >= :nats"""
# How closely a worker is watched in a project, and whether their answers tell so little that they are asked later.
SOFTLY = "SELECT watch, later FROM enrolments WHERE worker = :worker AND project = :project"
# Another's answers to the same tasks, and whether that one is suspected to be in a ring, too.
BESIDE = f"""
SELECT o.worker, s.answer, o.answer, CASE WHEN EXISTS (SELECT 1 FROM evidence e WHERE e.worker = o.worker
  AND e.project = s.project AND e.suspicion IN ('ring', 'informed')) THEN 1 ELSE 0 END
FROM submissions s JOIN submissions o ON o.task = s.task AND o.worker <> s.worker
WHERE s.worker = :worker AND s.project = :project AND s.answer IS NOT NULL AND o.answer IS NOT NULL
  AND NOT {TAKEN_BACK} AND NOT {taken_back("o")}
ORDER BY s.id DESC, o.id LIMIT :limit"""
# People paid to the same account, and how often both gave the same answer to a task.
MATES = f"""
SELECT m.mate, count(o.id), coalesce(sum(CASE WHEN o.answer = s.answer THEN 1 ELSE 0 END), 0) FROM payee_mates m
LEFT JOIN submissions s ON s.worker = m.person AND NOT {TAKEN_BACK}
LEFT JOIN submissions o ON o.task = s.task AND o.worker = m.mate AND NOT {taken_back("o")}
WHERE m.person = :worker GROUP BY m.mate ORDER BY m.mate LIMIT :limit"""


class EvidenceRecords:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def new_answers(self, project: ProjectId) -> tuple[int, int]:
        """(answers since the last examination, the answer it ended with)."""
        last = max(0, int(first(self._db.one(EXAMINED, project=project), 0)))
        return int(first(self._db.one(SINCE, project=project, last=last), 0)), last

    def begin(self, project: ProjectId) -> None:
        self._db.changed(BEGIN, project=project)

    def examined(self, project: ProjectId, last: int) -> None:
        """All up to that submission, unless something changed since it began."""
        self._db.changed(EXAMINE, project=project, last=last)

    def withdrawn(self, project: ProjectId) -> list[PersonId]:
        """Workers who took their answers back: nothing is learnt of them."""
        return each(self._db.all(WITHDRAWN, project=project))

    def keep(self, project: ProjectId, worker: PersonId, found: Sequence[Evidence]) -> None:
        """Replaces what was known."""
        self._db.changed(CLEAR, worker=worker, project=project)
        for one in found:
            values: dict[str, Any] = {name: getattr(one, name) for name in Evidence.__slots__}
            self._db.changed(KEEP, project=project, now=self._now, **values)

    def watch(self, worker: PersonId, project: ProjectId, level: int) -> None:
        self._db.changed(WATCH, worker=worker, project=project, level=level)

    def against(self, worker: PersonId, limit: int) -> list[tuple[ProjectId, Evidence]]:
        """The strongest first."""
        rows = self._db.all(AGAINST, worker=worker, limit=limit)
        return [(ProjectId(row[0]), Evidence(*row[1:])) for row in rows]

    def suspected(self, nats: float, limit: int) -> list[tuple[PersonId, str, float, str]]:
        """(worker, their strongest suspicion, its nats, the project's title)."""
        rows = self._db.all(SUSPECTED, nats=nats, limit=limit)
        return [(PersonId(row[0]), row[1], float(row[2]), row[3]) for row in rows]

    def is_silent(self, worker: PersonId, project: ProjectId, nats: float) -> bool:
        """Whether the evidence shows “can't tell” where others can."""
        return self._db.one(SILENT, worker=worker, project=project, nats=nats) is not None

    def softly(self, worker: PersonId, project: ProjectId) -> tuple[int, bool]:
        """(how closely watched, whether asked later)."""
        row = self._db.one(SOFTLY, worker=worker, project=project)
        return (int(row[0]), bool(row[1])) if row else (0, False)

    def beside(self, worker: PersonId, project: ProjectId, limit: int) -> list[tuple[PersonId, str, str, bool]]:
        """(other, the worker's answer, the other's, whether the other is suspected), the newest answers first."""
        rows = self._db.all(BESIDE, worker=worker, project=project, limit=limit)
        return [(PersonId(row[0]), row[1], row[2], bool(row[3])) for row in rows]

    def mates(self, worker: PersonId, limit: int) -> list[tuple[PersonId, int, int]]:
        """(worker paid to the same account, tasks both answered, equal answers)."""
        return [(PersonId(a), int(b), int(c)) for a, b, c in self._db.all(MATES, worker=worker, limit=limit)]
