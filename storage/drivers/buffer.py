"""A connection that holds rows and writes them in sets; all other statements see them as if they were written already.

Several transactions may share a commit. One of them that only changes rows leaves nothing in the database until it has
ended, and is undone in memory. One that runs a statement of its own first has all before it written, then a savepoint.
"""

from collections.abc import (
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from typing import Any

from storage.drivers.connection import (
    Apart,
    Asked,
    HandedOver,
    Lost,
    Row,
    Share,
    Statements,
)
from storage.drivers.records import find_table_written, find_words_read
from storage.drivers.rows import (
    ABSENT,
    Held,
    Pending,
    Rows,
    Table,
)
from storage.drivers.sets import writings

NOTHING = Pending()


class Buffered(Statements):
    """`together` is how many transactions share the commit, at most: so many new numbers are asked for at once.
    `remembered` outlives transactions, but nothing that is rolled back."""

    dialect, tells_ids, writes_beside = "", False, False  # ids of rows that are written in sets; these while we go on

    def __init__(self) -> None:
        self.rows = Rows()
        self.together = 1
        self.share = Share()
        self.remembered: dict[Hashable, Any] = {}
        self.parts: dict[str, Any] = {}
        self._handed_over = HandedOver()
        self._begun = self._inside = self._clean = self._saved = False

    def all(self, sql: str, **values: Any) -> list[Row]:
        self._before(sql)
        return self._all(sql, values)

    def one(self, sql: str, **values: Any) -> Row | None:
        self._before(sql)
        return self._one(sql, values)

    def changed(self, sql: str, **values: Any) -> int:
        self._before(sql)
        return self._changed(sql, values)

    def send(self, sql: str, **values: Any) -> None:
        self._before(sql)
        self._send(sql, values)

    def returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        self._before(sql)
        return self._returned(sql, rows)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self._before(sql)
        self._many(sql, rows)

    def fill(self, sql: str, rows: Iterable[Row]) -> int:
        self._before(sql)
        return self._fill(sql, rows)

    def script(self, sql: str) -> None:
        if self._inside:
            self._save()
        self.flush()
        self.rows.clear()
        self._script(sql)

    def peek(self, sql: str, **values: Any) -> list[Row]:
        """Reads what the database has, and nothing that is pending."""
        self._arrive()
        return self._all(sql, values)

    def foresee(self, asked: Sequence[Asked]) -> list[list[list[Row]]]:
        """The same of many statements and many values at once: rows, by statement and values."""
        return [[self._all(sql, values) for values in many] for sql, many in asked]

    def read(self, asked: Sequence[Asked]) -> list[list[list[Row]]]:
        for sql, _ in asked:
            self._before(sql)
        return self.foresee(asked)

    def get(self, what: Held, key: Hashable) -> Any:
        """What is held: a record, None where there is no such row; ABSENT where nothing is known."""
        held = self.rows.held
        return held[what].get(key, ABSENT) if what in held else ABSENT

    def held(self, what: Held) -> Mapping[Any, Any]:
        return self.rows.held.get(what, {})

    def keep(self, what: Held, key: Hashable, record: Any) -> Any:
        """Holds what was read."""
        self.rows.held.setdefault(what, {})[key] = record
        return record

    def put(self, what: Held, key: Hashable, record: Any) -> None:
        """Holds what follows from a change."""
        self.rows.put(what, key, record)

    def change(self, table: Table, key: Hashable, record: Any, /, guard: Any = None, **columns: Any) -> None:
        """One row takes these values; `record` is held from now on, ABSENT where none is. `guard` is the value of the
        guarded column as it was read."""
        if self.share.scope is not None:
            self.share.may_write(table.name)
        self.rows.change(table, key, columns, guard)
        if record is not ABSENT:
            self.rows.put(table, key, record)
        if not self._begun:
            self.flush()

    def add(self, table: Table, key: Hashable, record: Any, /, **columns: Any) -> None:
        if self.share.scope is not None:
            self.share.may_write(table.name)
        self.rows.add(table, key, columns)
        if record is not ABSENT:
            self.rows.put(table, key, record)
        if not self._begun:
            self.flush()

    def remove(self, table: Table, key: Hashable, guard: Any = None) -> None:
        if self.share.scope is not None:
            self.share.may_write(table.name)
        self.rows.remove(table, key, guard)
        self.rows.put(table, key, None)
        if not self._begun:
            self.flush()

    def pending(self, table: Table) -> Pending:
        """What is not written yet."""
        return self.rows.pending.get(table) or NOTHING

    def number(self, table: Table) -> int:
        """The id of a new row."""
        raise NotImplementedError

    def begin_part(self) -> None:
        """What follows is one transaction of those that share the commit."""
        self.rows.begin()
        self._inside, self._saved = True, False
        self._clean = not self.rows.dirty and not self._handed_over

    def end_part(self) -> None:
        if self._saved:
            self.flush()
            self._send("RELEASE SAVEPOINT part", {})
        self._inside = self._saved = False

    def undo_part(self) -> None:
        """Nothing is left of it."""
        if self._saved:
            self.settle()
            self._forget_all()
            self.remembered.clear()
            self._send("ROLLBACK TO SAVEPOINT part", {})
            self._send("RELEASE SAVEPOINT part", {})
        else:
            self.rows.undo()
        self._inside = self._saved = False

    @property
    def is_undone_alone(self) -> bool:
        """Whether a failure of the transaction that runs can be undone without the others."""
        return self._saved or not self._is_broken()

    def flush(self) -> None:
        """Writes what is pending."""
        if self.rows.dirty:
            if self._inside:
                self._save()
            self._write_pending()
        self._arrive()

    def hand_over(self) -> None:
        """Between two transactions: what is pending is written while others run. Whoever reads waits for it."""
        if self.writes_beside and self.rows.dirty:
            self.mark()
            self._write_pending()

    def _write_pending(self) -> None:
        asked = list(writings(self.rows.pending))
        self._handed_over.add(asked, self._write(asked))
        self.rows.written()

    def _arrive(self) -> None:
        """Waits for all rows handed over. Those that are missing are of others, unless it runs in a savepoint."""
        if not self._handed_over:
            return
        self._handed_over.wait()
        if self._handed_over.missing and self._inside and not self._saved:
            raise Apart
        for writing in self._handed_over.take():
            insert = writing.table.insert if writing.adds else None
            if insert is None or insert.missed is None:
                raise Lost(writing.table.name)
            for row in writing.rows:
                insert.missed(self, row)

    def _forget_all(self) -> None:
        self.rows.clear()
        self._handed_over.clear()

    def _save(self) -> None:
        if not self._saved:
            if not self._clean:
                raise Apart
            self._send("SAVEPOINT part", {})
            self._saved = True

    def _before(self, sql: str) -> None:
        words = find_words_read(sql)
        if words is not None:
            self._arrive()
            if not self.rows.dirty.isdisjoint(words):
                self.flush()
            return
        table = find_table_written(sql)
        if table is None:
            self._around(sql)
            return
        self.share.may_write(table)
        if self._inside:
            self._save()
        self.flush()
        self.rows.forget(table)

    def _around(self, sql: str) -> None:
        """Begin, end, savepoints, and all that says nothing of what it writes."""
        word = sql.split(None, 1)[0].upper()
        if sql == "ROLLBACK":
            self._inside = self._begun = False
            self.remembered.clear()
        if word != "ROLLBACK":
            if self._inside:
                self._save()
            self.flush()
        if word not in ("SAVEPOINT", "RELEASE"):
            self._forget_all()
        if word in ("BEGIN", "COMMIT"):
            self._begun = word == "BEGIN"

    def mark(self) -> None:
        """After it, statements belong to another transaction."""

    def settle(self) -> None:
        """Waits for all statements sent."""

    def _is_broken(self) -> bool:
        """Whether a failed statement has ended the whole of what is under way."""
        return False
