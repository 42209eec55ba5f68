"""Teams, their members, and the links by which members come."""

from domain.moments import Moment, month_of
from domain.money.amounts import CENT, CURRENCIES_WITHOUT_CENTS, UNIT, Millionths
from domain.people.accounts import PersonId
from domain.people.teams import FIRST_HEARS, Hears, Invitation, InvitationId, Membership, Team, TeamRole, is_team
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value, single_values
from storage.invariants import Invariant

INSERT_SPENDING = """
INSERT INTO team_spending (team, member, month, amount, currency, cap, after, up_to, at)
VALUES (:team, :member, :month, :amount, :currency, :cap, :after, :up_to, :now)"""
SUM_SPENT_BY_MEMBER = """
SELECT sum(amount) FROM team_spending
WHERE team = :team AND member = :member AND month = :month AND currency = :currency"""
SUM_SPENT_OF_TEAM = """
SELECT member, sum(amount) FROM team_spending
WHERE team = :team AND month = :month AND currency = :currency GROUP BY member"""

# What was set aside between two versions of a team's account, whatever came back meanwhile; attempts at a test are paid
# of what was set aside before.
SUM_SET_ASIDE = """
SELECT -sum(e.amount) FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name = :account AND a.currency = :currency AND e.version > :after AND e.version <= :up_to
  AND e.amount < 0 AND t.key NOT LIKE 'bonus:test:%'"""


class TeamSpending:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def sum_of_member(self, team: PersonId, member: PersonId, currency: str) -> Millionths:
        """Return what the member set aside in this month, in millionths."""
        values = {"team": team, "member": member, "month": month_of(self._now), "currency": currency}
        return Millionths(int(single_value(self._db.one(SUM_SPENT_BY_MEMBER, **values), 0)))

    def sums_by_member(self, team: PersonId, currency: str) -> dict[PersonId, int]:
        """Return the sum set aside in this month by each member who set something aside, in millionths."""
        rows = self._db.all(SUM_SPENT_OF_TEAM, team=team, month=month_of(self._now), currency=currency)
        return {PersonId(row[0]): int(row[1]) for row in rows}

    def sum_set_aside(self, account: str, currency: str, after: int, up_to: int) -> int:
        """Return what was set aside between two versions of the account, in millionths, whatever came back
        meanwhile."""
        values = {"account": account, "currency": currency, "after": after, "up_to": up_to}
        return int(single_value(self._db.one(SUM_SET_ASIDE, **values)) or 0)

    def add(
        self,
        team: PersonId,
        member: PersonId,
        amount: int,
        currency: str,
        cap: Millionths | None,
        versions: tuple[int, int],
    ) -> None:
        """Store what a member set aside; `versions` are those of the team's account before and after."""
        keys = {"team": team, "member": member, "month": month_of(self._now)}
        after, up_to = versions
        values = {"amount": amount, "currency": currency, "cap": cap, "after": after, "up_to": up_to}
        self._db.changed(INSERT_SPENDING, **keys, **values, now=self._now)


_MEMBERSHIP = columns(Membership)
_INVITATION = columns(Invitation)
_TEAM = "t.id, p.name, t.made_at, t.closed_at FROM teams t JOIN people p ON p.id = t.id"

