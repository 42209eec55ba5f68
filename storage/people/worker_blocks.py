"""Workers to whom a requester offers nothing any more."""

from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.qualifications import WorkerBlock
from storage.drivers.connection import Connection

BLOCK = """
INSERT INTO worker_blocks (requester, worker, reason, blocked_at) VALUES (:requester, :worker, :reason, :now)
ON CONFLICT (requester, worker) DO NOTHING"""
IS_BLOCKED = "SELECT 1 FROM worker_blocks WHERE requester = :requester AND worker = :worker"
UNBLOCK = "DELETE FROM worker_blocks WHERE requester = :requester AND worker = :worker"
# Where they are known already: tasks are given without a look at the list.
MARK = """
UPDATE enrolments SET blocked = :on
WHERE worker = :worker AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
OF = """
SELECT worker, reason, blocked_at FROM worker_blocks WHERE requester = :requester AND worker > :after
ORDER BY worker LIMIT :limit"""


class WorkerBlocks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, requester: PersonId, worker: PersonId, reason: str) -> bool:
        """False: they were blocked before, for the reason given then."""
        values = {"requester": requester, "worker": worker}
        if not self._db.changed(BLOCK, **values, reason=reason, now=self._now):
            return False
        self._db.changed(MARK, **values, on=1)
        return True

    def end(self, requester: PersonId, worker: PersonId) -> bool:
        """False: they were not blocked."""
        if not self._db.changed(UNBLOCK, requester=requester, worker=worker):
            return False
        self._db.changed(MARK, requester=requester, worker=worker, on=0)
        return True

    def is_blocked(self, requester: PersonId, worker: PersonId) -> bool:
        return self._db.one(IS_BLOCKED, requester=requester, worker=worker) is not None

    def of(self, requester: PersonId, after: int, limit: int) -> list[WorkerBlock]:
        """In the order of the workers' numbers, behind one."""
        rows = self._db.all(OF, requester=requester, after=after, limit=limit)
        return [WorkerBlock(*row) for row in rows]
