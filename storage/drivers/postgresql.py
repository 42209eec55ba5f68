"""PostgreSQL: connections, SQL dialect, locking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from storage.drivers.buffer import Buffered
from storage.drivers.connection import Asked, Connection, Counts, Row
from storage.drivers.errors import Unavailable, named
from storage.drivers.pipeline import BY_INDEX, Pipeline
from storage.drivers.rows import Table, Writing
from storage.drivers.scripts import target
from storage.drivers.sets import arrays, in_order

FROZEN = 5_000  # milliseconds after which a server ends the transaction of a process that has stopped in its midst
# TCP settings that detect a dead server within seconds, unless the address sets them.
LIVELY = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
# A standby, or a server that is set so where its disk is nearly full: psycopg takes it for an error of ours.
READ_ONLY = psycopg.errors.ReadOnlySqlTransaction
CHANNEL, TELL = "pouce", "SELECT pg_notify(:channel, :signal)"
# The turn of the house, or a share of it with turns of shards, until commit. Whoever waits for the house is not
# overtaken. Earlier versions lock the row, so that they and this one may run at the same time.
HOUSE = 7075636502
WHOLE, SHARED = "SELECT pg_advisory_xact_lock(:house)", "SELECT pg_advisory_xact_lock_shared(:house)"
TURN = "SELECT name FROM settings WHERE name = 'schema' FOR UPDATE"
BESIDE = "SELECT name FROM settings WHERE name = 'schema' FOR KEY SHARE"
TYPES = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"""
NUMBERS = "SELECT nextval(CAST(:sequence AS TEXT)) FROM generate_series(1, :many)"