NEXT_TEAM_ID = "SELECT coalesce(min(id), 0) - 1 FROM teams"
INSERT_ACCOUNT = """
INSERT INTO people (id, telegram_id, name, language, joined_at, requester, paused)
VALUES (:team, :team, :name, :language, :now, 1, 1)"""
INSERT_TEAM = "INSERT INTO teams (id, made_at) VALUES (:team, :now)"
RENAME_TEAM = "UPDATE people SET name = :name WHERE id = :team"
CLOSE_TEAM = "UPDATE teams SET closed_at = :now WHERE id = :team AND closed_at IS NULL"
SELECT_TEAM = f"SELECT {_TEAM} WHERE t.id = :team"
SELECT_MEMBERSHIPS = f"""
SELECT {columns(Membership, "m.")}, p.name FROM team_members m JOIN people p ON p.id = m.team
WHERE m.member = :member AND m.left_at IS NULL ORDER BY m.team DESC"""
# Who answers for a team now does not decide about these answers by joining it.
HAS_ANSWERED_FOR_TEAM = """
SELECT 1 FROM enrolments e JOIN projects p ON p.id = e.project
WHERE p.requester = :team AND p.state = 'running' AND e.worker = :member AND e.answered > 0 AND e.declined = 0
LIMIT 1"""
SELECT_EVER_MEMBERS = "SELECT member FROM team_members WHERE team = :team ORDER BY member"
SELECT_EVER_TEAMS = "SELECT team FROM team_members WHERE member = :member ORDER BY team DESC"
SELECT_MEMBER = f"SELECT {_MEMBERSHIP} FROM team_members WHERE team = :team AND member = :member AND left_at IS NULL"
SELECT_MEMBERS = (
    f"SELECT {_MEMBERSHIP} FROM team_members WHERE team = :team AND left_at IS NULL ORDER BY joined_at, member"
)
SELECT_OWNER = "SELECT member FROM team_members WHERE team = :team AND role = 'owner' AND left_at IS NULL"
UPSERT_MEMBER = """
INSERT INTO team_members (team, member, role, cap, currency, hears, joined_at)
VALUES (:team, :member, :role, :cap, :currency, :hears, :now)
ON CONFLICT (team, member) DO UPDATE SET role = excluded.role, cap = excluded.cap, currency = excluded.currency,
  hears = excluded.hears, joined_at = excluded.joined_at, left_at = NULL WHERE team_members.left_at IS NOT NULL"""
END_MEMBERSHIP = "UPDATE team_members SET left_at = :now WHERE team = :team AND member = :member AND left_at IS NULL"
CLEAR_ACTS_FOR = "UPDATE people SET acts_for = NULL WHERE id = :member AND acts_for = :team"
SET_ROLE = """
UPDATE team_members SET role = :role, hears = :hears WHERE team = :team AND member = :member AND left_at IS NULL"""
SET_CAP = """
UPDATE team_members SET cap = :cap, currency = :currency
WHERE team = :team AND member = :member AND left_at IS NULL AND role <> 'owner'"""
SET_HEARS = "UPDATE team_members SET hears = :hears WHERE team = :team AND member = :member AND left_at IS NULL"
REVOKE_KEYS = "UPDATE api_keys SET revoked_at = :now WHERE person = :team AND member = :member AND revoked_at IS NULL"
DELETE_LIVE_MESSAGES = """
DELETE FROM live_messages WHERE person = :member AND name IN (
  SELECT 'project:' || id FROM projects WHERE requester = :team)"""
DELETE_DRAFTS = "DELETE FROM drafts WHERE person = :member"
# The owner where nobody else wants it: what a team is told is never lost.
SELECT_HEARERS = """
SELECT m.member FROM team_members m WHERE m.team = :team AND m.left_at IS NULL AND (m.hears = 'all' OR (
  m.hears = 'own' AND EXISTS (SELECT 1 FROM team_projects p WHERE p.project = :project AND p.member = m.member)))
ORDER BY m.member"""
SET_LEADER = """
INSERT INTO team_projects (project, member) VALUES (:project, :member)
ON CONFLICT (project) DO UPDATE SET member = excluded.member"""
SELECT_LEADER = "SELECT member FROM team_projects WHERE project = :project"

INSERT_INVITATION = f"""
INSERT INTO team_invitations (team, hash, role, cap, currency, made_by, made_at, until)
VALUES (:team, :hash, :role, :cap, :currency, :made_by, :now, :until) RETURNING {_INVITATION}"""
SELECT_INVITATION = f"SELECT {_INVITATION} FROM team_invitations WHERE hash = :hash"
USE_INVITATION = """
UPDATE team_invitations SET used_by = :member
WHERE id = :id AND used_by IS NULL AND ended_at IS NULL AND until > :now"""
END_INVITATIONS = """
UPDATE team_invitations SET ended_at = :now
WHERE team = :team AND used_by IS NULL AND ended_at IS NULL AND (:made_by = 0 OR made_by = :made_by)"""
COUNT_OPEN_INVITATIONS = """
SELECT count(*) FROM team_invitations WHERE team = :team AND used_by IS NULL AND ended_at IS NULL AND until > :now"""


