"""Rule 10: append-only tables. Their triggers exist, are enabled, and match the migrations."""

import re
from collections.abc import Iterator
from functools import cache

from storage.drivers import migrate
from storage.invariants.invariant import Walk
from storage.unit import UnitOfWork

THERE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') "
    "AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())",
}
ON_SQLITE = re.compile(r"^(CREATE TRIGGER (\w+).*?\bEND);$|^DROP TRIGGER (\w+)", re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r"FUNCTION (\w+)\(\) RETURNS trigger .*?\$\$(.*?)\$\$", re.DOTALL)
ON_POSTGRESQL = re.compile(
    r"^CREATE TRIGGER (\w+).*?EXECUTE FUNCTION (\w+)\(\)|^DROP TRIGGER (\w+)", re.DOTALL | re.MULTILINE
)


@cache
def guards(dialect: str) -> dict[str, str]:
    """Each trigger's name and text, as the migrations leave them."""
    whole = "\n".join(migrate.procedures(dialect, version) for version in migrate.versions())
    return _on_sqlite(whole) if dialect == "sqlite" else _on_postgresql(whole)


def _on_sqlite(migrations: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text, name, dropped in ON_SQLITE.findall(migrations):
        found.pop(dropped, None)
        if name:
            found[name] = text
    return found


def _on_postgresql(migrations: str) -> dict[str, str]:
    bodies = dict(FUNCTION.findall(migrations))
    found: dict[str, str] = {}
    for name, function, dropped in ON_POSTGRESQL.findall(migrations):
        found.pop(dropped, None)
        if name:
            found[name] = bodies[function]
    return found


def asleep(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    dialect = unit.connection.dialect
    there = {str(name): str(text) for name, text in unit.connection.all(THERE[dialect])}
    for name, text in sorted(guards(dialect).items()):
        if name not in there:
            yield f"trigger {name}", "is gone or asleep"
        elif there[name].strip() != text.strip():
            yield f"trigger {name}", "does something else than it was made for"


# The ledger, its seals and the audit log refuse to be rewritten; the database keeps their accounts in step.
APPEND_ONLY = Walk(10, "the guards of what is written are awake", asleep)

INVARIANTS = (APPEND_ONLY,)
