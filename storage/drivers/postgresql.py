"""PostgreSQL: connections, SQL dialect, locking."""

import asyncio
import threading
from collections import deque
from collections.abc import (
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from select import POLLIN, POLLOUT, poll
from typing import Any, ClassVar

import psycopg
from psycopg.adapt import Transformer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import (
    ConnStatus,
    ExecStatus,
    PipelineStatus,
    TransactionStatus,
)
from psycopg.pq.abc import PGresult

from storage.drivers.buffer import Buffered
from storage.drivers.connection import (
    NAMED_VALUE,
    Connection,
    Counts,
    Query,
    Row,
    Unavailable,
    error_name,
)
from storage.drivers.records import find_table_written
from storage.drivers.rows import Table, Writing
from storage.drivers.sets import arrays, arrays_in_order

UNKNOWN, BOOL, BYTEA, INT8, FLOAT8 = 0, 16, 17, 20, 701  # PostgreSQL's numbers of its types
MANY = 250  # statements sent before their outcomes are read
# A plan is by indexes and in their order (test_plans.py), even where the table is empty now, or filled a moment ago: it
# is kept, serves when it is full, and is made anew only when statistics are. Planning cost as much as doing.
PLANS = (
    *("enable_seqscan = off", "enable_bitmapscan = off", "enable_hashjoin = off", "enable_mergejoin = off"),
    *("jit = off", "plan_cache_mode = force_generic_plan"),
)
BY_INDEX = "; ".join(f"SET {setting}" for setting in PLANS)

# A plan made while its table was small may walk over it: made anew after so many uses, then after four times as many.
USES, MORE = 16, 4

Outcome = tuple[int, psycopg.Error]
Sent = tuple[int, list[PGresult] | None]  # whose, and where its result is kept
SYNC: Sent = (-1, None)  # what was sent before it is done, or has failed, without waiting for more
Kind = tuple[str, tuple[int, ...]]


@dataclass(slots=True)
class Prepared:
    """Under a name on the server; planned anew once its `uses` are as many as `until`."""

    name: bytes
    until: int = USES
    uses: int = 0


class FailedElsewhere(Exception):
    """A statement failed late, after its transaction was taken to have ended."""


def own(error: Exception) -> Exception:
    """The error of a transaction that was alone: what failed elsewhere was its own beginning, or its turn."""
    cause = error.__cause__ if isinstance(error, FailedElsewhere) else None
    return cause if isinstance(cause, Exception) else error


@lru_cache(maxsize=1024)
def numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """`:name` → `$1`, PostgreSQL's own spelling, and the names in that order."""
    names: list[str] = []

    def number(found: Any) -> str:
        if found[1]:
            return str(found[1])
        if found[2] not in names:
            names.append(found[2])
        return f"${names.index(found[2]) + 1}"

    return NAMED_VALUE.sub(number, sql).encode(), tuple(names)


def spelled(value: Any) -> tuple[bytes | None, int]:
    """A value in PostgreSQL's text form, and its declared type."""
    if value is None:
        return None, UNKNOWN
    if isinstance(value, str):
        if "\0" in value:
            raise psycopg.DataError("no text holds a NUL")
        return value.encode(), UNKNOWN
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
    """`owner` is the transaction that sends statements; a failure met by another one is `FailedElsewhere`."""

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        self.driver, self.pg = driver, driver.pgconn
        self.loading = Transformer(driver)
        self.owner = 0
        self.pending: deque[Sent] = deque()
        self.prepared: dict[Kind, Prepared] = {}
        self.fresh: list[Kind] = []
        self.numbers = 0
        self.waiting = poll()
        self.waiting.register(self.pg.socket, POLLIN)

    def send(self, sql: str, values: Mapping[str, Any], kept: list[PGresult] | None = None) -> None:
        """Sends a statement; its failure is raised by a later call, and its result `kept` by then."""
        words, names = numbered(sql)
        spelt = [spelled(values[name]) for name in names]
        kinds = tuple([kind for _, kind in spelt])
        self._enter()
        known = self.prepared.get((sql, kinds))
        if known is None or (names and known.uses >= known.until):  # BEGIN must be the first, and has no plan
            known = self._prepare(sql, words, kinds, known)
        known.uses += 1
        self.pg.send_query_prepared(known.name, [text for text, _ in spelt])
        self.pending.append((self.owner, kept))

    def ask(self, sql: str, values: Mapping[str, Any]) -> PGresult:
        """Its answer, after all that was sent before went well."""
        return self._together([(sql, values)])[0]

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """The same for each, however many there are; how they ended is read in between."""
        for values in rows:
            self.send(sql, values)
            if len(self.pending) >= MANY:
                self.check()
        self.check()

    def ahead(self, asked: Iterable[tuple[str, Mapping[str, Any]]]) -> list[PGresult]:
        """Sends statements that the server does while we go on: their results are there after the next call that
        waits. It comes to rest behind them: one that waited for more would hold its locks however long we take
        (`FROZEN`)."""
        kept = self._sent(asked)
        self._sync()
        self.pg.flush()
        return kept

    def read(self, asked: Iterable[tuple[str, Mapping[str, Any]]]) -> list[list[Row]]:
        """The rows of each statement: pipelined."""
        return [self.rows(found) for found in self._together(asked)]

    def _together(self, asked: Iterable[tuple[str, Mapping[str, Any]]]) -> list[PGresult]:
        kept = self._sent(asked)
        self.check()
        return kept

    def _sent(self, asked: Iterable[tuple[str, Mapping[str, Any]]]) -> list[PGresult]:
        kept: list[PGresult] = []
        for sql, values in asked:
            self.send(sql, values, kept)
        return kept

    def _sync(self) -> None:
        """The server comes to rest here, and tells of it."""
        self.pg.pipeline_sync()
        self.pending.append(SYNC)

    def check(self) -> None:
        """Raises the failure of any statement sent."""
        if self.pending:
            self._raise(self._answers())

    def rows(self, result: PGresult) -> list[Row]:
        self.loading.set_pgresult(result)
        return self.loading.load_rows(0, result.ntuples, tuple)

    def settle(self) -> None:
        """Waits for all statements sent; their failures belong to an owner that has failed already."""
        if self.pending:
            failed = self._answers()
            if failed is not None and failed[0] != self.owner:
                raise FailedElsewhere(str(failed[1])) from failed[1]

    def leave(self) -> None:
        """Leaves pipeline mode, for psycopg's own operations."""
        if self.pg.pipeline_status != PipelineStatus.OFF:
            self.check()
            self.pg.exit_pipeline_mode()

    def _raise(self, failed: Outcome | None) -> None:
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
        made = Prepared(b"p%d" % self.numbers)
        if before is not None:
            made.until, made.uses = MORE * before.until, before.uses
            self.pg.send_query_params(b"DEALLOCATE " + before.name, None)
            self.pending.append((self.owner, None))
        self.pg.send_prepare(made.name, words, kinds)
        self.pending.append((self.owner, None))
        self.prepared[sql, kinds] = made
        self.fresh.append((sql, kinds))
        return made

    def _answers(self) -> Outcome | None:
        """The first failure with its owner; results are kept where they are wanted."""
        if self.pending[-1] is not SYNC:
            self._sync()
        failed: Outcome | None = None
        while self.pending:
            result, (owner, kept) = self._next(), self.pending.popleft()
            if kept is not None:
                kept.append(result)
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

    def foresee(self, asked: Sequence[Query]) -> list[list[list[Row]]]:
        """Each statement once, all of them in one breath, and with them numbers for new rows of the same tables as
        before."""
        self._await_handed_over()
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
        types = (self._types or self._learn()).get(find_table_written(sql) or "", {})
        return [row for some in [list(rows)] if some for row in self.pipeline.read([arrays(sql, some, types)])[0]]

    def _many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.pipeline.many(sql, rows)

    def _fill(self, sql: str, rows: Iterable[Row]) -> int:
        types = (self._types or self._learn()).get(find_table_written(sql) or "", {})
        return sum(self._changed(*arrays_in_order(sql, given, types)) for given in [list(rows)] if given)

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
            raise Unavailable(str(error).splitlines()[0], error_name(error)) from None
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
        """Sends NOTIFY, delivered once this transaction is durable (storage/drivers/postgresql.py)."""
        connection.send(TELL, channel=CHANNEL, signal=signal)

    def ddl(self, sql: str) -> str:
        return sql

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected)

    def is_unavailable(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | READ_ONLY)

    def lacks_rights(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.InvalidSchemaName)


OFTEN = 0.05  # seconds between two polls where the server has no NOTIFY
PATIENCE = 1.0  # seconds between two looks at whether this is to end, and before a lost connection is opened again


class NotificationListener(threading.Thread):
    """Listens on its own connection until it is stopped."""

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
                self.ending.wait(PATIENCE)

    def _poll(self) -> None:
        """Polls a server without notifications."""
        while not self.ending.wait(OFTEN):
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
                for notification in connection.driver.notifies(timeout=PATIENCE, stop_after=1):
                    self._signal({notification.payload})
        finally:
            connection.close()