class Teams:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, name: str, language: str) -> PersonId:
        """Create a team with its account and return its id, which no team had before."""
        team = PersonId(int(single_value(self._db.one(NEXT_TEAM_ID))))
        self._db.changed(INSERT_ACCOUNT, team=team, name=name, language=language, now=self._now)
        self._db.changed(INSERT_TEAM, team=team, now=self._now)
        return team

    def rename(self, team: PersonId, name: str) -> None:
        self._db.changed(RENAME_TEAM, team=team, name=name)

    def close(self, team: PersonId) -> bool:
        """Close the team. Return False if it is closed already."""
        return self._db.changed(CLOSE_TEAM, team=team, now=self._now) == 1

    def list_ever_teams(self, member: PersonId) -> list[PersonId]:
        """Return the teams of which the person is or was a member."""
        return single_values(self._db.all(SELECT_EVER_TEAMS, member=member))

    def list_ever_members(self, team: PersonId) -> list[PersonId]:
        """Return the present and former members of the team."""
        return single_values(self._db.all(SELECT_EVER_MEMBERS, team=team))

    def find(self, team: int) -> Team | None:
        """Return the team, or None if there is none with this id."""
        row = self._db.one(SELECT_TEAM, team=team)
        return Team(*row) if row else None

    def list_memberships(self, member: PersonId) -> list[tuple[Membership, str]]:
        """Return the person's memberships, each with its team's name, oldest team first."""
        return [(_to_membership(row[:-1]), row[-1]) for row in self._db.all(SELECT_MEMBERSHIPS, member=member)]

    def find_membership(self, team: PersonId, member: PersonId) -> Membership | None:
        """Return the membership, or None if the person is no member now."""
        row = self._db.one(SELECT_MEMBER, team=team, member=member)
        return _to_membership(row) if row else None

    def has_answered_for(self, team: PersonId, member: PersonId) -> bool:
        """Return whether the person has answered in a running project of the team."""
        return self._db.one(HAS_ANSWERED_FOR_TEAM, team=team, member=member) is not None

    def is_side(self, account: PersonId, person: PersonId) -> bool:
        """Return whether the account is this person's own, or a team's of which they are a member."""
        return account == person or (is_team(account) and self.find_membership(account, person) is not None)

    def list_members(self, team: PersonId) -> list[Membership]:
        return [_to_membership(row) for row in self._db.all(SELECT_MEMBERS, team=team)]

    def find_owner(self, team: PersonId) -> PersonId | None:
        """Return the team's owner, or None if it is closed."""
        owner = single_value(self._db.one(SELECT_OWNER, team=team))
        return None if owner is None else PersonId(owner)

    def join(
        self, team: PersonId, member: PersonId, role: TeamRole, cap: Millionths | None = None, currency: str = "EUR"
    ) -> bool:
        """Make a person a member. Return False if they are one already."""
        values = {"role": role.value, "cap": cap, "currency": currency, "hears": FIRST_HEARS[role].value}
        return self._db.changed(UPSERT_MEMBER, team=team, member=member, **values, now=self._now) == 1

    def leave(self, team: PersonId, member: PersonId) -> bool:
        """End a membership with all that depends on it: the chosen account, keys, live messages, drafts, invitations.
        Return False if there is none."""
        if not self._db.changed(END_MEMBERSHIP, team=team, member=member, now=self._now):
            return False
        self._db.changed(CLEAR_ACTS_FOR, team=team, member=member)
        self._db.changed(REVOKE_KEYS, team=team, member=member, now=self._now)
        self._db.changed(DELETE_LIVE_MESSAGES, team=team, member=member)
        self._db.changed(DELETE_DRAFTS, member=member)
        self._db.changed(END_INVITATIONS, team=team, made_by=member, now=self._now)
        return True

    def set_role(self, team: PersonId, member: PersonId, role: TeamRole) -> bool:
        """Set the member's role, and with it which messages reach them at first. Return False if there is no such
        member."""
        values = {"role": role.value, "hears": FIRST_HEARS[role].value}
        return self._db.changed(SET_ROLE, team=team, member=member, **values) == 1

    def set_cap(self, team: PersonId, member: PersonId, cap: Millionths | None, currency: str) -> bool:
        """Set the member's monthly cap, None for no limit. Return False for the owner, and if there is no such
        member."""
        return self._db.changed(SET_CAP, team=team, member=member, cap=cap, currency=currency) == 1

    def set_hears(self, team: PersonId, member: PersonId, what: Hears) -> bool:
        """Set which of the team's messages reach the member. Return False if there is no such member."""
        return self._db.changed(SET_HEARS, team=team, member=member, hears=what.value) == 1

    def list_hearers(self, team: PersonId, project: int | None) -> list[PersonId]:
        """Return the members who get a message to the team about this project: those who want it, else the owner."""
        hearers = single_values(self._db.all(SELECT_HEARERS, team=team, project=project or 0))
        return hearers or single_values(self._db.all(SELECT_OWNER, team=team))

    def set_leader(self, project: ProjectId, member: PersonId) -> None:
        """Store the member who made the project, or launches it."""
        self._db.changed(SET_LEADER, project=project, member=member)

    def find_leader(self, project: ProjectId) -> PersonId | None:
        """Return the member who made or launched the team's project, or None."""
        leader = single_value(self._db.one(SELECT_LEADER, project=project))
        return None if leader is None else PersonId(leader)

    def invite(
        self,
        team: PersonId,
        hash_: str,
        role: TeamRole,
        cap: Millionths | None,
        currency: str,
        made_by: PersonId,
        until: Moment,
    ) -> Invitation:
        """Store an invitation by the hash of its token, and return it."""
        values = {"role": role.value, "cap": cap, "currency": currency, "made_by": made_by, "until": until}
        return _to_invitation(self._db.all(INSERT_INVITATION, team=team, hash=hash_, **values, now=self._now)[0])

    def find_invitation(self, hash_: str) -> Invitation | None:
        """Return the invitation with this hash, used and ended ones included, or None."""
        row = self._db.one(SELECT_INVITATION, hash=hash_)
        return _to_invitation(row) if row else None

    def use_invitation(self, invitation: InvitationId, member: PersonId) -> bool:
        """Mark the invitation as used. Return False if it was used, has ended or is too old."""
        return self._db.changed(USE_INVITATION, id=invitation, member=member, now=self._now) == 1

    def end_invitations(self, team: PersonId) -> int:
        """End all open invitations of the team and return their number."""
        return self._db.changed(END_INVITATIONS, team=team, made_by=0, now=self._now)

    def count_open_invitations(self, team: PersonId) -> int:
        """Return how many invitations can still be used."""
        return int(single_value(self._db.one(COUNT_OPEN_INVITATIONS, team=team, now=self._now)))


