"""One connection, the same four verbs on both databases. Statements name their values `:name`."""

import re
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol, TypeVar

from storage.drivers.rows import Holding, Pending, Table, Writing


class BadDatabaseUrl(ValueError):
    pass


class ForeignKeysBroken(Exception):
    """A migration violated foreign keys and was rolled back."""


class Unavailable(Exception):
    """The database did not do it: disk full, connection lost, locked. Nothing was stored; try again later. `name` is
    the database's name of the error."""

    def __init__(self, text: str, name: str = "Unavailable") -> None:
        super().__init__(text)
        self.name = name


def to_unavailable(error: BaseException) -> Unavailable:
    """Return the error as Unavailable, with its class, first line and name."""
    return Unavailable(f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}", error_name(error))


def error_name(error: BaseException) -> str:
    """Return the database's name of an error, such as SQLITE_FULL or 53100/DiskFull; the class of any other error.

    It is for logs: no word of the error's text, which may hold a row, is in it."""
    if isinstance(error, Unavailable):
        return error.name
    state, name = getattr(error, "sqlstate", None), type(error).__name__
    return f"{state}/{name}" if state else str(getattr(error, "sqlite_errorname", name))


class StaleRow(Exception):
    """A row is not what it was when it was read; the transaction is begun again."""


class UnknownSchema(Exception):
    """The database has a schema that this version does not know, older or newer; its text is one line."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"its schema {version} was made by a development version before the first release, "
            "which cannot be upgraded, or by a newer version"
        )


class NeedsSavepoint(BaseException):
    """A transaction of several needs a savepoint: it is undone, and begun again after the others are written.

    It is not an Exception, so that no service catches it and goes on with half of what it did."""


class NeedsWholeTurn(BaseException):
    """A transaction that has a share of the turn needs the whole turn."""


@dataclass(frozen=True, slots=True, eq=False)
class WriteScope:
    """Tables that transactions of this kind may write to, and the shards that they write for.

    `shards(unit, [subject, …])` is called before the transactions have a turn, and reads only what never changes."""

    tables: frozenset[str]
    shards: Callable[[Any, list[Any]], Iterable[int]] = lambda unit, about: ()


SWEEP_SCOPE = WriteScope(frozenset({"leases"}))  # a sweep that most often finds nothing to do


class Share:
    """Tables and shards that the transactions under way may write to: all of them without a scope."""

    def __init__(self) -> None:
        self.scope: WriteScope | None = None
        self.shards: frozenset[int] = frozenset()

    def take(self, scope: WriteScope | None, shards: Iterable[int] = ()) -> None:
        self.scope, self.shards = scope, frozenset(shards)

    def require_writable(self, table: str) -> None:
        """Raise NeedsWholeTurn if the table is outside the scope."""
        if self.scope is not None and table not in self.scope.tables:
            raise NeedsWholeTurn(table)

    def require_shard(self, shard: int) -> None:
        """Raise NeedsWholeTurn if the shard is outside the scope's share of the turn."""
        if self.scope is not None and shard not in self.shards:
            raise NeedsWholeTurn(shard)

    def require_whole_turn(self) -> None:
        """Raise NeedsWholeTurn if the transactions have a share of the turn only."""
        if self.scope is not None:
            raise NeedsWholeTurn("all")


Row = Sequence[Any]
Counts = Callable[[], list[int]]  # of what was written: waits for it
Query = tuple[str, Sequence[Mapping[str, Any]]]  # a SELECT and the values of many of it

T = TypeVar("T")
QueryResults = list[list[list[Row]]]  # by statement and values
Foresight = Generator[list[Query], QueryResults, T]  # asks, holds the rows it is sent, and returns what follows

NAMED_VALUE = re.compile(r"('[^']*')|(?<![:\w]):([a-z_]+)")  # a colon in a text is a colon


