"""Files Telegram already holds: content hash → file id."""

from domain.moments import Moment
from storage.drivers.connection import Connection
from storage.drivers.records import first

KNOWN = "SELECT file_id FROM uploaded_files WHERE content = :content"
# The newest id replaces the former one.
KEEP = """
INSERT INTO uploaded_files (content, file_id, uploaded_at) VALUES (:content, :file_id, :now)
ON CONFLICT (content) DO UPDATE SET file_id = excluded.file_id, uploaded_at = excluded.uploaded_at"""
# Only while it is this id that is kept: another may have come in its place.
REFUSED = "DELETE FROM uploaded_files WHERE content = :content AND file_id = :file_id"
PRUNE = """
DELETE FROM uploaded_files
WHERE content IN (SELECT content FROM uploaded_files WHERE uploaded_at < :before LIMIT :limit)"""


class UploadedFiles:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def known(self, content: str) -> str | None:
        found: str | None = first(self._db.one(KNOWN, content=content))
        return found

    def keep(self, content: str, file_id: str) -> None:
        self._db.changed(KEEP, content=content, file_id=file_id, now=self._now)

    def refused(self, content: str, file_id: str) -> None:
        self._db.changed(REFUSED, content=content, file_id=file_id)

    def prune(self, before: Moment, limit: int) -> int:
        return self._db.changed(PRUNE, before=before, limit=limit)
