"""Personal data of a member of teams, a section a statement."""

TEAMS = {
    "teams": """
SELECT p.name AS team, m.role, m.cap, m.currency, m.hears, m.joined_at, m.left_at
FROM team_members m JOIN people p ON p.id = m.team WHERE m.member = :person ORDER BY m.joined_at, m.team""",
    "team_spending": """
SELECT p.name AS team, s.amount, s.currency, s.month, s.cap, s.at
FROM team_spending s JOIN people p ON p.id = s.team WHERE s.member = :person ORDER BY s.id""",
    "team_projects": """
SELECT p.id AS number, p.title FROM team_projects l JOIN projects p ON p.id = l.project
WHERE l.member = :person ORDER BY p.id""",
    "team_invitations": """
SELECT p.name AS team, i.role, i.cap, i.currency, i.made_at, i.until AS until_at, i.ended_at
FROM team_invitations i JOIN people p ON p.id = i.team
WHERE i.made_by = :person OR i.used_by = :person ORDER BY i.id""",
    "team_keys": """
SELECT k.hint, k.scope, k.made_at, k.revoked_at FROM api_keys k WHERE k.member = :person ORDER BY k.made_at""",
}