def _to_membership(row: Row) -> Membership:
    team, member, role, cap, currency, hears, joined_at = row
    return Membership(
        team=team,
        member=member,
        role=TeamRole(role),
        cap=cap,
        currency=currency,
        hears=Hears(hears),
        joined_at=joined_at,
    )


def _to_invitation(row: Row) -> Invitation:
    values = list(row)
    values[2] = TeamRole(values[2])
    return Invitation(*values)


SET_WEBHOOK_MEMBER = """
INSERT INTO team_webhooks (team, number, member) VALUES (:team, :number, :member)
ON CONFLICT (team, number) DO UPDATE SET member = excluded.member"""
_HOOKS = "SELECT number FROM team_webhooks WHERE team = :team AND member = :member"
REMOVE_WEBHOOKS = (
    f"UPDATE webhooks SET removed_at = :now WHERE person = :team AND removed_at IS NULL AND number IN ({_HOOKS})"
)
DELETE_WEBHOOK_CALLS = f"DELETE FROM webhook_calls WHERE person = :team AND state = 'waiting' AND number IN ({_HOOKS})"
SET_PUSH_MEMBER = """
INSERT INTO team_pushes (project, member) VALUES (:project, :member)
ON CONFLICT (project) DO UPDATE SET member = excluded.member"""
DELETE_HUB_PUSHES = """
DELETE FROM hub_pushes WHERE requester = :team AND project IN (
  SELECT project FROM team_pushes WHERE member = :member)"""
