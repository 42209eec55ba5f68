"""The one file that knows the databases apart: how each is opened, spelled and told to wait."""

import re
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.drivers import private_files
from storage.drivers.connection import Connection, DriverConnection, Row
from storage.drivers.pipeline import BY_INDEX, Pipeline
from storage.drivers.scripts import statements

FROZEN = 5_000  # milliseconds after which a server ends the transaction of a process that has stopped in its midst
# A server that is gone without a word is missed in seconds, unless the address says otherwise.
LIVELY = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
CHANNEL, TELL = "pouce", "SELECT pg_notify(:channel, :signal)"
# An answer touches some 25 pages, a row in each, and each goes into the log whole: small ones are less to write and to
# wait for, and a letter still fits into one.
PAGE, LONGEST_LOG = 2_048, 4_096_000  # bytes; of the log when what is in it is brought home
# Whoever writes locks this row until commit: transactions of several processes follow each other as those of one do.
TURN = "SELECT name FROM settings WHERE name = 'schema' FOR UPDATE"


class BadDatabaseUrl(ValueError):
    pass


class Unavailable(Exception):
    """The database did not do it: disk full, connection lost, locked. Nothing was kept; try again later."""


class Dialect(Protocol):
    @property
    def name(self) -> str: ...

    def open(self, read_only: bool = False) -> Connection: ...
    def open_to_rebuild(self) -> Connection: ...
    def begin(self) -> str: ...
    def take_turn(self, connection: Connection) -> None: ...
    def tell(self, connection: Connection, signal: str) -> None: ...
    def ddl(self, sql: str) -> str: ...
    def may_retry(self, error: BaseException) -> bool: ...
    def is_unavailable(self, error: BaseException) -> bool: ...


class SQLiteConnection(DriverConnection):
    dialect = "sqlite"

    def script(self, sql: str) -> None:
        for statement in statements(sql):
            self.driver.execute(statement)


def _turn_to_wal(driver: sqlite3.Connection) -> None:
    """Turning a new file to WAL asks for it alone and does not wait: several who open it at once take turns."""
    for _ in range(200):
        try:
            driver.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
    raise Unavailable("the database stays locked")


@dataclass(frozen=True, slots=True)
class SQLite:
    """One writer, durable before it answers. Its only checkpoints are made by that writer."""

    path: str
    name: str = "sqlite"

    def open(self, read_only: bool = False) -> Connection:
        try:
            if not read_only:
                private_files.make(Path(self.path))
            driver = sqlite3.connect(
                self.uri(read_only), uri=True, isolation_level=None, timeout=30, check_same_thread=False
            )
        except (sqlite3.OperationalError, OSError) as error:
            raise Unavailable(f"{self.path}: {error}") from None
        if read_only:
            driver.execute("PRAGMA wal_autocheckpoint = 0")
        else:
            driver.execute(f"PRAGMA page_size = {PAGE}")  # of a file that is new; another keeps its own
            _turn_to_wal(driver)
            driver.execute(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG // PAGE}")
            driver.execute("PRAGMA synchronous = FULL")
            driver.execute("PRAGMA foreign_keys = ON")
        driver.execute("PRAGMA cache_size = -65536")
        driver.execute("PRAGMA temp_store = MEMORY")  # where savepoints keep what they may have to undo
        return SQLiteConnection(driver)

    def open_to_rebuild(self) -> Connection:
        """A table that is made anew under its name stays what others refer to; so says SQLite's manual."""
        connection = self.open()
        assert isinstance(connection, SQLiteConnection)  # noqa: S101 (tells the type checker)
        connection.driver.create_function("sha256", 1, lambda text: sha256(text.encode()).hexdigest())
        connection.changed("PRAGMA foreign_keys = OFF")
        connection.changed("PRAGMA legacy_alter_table = ON")
        return connection

    def uri(self, read_only: bool) -> str:
        return f"file:{quote(str(Path(self.path).resolve()))}{'?mode=ro' if read_only else ''}"

    def begin(self) -> str:
        return "BEGIN IMMEDIATE"

    def take_turn(self, connection: Connection) -> None:
        """Has it since BEGIN IMMEDIATE."""

    def tell(self, connection: Connection, signal: str) -> None:
        """Nobody listens: others look into the file now and then."""

    def ddl(self, sql: str) -> str:
        for word, here in (
            ("BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY"),
            ("BIGINT", "INTEGER"),
            ("DOUBLE PRECISION", "REAL"),
        ):
            sql = sql.replace(word, here)
        return re.sub(r"^\);$", ") STRICT;", sql, flags=re.MULTILINE)

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)

    def is_unavailable(self, error: BaseException) -> bool:
        """Every operational error but a statement that is wrong, which is a bug."""
        return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR


