"""Projects whose requester is new, and what an admin made of them."""

from domain.fairness.first_look import FirstLook, LookState
from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import columns

_LOOK = columns(FirstLook, "f.")

FIND = f"SELECT {_LOOK} FROM first_looks f WHERE f.project = :project"
# Asked again it is a new version; a refusal's reason stays until the next decision.
ASK = """
INSERT INTO first_looks (project, state, seen, version, asked_at, reason)
VALUES (:project, 'waiting', :seen, 1, :now, '')
ON CONFLICT (project) DO UPDATE SET state = 'waiting', seen = excluded.seen, version = first_looks.version + 1,
  asked_at = excluded.asked_at"""
ASKED_BY = "UPDATE first_looks SET api_key = :key, price = :price WHERE project = :project"
END = """
UPDATE first_looks SET state = :state, reason = :reason, ended_by = :by, ended_at = :now
WHERE project = :project AND state = 'waiting'"""
# Of drafts that are still there.
WAITING = f"""
SELECT {_LOOK} FROM first_looks f JOIN projects p ON p.id = f.project
WHERE f.state = 'waiting' AND p.state = 'draft' AND p.arriving = 0 ORDER BY f.asked_at, f.project LIMIT :limit"""
KNOWN = """
SELECT 1 FROM projects p LEFT JOIN first_looks f ON f.project = p.id
WHERE p.requester = :requester AND (p.state = 'complete' OR f.state = 'approved') LIMIT 1"""


class FirstLooks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, project: ProjectId) -> FirstLook | None:
        row = self._db.one(FIND, project=project)
        return FirstLook(row[0], LookState(row[1]), *row[2:]) if row else None

    def ask(self, project: ProjectId, seen: str) -> None:
        self._db.changed(ASK, project=project, seen=seen, now=self._now)

    def asked_by(self, project: ProjectId, key: int | None, price: int | None) -> None:
        """The key of the program that asked, None for a person, and what it agreed to."""
        self._db.changed(ASKED_BY, project=project, key=key, price=price)

    def end(self, project: ProjectId, state: LookState, by: PersonId, reason: str = "") -> bool:
        """False where it waits no more."""
        about = {"project": project, "state": state.value, "reason": reason, "by": by, "now": self._now}
        return self._db.changed(END, **about) == 1

    def waiting(self, limit: int) -> list[FirstLook]:
        """Those that have waited longest first."""
        return [FirstLook(row[0], LookState(row[1]), *row[2:]) for row in self._db.all(WAITING, limit=limit)]

    def knows(self, requester: PersonId) -> bool:
        """Whether a project of theirs was approved, or is complete."""
        return self._db.one(KNOWN, requester=requester) is not None
