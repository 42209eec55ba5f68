"""Evidence against workers by project, and their watch level."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.conduct.evidence import Evidence
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, single_value, single_values
from storage.work.consents import TAKEN_BACK, taken_back

QUALITY = {
    "contested": """
SELECT t.content AS task, c.made_at AS contested_at, x.state
FROM contests c JOIN gold_challenges x ON x.id = c.challenge
JOIN submissions s ON s.id = c.submission JOIN tasks t ON t.id = s.task WHERE s.worker = :person ORDER BY c.made_at""",
    "rejected": """
SELECT p.title AS project, t.content AS task, r.line, r.clause, r.reason, r.state, r.rejected_at,
  a.words AS your_words, a.state AS appeal, a.opened_at AS appealed_at
FROM rejections r JOIN submissions s ON s.id = r.submission JOIN projects p ON p.id = s.project
JOIN tasks t ON t.id = s.task LEFT JOIN appeals a ON a.submission = r.submission
WHERE s.worker = :person ORDER BY r.rejected_at""",
    "complaints": """
SELECT c.about, c.subject AS number, c.words AS your_words, c.state, c.made_at, c.due_at AS answer_due_at,
  c.answer, c.answered_at
FROM complaints c WHERE c.person = :person ORDER BY c.id""",
    "machines_measures": """
SELECT p.title AS project, m.kind, m.since AS imposed_at, m.ended_at FROM soft_measures m
JOIN projects p ON p.id = m.project WHERE m.worker = :person ORDER BY m.id""",
    "stops": """
SELECT coalesce(p.title, '') AS project, s.reason, s.state, s.made_at AS decided_at, s.words AS your_words,
  s.due_at AS answered_until_at, s.ruling FROM stops s LEFT JOIN projects p ON p.id = s.project
WHERE s.person = :person ORDER BY s.id""",
    "skill": """
SELECT p.title AS project, CASE WHEN p.ended_at IS NOT NULL THEN w.model END AS model
FROM worker_models w JOIN projects p ON p.id = w.project WHERE w.worker = :person ORDER BY w.project""",
    "evidence": """
SELECT p.title AS project, e.suspicion,
  CASE WHEN p.ended_at IS NOT NULL THEN e.nats ELSE round(e.nats) END AS nats,
  CASE WHEN p.ended_at IS NOT NULL THEN e.answers END AS answers,
  CASE WHEN p.ended_at IS NOT NULL THEN e.gold END AS check_questions,
  CASE WHEN p.ended_at IS NOT NULL THEN e.expected END AS expected,
  CASE WHEN p.ended_at IS NOT NULL THEN e.observed END AS observed, e.found_at
FROM evidence e JOIN projects p ON p.id = e.project WHERE e.worker = :person ORDER BY p.id, e.suspicion""",
    "restrictions": """
SELECT p.title AS project, r.reason, r.evidence, r.words AS admin_words, r.state, r.imposed_at,
  r.confirm_by AS to_confirm_until_at, r.ends_at, r.appeal, r.appealed_at,
  r.decided_at FROM restrictions r JOIN projects p ON p.id = r.project WHERE r.worker = :person ORDER BY r.id""",
    "drawn_as_judge": """
SELECT p.title AS project, j.seat, j.called FROM juries j JOIN appeals a ON a.id = j.appeal
JOIN submissions s ON s.id = a.submission JOIN projects p ON p.id = s.project WHERE j.worker = :person
ORDER BY j.appeal""",
    "judged": """
SELECT p.title AS project, j.state, j.verdict, j.offered_at, j.decided_at
FROM judgements j JOIN appeals a ON a.id = j.appeal JOIN submissions s ON s.id = a.submission
JOIN projects p ON p.id = s.project WHERE j.worker = :person ORDER BY j.offered_at""",
}


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
# An examination is under way, and gold or an answer that changes meanwhile is marked (storage/quality/gold).
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
        last = max(0, int(single_value(self._db.one(EXAMINED, project=project), 0)))
        return int(single_value(self._db.one(SINCE, project=project, last=last), 0)), last

    def begin(self, project: ProjectId) -> None:
        self._db.changed(BEGIN, project=project)

    def mark_examined(self, project: ProjectId, last: int) -> None:
        """Mark all submissions up to `last` as examined, unless something changed since the examination began."""
        self._db.changed(EXAMINE, project=project, last=last)

    def withdrawn(self, project: ProjectId) -> list[PersonId]:
        """Workers who took their answers back: nothing is learnt of them."""
        return single_values(self._db.all(WITHDRAWN, project=project))

    def keep(self, project: ProjectId, worker: PersonId, evidence: Sequence[Evidence]) -> None:
        """Replace the stored evidence about the worker in the project."""
        self._db.changed(CLEAR, worker=worker, project=project)
        for finding in evidence:
            values: dict[str, Any] = {name: getattr(finding, name) for name in Evidence.__slots__}
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
        """Return whether the evidence shows "can't tell" where others can tell."""
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


STANDS = {
    "later": "later > 0",
    "checks": "watch > 0 AND e.watch = 1",  # as in the index of the watched
    "held": "watch > 0 AND e.watch = 2",
}
# What began since the last look.
BEGIN_MEASURE = {
    kind: f"""
INSERT INTO soft_measures (worker, project, kind, since)
SELECT e.worker, e.project, '{kind}', CAST(:now AS BIGINT) FROM enrolments e
WHERE e.project = :project AND e.{stands}
ON CONFLICT (project, worker, kind) WHERE ended_at IS NULL DO NOTHING"""
    for kind, stands in STANDS.items()
}
END = {
    kind: f"""
UPDATE soft_measures SET ended_at = :now WHERE project = :project AND kind = '{kind}' AND ended_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM enrolments e
    WHERE e.worker = soft_measures.worker AND e.project = soft_measures.project AND e.{stands})"""
    for kind, stands in STANDS.items()
}
OF = """
SELECT m.project, p.title, m.kind, m.since, m.ended_at FROM soft_measures m JOIN projects p ON p.id = m.project
WHERE m.worker = :worker AND (m.since > :since OR m.ended_at IS NULL OR m.ended_at > :since)
ORDER BY m.since DESC, m.id DESC LIMIT :limit"""
SPARE = """
UPDATE enrolments SET spared = 1, later = 0, watch = 0
WHERE worker = :worker AND project = :project AND spared = 0"""


@dataclass(frozen=True, slots=True)
class SoftMeasure:
    project: ProjectId
    title: str
    kind: str
    since: Moment
    ended_at: Moment | None


class SoftMeasures:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, project: ProjectId) -> None:
        """Record the measures that began and ended in a project since the last call."""
        for statements in (END, BEGIN_MEASURE):
            for statement in statements.values():
                self._db.changed(statement, project=project, now=self._now)

    def list_recent(self, worker: PersonId, since: Moment, limit: int) -> list[SoftMeasure]:
        """Return the worker's measures since this moment, the newest first."""
        return [SoftMeasure(*row) for row in self._db.all(OF, worker=worker, since=since, limit=limit)]

    def spare(self, worker: PersonId, project: ProjectId) -> bool:
        """A human says the machine is wrong here; False where that was said before, or never worked there."""
        if not self._db.changed(SPARE, worker=worker, project=project):
            return False
        self.note(project)
        return True
