"""Teams, their members, and the links by which members come."""

from domain.moments import Moment, month_of
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.people.teams import (
    HEARS,
    Hears,
    Invitation,
    InvitationId,
    Membership,
    Role,
    Team,
    is_team,
)
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, each, first

ADD_SPENDING = """
INSERT INTO team_spending (team, member, month, amount, currency, cap, after, up_to, at)
VALUES (:team, :member, :month, :amount, :currency, :cap, :after, :up_to, :now)"""
SPENT = """
SELECT sum(amount) FROM team_spending
WHERE team = :team AND member = :member AND month = :month AND currency = :currency"""
SPENT_BY = """
SELECT member, sum(amount) FROM team_spending
WHERE team = :team AND month = :month AND currency = :currency GROUP BY member"""

# What was set aside between two versions of a team's account, whatever came back meanwhile; attempts at a test are paid
# of what was set aside before.
SET_ASIDE = """
SELECT -sum(e.amount) FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = :account AND a.currency = :currency AND e.version > :after AND e.version <= :up_to
  AND e.amount < 0 AND t.key NOT LIKE 'bonus:test:%'"""


class TeamSpending:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def spent(self, team: PersonId, member: PersonId, currency: str) -> Millionths:
        """In this month."""
        about = {"team": team, "member": member, "month": month_of(self._now), "currency": currency}
        return Millionths(int(first(self._db.one(SPENT, **about), 0)))

    def by_member(self, team: PersonId, currency: str) -> dict[PersonId, int]:
        """Of those who set something aside in this month."""
        rows = self._db.all(SPENT_BY, team=team, month=month_of(self._now), currency=currency)
        return {PersonId(row[0]): int(row[1]) for row in rows}

    def set_aside(self, account: str, currency: str, after: int, up_to: int) -> int:
        """Between two versions of the account."""
        about = {"account": account, "currency": currency, "after": after, "up_to": up_to}
        return int(first(self._db.one(SET_ASIDE, **about)) or 0)

    def add(
        self,
        team: PersonId,
        member: PersonId,
        amount: int,
        currency: str,
        cap: Millionths | None,
        versions: tuple[int, int],
    ) -> None:
        """`versions` of the team's account, before and after."""
        about = {"team": team, "member": member, "month": month_of(self._now)}
        after, up_to = versions
        measured = {"amount": amount, "currency": currency, "cap": cap, "after": after, "up_to": up_to}
        self._db.changed(ADD_SPENDING, **about, **measured, now=self._now)


_MEMBERSHIP = columns(Membership)
_INVITATION = columns(Invitation)
_TEAM = "t.id, p.name, t.made_at, t.closed_at FROM teams t JOIN people p ON p.id = t.id"

NEXT = "SELECT coalesce(min(id), 0) - 1 FROM teams"
ACCOUNT = """
INSERT INTO people (id, telegram_id, name, language, joined_at, requester, paused)
VALUES (:team, :team, :name, :language, :now, 1, 1)"""
ADD = "INSERT INTO teams (id, made_at) VALUES (:team, :now)"
RENAME = "UPDATE people SET name = :name WHERE id = :team"
CLOSE = "UPDATE teams SET closed_at = :now WHERE id = :team AND closed_at IS NULL"
FIND = f"SELECT {_TEAM} WHERE t.id = :team"
OF = f"""
SELECT {columns(Membership, "m.")}, p.name FROM team_members m JOIN people p ON p.id = m.team
WHERE m.member = :member AND m.left_at IS NULL ORDER BY m.team DESC"""
# Who answers for a team now does not decide about these answers by joining it.
WORKS = """
SELECT 1 FROM enrolments e JOIN projects p ON p.id = e.project
WHERE p.requester = :team AND p.state = 'running' AND e.worker = :member AND e.answered > 0 AND e.declined = 0
LIMIT 1"""
EVER_IN = "SELECT member FROM team_members WHERE team = :team ORDER BY member"
EVER_OF = "SELECT team FROM team_members WHERE member = :member ORDER BY team DESC"
MEMBER = f"SELECT {_MEMBERSHIP} FROM team_members WHERE team = :team AND member = :member AND left_at IS NULL"
MEMBERS = f"SELECT {_MEMBERSHIP} FROM team_members WHERE team = :team AND left_at IS NULL ORDER BY joined_at, member"
OWNER = "SELECT member FROM team_members WHERE team = :team AND role = 'owner' AND left_at IS NULL"
JOIN = """
INSERT INTO team_members (team, member, role, cap, currency, hears, joined_at)
VALUES (:team, :member, :role, :cap, :currency, :hears, :now)
ON CONFLICT (team, member) DO UPDATE SET role = excluded.role, cap = excluded.cap, currency = excluded.currency,
  hears = excluded.hears, joined_at = excluded.joined_at, left_at = NULL WHERE team_members.left_at IS NOT NULL"""
