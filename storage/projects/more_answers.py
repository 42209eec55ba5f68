"""Another number of answers: more to tasks that were launched, any to those of a draft."""

from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection
from storage.drivers.records import first

_ASKED = """project = :project AND gold IS NULL AND state IN ('draft', 'open', 'closed')
AND batch IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.launched = 1)"""
COUNT = f"SELECT count(*) FROM (SELECT 1 FROM tasks WHERE {_ASKED} LIMIT :limit) AS few"
ASK = f"""
UPDATE tasks SET overlap = overlap + :more, state = CASE WHEN state = 'draft' THEN state ELSE 'open' END
WHERE {_ASKED} RETURNING id, state"""
OVERLAP = """
UPDATE projects SET overlap = overlap + :more,
  max_overlap = CASE WHEN max_overlap < overlap + :more THEN overlap + :more ELSE max_overlap END WHERE id = :project"""

EACH = "UPDATE tasks SET overlap = :overlap WHERE project = :project AND state = 'draft' AND overlap = :before"
ALL = """
UPDATE batches SET asked = (
  SELECT coalesce(sum(CASE WHEN t.gold IS NULL AND t.overlap < :most THEN :most ELSE t.overlap END), 0)
  FROM tasks t WHERE t.project = :project AND t.batch = batches.id)
WHERE project = :project AND launched = 0"""


class MoreAnswers:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def tasks(self, project: ProjectId, limit: int) -> int:
        """Ordinary tasks that were launched and are not stopped."""
        return int(first(self._db.one(COUNT, project=project, limit=limit), 0))

    def ask(self, project: ProjectId, more: int) -> list[TaskId]:
        """Raises the overlap of these tasks and of the project; returns those that can be given out at once."""
        rows = self._db.all(ASK, project=project, more=more)
        self._db.changed(OVERLAP, project=project, more=more)
        return [TaskId(task) for task, state in rows if state == "open"]

    def revise(self, project: ProjectId, before: int, overlap: int, most: int) -> None:
        """Tasks of a draft that are asked as the project says; ordinary ones at most `most` times with a confidence."""
        self._db.changed(EACH, project=project, before=before, overlap=overlap)
        self._db.changed(ALL, project=project, most=most)
