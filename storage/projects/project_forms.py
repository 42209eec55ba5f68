"""Forms of projects that are not made yet: one a person."""

from typing import Any

from domain.moments import Moment
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import pack, unpack
from storage.people.acting import Acting

OF = "SELECT data FROM project_forms WHERE person = :person"
KEEP = """
INSERT INTO project_forms (person, data, updated_at) VALUES (:person, :data, :now)
ON CONFLICT (person) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at"""
DROP = "DELETE FROM project_forms WHERE person = :person"
OLD = "SELECT 1 FROM project_forms WHERE updated_at < :before LIMIT 1"
LET_GO = "DELETE FROM project_forms WHERE updated_at < :before"


class ProjectForms:
    """A team's form is that of the member who acts for it."""

    def __init__(self, connection: Connection, acting: Acting) -> None:
        self._db = connection
        self._acting = acting

    def of(self, person: PersonId) -> dict[str, Any]:
        """Empty without one."""
        row = self._db.one(OF, person=self._acting.chat_of(person))
        return dict(unpack(row[0])) if row else {}

    def keep(self, person: PersonId, values: dict[str, Any], now: Moment) -> None:
        self._db.changed(KEEP, person=self._acting.chat_of(person), data=pack(values), now=now)

    def drop(self, person: PersonId) -> None:
        self._db.changed(DROP, person=self._acting.chat_of(person))

    def let_go(self, before: Moment) -> None:
        """Those nothing was said of since."""
        if self._db.one(OLD, before=before):
            self._db.changed(LET_GO, before=before)