MUTE_DIGEST = "INSERT INTO team_undigested (team, member) VALUES (:team, :member) ON CONFLICT (team, member) DO NOTHING"
UNMUTE_DIGEST = "DELETE FROM team_undigested WHERE team = :team AND member = :member"
SELECT_DIGEST_READERS = """
SELECT m.member, m.hears FROM team_members m WHERE m.team = :team AND m.left_at IS NULL AND m.hears <> 'none'
AND NOT EXISTS (SELECT 1 FROM team_undigested u WHERE u.team = m.team AND u.member = m.member)
ORDER BY m.member"""


class TeamTies:
    """Things that members set up for a team and that end with their membership: webhooks, pushes of results,
    digests."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def set_webhook_member(self, team: PersonId, number: int, member: PersonId) -> None:
        """Store the member who added this webhook of the team."""
        self._db.changed(SET_WEBHOOK_MEMBER, team=team, number=number, member=member)

    def set_push_member(self, project: ProjectId, member: PersonId) -> None:
        """Store the member to whose account on the hub the project's results are pushed."""
        self._db.changed(SET_PUSH_MEMBER, project=project, member=member)

    def set_digest(self, team: PersonId, member: PersonId, on: bool) -> None:
        """Store whether the member gets the team's digest."""
        self._db.changed(UNMUTE_DIGEST if on else MUTE_DIGEST, team=team, member=member)

    def list_digest_readers(self, team: PersonId) -> list[tuple[PersonId, Hears]]:
        """Return the members who get the team's digest, each with the projects that it covers for them."""
        return [(PersonId(row[0]), Hears(row[1])) for row in self._db.all(SELECT_DIGEST_READERS, team=team)]

    def end_ties(self, team: PersonId, member: PersonId) -> None:
        """Remove the member's webhooks with calls that wait, pushes and digest choice for this team."""
        self._db.changed(REMOVE_WEBHOOKS, team=team, member=member, now=self._now)
        self._db.changed(DELETE_WEBHOOK_CALLS, team=team, member=member)
        self._db.changed(DELETE_HUB_PUSHES, team=team, member=member)
        self._db.changed(UNMUTE_DIGEST, team=team, member=member)