LEAVE = "UPDATE team_members SET left_at = :now WHERE team = :team AND member = :member AND left_at IS NULL"
FREE = "UPDATE people SET acts_for = NULL WHERE id = :member AND acts_for = :team"
ROLE = """
UPDATE team_members SET role = :role, hears = :hears WHERE team = :team AND member = :member AND left_at IS NULL"""
CAP = """
UPDATE team_members SET cap = :cap, currency = :currency
WHERE team = :team AND member = :member AND left_at IS NULL AND role <> 'owner'"""
HEAR = "UPDATE team_members SET hears = :hears WHERE team = :team AND member = :member AND left_at IS NULL"
REVOKE = "UPDATE api_keys SET revoked_at = :now WHERE person = :team AND member = :member AND revoked_at IS NULL"
UNWATCH = """
DELETE FROM live_messages WHERE person = :member AND name IN (
  SELECT 'project:' || id FROM projects WHERE requester = :team)"""
UNDRAFT = "DELETE FROM drafts WHERE person = :member"
# The owner where nobody else wants it: what a team is told is never lost.
HEARERS = """
SELECT m.member FROM team_members m WHERE m.team = :team AND m.left_at IS NULL AND (m.hears = 'all' OR (
  m.hears = 'own' AND EXISTS (SELECT 1 FROM team_projects p WHERE p.project = :project AND p.member = m.member)))
ORDER BY m.member"""
LEAD = """
INSERT INTO team_projects (project, member) VALUES (:project, :member)
ON CONFLICT (project) DO UPDATE SET member = excluded.member"""
LEADER = "SELECT member FROM team_projects WHERE project = :project"

INVITE = f"""
INSERT INTO team_invitations (team, hash, role, cap, currency, made_by, made_at, until)
VALUES (:team, :hash, :role, :cap, :currency, :made_by, :now, :until) RETURNING {_INVITATION}"""
INVITED = f"SELECT {_INVITATION} FROM team_invitations WHERE hash = :hash"
USE = """
UPDATE team_invitations SET used_by = :member
WHERE id = :id AND used_by IS NULL AND ended_at IS NULL AND until > :now"""
END = """
UPDATE team_invitations SET ended_at = :now
WHERE team = :team AND used_by IS NULL AND ended_at IS NULL AND (:made_by = 0 OR made_by = :made_by)"""
WAITING = """
SELECT count(*) FROM team_invitations WHERE team = :team AND used_by IS NULL AND ended_at IS NULL AND until > :now"""


