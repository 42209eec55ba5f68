"""PostgreSQL: connections, SQL dialect, locking."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from select import POLLIN, POLLOUT, poll
from typing import Any, ClassVar

import psycopg
from psycopg.adapt import Transformer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from storage.drivers.buffer import Buffered
from storage.drivers.connection import NAMED_VALUE, Connection, Counts, Query, Row, Unavailable, error_name
from storage.drivers.records import find_table_written
from storage.drivers.rows import Table, Writing
from storage.drivers.sets import arrays, arrays_in_order

UNKNOWN_TYPE, BOOL, BYTEA, INT8, FLOAT8 = 0, 16, 17, 20, 701  # PostgreSQL's numbers of its types
MAX_PENDING_STATEMENTS = 250  # statements sent before their outcomes are read
# A plan is by indexes and in their order (test_plans.py), even where the table is empty now, or filled a moment ago: it
# is kept, serves when it is full, and is made anew only when statistics are. Planning cost as much as doing.
PLANNER_SETTINGS = (
    *("enable_seqscan = off", "enable_bitmapscan = off", "enable_hashjoin = off", "enable_mergejoin = off"),
    *("jit = off", "plan_cache_mode = force_generic_plan"),
)
SET_PLANNER = "; ".join(f"SET {setting}" for setting in PLANNER_SETTINGS)

# A plan made while its table was small may walk over it: made anew after so many uses, then after four times as many.
USES_BEFORE_REPLANNING, REPLANNING_FACTOR = 16, 4

Failure = tuple[int, psycopg.Error]
SentStatement = tuple[int, list[PGresult] | None]  # whose, and where its result is kept
SYNC: SentStatement = (-1, None)  # what was sent before it is done, or has failed, without waiting for more
StatementKey = tuple[str, tuple[int, ...]]


@dataclass(slots=True)
class Prepared:
    """A statement prepared under a name on the server; planned anew once its `uses` are as many as `until`."""

    name: bytes
    until: int = USES_BEFORE_REPLANNING
    uses: int = 0


class FailedElsewhere(Exception):
    """A statement failed late, after its transaction was taken to have ended."""


def own_error(error: Exception) -> Exception:
    """Return the error of a transaction that was alone: a failure elsewhere was its own beginning, or its turn."""
    cause = error.__cause__ if isinstance(error, FailedElsewhere) else None
    return cause if isinstance(cause, Exception) else error


@lru_cache(maxsize=1024)
def number_values(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """`:name` → `$1`, PostgreSQL's own spelling, and the names in that order."""
    names: list[str] = []

    def number(match: Any) -> str:
        if match[1]:
            return str(match[1])
        if match[2] not in names:
            names.append(match[2])
        return f"${names.index(match[2]) + 1}"

    return NAMED_VALUE.sub(number, sql).encode(), tuple(names)


def to_wire(value: Any) -> tuple[bytes | None, int]:
    """Return a value in PostgreSQL's text form, and its type's number. Raise DataError if a text holds a NUL."""
    if value is None:
        return None, UNKNOWN_TYPE
    if isinstance(value, str):
        if "\0" in value:
            raise psycopg.DataError("no text holds a NUL")
        return value.encode(), UNKNOWN_TYPE
    if isinstance(value, bool):
        return (b"t" if value else b"f"), BOOL
    if isinstance(value, int):
        return b"%d" % value, INT8
    if isinstance(value, float):
        return repr(value).encode(), FLOAT8
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode(), BYTEA
    raise TypeError(f"no value for a database: {type(value).__name__}")