# Rule 17: members spend a team's money within their caps, every sum is noted, and only members act for a team.
MEMBERS_KEEP_CAPS = Invariant(
    17,
    "no member set aside more than their cap in a month",
    """
SELECT 'team spending ' || s.id AS subject, s.spent || ' of ' || s.cap || ' in ' || s.month AS detail
FROM (SELECT id, month, cap, sum(amount) OVER (PARTITION BY team, member, month, currency ORDER BY id) AS spent
  FROM team_spending) AS s WHERE s.cap IS NOT NULL AND s.spent > s.cap""",
)
# The amount set aside; earlier versions recorded it less the money that came back in the same transaction.
SPENDING_IS_WHAT_MOVED = Invariant(
    17,
    "what a member set aside is what left the team's account",
    """
SELECT 'team spending ' || s.id AS subject, s.amount || ' noted, ' || coalesce(f.moved, 0) || ' moved' AS detail
FROM team_spending s LEFT JOIN (
  SELECT s.id, -sum(e.amount) AS rest,
    -sum(CASE WHEN e.amount < 0 AND t.key NOT LIKE 'bonus:test:%' THEN e.amount ELSE 0 END) AS moved
  FROM team_spending s
  JOIN accounts a ON a.name = 'requester:' || s.team || ':available' AND a.currency = s.currency
  JOIN entries e ON e.account = a.id AND e.version > s.after AND e.version <= s.up_to
  JOIN transfers t ON t.id = e.transfer GROUP BY s.id
) AS f ON f.id = s.id WHERE s.amount NOT IN (coalesce(f.moved, 0), coalesce(f.rest, 0))""",
)
# Keys of “again:” belong to further answers that a project's own rule asks for; “bonus:test:” was set aside before.
SPENDING_HAS_A_MEMBER = Invariant(
    17,
    "what was set aside of a team's money is noted for a member",
    """
SELECT 'transfer ' || t.id AS subject, t.kind || ' of ' || t.amount || ' from ' || a.name AS detail
FROM teams m JOIN accounts a ON a.name = 'requester:' || m.id || ':available'
JOIN entries e ON e.account = a.id AND e.amount < 0 JOIN transfers t ON t.id = e.transfer
WHERE t.kind IN ('launch', 'extra', 'training', 'bonus') AND t.key NOT LIKE 'again:%' AND t.key NOT LIKE 'bonus:test:%'
  AND NOT EXISTS (
  SELECT 1 FROM team_spending s WHERE s.team = m.id AND s.currency = a.currency
    AND e.version > s.after AND e.version <= s.up_to)""",
)
ONLY_MEMBERS_ACT = Invariant(
    17,
    "only members act for a team, or have its keys",
    """
SELECT 'person ' || p.id AS subject, 'acts for team ' || p.acts_for AS detail FROM people p
WHERE p.acts_for IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM team_members m WHERE m.team = p.acts_for AND m.member = p.id AND m.left_at IS NULL)
UNION ALL
SELECT 'key ' || k.number || ' of ' || k.person, 'made by ' || coalesce(CAST(k.member AS TEXT), 'nobody')
FROM api_keys k WHERE k.person < 0 AND k.revoked_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM team_members m WHERE m.team = k.person AND m.member = k.member AND m.left_at IS NULL)""",
)
TEAMS_HAVE_ONE_OWNER = Invariant(
    17,
    "an open team has one owner, a closed one nobody, not a cent",
    f"""
SELECT 'team ' || t.id AS subject, coalesce(m.owners, 0) || ' owners of ' || coalesce(m.members, 0) AS detail
FROM teams t LEFT JOIN (
  SELECT team, count(*) AS members, sum(CASE WHEN role = 'owner' THEN 1 ELSE 0 END) AS owners
  FROM team_members WHERE left_at IS NULL GROUP BY team) AS m ON m.team = t.id
WHERE (t.closed_at IS NULL AND coalesce(m.owners, 0) <> 1) OR (t.closed_at IS NOT NULL AND m.members > 0)
UNION ALL
SELECT 'team ' || t.id, 'closed with ' || a.balance FROM teams t
JOIN accounts a ON a.name = 'requester:' || t.id || ':available' OR a.name = 'requester:' || t.id || ':tests'
WHERE t.closed_at IS NOT NULL AND a.balance >= CASE WHEN a.name LIKE '%:tests' THEN 1
  WHEN a.currency IN ('{"', '".join(sorted(CURRENCIES_WITHOUT_CENTS))}') THEN {UNIT} ELSE {CENT} END""",
)
MEMBERS_DO_NOT_WORK_FOR_TEAM = Invariant(
    17,
    "who is or was in a team is not asked for its tasks",
    """
SELECT 'person ' || m.member AS subject, 'may work for team ' || m.team AS detail FROM team_members m
WHERE NOT EXISTS (SELECT 1 FROM payee_mates p WHERE p.person = m.member AND p.mate = m.team)""",
)
