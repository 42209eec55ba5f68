"""A requester's track record, of the latest answers: how many were rejected, and how soon the others were paid."""

from domain.people.people import PersonId
from domain.work.honest_card import TrackRecord, record_of
from storage.drivers.connection import Connection
from storage.drivers.records import each

PROJECTS = """
SELECT id FROM projects WHERE requester = :requester AND launched_at IS NOT NULL ORDER BY id DESC LIMIT :limit"""
# Pay that was the worker's at once has no movement of its own afterwards.
LATEST = """
SELECT s.state = 'rejected', s.held_until IS NULL, s.submitted_at, (
  SELECT max(t.made_at) FROM transfers t WHERE t.submission = s.id AND t.kind IN ('release', 'appeal'))
FROM submissions s WHERE s.project = :project ORDER BY s.id DESC LIMIT :limit"""
NEWEST, EACH = 4, 50  # projects, and answers in each of them, that are looked at


class TrackRecords:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, requester: PersonId) -> TrackRecord | None:
        """None from too few decided answers."""
        rejected, paid_within = 0, list[int]()
        for project in each(self._db.all(PROJECTS, requester=requester, limit=NEWEST)):
            for was_rejected, decided, answered, paid in self._db.all(LATEST, project=project, limit=EACH):
                if was_rejected:
                    rejected += 1
                elif decided:
                    paid_within.append((paid or answered) - answered)
        return record_of(rejected, paid_within)
