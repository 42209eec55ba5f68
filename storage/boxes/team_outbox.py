"""The outbox where a team is told something: it reaches the members who want it, each in their own chat."""

from typing import Any

from domain.messages import Message
from domain.people.people import PersonId
from domain.people.teams import is_team, number_of
from domain.refusals import Refusal
from storage.boxes.outbox import DROP, Outbox
from storage.drivers.records import unpack
from storage.people.teams.teams import Teams

# What waits for a person, but for tasks; the lanes are for the index of what waits.
WAITING = """
SELECT id, screen, facts FROM outbox
WHERE lane IN (0, 1, 2, 3) AND state = 'waiting' AND person = :person AND assignment IS NULL ORDER BY lane, id"""
OWNS = "SELECT 1 FROM projects WHERE id = :project AND requester = :team"
NUMBERED = ("projects", "quality")  # wings whose messages call a project's id `number`


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

    def leave(self, team: PersonId, member: PersonId) -> None:
        """What waits to tell somebody about this team, of which they are no member any more, is not sent."""
        for letter, screen, facts in self._db.all(WAITING, person=member):
            if self._is_about(team, screen.partition(".")[0], unpack(facts)):
                self._db.changed(DROP, id=letter, reason="expired: not in the team", now=self._now)

    def _is_about(self, team: PersonId, wing: str, facts: dict[str, Any]) -> bool:
        project = facts.get("project") or (facts.get("number") if wing in NUMBERED else None)
        if facts.get("team") == number_of(team):
            return True
        return isinstance(project, int) and self._db.one(OWNS, project=project, team=team) is not None


def key_for(key: str, member: PersonId) -> str:
    """Of what a team is told once: each member has their own."""
    return f"{key}:{member}"


def project_of(message: Message | Refusal) -> int | None:
    """The project that a message is about, by its field."""
    found = getattr(message, "project", None) or getattr(message, "number", None)
    return found if isinstance(found, int) else None
