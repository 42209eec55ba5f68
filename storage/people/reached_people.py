"""People as rows; and those whom messages reach, one after the other."""

from domain.moments import Moment
from domain.people.people import Person, PersonId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns

PERSON = columns(Person)
AFTER = f"""
SELECT {PERSON} FROM people
WHERE id > :after AND reachable = 1 AND telegram_id IS NOT NULL AND joined_at < :before ORDER BY id LIMIT :limit"""


def person_from(row: Row) -> Person:
    values = list(row)
    values[6:9] = [bool(value) for value in values[6:9]]
    values[10:13] = [bool(value) for value in values[10:13]]
    return Person(*values)


class ReachedPeople:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def after(self, person: PersonId, limit: int, before: Moment) -> list[Person]:
        """In the order of their numbers, behind one; those who came before a moment."""
        return [person_from(row) for row in self._db.all(AFTER, after=person, limit=limit, before=before)]
