"""Drafts of conversations: one row a person, so that a restart loses nothing."""

from typing import Any, NamedTuple

from domain.moments import Moment
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import pack, unpack
from storage.projects.project_forms import ProjectForms

OF = "SELECT journey, data, updated_at FROM drafts WHERE person = :person"
KEEP = """
INSERT INTO drafts (person, journey, data, updated_at) VALUES (:person, :journey, :data, :now)
ON CONFLICT (person) DO UPDATE SET journey = excluded.journey, data = excluded.data, updated_at = excluded.updated_at"""
ASKED_AT = "SELECT updated_at FROM drafts WHERE person = :person"
DROP = "DELETE FROM drafts WHERE person = :person"


class Draft(NamedTuple):
    """The state of a journey; its open question was asked at `asked_at`."""

    journey: str
    kept: dict[str, Any]
    asked_at: Moment


class Drafts:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.forms = ProjectForms(connection)

    def of(self, person: PersonId) -> Draft | None:
        row = self._db.one(OF, person=person)
        return Draft(row[0], unpack(row[1]), Moment(row[2])) if row else None

    def keep(self, person: PersonId, journey: str, data: dict[str, Any], now: Moment) -> None:
        self._db.changed(KEEP, person=person, journey=journey, data=pack(data), now=now)

    def asked_at(self, person: PersonId) -> Moment | None:
        """When the open question was asked."""
        row = self._db.one(ASKED_AT, person=person)
        return Moment(row[0]) if row else None

    def drop(self, person: PersonId) -> None:
        self._db.changed(DROP, person=person)
