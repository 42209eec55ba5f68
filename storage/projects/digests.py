"""When each requester hears next how their projects went, and what happened since."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import first

LAST = "SELECT max(id) FROM submissions"
BEGIN = """
INSERT INTO requester_digests (person, next_at, seen) VALUES (:person, :at, :seen) ON CONFLICT (person) DO NOTHING"""
DUE = "SELECT person, seen FROM requester_digests WHERE off = 0 AND next_at <= :now ORDER BY next_at LIMIT :limit"
NEXT = "UPDATE requester_digests SET next_at = :at, seen = :seen WHERE person = :person"
TURN = "UPDATE requester_digests SET off = :off WHERE person = :person"
DROP = "DELETE FROM requester_digests WHERE person = :person AND off = 0"
SINCE = "SELECT count(*) FROM submissions WHERE project = :project AND id > :seen AND id <= :last"


@dataclass(frozen=True, slots=True)
class DueDigest:
    """`seen`: the last answer that the one before told of."""

    person: PersonId
    seen: int


class Digests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def begin(self, person: PersonId, at: Moment) -> None:
        """From here on, where they have none yet."""
        self._db.changed(BEGIN, person=person, at=at, seen=self.last_answer())

    def last_answer(self) -> int:
        return int(first(self._db.one(LAST), 0) or 0)

    def due(self, limit: int) -> list[DueDigest]:
        return [DueDigest(PersonId(row[0]), int(row[1])) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def told(self, person: PersonId, at: Moment, seen: int) -> None:
        """The next one comes at this moment, of answers behind `seen`."""
        self._db.changed(NEXT, person=person, at=at, seen=seen)

    def end(self, person: PersonId) -> None:
        """Nothing of theirs runs any more; who wants none is remembered."""
        self._db.changed(DROP, person=person)

    def turn(self, person: PersonId, off: bool) -> None:
        self._db.changed(TURN, person=person, off=int(off))

    def answers_since(self, project: ProjectId, seen: int, last: int) -> int:
        return int(first(self._db.one(SINCE, project=project, seen=seen, last=last)))
