"""Migrations: bring a database to this version, with all that are missing or none."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from domain.moments import NEVER
from storage import private_files
from storage.drivers.connection import Connection, UnknownSchema
from storage.drivers.dialects import Dialect
from storage.drivers.records import single_value
from storage.drivers.sqlite import SQLite
from storage.invariants import Reader, Walk
from storage.secrets import CHOICES, Secrets

MIGRATIONS = files("storage") / "migrations"

SELECT_SCHEMA_VERSION = "SELECT value FROM settings WHERE name = 'schema'"
STORE_SCHEMA_VERSION = (
    "INSERT INTO settings (name, value) VALUES ('schema', :version) ON CONFLICT (name) DO UPDATE SET value = :version"
)
INSERT_SECRET = "INSERT INTO settings (name, value) VALUES ('secret', :secret) ON CONFLICT (name) DO NOTHING"  # noqa: S105 (a statement)


def versions() -> list[str]:
    """Return the names of all migrations, oldest first."""
    names = (file.name for file in MIGRATIONS.iterdir())
    return sorted(name.removesuffix(".sql") for name in names if name.count(".") == 1 and name.endswith(".sql"))


def procedures(dialect: str, version: str) -> str:
    """Return the part of a migration that is for one database only, mostly triggers."""
    file = MIGRATIONS / f"{version}.{dialect}.sql"
    return file.read_text() if file.is_file() else ""


def version_of(dialect: Dialect, connection: Connection) -> str:
    """Return the name of the newest migration this database has; an empty text for a new one. Raise UnknownSchema."""
    if connection.one(dialect.has_settings) is None:
        return ""
    row = connection.one(SELECT_SCHEMA_VERSION)
    version = str(row[0]) if row else ""
    if version and version not in versions():
        raise UnknownSchema(version)
    return version


def migrate(dialect: Dialect) -> list[str]:
    """Run the missing migrations in one transaction and return their names. Raise UnknownSchema."""
    connection = dialect.open_to_rebuild()
    if isinstance(dialect, SQLite):
        private_files.narrow(Path(dialect.path))
    try:
        connection.changed(dialect.begin())
        dialect.lock_schema(connection)
        if version_of(dialect, connection) not in ("", versions()[-1]):
            dialect.take_turn(connection)  # what a migration copies or counts is all there
        missing = run_missing(dialect, connection)
        if missing:
            dialect.check_rebuilt(connection)
        connection.changed("COMMIT")
        return missing
    finally:
        connection.close()


def run_missing(dialect: Dialect, connection: Connection) -> list[str]:
    """Run the missing migrations inside a transaction that is open already, and return their names."""
    current = version_of(dialect, connection)
    missing = [version for version in versions() if version > current]
    for version in missing:
        connection.script(dialect.ddl((MIGRATIONS / f"{version}.sql").read_text()))
        connection.script(procedures(dialect.name, version))
        connection.changed(STORE_SCHEMA_VERSION, version=version)
    connection.changed(INSERT_SECRET, secret=token_hex(32))
    Secrets(connection, NEVER).get(CHOICES)
    return missing


def is_current(dialect: Dialect) -> bool:
    """Return whether the database has all migrations. Raise UnknownSchema."""
    connection = dialect.open(read_only=True)
    try:
        return version_of(dialect, connection) == versions()[-1]
    finally:
        connection.close()


GET_SETTING = "SELECT value FROM settings WHERE name = :name"
STORE_SETTING = """
INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


class DatabaseSettings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, name: str) -> str | None:
        value: str | None = single_value(self._db.one(GET_SETTING, name=name))
        return value

    def store(self, name: str, value: str) -> None:
        self._db.changed(STORE_SETTING, name=name, value=value)

    @property
    def secret(self) -> bytes:
        """The secret made once per database, from which pseudonyms and signatures derive."""
        return bytes.fromhex(self.get("secret") or "")


# Rule 10: append-only tables. Their triggers exist, are enabled, and match the migrations.
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
    migrations = "\n".join(procedures(dialect, version) for version in versions())
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


def iter_trigger_faults(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield each trigger that is missing, disabled or different."""
    dialect = reader.connection.dialect
    existing = {str(name): str(text) for name, text in reader.connection.all(SELECT_TRIGGERS[dialect])}
    for name, text in sorted(expected_triggers(dialect).items()):
        if name not in existing:
            yield f"trigger {name}", "is gone or asleep"
        elif existing[name].strip() != text.strip():
            yield f"trigger {name}", "does something else than it was made for"


# Triggers refuse changes of the ledger, its seals and the audit log, and update the balances of accounts.
TRIGGERS_ARE_ENABLED = Walk(10, "the guards of what is written are awake", iter_trigger_faults)