class Pipeline:
    """Statements that are sent without waiting for their results.

    `owner` is the transaction that sends statements; a failure met by another one is `FailedElsewhere`."""

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        self.driver, self.pg = driver, driver.pgconn
        self.loading = Transformer(driver)
        self.owner = 0
        self.pending: deque[SentStatement] = deque()
        self.prepared: dict[StatementKey, Prepared] = {}
        self.fresh: list[StatementKey] = []
        self.numbers = 0
        self.waiting = poll()
        self.waiting.register(self.pg.socket, POLLIN)

    def send(self, sql: str, values: Mapping[str, Any], results: list[PGresult] | None = None) -> None:
        """Send a statement. Its failure is raised by a later call; its result is in `results` by then."""
        words, names = number_values(sql)
        wire_values = [to_wire(values[name]) for name in names]
        kinds = tuple([kind for _, kind in wire_values])
        self._enter()
        statement = self.prepared.get((sql, kinds))
        if statement is None or (
            names and statement.uses >= statement.until
        ):  # BEGIN must be the first, and has no plan
            statement = self._prepare(sql, words, kinds, statement)
        statement.uses += 1
        self.pg.send_query_prepared(statement.name, [text for text, _ in wire_values])
        self.pending.append((self.owner, results))

    def run(self, sql: str, values: Mapping[str, Any]) -> PGresult:
        """Run a statement and return its result, after all statements sent before succeeded."""
        return self._run_all([(sql, values)])[0]

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Send the statement for each row, and check outcomes now and then so that not too many are pending."""
        for values in rows:
            self.send(sql, values)
            if len(self.pending) >= MAX_PENDING_STATEMENTS:
                self.check()
        self.check()

    def send_ahead(self, statements: Iterable[tuple[str, Mapping[str, Any]]]) -> list[PGresult]:
        """Send statements that the server runs while the caller goes on; return a list that has their results after the
        next call that waits.

        The server comes to rest behind them: if it waited for more, its locks would be held however long the caller
        takes (`IDLE_TRANSACTION_MS`)."""
        results = self._send_all(statements)
        self._sync()
        self.pg.flush()
        return results

    def fetch_all(self, statements: Iterable[tuple[str, Mapping[str, Any]]]) -> list[list[Row]]:
        """Return the rows of each statement; all are sent at once."""
        return [self.rows(result) for result in self._run_all(statements)]

    def _run_all(self, statements: Iterable[tuple[str, Mapping[str, Any]]]) -> list[PGresult]:
        results = self._send_all(statements)
        self.check()
        return results

    def _send_all(self, statements: Iterable[tuple[str, Mapping[str, Any]]]) -> list[PGresult]:
        results: list[PGresult] = []
        for sql, values in statements:
            self.send(sql, values, results)
        return results

    def _sync(self) -> None:
        """Ask the server to finish what was sent, and to report it."""
        self.pg.pipeline_sync()
        self.pending.append(SYNC)

    def check(self) -> None:
        """Raise the failure of any statement sent."""
        if self.pending:
            self._raise(self._read_results())

    def rows(self, result: PGresult) -> list[Row]:
        self.loading.set_pgresult(result)
        return self.loading.load_rows(0, result.ntuples, tuple)

    def settle(self) -> None:
        """Wait for all statements sent; raise FailedElsewhere for a failure of another owner. The own owner has failed
        already."""
        if self.pending:
            failed = self._read_results()
            if failed is not None and failed[0] != self.owner:
                raise FailedElsewhere(str(failed[1])) from failed[1]

    def leave(self) -> None:
        """Leave pipeline mode, for psycopg's own operations."""
        if self.pg.pipeline_status != PipelineStatus.OFF:
            self.check()
            self.pg.exit_pipeline_mode()

    def _raise(self, failed: Failure | None) -> None:
        if failed is not None:
            owner, error = failed
            raise error if owner == self.owner else FailedElsewhere(str(error)) from error

    def _enter(self) -> None:
        if self.pg.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection is lost")
        if self.pg.pipeline_status == PipelineStatus.OFF:
            self.pg.enter_pipeline_mode()

    def _prepare(self, sql: str, words: bytes, kinds: tuple[int, ...], before: Prepared | None) -> Prepared:
        self.numbers += 1
        statement = Prepared(b"p%d" % self.numbers)
        if before is not None:
            statement.until, statement.uses = REPLANNING_FACTOR * before.until, before.uses
            self.pg.send_query_params(b"DEALLOCATE " + before.name, None)
            self.pending.append((self.owner, None))
        self.pg.send_prepare(statement.name, words, kinds)
        self.pending.append((self.owner, None))
        self.prepared[sql, kinds] = statement
        self.fresh.append((sql, kinds))
        return statement

    def _read_results(self) -> Failure | None:
        """Read all results, keep those that are asked for, and return the first failure with its owner, or None."""
        if self.pending[-1] is not SYNC:
            self._sync()
        failed: Failure | None = None
        while self.pending:
            result, (owner, results) = self._next(), self.pending.popleft()
            if results is not None:
                results.append(result)
            if result.status == ExecStatus.FATAL_ERROR and failed is None:
                failed = owner, psycopg.errors.error_from_result(result)
        if failed is not None:  # it is unknown which of them were prepared
            for statement in self.fresh:
                self.prepared.pop(statement, None)
        self.fresh.clear()
        return failed

    def _next(self) -> PGresult:
        """The next result; libpq returns NULL between the results of two statements."""
        while True:
            self._flush()
            while self.pg.is_busy():
                self.waiting.poll()
                self.pg.consume_input()
            result = self.pg.get_result()
            if result is not None:
                return result
            if self.pg.status != ConnStatus.OK:
                raise psycopg.OperationalError("the connection is lost")

    def _flush(self) -> None:
        if not self.pg.flush():
            return
        self.waiting.modify(self.pg.socket, POLLIN | POLLOUT)
        while self.pg.flush():
            if any(event & POLLIN for _, event in self.waiting.poll()):
                self.pg.consume_input()
        self.waiting.modify(self.pg.socket, POLLIN)


