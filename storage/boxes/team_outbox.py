"""The outbox where a team is told something: it reaches the members who want it, each in their own chat."""

from typing import Any

from domain.messages import Message
from domain.people.people import PersonId
from domain.people.teams import is_team
from domain.refusals import Refusal
from storage.boxes.outbox import Outbox
from storage.people.teams import Teams


class TeamOutbox(Outbox):
    def tell(self, person: PersonId, message: Message | Refusal, **how: Any) -> bool:
        """As `Outbox.tell`; of a team, whether any member is told."""
        if not is_team(person):
            return super().tell(person, message, **how)
        told = False
        for member in Teams(self._db, self._now).hearers(person, project_of(message)):
            own = {**how, "key": key_for(how["key"], member)} if how.get("key") else how
            told = super().tell(member, message, **own) or told
        return told


def key_for(key: str, member: PersonId) -> str:
    """Of what a team is told once: each member has their own."""
    return f"{key}:{member}"


def project_of(message: Message | Refusal) -> int | None:
    """The project that a message is about, by its field."""
    found = getattr(message, "project", None) or getattr(message, "number", None)
    return found if isinstance(found, int) else None
