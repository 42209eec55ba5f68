"""Rows in memory during one transaction: each is read once, changed here, and written once.

`Rows` only remembers. It knows what is still to be written, and undoes what one of several transactions that share a
commit has changed. storage/drivers/buffer.py reads and writes.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Final

from domain.messages import record


class _Absent(Enum):
    ABSENT = 0


ABSENT: Final = _Absent.ABSENT  # nothing is known of it; None says that there is no such row

Columns = dict[str, Any]


WHOLE = 1  # the part of a class of which there is no other


class Handed:
    """A value that a transaction hands over after its commit to the taker of its class; without a taker `signal` says
    that there is something to read."""

    __slots__ = ()
    signal: ClassVar[str]

    @property
    def part(self) -> int:
        """The part of its class whose taker gets it."""
        return WHOLE

    @property
    def is_whole(self) -> bool:
        """Return whether the value is complete, so that nothing of it has to be read."""
        return True


class Numbered:
    """The key of a new row that learns its id once it is written: None where the database does not tell ids."""

    __slots__ = ("id",)

    def __init__(self) -> None:
        self.id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """Rows by a key, or a statement's result, that are read once per transaction.

    They are read anew after any other statement that writes to one of the `tables`. `lasts`: they may be held beyond
    the commit, where no other process writes."""

    tables: tuple[str, ...]
    lasts: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table(Holding):
    """A table whose rows are written in sets.

    `order`: tables that others refer to are written first. `guard` is a column that must still have the value that was
    read. `moves` are tables that its triggers write. `insert` is for a row that takes more than its columns: its SELECT
    (`:name` stands for a value), and what follows it."""

    order: int = 0
    keys: tuple[str, ...] = ("id",)
    guard: str = ""
    moves: tuple[str, ...] = ()
    insert: "Insert | None" = None

    @property
    def name(self) -> str:
        return self.tables[0]


@dataclass(frozen=True, slots=True)
class Insert:
    """The INSERT … SELECT of a table's new rows.

    Where not all rows were added, `missed(connection, values)` is called for each: it adds the missing row, or refuses.
    `optional`: a row may be left out."""

    columns: str
    select: str
    tail: str = ""
    missed: Callable[[Any, Mapping[str, Any]], object] | None = None
    optional: bool = False

    def sql(self, table: str, tail: str = "") -> str:
        """Return the statement for one row."""
        return f"INSERT INTO {table} ({self.columns})\n{self.select}\n{self.tail}{tail}"


@dataclass(slots=True)
class Pending:
    """Rows still to be written to one table: changed columns by key, new rows in order, keys of rows to remove."""

    changed: dict[Hashable, Columns] = field(default_factory=dict)
    added: dict[Hashable, Columns] = field(default_factory=dict)
    removed: dict[Hashable, Any] = field(default_factory=dict)
    guards: dict[Hashable, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)


Lasting = dict[Holding, dict[Hashable, Any]]


@record
class Writing:
    """One statement for some rows of a table; it must write as many rows as are given. `awaited`: the keys of new rows
    that learn their ids."""

    table: Table
    sql: str
    rows: Sequence[Mapping[str, Any]]
    adds: bool = False
    awaited: Sequence[Numbered] = ()

    @property
    def is_optional(self) -> bool:
        """Return whether rows may be left out."""
        return self.adds and self.table.insert is not None and self.table.insert.optional


class Rows:
    def __init__(self) -> None:
        self.held: dict[Holding, dict[Hashable, Any]] = {}
        self.pending: dict[Table, Pending] = {}
        self.numbers: dict[str, int] = {}
        self.dirty: set[str] = set()
        self._journal: list[tuple[dict[Any, Any], Hashable, Any]] = []

    def hold(self, holding: Holding, key: Hashable, record: Any) -> None:
        """Hold a record as this transaction changed it; `undo` takes it back. A record that was only read is held
        without a trace."""
        records = self.held.get(holding)
        if records is None:
            records = self.held[holding] = {}
        self._set(records, key, record)

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
        """Return the next number of a table's block; `undo` gives it back."""
        next_number = self.numbers[name]
        self._set(self.numbers, name, next_number + 1)
        return next_number

    def begin(self) -> None:
        """Set the point to which `undo` goes back."""
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

    def forget_pending(self) -> None:
        """Forget all pending rows, after they were written."""
        self.pending.clear()
        self.dirty.clear()
        self._journal.clear()

    def forget(self, table: str) -> None:
        """Forget the held rows and numbers of a table to which another statement writes."""
        self.numbers.pop(table, None)
        for holding in [holding for holding in self.held if table in holding.tables]:
            del self.held[holding]

    def clear(self) -> None:
        self.held.clear()
        self.numbers.clear()
        self.forget_pending()

    def lasting(self, most: int) -> Lasting:
        """Return the records that may be held beyond a commit; an empty dictionary if they are more than `most`."""
        lasting = {holding: records for holding, records in self.held.items() if holding.lasts}
        return lasting if sum(map(len, lasting.values())) <= most else {}

    def _pending(self, table: Table) -> Pending:
        pending = self.pending.get(table)
        if pending is None:
            self.dirty.update((table.name, *table.moves))
            pending = self.pending[table] = Pending()
        return pending

    def _set(self, where: dict[Any, Any], key: Hashable, value: Any) -> None:
        self._journal.append((where, key, where.get(key, ABSENT)))
        where[key] = value

    def _drop(self, where: dict[Any, Any], key: Hashable) -> None:
        self._journal.append((where, key, where[key]))
        del where[key]
