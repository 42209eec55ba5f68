"""Launches that programs asked their owners for."""

from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.launch_requests import PATIENCE, LaunchRequest
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, first

_ROW = columns(LaunchRequest)
ADD = """
INSERT INTO launch_requests (person, api_key, project, price, asked_at, until)
VALUES (:person, :key, :project, :price, :now, :until) RETURNING id"""
FIND = f"SELECT {_ROW} FROM launch_requests WHERE id = :number AND person = :person"
OWNER = "SELECT person FROM launch_requests WHERE id = :number"
WAITING = f"SELECT {_ROW} FROM launch_requests WHERE project = :project AND state = 'waiting'"
SINCE = "SELECT count(*) FROM launch_requests WHERE person = :person AND asked_at > :after"
DECIDE = "UPDATE launch_requests SET state = :state, decided_at = :now WHERE id = :number AND state = 'waiting'"


class LaunchRequests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, person: PersonId, key: int, project: ProjectId, price: Millionths) -> int:
        until = later(self._now, PATIENCE)
        values = {"person": person, "key": key, "project": project, "price": price}
        return int(first(self._db.all(ADD, **values, now=self._now, until=until)[0]))

    def find(self, person: PersonId, number: int) -> LaunchRequest | None:
        row = self._db.one(FIND, person=person, number=number)
        return _request(row) if row else None

    def owner(self, number: int) -> PersonId | None:
        found = first(self._db.one(OWNER, number=number))
        return None if found is None else PersonId(found)

    def waiting(self, project: ProjectId) -> LaunchRequest | None:
        """The one that is not decided; its time may be over."""
        row = self._db.one(WAITING, project=project)
        return _request(row) if row else None

    def of_a_day(self, person: PersonId) -> int:
        return int(first(self._db.one(SINCE, person=person, after=later(self._now, -DAY))))

    def decide(self, number: int, state: str) -> bool:
        """False where it was decided before."""
        return bool(self._db.changed(DECIDE, number=number, state=state, now=self._now))


def _request(row: Row) -> LaunchRequest:
    return LaunchRequest(*row)
