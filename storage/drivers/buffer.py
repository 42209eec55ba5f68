"""A connection that holds rows and writes them in sets; all other statements see them as if they were written already.

Several transactions may share a commit. One that only changes rows leaves nothing in the database until it has ended,
and is undone in memory. One that runs a statement of its own first has all earlier rows written, then a savepoint made.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from storage.drivers.connection import HandedOver, NeedsSavepoint, Query, Row, Share, StaleRow, Statements
from storage.drivers.records import find_table_written, find_words_read
from storage.drivers.rows import ABSENT, Holding, Pending, Rows, Table
from storage.drivers.sets import writings

NO_PENDING = Pending()


class Buffered(Statements):
    """A connection with held rows. `together` is the highest number of transactions that share the commit: so many new
    numbers are fetched at once. `remembered` values outlive transactions, unless one is rolled back."""

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
        self._prepare_for(sql)
        return self._all(sql, values)

    def one(self, sql: str, **values: Any) -> Row | None:
        self._prepare_for(sql)
        return self._one(sql, values)

    def changed(self, sql: str, **values: Any) -> int:
        self._prepare_for(sql)
        return self._changed(sql, values)

    def send(self, sql: str, **values: Any) -> None:
        self._prepare_for(sql)
        self._send(sql, values)

    def returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        self._prepare_for(sql)
        return self._returned(sql, rows)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self._prepare_for(sql)
        self._many(sql, rows)

    def fill(self, sql: str, rows: Iterable[Row]) -> int:
        self._prepare_for(sql)
        return self._fill(sql, rows)

    def script(self, sql: str) -> None:
        if self._inside:
            self._make_savepoint()
        self.flush()
        self.rows.clear()
        self._script(sql)

    def peek(self, sql: str, **values: Any) -> list[Row]:
        """Return the rows that the database has, without pending ones."""
        self._await_handed_over()
        return self._all(sql, values)

    def foresee(self, queries: Sequence[Query]) -> list[list[list[Row]]]:
        """Return the rows that the database has, by query and values, without pending ones."""
        return [[self._all(sql, values) for values in value_sets] for sql, value_sets in queries]

    def read_current(self, queries: Sequence[Query]) -> list[list[list[Row]]]:
        """Return the rows by query and values, with pending rows written first."""
        for sql, _ in queries:
            self._prepare_for(sql)
        return self.foresee(queries)

    def get(self, holding: Holding, key: Hashable) -> Any:
        """Return the held record, None if there is no such row, or ABSENT if nothing is known about it."""
        held_by_holding = self.rows.held
        return held_by_holding[holding].get(key, ABSENT) if holding in held_by_holding else ABSENT

    def get_held(self, holding: Holding) -> Mapping[Any, Any]:
        """Return all held records of a holding by key."""
        return self.rows.held.get(holding, {})

    def keep(self, holding: Holding, key: Hashable, record: Any) -> Any:
        """Hold a record that was read, and return it."""
        self.rows.held.setdefault(holding, {})[key] = record
        return record

    def hold_changed(self, holding: Holding, key: Hashable, record: Any) -> None:
        """Hold a record that follows from a change."""
        self.rows.hold(holding, key, record)

    def change(self, table: Table, key: Hashable, record: Any, /, guard: Any = None, **columns: Any) -> None:
        """Set columns of one row; `record` is held from now on, nothing if it is ABSENT. `guard` is the value of the
        guarded column as it was read."""
        if self.share.scope is not None:
            self.share.require_writable(table.name)
        self.rows.change(table, key, columns, guard)
        if record is not ABSENT:
            self.rows.hold(table, key, record)
        if not self._begun:
            self.flush()

    def add(self, table: Table, key: Hashable, record: Any, /, **columns: Any) -> None:
        if self.share.scope is not None:
            self.share.require_writable(table.name)
        self.rows.add(table, key, columns)
        if record is not ABSENT:
            self.rows.hold(table, key, record)
        if not self._begun:
            self.flush()

    def remove(self, table: Table, key: Hashable, guard: Any = None) -> None:
        if self.share.scope is not None:
            self.share.require_writable(table.name)
        self.rows.remove(table, key, guard)
        self.rows.hold(table, key, None)
        if not self._begun:
            self.flush()

    def pending(self, table: Table) -> Pending:
        """Return the table's rows that are not written yet."""
        return self.rows.pending.get(table) or NO_PENDING

    def number(self, table: Table) -> int:
        """Return the id of a new row."""
        raise NotImplementedError

    def begin_part(self) -> None:
        """Begin one transaction of those that share the commit."""
        self.rows.begin()
        self._inside, self._saved = True, False
        self._clean = not self.rows.dirty and not self._handed_over

    def end_part(self) -> None:
        if self._saved:
            self.flush()
            self._send("RELEASE SAVEPOINT part", {})
        self._inside = self._saved = False

    def undo_part(self) -> None:
        """Undo this part: in memory, or by its savepoint if it has one."""
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
        """Return whether a failure of the running transaction can be undone without the others."""
        return self._saved or not self._is_broken()

    def flush(self) -> None:
        """Write pending rows, and wait until rows that were handed over are written."""
        if self.rows.dirty:
            if self._inside:
                self._make_savepoint()
            self._write_pending()
        self._await_handed_over()

    def hand_over(self) -> None:
        """Begin to write pending rows while other transactions run; a later reading waits for them. Called between two
        transactions."""
        if self.writes_beside and self.rows.dirty:
            self.mark()
            self._write_pending()

    def _write_pending(self) -> None:
        statements = list(writings(self.rows.pending))
        self._handed_over.add(statements, self._write(statements))
        self.rows.forget_pending()

    def _await_handed_over(self) -> None:
        """Wait for all rows that were handed over, and add or refuse those that are missing.

        Raise NeedsSavepoint in a part without a savepoint, because the missing rows belong to other transactions, and
        StaleRow if an updated row was not what was read."""
        if not self._handed_over:
            return
        self._handed_over.wait()
        if self._handed_over.missing and self._inside and not self._saved:
            raise NeedsSavepoint
        for writing in self._handed_over.take():
            insert = writing.table.insert if writing.adds else None
            if insert is None or insert.missed is None:
                raise StaleRow(writing.table.name)
            for row in writing.rows:
                insert.missed(self, row)

    def _forget_all(self) -> None:
        self.rows.clear()
        self._handed_over.clear()

    def _make_savepoint(self) -> None:
        if not self._saved:
            if not self._clean:
                raise NeedsSavepoint
            self._send("SAVEPOINT part", {})
            self._saved = True

    def _prepare_for(self, sql: str) -> None:
        words = find_words_read(sql)
        if words is not None:
            self._await_handed_over()
            if not self.rows.dirty.isdisjoint(words):
                self.flush()
            return
        table = find_table_written(sql)
        if table is None:
            self._handle_control_statement(sql)
            return
        self.share.require_writable(table)
        if self._inside:
            self._make_savepoint()
        self.flush()
        self.rows.forget(table)

    def _handle_control_statement(self, sql: str) -> None:
        """Keep the held rows true around BEGIN, COMMIT, savepoints, and any statement that does not tell which table it
        writes."""
        word = sql.split(None, 1)[0].upper()
        if sql == "ROLLBACK":
            self._inside = self._begun = False
            self.remembered.clear()
        if word != "ROLLBACK":
            if self._inside:
                self._make_savepoint()
            self.flush()
        if word not in ("SAVEPOINT", "RELEASE"):
            self._forget_all()
        if word in ("BEGIN", "COMMIT"):
            self._begun = word == "BEGIN"

    def mark(self) -> None:
        """Begin another transaction: later statements belong to it."""

    def settle(self) -> None:
        """Wait for all statements sent."""

    def _is_broken(self) -> bool:
        """Return whether a failed statement has ended all transactions under way."""
        return False
