"""Rule 17: members spend a team's money within their caps, every sum is noted, and only members act for a team."""

from domain.money.amounts import CENT, CURRENCIES_WITHOUT_CENTS, UNIT
from storage.invariants.invariant import Invariant

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

INVARIANTS = (
    MEMBERS_KEEP_CAPS,
    SPENDING_IS_WHAT_MOVED,
    SPENDING_HAS_A_MEMBER,
    ONLY_MEMBERS_ACT,
    TEAMS_HAVE_ONE_OWNER,
    MEMBERS_DO_NOT_WORK_FOR_TEAM,
)
