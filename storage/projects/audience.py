"""Links that invite to a project, and who came by one."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import single_value

OPEN = "SELECT token, opened FROM invitations WHERE project = :project AND ended_at IS NULL"
ADD = "INSERT INTO invitations (token, project, made_at) VALUES (:token, :project, :now)"
END = "UPDATE invitations SET ended_at = :now WHERE project = :project AND ended_at IS NULL"
USED = "UPDATE invitations SET opened = opened + 1 WHERE token = :token AND ended_at IS NULL RETURNING project"
INVITE = """
INSERT INTO invited (worker, project, token, invited_at) VALUES (:worker, :project, :token, :now)
ON CONFLICT (worker, project) DO NOTHING"""
COUNT = "SELECT count(*) FROM (SELECT 1 FROM invited WHERE project = :project LIMIT :most) AS few"
IS_INVITED = "SELECT 1 FROM invited WHERE worker = :worker AND project = :project"
# To what runs, and was not begun yet: the latest first.
NEWS_FOR = """
SELECT i.project FROM invited i JOIN projects p ON p.id = i.project
LEFT JOIN enrolments e ON e.project = i.project AND e.worker = i.worker
WHERE i.worker = :worker AND p.state = 'running' AND coalesce(e.answered, 0) = 0 ORDER BY i.invited_at DESC LIMIT 1"""
# It runs, and who was invited has not begun it.
CALL = """
UPDATE people SET called_to = :project WHERE id IN (
  SELECT i.worker FROM invited i LEFT JOIN enrolments e ON e.project = i.project AND e.worker = i.worker
  WHERE i.project = :project AND coalesce(e.answered, 0) = 0)"""
MOST = 100_000  # of those invited that are counted


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """`opened`: how often it was used."""

    token: str
    opened: int


class Invitations:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def open(self, project: ProjectId) -> OpenInvitation | None:
        row = self._db.one(OPEN, project=project)
        return OpenInvitation(row[0], int(row[1])) if row else None

    def add(self, project: ProjectId, token: str) -> None:
        self._db.changed(ADD, project=project, token=token, now=self._now)

    def end(self, project: ProjectId) -> None:
        self._db.changed(END, project=project, now=self._now)

    def use(self, token: str) -> ProjectId | None:
        """Return the project that the link leads to, or None if it leads to none (any more)."""
        project = single_value(self._db.one(USED, token=token))
        return None if project is None else ProjectId(project)

    def invite(self, worker: PersonId, project: ProjectId, token: str) -> bool:
        """False: they were invited before."""
        return self._db.changed(INVITE, worker=worker, project=project, token=token, now=self._now) == 1

    def is_invited(self, worker: PersonId, project: ProjectId) -> bool:
        return self._db.one(IS_INVITED, worker=worker, project=project) is not None

    def count(self, project: ProjectId) -> int:
        """Return the number of people who came by the link, up to MOST."""
        return int(single_value(self._db.one(COUNT, project=project, most=MOST)))

    def call(self, project: ProjectId) -> None:
        """Send people who were invited and have not begun their next task of the project, if it can be given out."""
        self._db.send(CALL, project=project)

    def news_for(self, worker: PersonId) -> ProjectId | None:
        """Return a running project to which the worker was invited and in which they have not answered, or None."""
        project = single_value(self._db.one(NEWS_FOR, worker=worker))
        return None if project is None else ProjectId(project)
