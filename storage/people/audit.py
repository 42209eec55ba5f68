"""The audit log: actor, action, subject; append-only, protected by triggers."""

from typing import Any

from domain.moments import Moment
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import pack

NOTE = "INSERT INTO audit (actor, action, subject, facts, at) VALUES (:actor, :action, :subject, :facts, :now)"


class Audit:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, actor: PersonId | None, action: str, subject: str, **facts: Any) -> None:
        self._db.changed(NOTE, actor=actor, action=action, subject=subject, facts=pack(facts), now=self._now)
