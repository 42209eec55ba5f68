"""PostgreSQL: connections, SQL dialect, locking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.drivers.connection import Connection, Row
from storage.drivers.errors import Unavailable
from storage.drivers.pipeline import BY_INDEX, Pipeline

FROZEN = 5_000  # milliseconds after which a server ends the transaction of a process that has stopped in its midst
# TCP settings that detect a dead server within seconds, unless the address sets them.
LIVELY = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
CHANNEL, TELL = "pouce", "SELECT pg_notify(:channel, :signal)"
# Each writer locks this row until commit, so that transactions of several processes are serialised.
TURN = "SELECT name FROM settings WHERE name = 'schema' FOR UPDATE"


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
    one_process: ClassVar[bool] = False
    has_settings: ClassVar[str] = (
        "SELECT 1 FROM information_schema.tables WHERE table_name = 'settings' AND table_schema = current_schema()"
    )

    def open(self, read_only: bool = False) -> PostgreSQLConnection:
        try:
            driver = psycopg.connect(make_conninfo("", **{**LIVELY, **conninfo_to_dict(self.url)}), autocommit=True)
        except psycopg.OperationalError as error:
            raise Unavailable(str(error).splitlines()[0]) from None
        if read_only:
            driver.execute("SET default_transaction_read_only = on")
        else:
            driver.execute(f"SET idle_in_transaction_session_timeout = {FROZEN}; {BY_INDEX}".encode())
        return PostgreSQLConnection(driver)

    def open_to_rebuild(self) -> PostgreSQLConnection:
        return self.open()

    def lock_schema(self, connection: Connection) -> None:
        """Serialises concurrent migrations."""
        connection.one("SELECT pg_advisory_xact_lock(7075636501)")

    def check_rebuilt(self, connection: Connection) -> None:
        """Foreign keys are checked all the time."""

    def begin(self) -> str:
        return "BEGIN"

    def begin_reading(self) -> str:
        return "BEGIN ISOLATION LEVEL REPEATABLE READ"

    def take_turn(self, connection: Connection) -> None:
        """Waits for other writers; later readings stay true until commit."""
        connection.send(TURN)

    def tell(self, connection: Connection, signal: str) -> None:
        """Sends NOTIFY, delivered once this transaction is durable (storage/drivers/notifications.py)."""
        connection.send(TELL, channel=CHANNEL, signal=signal)

    def ddl(self, sql: str) -> str:
        return sql

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected)

    def is_unavailable(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
