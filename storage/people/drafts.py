"""Drafts of conversations: one row a person, so that a restart loses nothing."""

from typing import Any, NamedTuple

from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.teams import is_team
from storage.drivers.connection import Connection
from storage.drivers.records import pack, unpack
from storage.people.acting import Acting
from storage.projects.project_forms import ProjectForms

OF = "SELECT journey, data, updated_at FROM drafts WHERE person = :person"
KEEP = """
INSERT INTO drafts (person, journey, data, updated_at) VALUES (:person, :journey, :data, :now)
ON CONFLICT (person) DO UPDATE SET journey = excluded.journey, data = excluded.data, updated_at = excluded.updated_at"""
ASKED_AT = "SELECT updated_at FROM drafts WHERE person = :person"
DROP = "DELETE FROM drafts WHERE person = :person"
ACCOUNT = "for team"  # in `data`: (team, right)


class Draft(NamedTuple):
    """The state of a journey; its open question was asked at `asked_at`, of somebody who acts for the team `account`
    by the `right`; 0 and empty where for themselves."""

    journey: str
    kept: dict[str, Any]
    asked_at: Moment
    account: int = 0
    right: str = ""


class Drafts:
    """A team's draft is that of the member who acts for it: a conversation is a person's."""

    def __init__(self, connection: Connection, acting: Acting) -> None:
        self._db = connection
        self._acting = acting
        self.forms = ProjectForms(connection, acting)

    def of(self, person: PersonId) -> Draft | None:
        row = self._db.one(OF, person=self._acting.chat_of(person))
        if row is None:
            return None
        kept = unpack(row[1])
        account, right = kept.pop(ACCOUNT, (0, ""))
        return Draft(row[0], kept, Moment(row[2]), account, right)

    def keep(self, person: PersonId, journey: str, data: dict[str, Any], now: Moment) -> None:
        team = {ACCOUNT: (person, self._acting.right)} if is_team(person) else {}
        whose = self._acting.chat_of(person)
        self._db.changed(KEEP, person=whose, journey=journey, data=pack({**data, **team}), now=now)

    def asked_at(self, person: PersonId) -> Moment | None:
        """When the open question was asked."""
        row = self._db.one(ASKED_AT, person=self._acting.chat_of(person))
        return Moment(row[0]) if row else None

    def stop(self, person: PersonId, journey: str) -> bool:
        """Ends this journey; another one goes on. False where it is over already."""
        draft = self.of(person)
        if draft is None or draft.journey != journey:
            return False
        self.drop(person)
        return True

    def drop(self, person: PersonId) -> None:
        self._db.changed(DROP, person=self._acting.chat_of(person))
