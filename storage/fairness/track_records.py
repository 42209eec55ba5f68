"""A requester's track record, of the latest answers: how many were rejected, and how soon the others were paid."""

from typing import cast

from domain.people.people import PersonId
from domain.work.honest_card import TrackRecord, record_of
from storage.drivers.connection import Connection, Foresight, read
from storage.drivers.records import each, of

PROJECTS = f"""
SELECT id FROM projects WHERE {of("requester", ":requester")} AND launched_at IS NOT NULL
ORDER BY requester DESC, id DESC LIMIT :limit"""
# Pay that was the worker's at once has no movement of its own afterwards.
LATEST = f"""
SELECT s.state = 'rejected', s.held_until IS NULL, s.submitted_at, (
  SELECT max(t.made_at) FROM transfers t WHERE t.submission = s.id AND t.kind IN ('release', 'appeal'))
FROM submissions s WHERE {of("s.project", ":project")} ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
NEWEST, EACH = 4, 50  # projects, and answers in each of them, that are looked at


class TrackRecords:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, requester: PersonId) -> TrackRecord | None:
        """None from too few decided answers."""
        return cast(TrackRecord | None, read(self._db, self.look(requester))[0])

    def look(self, requester: PersonId) -> Foresight[TrackRecord | None]:
        """The same, beside other readings."""
        rejected, paid_within = 0, list[int]()
        ((projects,),) = yield [(PROJECTS, [{"requester": requester, "limit": NEWEST}])]
        (found,) = yield [(LATEST, [{"project": project, "limit": EACH} for project in each(projects)])]
        for rows in found:
            for was_rejected, decided, answered, paid in rows:
                if was_rejected:
                    rejected += 1
                elif decided:
                    paid_within.append((paid or answered) - answered)
        return record_of(rejected, paid_within)
