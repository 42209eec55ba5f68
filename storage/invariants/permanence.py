"""Rule 10: what is written stays. The triggers that see to it are there, and awake."""

from storage.invariants.invariant import Invariant

GUARDS = {
    "sqlite": (
        *("transfers_post", "transfers_keep", "transfers_stay", "entries_true", "entries_keep", "entries_stay"),
        *("accounts_step", "accounts_stay", "audit_keep", "audit_stay"),
    ),
    "postgresql": (
        *("transfers_post", "transfers_keep", "entries_true", "entries_keep"),
        *("accounts_step", "accounts_stay", "audit_keep"),
    ),
}
AWAKE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = guard.name",
    "postgresql": "SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = guard.name "
    "AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) "
    "AND t.tgenabled IN ('O', 'A')",
}


def missing(dialect: str) -> str:
    names = " UNION ALL ".join(f"SELECT '{name}' AS name" for name in GUARDS[dialect])
    return f"""
SELECT 'trigger ' || guard.name AS subject, 'is gone or asleep' AS detail
FROM ({names}) AS guard WHERE NOT EXISTS ({AWAKE[dialect]})"""


# The book and the audit log refuse to be rewritten.
APPEND_ONLY = Invariant(10, "the guards of what is written are awake", {name: missing(name) for name in GUARDS})

INVARIANTS = (APPEND_ONLY,)
