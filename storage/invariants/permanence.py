"""Rule 10: append-only tables. Their triggers exist, are enabled, and match the migrations."""

import re
from collections.abc import Iterator
from functools import cache

from storage.drivers import migrate
from storage.invariants.invariant import Walk
from storage.unit import UnitOfWork

SELECT_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') "
    "AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())",
}
SQLITE_TRIGGER = re.compile(r"^(CREATE TRIGGER (\w+).*?\bEND);$|^DROP TRIGGER (\w+)", re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r"FUNCTION (\w+)\(\) RETURNS trigger .*?\$\$(.*?)\$\$", re.DOTALL)
POSTGRESQL_TRIGGER = re.compile(
    r"^CREATE TRIGGER (\w+).*?EXECUTE FUNCTION (\w+)\(\)|^DROP TRIGGER (\w+)", re.DOTALL | re.MULTILINE
)


@cache
def expected_triggers(dialect: str) -> dict[str, str]:
    """Return each trigger's name and text, as the migrations leave them."""
    migrations = "\n".join(migrate.procedures(dialect, version) for version in migrate.versions())
    return _sqlite_triggers(migrations) if dialect == "sqlite" else _postgresql_triggers(migrations)


def _sqlite_triggers(migrations: str) -> dict[str, str]:
    triggers: dict[str, str] = {}
    for text, name, dropped in SQLITE_TRIGGER.findall(migrations):
        triggers.pop(dropped, None)
        if name:
            triggers[name] = text
    return triggers


def _postgresql_triggers(migrations: str) -> dict[str, str]:
    bodies = dict(FUNCTION.findall(migrations))
    triggers: dict[str, str] = {}
    for name, function, dropped in POSTGRESQL_TRIGGER.findall(migrations):
        triggers.pop(dropped, None)
        if name:
            triggers[name] = bodies[function]
    return triggers


def iter_trigger_faults(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Yield each trigger that is missing, disabled or different."""
    dialect = unit.connection.dialect
    existing = {str(name): str(text) for name, text in unit.connection.all(SELECT_TRIGGERS[dialect])}
    for name, text in sorted(expected_triggers(dialect).items()):
        if name not in existing:
            yield f"trigger {name}", "is gone or asleep"
        elif existing[name].strip() != text.strip():
            yield f"trigger {name}", "does something else than it was made for"


# Triggers refuse changes of the ledger, its seals and the audit log, and update the balances of accounts.
TRIGGERS_ARE_ENABLED = Walk(10, "the guards of what is written are awake", iter_trigger_faults)

INVARIANTS = (TRIGGERS_ARE_ENABLED,)