class Teams:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, name: str, language: str) -> PersonId:
        """The new team's account; numbers are never used twice."""
        team = PersonId(int(first(self._db.one(NEXT))))
        self._db.changed(ACCOUNT, team=team, name=name, language=language, now=self._now)
        self._db.changed(ADD, team=team, now=self._now)
        return team

    def rename(self, team: PersonId, name: str) -> None:
        self._db.changed(RENAME, team=team, name=name)

    def close(self, team: PersonId) -> bool:
        return self._db.changed(CLOSE, team=team, now=self._now) == 1

    def ever_of(self, member: PersonId) -> list[PersonId]:
        """Former teams, too."""
        return each(self._db.all(EVER_OF, member=member))

    def ever_in(self, team: PersonId) -> list[PersonId]:
        """Former members, too."""
        return each(self._db.all(EVER_IN, team=team))

    def find(self, team: int) -> Team | None:
        row = self._db.one(FIND, team=team)
        return Team(*row) if row else None

    def of(self, member: PersonId) -> list[tuple[Membership, str]]:
        """Each with its team's name, oldest team first."""
        return [(_membership(row[:-1]), row[-1]) for row in self._db.all(OF, member=member)]

    def member(self, team: PersonId, member: PersonId) -> Membership | None:
        """None for who is no member, or no more."""
        row = self._db.one(MEMBER, team=team, member=member)
        return _membership(row) if row else None

    def works_for(self, team: PersonId, member: PersonId) -> bool:
        """Whether they have answered in a project of it that runs."""
        return self._db.one(WORKS, team=team, member=member) is not None

    def is_side(self, account: PersonId, person: PersonId) -> bool:
        """Whether the account is this person's own, or a team's of which they are a member."""
        return account == person or (is_team(account) and self.member(account, person) is not None)

    def members(self, team: PersonId) -> list[Membership]:
        return [_membership(row) for row in self._db.all(MEMBERS, team=team)]

    def owner(self, team: PersonId) -> PersonId | None:
        """None of a closed team."""
        found = first(self._db.one(OWNER, team=team))
        return None if found is None else PersonId(found)

    def join(
        self, team: PersonId, member: PersonId, role: Role, cap: Millionths | None = None, currency: str = "EUR"
    ) -> bool:
        """False for who is a member already."""
        values = {"role": role.value, "cap": cap, "currency": currency, "hears": HEARS[role].value}
        return self._db.changed(JOIN, team=team, member=member, **values, now=self._now) == 1

    def leave(self, team: PersonId, member: PersonId) -> bool:
        """Ends all that hangs on the membership: the chosen account, keys, messages that are edited, open questions."""
        if not self._db.changed(LEAVE, team=team, member=member, now=self._now):
            return False
        self._db.changed(FREE, team=team, member=member)
        self._db.changed(REVOKE, team=team, member=member, now=self._now)
        self._db.changed(UNWATCH, team=team, member=member)
        self._db.changed(UNDRAFT, member=member)
        self._db.changed(END, team=team, made_by=member, now=self._now)
        return True

    def set_role(self, team: PersonId, member: PersonId, role: Role) -> bool:
        values = {"role": role.value, "hears": HEARS[role].value}
        return self._db.changed(ROLE, team=team, member=member, **values) == 1

    def set_cap(self, team: PersonId, member: PersonId, cap: Millionths | None, currency: str) -> bool:
        """None is no limit."""
        return self._db.changed(CAP, team=team, member=member, cap=cap, currency=currency) == 1

    def hear(self, team: PersonId, member: PersonId, what: Hears) -> bool:
        return self._db.changed(HEAR, team=team, member=member, hears=what.value) == 1

    def hearers(self, team: PersonId, project: int | None) -> list[PersonId]:
        """Whom something that the team is told reaches: the members who want it, else its owner."""
        found = each(self._db.all(HEARERS, team=team, project=project or 0))
        return found or each(self._db.all(OWNER, team=team))

    def lead(self, project: ProjectId, member: PersonId) -> None:
        """They made it, or launch it."""
        self._db.changed(LEAD, project=project, member=member)

    def leader(self, project: ProjectId) -> PersonId | None:
        found = first(self._db.one(LEADER, project=project))
        return None if found is None else PersonId(found)

    def invite(
        self,
        team: PersonId,
        hash_: str,
        role: Role,
        cap: Millionths | None,
        currency: str,
        made_by: PersonId,
        until: Moment,
    ) -> Invitation:
        values = {"role": role.value, "cap": cap, "currency": currency, "made_by": made_by, "until": until}
        return _invitation(self._db.all(INVITE, team=team, hash=hash_, **values, now=self._now)[0])

    def invited(self, hash_: str) -> Invitation | None:
        """Used and ended ones, too."""
        row = self._db.one(INVITED, hash=hash_)
        return _invitation(row) if row else None

    def use(self, invitation: InvitationId, member: PersonId) -> bool:
        """False where it was used, has ended or is too old."""
        return self._db.changed(USE, id=invitation, member=member, now=self._now) == 1

    def end_invitations(self, team: PersonId) -> int:
        """How many ended that still waited."""
        return self._db.changed(END, team=team, made_by=0, now=self._now)

    def waiting(self, team: PersonId) -> int:
        """Invitations that can be used."""
        return int(first(self._db.one(WAITING, team=team, now=self._now)))


def _membership(row: Row) -> Membership:
    team, member, role, cap, currency, hears, joined_at = row
    return Membership(team, member, Role(role), cap, currency, Hears(hears), joined_at)


def _invitation(row: Row) -> Invitation:
    values = list(row)
    values[2] = Role(values[2])
    return Invitation(*values)


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
