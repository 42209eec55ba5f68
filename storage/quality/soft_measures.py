"""Soft measures: since when a worker is asked later or watched in a project. Kept beside the enrolments that say so."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection

STANDS = {
    "later": "later > 0",
    "checks": "watch > 0 AND e.watch = 1",  # as in the index of the watched
    "held": "watch > 0 AND e.watch = 2",
}
# What began since the last look.
BEGIN = {
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
        """What began and what ended in a project since the last look."""
        for statements in (END, BEGIN):
            for statement in statements.values():
                self._db.changed(statement, project=project, now=self._now)

    def of(self, worker: PersonId, since: Moment, limit: int) -> list[SoftMeasure]:
        """Those of late, the newest first."""
        return [SoftMeasure(*row) for row in self._db.all(OF, worker=worker, since=since, limit=limit)]

    def spare(self, worker: PersonId, project: ProjectId) -> bool:
        """A human says the machine is wrong here; False where that was said before, or never worked there."""
        if not self._db.changed(SPARE, worker=worker, project=project):
            return False
        self.note(project)
        return True
