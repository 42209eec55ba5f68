"""Media that came in a ZIP: kept until no project shows them."""

from base64 import b64decode, b64encode
from collections.abc import Iterable

from domain.moments import DAY, Moment, later
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import first

PIECE = 768 << 10  # bytes of one row
UNUSED = 1 * DAY  # an upload that was not finished by then is not coming
AFTERWARDS = 30 * DAY  # after its end a project's media may still be looked at

PUT = """
INSERT INTO media (content, part, body, stored_at) VALUES (:content, :part, :body, :now)
ON CONFLICT (content, part) DO UPDATE SET stored_at = excluded.stored_at"""
TOUCH = "UPDATE media SET stored_at = :now WHERE content = :content AND part = 0"
BODY = "SELECT body FROM media WHERE content = :content ORDER BY part"
LINK = """
INSERT INTO project_media (project, content, size, linked_at) VALUES (:project, :content, :size, :now)
ON CONFLICT (project, content) DO NOTHING"""
COPY = """
INSERT INTO project_media (project, content, size, linked_at)
SELECT CAST(:project AS BIGINT), content, size, CAST(:now AS BIGINT) FROM project_media WHERE project = :source
ON CONFLICT (project, content) DO NOTHING"""
WAITING = """
SELECT coalesce(sum(m.size), 0) FROM projects p JOIN project_media m ON m.project = p.id
WHERE p.requester = :requester AND p.state = 'draft' AND p.arriving = 0"""
UNLINK = """
DELETE FROM project_media WHERE linked_at < :unused AND project IN (
  SELECT p.id FROM projects p WHERE p.id = project_media.project
  AND (p.ended_at < :ended OR (p.state = 'draft' AND p.arriving = 1)))"""
UNUSED_ONES = """
SELECT m.content FROM media m WHERE m.part = 0 AND m.stored_at < :unused
AND NOT EXISTS (SELECT 1 FROM project_media p WHERE p.content = m.content) ORDER BY m.stored_at LIMIT :limit"""
DROP = "DELETE FROM media WHERE content = :content"


class MediaFiles:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def is_known(self, content: str) -> bool:
        """It is kept for a while from now on, whether a project shows it or not. Its first piece is put last."""
        return self._db.changed(TOUCH, content=content, now=self._now) == 1

    def put(self, content: str, part: int, piece: bytes) -> None:
        self._db.changed(PUT, content=content, part=part, body=b64encode(piece).decode(), now=self._now)

    def body(self, content: str) -> bytes | None:
        pieces = [str(first(row)) for row in self._db.all(BODY, content=content)]
        return b"".join(map(b64decode, pieces)) if pieces else None

    def link(self, project: ProjectId, media: Iterable[tuple[str, int]]) -> None:
        """This project shows these: contents and sizes."""
        for content, size in media:
            self._db.changed(LINK, project=project, content=content, size=size, now=self._now)

    def copy(self, source: ProjectId, project: ProjectId) -> None:
        self._db.changed(COPY, source=source, project=project, now=self._now)

    def waiting(self, requester: PersonId) -> int:
        """Bytes of the media of their drafts."""
        return int(first(self._db.one(WAITING, requester=requester)))

    def prune(self, limit: int) -> None:
        unused, ended = later(self._now, -UNUSED), later(self._now, -AFTERWARDS)
        self._db.changed(UNLINK, unused=unused, ended=ended)
        for row in self._db.all(UNUSED_ONES, unused=unused, limit=limit):
            self._db.changed(DROP, content=first(row))
