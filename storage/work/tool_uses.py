"""Answers whose workers say that they used a tool."""

from domain.moments import Moment
from domain.projects.projects import ProjectId
from domain.work.submissions import SubmissionId
from storage.drivers.connection import Connection
from storage.drivers.records import first

NOTE = """
INSERT INTO tool_uses (project, submission, told_at) VALUES (:project, :submission, :now)
ON CONFLICT (project, submission) DO NOTHING"""
COUNT = "SELECT count(*) FROM tool_uses WHERE project = :project"
# (task, worker), streamed where evidence is looked for.
SAID = """
SELECT s.task, s.worker FROM tool_uses u CROSS JOIN submissions s WHERE s.id = u.submission AND u.project = :project"""


class ToolUses:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, project: ProjectId, submission: SubmissionId) -> None:
        """Once, however often it is said."""
        self._db.changed(NOTE, project=project, submission=submission, now=self._now)

    def count(self, project: ProjectId) -> int:
        return int(first(self._db.one(COUNT, project=project), 0))
