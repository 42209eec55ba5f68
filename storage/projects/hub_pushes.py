"""Results on their way to the hub: a row a project, deleted when the push has ended."""

from domain.hub import HubPush
from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns

_PUSH = columns(HubPush)
ADD = """
INSERT INTO hub_pushes (project, requester, name, public, token, asked_at)
VALUES (:project, :requester, :name, :public, :token, :now)
ON CONFLICT (project) DO UPDATE SET requester = excluded.requester, name = excluded.name, public = excluded.public,
  token = excluded.token, asked_at = excluded.asked_at, tries = 0"""
DUE = f"SELECT {_PUSH} FROM hub_pushes ORDER BY asked_at LIMIT :limit"
TRIED = "UPDATE hub_pushes SET tries = tries + 1 WHERE project = :project"
# One that was asked for anew meanwhile is another.
END = "DELETE FROM hub_pushes WHERE project = :project AND asked_at = :asked_at AND name = :name AND token = :token"


class HubPushes:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, project: ProjectId, requester: PersonId, name: str, public: bool, token: str) -> None:
        """In place of one that waits."""
        told = {"project": project, "requester": requester, "name": name, "public": int(public), "token": token}
        self._db.changed(ADD, **told, now=self._now)

    def due(self, limit: int) -> list[HubPush]:
        """Oldest first."""
        return [_push(row) for row in self._db.all(DUE, limit=limit)]

    def try_once(self, project: ProjectId) -> None:
        self._db.changed(TRIED, project=project)

    def end(self, push: HubPush) -> bool:
        """False where it is not there any more."""
        told = {"project": push.project, "asked_at": push.asked_at, "name": push.name, "token": push.token}
        return self._db.changed(END, **told) == 1


def _push(row: Row) -> HubPush:
    project, requester, name, public, token, asked_at, tries = row
    return HubPush(ProjectId(project), PersonId(requester), name, bool(public), token, Moment(asked_at), tries)
