"""Tasks that could not be shown as they are, by project."""

from domain.moments import Moment
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection

NOTE = """
INSERT INTO undelivered (task, project, linked, noted_at) VALUES (:task, :project, :linked, :now)
ON CONFLICT (task) DO NOTHING"""
COUNTS = "SELECT count(*), coalesce(sum(seen), 0) FROM undelivered WHERE project = :project"
SEE = "UPDATE undelivered SET seen = 1 WHERE project = :project"


class Undelivered:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, project: ProjectId, task: TaskId, linked: bool) -> bool:
        """False when it was known; `linked`: its worker has a link in the picture's place."""
        values = {"project": project, "task": task, "linked": int(linked), "now": self._now}
        return self._db.changed(NOTE, **values) == 1

    def counts(self, project: ProjectId) -> tuple[int, int]:
        """How many of a project's there are, and about how many of them its requester has decided."""
        row = self._db.all(COUNTS, project=project)[0]
        return int(row[0]), int(row[1])

    def see(self, project: ProjectId) -> None:
        """Its requester has decided about all there are."""
        self._db.changed(SEE, project=project)
