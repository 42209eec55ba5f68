"""localStorage and cookies of requesters' pages: one JSON document for each requester and worker."""

from domain.moments import DAY, Moment, later
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import first

LASTS = 180 * DAY  # since the last change

SELECT = "SELECT content FROM turk_page_storage WHERE requester = :requester AND worker = :worker"
SAVE = """
INSERT INTO turk_page_storage (requester, worker, content, changed_at) VALUES (:requester, :worker, :content, :now)
ON CONFLICT (requester, worker) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at"""
DELETE = "DELETE FROM turk_page_storage WHERE requester = :requester AND worker = :worker"
DELETE_OLD = "DELETE FROM turk_page_storage WHERE changed_at < :before"


class PageStorage:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, requester: PersonId, worker: PersonId) -> str | None:
        """Return the document, or None where the pages of this requester stored nothing for this worker."""
        content: str | None = first(self._db.one(SELECT, requester=requester, worker=worker))
        return content

    def save(self, requester: PersonId, worker: PersonId, content: str) -> None:
        self._db.changed(SAVE, requester=requester, worker=worker, content=content, now=self._now)

    def delete(self, requester: PersonId, worker: PersonId) -> None:
        self._db.changed(DELETE, requester=requester, worker=worker)

    def delete_old(self) -> None:
        """Delete the documents that nothing has changed for `LASTS`."""
        self._db.changed(DELETE_OLD, before=later(self._now, -LASTS))
