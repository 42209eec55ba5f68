"""PostgreSQL in pipeline mode: statements without a result travel with the next query and are checked with it. What is
sent ahead is done meanwhile.

psycopg's cursors cost more than the statements; this module calls libpq directly, in its pipeline mode.
Every statement is prepared once for the kinds of its values: whole numbers go as BIGINT, whatever their size.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from select import POLLIN, POLLOUT, poll
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus
from psycopg.pq.abc import PGresult

from storage.drivers.connection import NAMED, Row

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

    return NAMED.sub(number, sql).encode(), tuple(names)


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
