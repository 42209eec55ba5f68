"""One connection, the same four verbs on both databases. Statements name their values `:name`."""

import re
from collections.abc import (
    Callable,
    Generator,
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol, TypeVar

from storage.drivers.rows import (
    Held,
    Pending,
    Table,
    Writing,
)


class BadDatabaseUrl(ValueError):
    pass


class Broken(Exception):
    """A migration violated foreign keys and was rolled back."""


class Unavailable(Exception):
    """The database did not do it: disk full, connection lost, locked. Nothing was kept; try again later. `name`: what
    the database calls it."""

    def __init__(self, said: str, name: str = "Unavailable") -> None:
        super().__init__(said)
        self.name = name


def unavailable(error: BaseException) -> Unavailable:
    return Unavailable(f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}", named(error))


def named(error: BaseException) -> str:
    """What the database calls it, such as SQLITE_FULL or 53100/DiskFull; of other errors the class. For logs: no word
    of the error, which may hold a row."""
    if isinstance(error, Unavailable):
        return error.name
    state, name = getattr(error, "sqlstate", None), type(error).__name__
    return f"{state}/{name}" if state else str(getattr(error, "sqlite_errorname", name))


class Lost(Exception):
    """A row is not what it was when it was read: the transaction is begun again."""


class UnknownSchema(Exception):
    """The database has a schema that this version does not know, older or newer; its text is one line."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"its schema {version} was made by a development version before the first release, "
            "which cannot be upgraded, or by a newer version"
        )


class Apart(BaseException):
    """A transaction of several needs a savepoint: it is undone, and begun again after the others are written. Not an
    Exception: no service may catch it and go on with half of what it did."""


class NeedsHouse(BaseException):
    """A transaction that has a share of the turn needs all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The tables that such transactions may write to, and the shards that they write for: `shards(unit, [about, …])` is
    asked before they have any turn, and reads what never changes."""

    tables: frozenset[str]
    shards: Callable[[Any, list[Any]], Iterable[int]] = lambda unit, about: ()


LOOKING = Scope(frozenset({"leases"}))  # a sweep that most often finds nothing to do


class Share:
    """What the transactions under way may do: all, without a scope."""

    def __init__(self) -> None:
        self.scope: Scope | None = None
        self.shards: frozenset[int] = frozenset()

    def take(self, scope: Scope | None, shards: Iterable[int] = ()) -> None:
        self.scope, self.shards = scope, frozenset(shards)

    def may_write(self, table: str) -> None:
        if self.scope is not None and table not in self.scope.tables:
            raise NeedsHouse(table)

    def needs_shard(self, shard: int) -> None:
        if self.scope is not None and shard not in self.shards:
            raise NeedsHouse(shard)

    def needs_house(self) -> None:
        if self.scope is not None:
            raise NeedsHouse("all")


Row = Sequence[Any]
Counts = Callable[[], list[int]]  # of what was written: waits for it
Asked = tuple[str, Sequence[Mapping[str, Any]]]  # a SELECT and the values of many of it

T = TypeVar("T")
Found = list[list[list[Row]]]  # by statement and values
Foresight = Generator[list[Asked], Found, T]  # asks, holds the rows it is sent, and returns what follows

NAMED = re.compile(r"('[^']*')|(?<![:\w]):([a-z_]+)")  # a colon in a text is a colon


class Connection(Protocol):
    """`changed` returns the number of rows a statement touched, the result of guarded updates. `send` returns
    nothing: its failure is raised by it or by a later call. After `mark` statements belong to another transaction;
    `settle` waits for all statements of one that failed already.

    `read` is `all` for many statements and many values at once, `foresee` the same without what is pending.
    `returned` runs one statement for many rows that do not read each other; what it returns comes in no order.
    `fill` runs one INSERT for many rows, each of which has the statement's values in the order of their names, and
    returns how many it added.

    Rows that are held are read once and written in sets: `get` to `number` (storage/drivers/buffer.py). What was read
    and is `remembered` outlives transactions; all of it is forgotten when one is rolled back. `parts`: records that
    keep nothing but the connection (storage/unit.py). `tells_ids`: new rows whose keys are Numbered know their ids once
    they are written.
    """

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
    def foresee(self, asked: Sequence[Asked]) -> list[list[list[Row]]]: ...
    def read(self, asked: Sequence[Asked]) -> list[list[list[Row]]]: ...
    def get(self, what: Held, key: Hashable) -> Any: ...
    def held(self, what: Held) -> Mapping[Any, Any]: ...
    def keep(self, what: Held, key: Hashable, record: Any) -> Any: ...
    def put(self, what: Held, key: Hashable, record: Any) -> None: ...
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
    """What a database's connection does of itself; storage/drivers/buffer.py does the rest for both."""

    def _all(self, sql: str, values: Mapping[str, Any]) -> list[Row]: ...
    def _one(self, sql: str, values: Mapping[str, Any]) -> Row | None: ...
    def _changed(self, sql: str, values: Mapping[str, Any]) -> int: ...
    def _send(self, sql: str, values: Mapping[str, Any]) -> None: ...
    def _returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]: ...
    def _many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None: ...
    def _fill(self, sql: str, rows: Iterable[Row]) -> int: ...
    def _script(self, sql: str) -> None: ...
    def _write(self, asked: Sequence[Writing]) -> Counts: ...


class HandedOver:
    """Rows that the database writes meanwhile; `missing` are sets of which it did not write all."""

    def __init__(self) -> None:
        self.missing: list[Writing] = []
        self._under_way: list[tuple[Sequence[Writing], Counts]] = []

    def __bool__(self) -> bool:
        return bool(self._under_way or self.missing)

    def add(self, asked: Sequence[Writing], counts: Counts) -> None:
        self._under_way.append((asked, counts))

    def wait(self) -> None:
        """For all of them."""
        under_way, self._under_way = self._under_way, []
        for asked, counts in under_way:
            written = zip(asked, counts(), strict=True)
            self.missing += [one for one, count in written if count != len(one.rows) and not one.is_optional]

    def take(self) -> list[Writing]:
        """What is missing, once."""
        missing, self.missing = self.missing, []
        return missing

    def clear(self) -> None:
        self.missing.clear()
        self._under_way.clear()


def foresee(connection: Connection, *foresights: Foresight[Any]) -> list[Any]:
    """What all of them ask for is read in one breath, until each has what it needs; what they return. Nothing of what
    they read is pending."""
    return _in_one_breath(connection.foresee, foresights)


def read(connection: Connection, *foresights: Foresight[Any]) -> list[Any]:
    """The same with what is pending."""
    return _in_one_breath(connection.read, foresights)


def _in_one_breath(ask: Callable[[Sequence[Asked]], Found], foresights: Sequence[Foresight[Any]]) -> list[Any]:
    returned: list[Any] = [None] * len(foresights)
    answers: dict[int, Found | None] = dict.fromkeys(range(len(foresights)))
    while answers:
        asking: dict[int, list[Asked]] = {}
        for number, found in answers.items():
            try:
                asking[number] = next(foresights[number]) if found is None else foresights[number].send(found)
            except StopIteration as ended:
                returned[number] = ended.value
        rows = iter(ask([each for asked in asking.values() for each in asked]) if asking else ())
        answers = {number: list(islice(rows, len(asked))) for number, asked in asking.items()}
    return returned


@lru_cache(maxsize=1024)
def percent_named(sql: str) -> str:
    """`:name` → `%(name)s`, psycopg's spelling."""
    return NAMED.sub(lambda found: found[1] or f"%({found[2]})s", sql.replace("%", "%%"))