class PostgreSQLConnection:
    """Statements go through the pipeline; for all else there is psycopg's connection."""

    dialect = "postgresql"

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        self.pipeline = Pipeline(driver)

    @property
    def driver(self) -> "psycopg.Connection[Any]":
        self.pipeline.leave()
        return self.pipeline.driver

    def all(self, sql: str, **values: Any) -> list[Row]:
        return self.pipeline.rows(self.pipeline.ask(sql, values))

    def one(self, sql: str, **values: Any) -> Row | None:
        rows = self.all(sql, **values)
        return rows[0] if rows else None

    def changed(self, sql: str, **values: Any) -> int:
        return self.pipeline.ask(sql, values).command_tuples or 0

    def send(self, sql: str, **values: Any) -> None:
        self.pipeline.send(sql, values)

    def mark(self) -> None:
        self.pipeline.owner += 1

    def settle(self) -> None:
        self.pipeline.settle()

    def each(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row | None]:
        return self.pipeline.each(sql, rows)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.pipeline.many(sql, rows)

    def script(self, sql: str) -> None:
        self.driver.execute(sql.encode())

    def close(self) -> None:
        try:
            self.pipeline.check()
        finally:
            self.pipeline.driver.close()

    def copy(self, sql: str, rows: Iterable[Row]) -> None:
        """COPY … FROM STDIN: the quick way in for whole tables."""
        with self.driver.cursor().copy(sql) as copying:
            for row in rows:
                copying.write_row(row)


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """Any server that speaks PostgreSQL's protocol; transactions lock the rows they guard."""

    url: str
    name: str = "postgresql"

    def open(self, read_only: bool = False) -> Connection:
        try:
            driver = psycopg.connect(make_conninfo("", **{**LIVELY, **conninfo_to_dict(self.url)}), autocommit=True)
        except psycopg.OperationalError as error:
            raise Unavailable(str(error).splitlines()[0]) from None
        if read_only:
            driver.execute("SET default_transaction_read_only = on")
        else:
            driver.execute(f"SET idle_in_transaction_session_timeout = {FROZEN}; {BY_INDEX}".encode())
        return PostgreSQLConnection(driver)

    def open_to_rebuild(self) -> Connection:
        return self.open()

    def begin(self) -> str:
        return "BEGIN"

    def take_turn(self, connection: Connection) -> None:
        """Waits for whoever writes: what is read from now on stays true until commit."""
        connection.send(TURN)

    def tell(self, connection: Connection, signal: str) -> None:
        """To whoever listens, once this transaction is durable (storage/drivers/notifications.py)."""
        connection.send(TELL, channel=CHANNEL, signal=signal)

    def ddl(self, sql: str) -> str:
        return sql

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected)

    def is_unavailable(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def dialect_of(url: str) -> SQLite | PostgreSQL:
    """`sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://user:password@host/name`."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite" and url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return SQLite(unquote(url.removeprefix("sqlite:///")))
    if scheme in ("postgresql", "postgres"):
        return PostgreSQL(url)
    raise BadDatabaseUrl("sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
