"""A member's ties to a team beside the membership: addresses that are called, results on their way to the hub, and the
wish for its daily digest."""

from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.teams import Hears
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection

HOOK = """
INSERT INTO team_webhooks (team, number, member) VALUES (:team, :number, :member)
ON CONFLICT (team, number) DO UPDATE SET member = excluded.member"""
_HOOKS = "SELECT number FROM team_webhooks WHERE team = :team AND member = :member"
UNHOOK = f"UPDATE webhooks SET removed_at = :now WHERE person = :team AND removed_at IS NULL AND number IN ({_HOOKS})"
UNCALL = f"DELETE FROM webhook_calls WHERE person = :team AND state = 'waiting' AND number IN ({_HOOKS})"
PUSH = """
INSERT INTO team_pushes (project, member) VALUES (:project, :member)
ON CONFLICT (project) DO UPDATE SET member = excluded.member"""
UNPUSH = """
DELETE FROM hub_pushes WHERE requester = :team AND project IN (
  SELECT project FROM team_pushes WHERE member = :member)"""
MUTE = "INSERT INTO team_undigested (team, member) VALUES (:team, :member) ON CONFLICT (team, member) DO NOTHING"
UNMUTE = "DELETE FROM team_undigested WHERE team = :team AND member = :member"
DIGESTED = """
SELECT m.member, m.hears FROM team_members m WHERE m.team = :team AND m.left_at IS NULL AND m.hears <> 'none'
AND NOT EXISTS (SELECT 1 FROM team_undigested u WHERE u.team = m.team AND u.member = m.member)
ORDER BY m.member"""


class TeamTies:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def hook(self, team: PersonId, number: int, member: PersonId) -> None:
        """They have this address of the team called."""
        self._db.changed(HOOK, team=team, number=number, member=member)

    def push(self, project: ProjectId, member: PersonId) -> None:
        """They have its results pushed, to a name of theirs."""
        self._db.changed(PUSH, project=project, member=member)

    def wish_digest(self, team: PersonId, member: PersonId, on: bool) -> None:
        self._db.changed(UNMUTE if on else MUTE, team=team, member=member)

    def digested(self, team: PersonId) -> list[tuple[PersonId, Hears]]:
        """Whom its digest reaches, and of which projects."""
        return [(PersonId(row[0]), Hears(row[1])) for row in self._db.all(DIGESTED, team=team)]

    def cut(self, team: PersonId, member: PersonId) -> None:
        """With the membership."""
        self._db.changed(UNHOOK, team=team, member=member, now=self._now)
        self._db.changed(UNCALL, team=team, member=member)
        self._db.changed(UNPUSH, team=team, member=member)
        self._db.changed(UNMUTE, team=team, member=member)
