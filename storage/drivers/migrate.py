"""Brings a database to this version: each migration once, whole or not at all."""

from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from domain.moments import NEVER
from storage.drivers import private_files
from storage.drivers.connection import Connection
from storage.drivers.dialects import Dialect, SQLite
from storage.drivers.secrets import CHOICES, Secrets
from storage.money.hash_chain import seal_all

HOUSE = files("storage") / "migrations"
SEALED_SINCE = "0007_book"
SECRETS_SINCE = "0022_secrets"

SEEN = "SELECT value FROM settings WHERE name = 'schema'"
MARK = (
    "INSERT INTO settings (name, value) VALUES ('schema', :version) ON CONFLICT (name) DO UPDATE SET value = :version"
)
SECRET = "INSERT INTO settings (name, value) VALUES ('secret', :secret) ON CONFLICT (name) DO NOTHING"  # noqa: S105 (a statement)
EXISTS = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'settings'",
    "postgresql": "SELECT 1 FROM information_schema.tables WHERE table_name = 'settings' "
    "AND table_schema = current_schema()",
}


class Broken(Exception):
    """The migration was not kept."""


def versions() -> list[str]:
    """Every migration's name, oldest first."""
    names = (file.name for file in HOUSE.iterdir())
    return sorted(name.removesuffix(".sql") for name in names if name.count(".") == 1 and name.endswith(".sql"))


def version_of(dialect: Dialect, connection: Connection) -> str:
    """The newest migration this database has; empty for a new one."""
    if connection.one(EXISTS[dialect.name]) is None:
        return ""
    row = connection.one(SEEN)
    return str(row[0]) if row else ""


def migrate(dialect: Dialect) -> list[str]:
    """Runs what is missing and returns its names."""
    connection = dialect.open_to_rebuild()
    if isinstance(dialect, SQLite):
        private_files.narrow(Path(dialect.path))
    try:
        connection.changed(dialect.begin())
        if dialect.name == "postgresql":
            connection.one("SELECT pg_advisory_xact_lock(7075636501)")
        missing = bring(dialect, connection)
        if SEALED_SINCE in missing:
            seal_all(connection)
        if missing and dialect.name == "sqlite" and connection.all("PRAGMA foreign_key_check"):
            raise Broken("a row refers to one that is not there")
        connection.changed("COMMIT")
        return missing
    finally:
        connection.close()


def bring(dialect: Dialect, connection: Connection) -> list[str]:
    """The same inside a transaction that is open already."""
    missing = [version for version in versions() if version > version_of(dialect, connection)]
    for version in missing:
        connection.script(dialect.ddl((HOUSE / f"{version}.sql").read_text()))
        procedures = HOUSE / f"{version}.{dialect.name}.sql"
        if procedures.is_file():
            connection.script(procedures.read_text())
        connection.changed(MARK, version=version)
    connection.changed(SECRET, secret=token_hex(32))
    if version_of(dialect, connection) >= SECRETS_SINCE:
        Secrets(connection, NEVER).get(CHOICES)
    return missing


def is_current(dialect: Dialect) -> bool:
    connection = dialect.open(read_only=True)
    try:
        return version_of(dialect, connection) == versions()[-1]
    finally:
        connection.close()