IDLE_TRANSACTION_MS = (
    5_000  # milliseconds after which a server ends the transaction of a process that has stopped in its midst
)
# TCP settings that detect a dead server within seconds, unless the address sets them.
KEEPALIVES = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
# A standby, or a server that is set so where its disk is nearly full: psycopg takes it for an error of ours.
READ_ONLY = psycopg.errors.ReadOnlySqlTransaction
CHANNEL, NOTIFY = "pouce", "SELECT pg_notify(:channel, :signal)"
# The turn of the house, or a share of it with turns of shards, until commit. Whoever waits for the house is not
# overtaken. Earlier versions lock the row, so that they and this one may run at the same time.
TURN_LOCK = 7075636502
LOCK_ALONE, LOCK_SHARED = "SELECT pg_advisory_xact_lock(:house)", "SELECT pg_advisory_xact_lock_shared(:house)"
LOCK_SCHEMA_ROW = "SELECT name FROM settings WHERE name = 'schema' FOR UPDATE"
SHARE_SCHEMA_ROW = "SELECT name FROM settings WHERE name = 'schema' FOR KEY SHARE"
SELECT_COLUMN_TYPES = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"""
SELECT_NEXT_IDS = "SELECT nextval(CAST(:sequence AS TEXT)) FROM generate_series(1, :many)"


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
        """Return the next id of a block from the table's sequence. Ids come in the order of asking as long as writers
        take turns; the rest of a block is never used."""
        self._numbered.add(table.name)
        if self._are_used_up(table.name):
            self._number(table.name, self._all(*self._block(table.name)))
        return self._blocks[table.name][self.rows.number(table.name)]

    def _are_used_up(self, table: str) -> bool:
        position = self.rows.numbers.get(table)
        return position is None or position >= len(self._blocks[table])

    def _block(self, table: str) -> tuple[str, dict[str, Any]]:
        return SELECT_NEXT_IDS, {"sequence": f"{table}_id_seq", "many": self.together}

    def _number(self, table: str, rows: list[Row]) -> None:
        self._blocks[table] = [row[0] for row in rows]
        self.rows.numbers[table] = 0

    def mark(self) -> None:
        self.pipeline.owner += 1

    def settle(self) -> None:
        self.pipeline.settle()

    def foresee(self, queries: Sequence[Query]) -> list[list[list[Row]]]:
        """Return rows by query and values, without pending ones. All queries are sent at once, together with new ids
        for the tables that needed some since the last call."""
        self._await_handed_over()
        results: list[list[list[Row]]] = [[[] for _ in value_sets] for _, value_sets in queries]
        rows_of_queries = [rows for rows in results if rows]
        if not rows_of_queries:
            return results
        numbered = sorted(filter(self._are_used_up, self._numbered))
        self._numbered.clear()
        statements = [arrays(sql, value_sets, {}) for sql, value_sets in queries if value_sets]
        row_lists = self.pipeline.fetch_all([*map(self._block, numbered), *statements])
        for table, numbered_rows in zip(numbered, row_lists, strict=False):
            self._number(table, numbered_rows)
        for rows, numbered_rows in zip(rows_of_queries, row_lists[len(numbered) :], strict=True):
            for nth, *row in numbered_rows:
                rows[nth - 1].append(row)
        return results

    def close(self) -> None:
        self.parts.clear()
        try:
            self.pipeline.check()
        finally:
            self.pipeline.driver.close()

    def _is_broken(self) -> bool:
        return self.pipeline.pg.transaction_status == TransactionStatus.INERROR

    def _all(self, sql: str, values: Mapping[str, Any]) -> list[Row]:
        return self.pipeline.rows(self.pipeline.run(sql, values))

    def _one(self, sql: str, values: Mapping[str, Any]) -> Row | None:
        rows = self._all(sql, values)
        return rows[0] if rows else None

    def _changed(self, sql: str, values: Mapping[str, Any]) -> int:
        return self.pipeline.run(sql, values).command_tuples or 0

    def _send(self, sql: str, values: Mapping[str, Any]) -> None:
        self.pipeline.send(sql, values)

    def _returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        types = (self._types or self._load_types()).get(find_table_written(sql) or "", {})
        return [
            row
            for value_rows in [list(rows)]
            if value_rows
            for row in self.pipeline.fetch_all([arrays(sql, value_rows, types)])[0]
        ]

    def _many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.pipeline.run_many(sql, rows)

    def _fill(self, sql: str, rows: Iterable[Row]) -> int:
        types = (self._types or self._load_types()).get(find_table_written(sql) or "", {})
        return sum(self._changed(*arrays_in_order(sql, value_rows, types)) for value_rows in [list(rows)] if value_rows)

    def _script(self, sql: str) -> None:
        self.driver.execute(sql.encode())

    def _write(self, writings: Sequence[Writing]) -> Counts:
        """Send all sets of rows at once; return a function that waits for them and returns the counts of rows."""
        types = self._types or self._load_types()
        results = self.pipeline.send_ahead(
            arrays(writing.sql, writing.rows, types.get(writing.table.name, {})) for writing in writings
        )

        def counts() -> list[int]:
            self.pipeline.check()
            return [result.command_tuples or 0 for result in results]

        return counts

    def _load_types(self) -> dict[str, dict[str, str]]:
        """Return the types of all columns, by table."""
        for table, column, kind in self._all(SELECT_COLUMN_TYPES, {}):
            self._types.setdefault(table, {})[column] = kind
        return self._types

    def copy(self, sql: str, rows: Iterable[Row]) -> None:
        """COPY … FROM STDIN: the quick way in for whole tables."""
        with self.driver.cursor().copy(sql) as copying:
            for row in rows:
                copying.write_row(row)


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A PostgreSQL server; transactions lock the rows they guard."""

    url: str
    name: str = "postgresql"
    one_process: ClassVar[bool] = False
    has_settings: ClassVar[str] = (
        "SELECT 1 FROM information_schema.tables WHERE table_name = 'settings' AND table_schema = current_schema()"
    )

    def scrub(self) -> bool:
        """Do nothing and return True: the server's vacuum removes dead rows."""
        return True

    def open(self, read_only: bool = False) -> PostgreSQLConnection:
        try:
            driver = psycopg.connect(make_conninfo("", **{**KEEPALIVES, **conninfo_to_dict(self.url)}), autocommit=True)
        except psycopg.OperationalError as error:
            raise Unavailable(str(error).splitlines()[0], error_name(error)) from None
        if read_only:
            driver.execute("SET default_transaction_read_only = on")
        else:
            driver.execute(f"SET idle_in_transaction_session_timeout = {IDLE_TRANSACTION_MS}; {SET_PLANNER}".encode())
        return PostgreSQLConnection(driver)

    def open_to_write(self) -> PostgreSQLConnection:
        return self.open()

    def open_to_rebuild(self) -> PostgreSQLConnection:
        return self.open()

    def lock_schema(self, connection: Connection) -> None:
        """Serialises concurrent migrations."""
        connection.one("SELECT pg_advisory_xact_lock(7075636501)")

    def check_rebuilt(self, connection: Connection) -> None:
        """Do nothing: foreign keys are checked all the time."""

    def begin(self) -> str:
        """Return BEGIN with READ COMMITTED, whatever the server's default is: after a turn has come, a transaction must
        read what others left, not what was there before the wait."""
        return "BEGIN ISOLATION LEVEL READ COMMITTED"

    def begin_writing(self, connection: Connection, lazily: bool) -> None:
        connection.send(self.begin())
        if lazily:
            connection.send("SET LOCAL synchronous_commit = off")

    def begin_reading(self) -> str:
        return "BEGIN ISOLATION LEVEL REPEATABLE READ"

    def take_turn(self, connection: Connection) -> None:
        """Wait for other writers; later readings stay true until commit."""
        connection.send(LOCK_ALONE, house=TURN_LOCK)
        connection.send(LOCK_SCHEMA_ROW)

    def share_turn(self, connection: Connection, shards: Iterable[int]) -> None:
        """Take a share of the turn, and the turns of these shards; wait for a writer that has the whole turn."""
        connection.send(LOCK_SHARED, house=TURN_LOCK)
        connection.send(SHARE_SCHEMA_ROW)
        for shard in sorted(set(shards)):  # in one order, so that nobody waits in a circle
            connection.send(LOCK_ALONE, house=TURN_LOCK + 1 + shard)

    def tell(self, connection: Connection, signal: str) -> None:
        """Sends NOTIFY, delivered once this transaction is durable (storage/drivers/postgresql.py)."""
        connection.send(NOTIFY, channel=CHANNEL, signal=signal)

    def ddl(self, sql: str) -> str:
        return sql

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected)

    def is_unavailable(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | READ_ONLY)

    def lacks_rights(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.InvalidSchemaName)


