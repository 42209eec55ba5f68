"""Rows in memory during one transaction: each is read once, changed here, and written once.

`Rows` only remembers. It knows what is still to be written, and undoes what one of several transactions that share a
commit has changed. storage/drivers/buffer.py reads and writes.
"""

from collections.abc import (
    Callable,
    Hashable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Final

from domain.messages import record


class _Absent(Enum):
    ABSENT = 0


ABSENT: Final = _Absent.ABSENT  # nothing is known of it; None says that there is no such row

Columns = dict[str, Any]


class Handed:
    """What a transaction hands over, after its commit, to who takes what is of this class; where nobody does, `signal`
    says that there is something to read."""

    __slots__ = ()
    signal: ClassVar[str]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is to be read."""
        return True


class Numbered:
    """The key of a new row that is to know its id once it is written: None where the database does not tell."""

    __slots__ = ("id",)

    def __init__(self) -> None:
        self.id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Something that is read once: rows by a key, or what a statement said. It is read anew after any other statement
    that writes to one of the tables it is `of`. `lasts`: it may be held beyond the commit, where nobody else writes."""

    of: tuple[str, ...]
    lasts: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table(Held):
    """A table whose rows are written in sets.

    `order`: tables that others refer to are written first. `guard` is a column that must still be what was read.
    `moves` are tables that its triggers write. `insert` is for a row that takes more than its columns: what selects it
    (`:name` stands for a value), and what follows.
    """

    order: int = 0
    keys: tuple[str, ...] = ("id",)
    guard: str = ""
    moves: tuple[str, ...] = ()
    insert: "Insert | None" = None

    @property
    def name(self) -> str:
        return self.of[0]


@dataclass(frozen=True, slots=True)
class Insert:
    """`missed(connection, values)` is asked of each row where not all were added: it adds what is missing, or refuses.
    `optional`: a row may be left out."""

    columns: str
    select: str
    tail: str = ""
    missed: Callable[[Any, Mapping[str, Any]], object] | None = None
    optional: bool = False

    def sql(self, table: str, tail: str = "") -> str:
        """The statement for one row."""
        return f"INSERT INTO {table} ({self.columns})\n{self.select}\n{self.tail}{tail}"


@dataclass(slots=True)
class Pending:
    """What is to be written to one table: columns by key, new rows in their order, keys of rows that go."""

    changed: dict[Hashable, Columns] = field(default_factory=dict)
    added: dict[Hashable, Columns] = field(default_factory=dict)
    removed: dict[Hashable, Any] = field(default_factory=dict)
    guards: dict[Hashable, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)


Lasting = dict[Held, dict[Hashable, Any]]


@record
class Writing:
    """One statement for some rows of a table; as many rows must be written as are asked for. `awaited`: the keys of new
    rows that are to know their ids."""

    table: Table
    sql: str
    rows: Sequence[Mapping[str, Any]]
    adds: bool = False
    awaited: Sequence[Numbered] = ()

    @property
    def is_optional(self) -> bool:
        """Whether rows may be left out."""
        return self.adds and self.table.insert is not None and self.table.insert.optional


class Rows:
    def __init__(self) -> None:
        self.held: dict[Held, dict[Hashable, Any]] = {}
        self.pending: dict[Table, Pending] = {}
        self.numbers: dict[str, int] = {}
        self.dirty: set[str] = set()
        self._journal: list[tuple[dict[Any, Any], Hashable, Any]] = []

    def put(self, what: Held, key: Hashable, record: Any) -> None:
        """As this transaction makes it. What was read is held without a trace: it stays, whatever becomes of whoever
        asked."""
        found = self.held.get(what)
        if found is None:
            found = self.held[what] = {}
        self._set(found, key, record)

    def change(self, table: Table, key: Hashable, columns: Columns, guard: Any = None) -> None:
        pending = self._pending(table)
        if key in pending.added:
            self._set(pending.added, key, {**pending.added[key], **columns})
            return
        if table.guard and key not in pending.guards:
            self._set(pending.guards, key, guard)
        before = pending.changed.get(key)
        self._set(pending.changed, key, columns if before is None else {**before, **columns})

    def add(self, table: Table, key: Hashable, columns: Columns) -> None:
        self._set(self._pending(table).added, key, columns)

    def remove(self, table: Table, key: Hashable, guard: Any = None) -> None:
        pending = self._pending(table)
        if key in pending.changed:
            guard = pending.guards.get(key, guard)
            self._drop(pending.changed, key)
        self._set(pending.removed, key, guard)

    def number(self, name: str) -> int:
        """The next of those that are there; what is undone gives its numbers back."""
        found = self.numbers[name]
        self._set(self.numbers, name, found + 1)
        return found

    def begin(self) -> None:
        """From here on `undo` goes back."""
        self._journal.clear()

    def undo(self) -> None:
        for where, key, before in reversed(self._journal):
            if before is ABSENT:
                where.pop(key, None)
            else:
                where[key] = before
        self._journal.clear()
        self.pending = {table: pending for table, pending in self.pending.items() if pending}
        self.dirty = {name for table in self.pending for name in (table.name, *table.moves)}

    def written(self) -> None:
        """All of it is in the database."""
        self.pending.clear()
        self.dirty.clear()
        self._journal.clear()

    def forget(self, table: str) -> None:
        """Another statement writes there."""
        self.numbers.pop(table, None)
        for what in [what for what in self.held if table in what.of]:
            del self.held[what]

    def clear(self) -> None:
        self.held.clear()
        self.numbers.clear()
        self.written()

    def lasting(self, most: int) -> Lasting:
        """What may be held beyond a commit; nothing where that is more than so many records."""
        found = {what: records for what, records in self.held.items() if what.lasts}
        return found if sum(map(len, found.values())) <= most else {}

    def _pending(self, table: Table) -> Pending:
        found = self.pending.get(table)
        if found is None:
            self.dirty.update((table.name, *table.moves))
            found = self.pending[table] = Pending()
        return found

    def _set(self, where: dict[Any, Any], key: Hashable, value: Any) -> None:
        self._journal.append((where, key, where.get(key, ABSENT)))
        where[key] = value

    def _drop(self, where: dict[Any, Any], key: Hashable) -> None:
        self._journal.append((where, key, where[key]))
        del where[key]
