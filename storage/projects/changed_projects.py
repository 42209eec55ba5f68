"""Projects a sweep may have something to do for, so that no sweep walks all of them.

Answers are counted when a sweep begins, by their number: transactions of writers follow each other, so that no answer
with a smaller number is committed later.
"""

from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import each, first

AT_ONCE = 50_000  # answers counted by one sweep

LOCK = "UPDATE progress_counted SET up_to = up_to WHERE name = 'changed' RETURNING up_to"
LAST = "SELECT max(id) FROM submissions"
MOVE = "UPDATE progress_counted SET up_to = :up_to WHERE name = 'changed'"
COUNT = """
INSERT INTO changed_projects (work, project, answers)
SELECT f.work, few.project, few.answers
FROM (SELECT project, count(*) AS answers FROM submissions WHERE id > :after AND id <= :up_to GROUP BY project) AS few
CROSS JOIN (SELECT 'refit' AS work UNION ALL SELECT 'evidence' UNION ALL SELECT 'progress') AS f
WHERE few.answers > 0
ON CONFLICT (work, project) DO UPDATE SET answers = changed_projects.answers + excluded.answers"""
ADD = """
INSERT INTO changed_projects (work, project)
SELECT f.work, p.id FROM projects p CROSS JOIN (
  SELECT 'refit' AS work UNION ALL SELECT 'evidence' UNION ALL SELECT 'progress' UNION ALL SELECT 'rest') AS f
WHERE p.id = :project
ON CONFLICT (work, project) DO UPDATE SET check_at = 0"""
DUE = "SELECT project FROM changed_projects WHERE work = :work AND answers >= check_at ORDER BY project"
WAIT = "UPDATE changed_projects SET check_at = answers + :answers WHERE work = :work AND project = :project"
DONE = "DELETE FROM changed_projects WHERE work = :work AND project = :project"


class ChangedProjects:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project: ProjectId) -> None:
        """Every sweep looks at it again."""
        self._db.send(ADD, project=project)

    def due(self, work: str) -> list[ProjectId]:
        """Those to look at now, with the answers of this moment."""
        after = int(first(self._db.one(LOCK), 0))
        up_to = min(int(first(self._db.one(LAST), 0)), after + AT_ONCE)
        if up_to > after:
            self._db.changed(COUNT, after=after, up_to=up_to)
            self._db.changed(MOVE, up_to=up_to)
        return each(self._db.all(DUE, work=work))

    def wait(self, work: str, project: ProjectId, answers: int) -> None:
        """Nothing to do before so many more answers."""
        self._db.send(WAIT, work=work, project=project, answers=answers)

    def done(self, work: str, project: ProjectId) -> None:
        """Nothing to do until something else happens."""
        self._db.send(DONE, work=work, project=project)
