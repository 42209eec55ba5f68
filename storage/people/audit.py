"""The audit log: actor, action, subject; append-only, protected by triggers."""

from typing import Any

from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.teams import is_team, number_of
from storage.drivers.connection import Connection
from storage.drivers.records import pack
from storage.people.acting import Acting

NOTE = "INSERT INTO audit (actor, action, subject, facts, at) VALUES (:actor, :action, :subject, :facts, :now)"


class Audit:
    """What somebody did for a team is noted with the member as its actor, and the team beside it."""

    def __init__(self, connection: Connection, now: Moment, acting: Acting) -> None:
        self._db = connection
        self._now = now
        self._acting = acting

    def note(self, actor: PersonId | None, action: str, subject: str, **facts: Any) -> None:
        if actor is not None and is_team(actor):
            actor, facts = self._acting.chat_of(actor), {**facts, "team": number_of(actor)}
        self._db.changed(NOTE, actor=actor, action=action, subject=subject, facts=pack(facts), now=self._now)