POLL_SECONDS = 0.05  # seconds between two polls where the server has no NOTIFY
WAIT_SECONDS = 1.0  # seconds between two looks at whether this is to end, and before a lost connection is opened again


class NotificationListener(threading.Thread):
    """A thread that listens on its own connection until it is stopped."""

    def __init__(
        self, dialect: PostgreSQL, loop: asyncio.AbstractEventLoop, on_signals: Callable[[set[str]], None]
    ) -> None:
        super().__init__(name="notifications", daemon=True)
        self.dialect, self.loop, self.on_signals = dialect, loop, on_signals
        self.ending = threading.Event()

    def run(self) -> None:
        while not self.ending.is_set():
            try:
                self._listen()
            except psycopg.errors.FeatureNotSupported:
                self._poll()
            except (psycopg.Error, Unavailable):
                self.ending.wait(WAIT_SECONDS)

    def _poll(self) -> None:
        """Polls a server without notifications."""
        while not self.ending.wait(POLL_SECONDS):
            self._signal({"outbox", "elsewhere"})

    def _signal(self, signals: set[str]) -> None:
        with suppress(RuntimeError):  # the event loop has ended
            self.loop.call_soon_threadsafe(self.on_signals, signals)

    def end(self) -> None:
        self.ending.set()

    def _listen(self) -> None:
        connection = self.dialect.open(read_only=True)
        try:
            connection.changed(f"LISTEN {CHANNEL}")
            while not self.ending.is_set():
                for notification in connection.driver.notifies(timeout=WAIT_SECONDS, stop_after=1):
                    self._signal({notification.payload})
        finally:
            connection.close()
