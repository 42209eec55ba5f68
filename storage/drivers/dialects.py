"""The interface of the two databases; their differences are in sqlite.py and postgresql.py."""

from collections.abc import Iterable
from typing import Protocol
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from storage.drivers.connection import BadDatabaseUrl, Connection, Unavailable
from storage.drivers.postgresql import CHANNEL, PostgreSQL, PostgreSQLConnection
from storage.drivers.sqlite import SQLite

__all__ = [
    "CHANNEL",
    "BadDatabaseUrl",
    "Dialect",
    "PostgreSQL",
    "PostgreSQLConnection",
    "SQLite",
    "Unavailable",
    "dialect_of",
    "password_in",
]

EXPECTED = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME, where % / @ in PASSWORD are %25 %2F %40"


class Dialect(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def one_process(self) -> bool:
        """Return whether one process acts at a time, so that it may migrate at its start and needs no turns."""

    @property
    def has_settings(self) -> str:
        """Return a statement that finds a row where a schema was made."""

    def open(self, read_only: bool = False) -> Connection: ...
    def open_to_write(self) -> Connection:
        """Open a connection for a writer, which stays open."""

    def scrub(self) -> bool:
        """Remove overwritten rows for good, where that is not the server's task; return False if it has to be tried
        again."""

    def open_to_rebuild(self) -> Connection: ...
    def lock_schema(self, connection: Connection) -> None: ...
    def check_rebuilt(self, connection: Connection) -> None: ...
    def begin(self) -> str: ...
    def begin_writing(self, connection: Connection, lazily: bool) -> None:
        """Begin a transaction. With `lazily` its commit does not wait for the disk, and is durable with the next that
        does."""

    def begin_reading(self) -> str: ...
    def take_turn(self, connection: Connection) -> None: ...
    def share_turn(self, connection: Connection, shards: Iterable[int]) -> None: ...
    def tell(self, connection: Connection, signal: str) -> None: ...
    def ddl(self, sql: str) -> str: ...
    def may_retry(self, error: BaseException) -> bool: ...
    def is_unavailable(self, error: BaseException) -> bool: ...
    def lacks_rights(self, error: BaseException) -> bool:
        """Return whether the error says that the role may not make tables, or has no schema to make them in."""


def dialect_of(url: str) -> SQLite | PostgreSQL:
    """Return the dialect of `sqlite:///relative.db`, `sqlite:////absolute.db` or
    `postgresql://user:password@host/name`. Raise BadDatabaseUrl for any other address."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite" and url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return SQLite(unquote(url.removeprefix("sqlite:///")))
    if scheme in ("postgresql", "postgres") and _is_readable(url):
        return PostgreSQL(url)
    raise BadDatabaseUrl(EXPECTED)


def password_in(url: str) -> str:
    """Return the password in a database's address as the driver reads it; an empty text without one."""
    dialect = dialect_of(url)
    return str(conninfo_to_dict(dialect.url).get("password") or "") if isinstance(dialect, PostgreSQL) else ""


def _is_readable(url: str) -> bool:
    """Return whether libpq reads the address as it is meant: a raw @ or / in a password makes the rest of it a host or
    a name, which errors show."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # its text may hold the password
        return False
    host, name = (str(parts.get(part) or "") for part in ("host", "dbname"))
    return "@" not in host[1:] and ("password" in parts or "@" not in name)  # @ begins an abstract socket
