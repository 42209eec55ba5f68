"""Personal data of requests that are not made yet, and of what reaches a person by itself."""

BEGUN = {
    "being_typed": "SELECT journey AS about, data, updated_at FROM drafts WHERE person = :person",
    "new_project": "SELECT data, updated_at FROM project_forms WHERE person = :person",
    "api_keys": """
SELECT number, hint, made_at, revoked_at, scope, budget, spent, used_at
FROM api_keys WHERE person = :person ORDER BY number""",
    "launches_asked": """
SELECT id AS number, project, price, asked_at, until AS deadline_at, state, decided_at
FROM launch_requests WHERE person = :person ORDER BY id""",
    "digests": """
SELECT off, next_at FROM requester_digests WHERE person = :person
UNION ALL SELECT 1, d.next_at FROM team_undigested u JOIN requester_digests d ON d.person = u.team
WHERE u.member = :person""",
}