class PostgreSQLConnection(Buffered):
    """Statements go through the pipeline; for all else there is psycopg's connection."""

    dialect, writes_beside = "postgresql", True

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        super().__init__()
        self.pipeline = Pipeline(driver)
        self._types: dict[str, dict[str, str]] = {}
        self._blocks: dict[str, list[int]] = {}
        self._numbered: set[str] = set()  # tables whose new rows were numbered since rows were last foreseen

    @property
    def driver(self) -> "psycopg.Connection[Any]":
        self.pipeline.leave()
        return self.pipeline.driver

    def number(self, table: Table) -> int:
        """In the order of asking, as long as writers take turns: what of a block is left over is used by nobody."""
        self._numbered.add(table.name)
        if self._are_used_up(table.name):
            self._number(table.name, self._all(*self._block(table.name)))
        return self._blocks[table.name][self.rows.number(table.name)]

    def _are_used_up(self, table: str) -> bool:
        at = self.rows.numbers.get(table)
        return at is None or at >= len(self._blocks[table])

    def _block(self, table: str) -> tuple[str, dict[str, Any]]:
        return NUMBERS, {"sequence": f"{table}_id_seq", "many": self.together}

    def _number(self, table: str, asked: list[Row]) -> None:
        self._blocks[table] = [row[0] for row in asked]
        self.rows.numbers[table] = 0

    def mark(self) -> None:
        self.pipeline.owner += 1

    def settle(self) -> None:
        self.pipeline.settle()

    def foresee(self, asked: Sequence[Asked]) -> list[list[list[Row]]]:
        """Each statement once, all of them in one breath, and with them numbers for new rows of the same tables as
        before."""
        self._arrive()
        found: list[list[list[Row]]] = [[[] for _ in many] for _, many in asked]
        wanted = [rows for rows in found if rows]
        if not wanted:
            return found
        numbered = sorted(filter(self._are_used_up, self._numbered))
        self._numbered.clear()
        statements = [arrays(sql, many, {}) for sql, many in asked if many]
        answers = self.pipeline.read([*map(self._block, numbered), *statements])
        for table, answer in zip(numbered, answers, strict=False):
            self._number(table, answer)
        for rows, answer in zip(wanted, answers[len(numbered) :], strict=True):
            for nth, *row in answer:
                rows[nth - 1].append(row)
        return found

    def close(self) -> None:
        self.parts.clear()
        try:
            self.pipeline.check()
        finally:
            self.pipeline.driver.close()

    def _is_broken(self) -> bool:
        return self.pipeline.pg.transaction_status == TransactionStatus.INERROR

    def _all(self, sql: str, values: Mapping[str, Any]) -> list[Row]:
        return self.pipeline.rows(self.pipeline.ask(sql, values))

    def _one(self, sql: str, values: Mapping[str, Any]) -> Row | None:
        rows = self._all(sql, values)
        return rows[0] if rows else None

    def _changed(self, sql: str, values: Mapping[str, Any]) -> int:
        return self.pipeline.ask(sql, values).command_tuples or 0

    def _send(self, sql: str, values: Mapping[str, Any]) -> None:
        self.pipeline.send(sql, values)

    def _returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        types = (self._types or self._learn()).get(target(sql) or "", {})
        return [row for some in [list(rows)] if some for row in self.pipeline.read([arrays(sql, some, types)])[0]]

    def _many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.pipeline.many(sql, rows)

    def _fill(self, sql: str, rows: Iterable[Row]) -> int:
        types = (self._types or self._learn()).get(target(sql) or "", {})
        return sum(self._changed(*in_order(sql, given, types)) for given in [list(rows)] if given)

    def _script(self, sql: str) -> None:
        self.driver.execute(sql.encode())

    def _write(self, asked: Sequence[Writing]) -> Counts:
        """In one breath, however many tables."""
        types = self._types or self._learn()
        written = self.pipeline.ahead(
            arrays(writing.sql, writing.rows, types.get(writing.table.name, {})) for writing in asked
        )

        def counts() -> list[int]:
            self.pipeline.check()
            return [result.command_tuples or 0 for result in written]

        return counts

    def _learn(self) -> dict[str, dict[str, str]]:
        """The types of all columns."""
        for table, column, kind in self._all(TYPES, {}):
            self._types.setdefault(table, {})[column] = kind
        return self._types

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

    def scrub(self) -> bool:
        """Dead rows are the server's: its (auto)vacuum removes them."""
        return True

    def open(self, read_only: bool = False) -> PostgreSQLConnection:
        try:
            driver = psycopg.connect(make_conninfo("", **{**LIVELY, **conninfo_to_dict(self.url)}), autocommit=True)
        except psycopg.OperationalError as error:
            raise Unavailable(str(error).splitlines()[0], named(error)) from None
        if read_only:
            driver.execute("SET default_transaction_read_only = on")
        else:
            driver.execute(f"SET idle_in_transaction_session_timeout = {FROZEN}; {BY_INDEX}".encode())
        return PostgreSQLConnection(driver)

    def open_to_write(self) -> PostgreSQLConnection:
        return self.open()

    def open_to_rebuild(self) -> PostgreSQLConnection:
        return self.open()

    def lock_schema(self, connection: Connection) -> None:
        """Serialises concurrent migrations."""
        connection.one("SELECT pg_advisory_xact_lock(7075636501)")

    def check_rebuilt(self, connection: Connection) -> None:
        """Foreign keys are checked all the time."""

    def begin(self) -> str:
        """Whatever the server's default is: what is read after a turn has come is what others left, not what was there
        before the wait."""
        return "BEGIN ISOLATION LEVEL READ COMMITTED"

    def begin_writing(self, connection: Connection, lazily: bool) -> None:
        connection.send(self.begin())
        if lazily:
            connection.send("SET LOCAL synchronous_commit = off")

    def begin_reading(self) -> str:
        return "BEGIN ISOLATION LEVEL REPEATABLE READ"

    def take_turn(self, connection: Connection) -> None:
        """Waits for other writers; later readings stay true until commit."""
        connection.send(WHOLE, house=HOUSE)
        connection.send(TURN)

    def share_turn(self, connection: Connection, shards: Iterable[int]) -> None:
        """The same for these shards; waits for whoever has the turn of the house."""
        connection.send(SHARED, house=HOUSE)
        connection.send(BESIDE)
        for shard in sorted(set(shards)):  # in one order, so that nobody waits in a circle
            connection.send(WHOLE, house=HOUSE + 1 + shard)

    def tell(self, connection: Connection, signal: str) -> None:
        """Sends NOTIFY, delivered once this transaction is durable (storage/drivers/notifications.py)."""
        connection.send(TELL, channel=CHANNEL, signal=signal)

    def ddl(self, sql: str) -> str:
        return sql

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected)

    def is_unavailable(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | READ_ONLY)

    def lacks_rights(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.InvalidSchemaName)