class Connection(Protocol):
    """Statements, held rows and savepoints of one database connection.

    `changed` returns the number of rows a statement touched, the result of guarded updates. `send` returns nothing: its
    failure is raised by it or by a later call. After `mark` statements belong to another transaction; `settle` waits
    for all statements of one that failed already.

    `read` is `all` for many statements and many values at once; `foresee` does the same without rows that are pending.
    `returned` runs one statement for many rows that do not read each other, and returns rows in no order. `fill` runs
    one INSERT for many rows, each with the statement's values in the order of their names, and returns how many it
    added.

    Held rows are read once and written in sets: `get` to `number` (storage/drivers/buffer.py). `remembered` values
    outlive transactions; all of them are forgotten when one is rolled back. `parts`: records that hold nothing but the
    connection (storage/unit.py). `tells_ids`: new rows whose keys are Numbered know their ids once they are written."""

    dialect: str
    tells_ids: bool
    together: int
    share: Share
    remembered: dict[Hashable, Any]
    parts: dict[str, Any]

    def all(self, sql: str, **values: Any) -> list[Row]: ...
    def one(self, sql: str, **values: Any) -> Row | None: ...
    def changed(self, sql: str, **values: Any) -> int: ...
    def send(self, sql: str, **values: Any) -> None: ...
    def returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]: ...
    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None: ...
    def fill(self, sql: str, rows: Iterable[Row]) -> int: ...
    def script(self, sql: str) -> None: ...
    def peek(self, sql: str, **values: Any) -> list[Row]: ...
    def foresee(self, queries: Sequence[Query]) -> list[list[list[Row]]]: ...
    def read_current(self, queries: Sequence[Query]) -> list[list[list[Row]]]: ...
    def get(self, holding: Holding, key: Hashable) -> Any: ...
    def get_held(self, holding: Holding) -> Mapping[Any, Any]: ...
    def keep(self, holding: Holding, key: Hashable, record: Any) -> Any: ...
    def hold_changed(self, holding: Holding, key: Hashable, record: Any) -> None: ...
    def change(self, table: Table, key: Hashable, record: Any, /, guard: Any = None, **columns: Any) -> None: ...
    def add(self, table: Table, key: Hashable, record: Any, /, **columns: Any) -> None: ...
    def remove(self, table: Table, key: Hashable, guard: Any = None) -> None: ...
    def number(self, table: Table) -> int: ...
    def pending(self, table: Table) -> Pending: ...
    def flush(self) -> None: ...
    def hand_over(self) -> None: ...
    def begin_part(self) -> None: ...
    def end_part(self) -> None: ...
    def undo_part(self) -> None: ...
    @property
    def is_undone_alone(self) -> bool: ...
    def mark(self) -> None: ...
    def settle(self) -> None: ...
    def close(self) -> None: ...


class Statements(Protocol):
    """The statements that a database's connection runs itself; storage/drivers/buffer.py does the rest for both
    databases."""

    def _all(self, sql: str, values: Mapping[str, Any]) -> list[Row]: ...
    def _one(self, sql: str, values: Mapping[str, Any]) -> Row | None: ...
    def _changed(self, sql: str, values: Mapping[str, Any]) -> int: ...
    def _send(self, sql: str, values: Mapping[str, Any]) -> None: ...
    def _returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]: ...
    def _many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None: ...
    def _fill(self, sql: str, rows: Iterable[Row]) -> int: ...
    def _script(self, sql: str) -> None: ...
    def _write(self, writings: Sequence[Writing]) -> Counts: ...


class HandedOver:
    """Rows that the database is writing meanwhile; `missing` are the sets of which it did not write all rows."""

    def __init__(self) -> None:
        self.missing: list[Writing] = []
        self._under_way: list[tuple[Sequence[Writing], Counts]] = []

    def __bool__(self) -> bool:
        return bool(self._under_way or self.missing)

    def add(self, writings: Sequence[Writing], counts: Counts) -> None:
        self._under_way.append((writings, counts))

    def wait(self) -> None:
        """Wait until all rows that were handed over are written, and note the sets with missing rows."""
        under_way, self._under_way = self._under_way, []
        for writings, counts in under_way:
            counted = zip(writings, counts(), strict=True)
            self.missing += [
                writing for writing, count in counted if count != len(writing.rows) and not writing.is_optional
            ]

    def take(self) -> list[Writing]:
        """Return the sets with missing rows, and forget them."""
        missing, self.missing = self.missing, []
        return missing

    def clear(self) -> None:
        self.missing.clear()
        self._under_way.clear()


def foresee(connection: Connection, *foresights: Foresight[Any]) -> list[Any]:
    """Run the foresights' queries together, round by round, until each has what it needs; return the results of the
    foresights.

    Pending rows are not read."""
    return _run_foresights(connection.foresee, foresights)


def read_current(connection: Connection, *foresights: Foresight[Any]) -> list[Any]:
    """Run the foresights' queries like `foresee`, with pending rows written first."""
    return _run_foresights(connection.read_current, foresights)


def _run_foresights(
    run_queries: Callable[[Sequence[Query]], QueryResults], foresights: Sequence[Foresight[Any]]
) -> list[Any]:
    results: list[Any] = [None] * len(foresights)
    rows_by_foresight: dict[int, QueryResults | None] = dict.fromkeys(range(len(foresights)))
    while rows_by_foresight:
        queries_by_foresight: dict[int, list[Query]] = {}
        for index, rows in rows_by_foresight.items():
            try:
                queries_by_foresight[index] = next(foresights[index]) if rows is None else foresights[index].send(rows)
            except StopIteration as stop:
                results[index] = stop.value
        row_lists = iter(
            run_queries([query for queries in queries_by_foresight.values() for query in queries])
            if queries_by_foresight
            else ()
        )
        rows_by_foresight = {
            index: list(islice(row_lists, len(queries))) for index, queries in queries_by_foresight.items()
        }
    return results


@lru_cache(maxsize=1024)
def percent_named(sql: str) -> str:
    """Return the statement with `:name` as `%(name)s`, psycopg's spelling."""
    return NAMED_VALUE.sub(lambda match: match[1] or f"%({match[2]})s", sql.replace("%", "%%"))
