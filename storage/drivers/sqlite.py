"""SQLite: connections, SQL dialect, locking."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from domain.draws import shuffle_key
from storage import private_files
from storage.drivers.buffer import Buffered
from storage.drivers.checkpoints import Checkpoints, Log, turn_to_wal
from storage.drivers.connection import Connection, Counts, Row
from storage.drivers.errors import Broken, Unavailable, named
from storage.drivers.rows import Lasting, Table, Writing
from storage.drivers.scripts import one_by_one, statements
from storage.drivers.sets import ByPlace, as_given, by_place, tell_ids

# An answer touches some 25 pages, a row in each, and each goes into the log whole: small ones are less to write and to
# wait for, and a letter still fits into one.
PAGE = 2_048
# Bytes added to the log after which a thread copies it, of a log whose copying it finishes, and of one which the writer
# copies, because the thread did not come to its end.
LONG_LOG, LONGER_LOG, LONGEST_LOG = 4_096_000, 32_768_000, 65_536_000
# KiB of pages kept: the writer's grow with the database up to here and stay; of readings several may run at once.
WRITING, READING = 65_536, 8_192
LASTING = 10_000  # records held from one commit to the next, at most


class SQLiteConnection(Buffered):
    dialect, tells_ids = "sqlite", True

    def __init__(self, driver: sqlite3.Connection) -> None:
        super().__init__()
        self.driver = driver
        driver.create_function("shuffle_key", 2, shuffle_key, deterministic=True)
        self.checkpoints: Checkpoints | None = None
        self._lasting: Lasting = {}
        self._version = 0

    def resume(self) -> None:
        """Holds again what was held at the last commit, unless another connection has written since."""
        if self.checkpoints is not None:
            self.checkpoints.look()
        version = self.driver.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            self.rows.held.update(self._lasting)
        self._lasting, self._version = {}, version

    def number(self, table: Table) -> int:
        """Behind the last number, and behind those that a restore left out (storage/backups/restore.py)."""
        if table.name not in self.rows.numbers:
            left_out = f"SELECT seq FROM sqlite_sequence WHERE name = '{table.name}'"
            last = f"SELECT max(coalesce((SELECT max(id) FROM {table.name}), 0), coalesce(({left_out}), 0))"
            self.rows.numbers[table.name] = self.driver.execute(last).fetchone()[0] + 1
        return self.rows.number(table.name)

    def close(self) -> None:
        self.parts.clear()
        if self.checkpoints is not None:
            self.checkpoints.close()
        self.driver.close()

    def _around(self, sql: str) -> None:
        if sql == "COMMIT":
            self.flush()
            self._lasting = self.rows.lasting(LASTING)
        elif sql == "ROLLBACK":
            self._lasting = {}
        super()._around(sql)

    def _all(self, sql: str, values: Mapping[str, Any]) -> list[Row]:
        return self.driver.execute(sql, values).fetchall()

    def _one(self, sql: str, values: Mapping[str, Any]) -> Row | None:
        row: Row | None = self.driver.execute(sql, values).fetchone()
        return row

    def _changed(self, sql: str, values: Mapping[str, Any]) -> int:
        return self.driver.execute(sql, values).rowcount

    def _send(self, sql: str, values: Mapping[str, Any]) -> None:
        self.driver.execute(sql, values)

    def _many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        statement = by_place(sql)
        self._put(statement, map(statement.values, rows))

    def _returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        statement = as_given(sql)
        values, found = list(map(statement.values, rows)), list[Row]()
        for many, these in (*statement.many, (1, statement.one)):
            while len(values) >= many:
                found += self.driver.execute(these, list(chain.from_iterable(values[:many]))).fetchall()
                del values[:many]
        return found

    def _fill(self, sql: str, rows: Iterable[Row]) -> int:
        return self._put(by_place(sql), iter(rows))

    def _script(self, sql: str) -> None:
        for statement in statements(sql):
            self.driver.execute(statement)

    def _write(self, asked: Sequence[Writing]) -> Counts:
        counts = [self._written(each, as_given(each.sql)) for each in asked]
        return lambda: counts

    def _written(self, asked: Writing, statement: ByPlace) -> int:
        count = self._put(statement, map(statement.values, asked.rows))
        if asked.awaited and count == len(asked.rows):
            tell_ids(asked, self.driver.execute("SELECT last_insert_rowid()").fetchone()[0])
        return count

    def _put(self, statement: ByPlace, values: Iterator[Sequence[Any]]) -> int:
        """How many rows it wrote: many with each statement, where it can be."""
        cursor, written = self.driver.cursor(), 0
        for many, sql in statement.many:
            while len(some := list(islice(values, many))) == many:
                written += cursor.execute(sql, list(chain.from_iterable(some))).rowcount
            values = iter(some)
        return written + max(0, cursor.executemany(statement.one, values).rowcount)


@dataclass(frozen=True, slots=True)
class SQLite:
    """One writer, durable before it answers."""

    path: str
    name: str = "sqlite"
    one_process: ClassVar[bool] = True
    has_settings: ClassVar[str] = "SELECT 1 FROM sqlite_master WHERE name = 'settings'"

    def open(self, read_only: bool = False) -> SQLiteConnection:
        try:
            if not read_only:
                private_files.make(Path(self.path))
            driver = sqlite3.connect(
                self.uri(read_only),
                uri=True,
                isolation_level=None,
                timeout=30,
                check_same_thread=False,
                cached_statements=1024,
            )
        except (sqlite3.OperationalError, OSError) as error:
            raise Unavailable(f"{self.path}: {getattr(error, 'strerror', error)}", named(error)) from None
        if read_only:
            driver.execute("PRAGMA wal_autocheckpoint = 0")
        else:
            driver.execute(f"PRAGMA page_size = {PAGE}")  # of a file that is new; another keeps its own
            turn_to_wal(driver)
            driver.execute(f"PRAGMA wal_autocheckpoint = {LONG_LOG // PAGE}")
            driver.execute("PRAGMA secure_delete = ON")  # what was erased is overwritten; some builds leave it
            driver.execute("PRAGMA synchronous = FULL")
            driver.execute("PRAGMA foreign_keys = ON")
        driver.execute(f"PRAGMA cache_size = {-(READING if read_only else WRITING)}")
        driver.execute("PRAGMA temp_store = MEMORY")  # where savepoints keep their undo data
        return SQLiteConnection(driver)

    def open_to_write(self) -> SQLiteConnection:
        connection = self.open()
        page = connection.driver.execute("PRAGMA page_size").fetchone()[0]
        connection.driver.execute(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG // page}")
        log = Log(Path(f"{self.path}-wal"), page)
        connection.checkpoints = Checkpoints(self._connected, log, LONG_LOG // page, LONGER_LOG // page)
        return connection

    def _connected(self, seconds: float = 0) -> sqlite3.Connection:
        """Waits so long for others."""
        return sqlite3.connect(
            self.uri(False), uri=True, isolation_level=None, timeout=seconds, check_same_thread=False
        )

    def scrub(self) -> bool:
        """Empties the log, in which each page stays as it was; False where somebody still reads it."""
        with closing(self._connected(1)) as driver:
            try:
                return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
            except sqlite3.OperationalError:
                return False

    def open_to_rebuild(self) -> Connection:
        """A table that is made anew under its name stays what others refer to; so says SQLite's manual."""
        connection = self.open()
        connection.changed("PRAGMA foreign_keys = OFF")
        connection.changed("PRAGMA legacy_alter_table = ON")
        return connection

    def lock_schema(self, connection: Connection) -> None:
        """Has it since BEGIN IMMEDIATE."""

    def check_rebuilt(self, connection: Connection) -> None:
        """Foreign keys were off while tables were made anew: are all of them kept?"""
        if connection.all("PRAGMA foreign_key_check"):
            raise Broken("a row refers to one that is not there")

    def uri(self, read_only: bool) -> str:
        return f"file:{quote(str(Path(self.path).resolve()))}{'?mode=ro' if read_only else ''}"

    def begin(self) -> str:
        return "BEGIN IMMEDIATE"

    def begin_writing(self, connection: Connection, lazily: bool) -> None:
        """The log is copied into the database only after all of it is on disk, so that a lazy commit may be lost with
        the machine's power, and no part of one."""
        assert isinstance(connection, SQLiteConnection)  # noqa: S101 (it opened it)
        connection.driver.execute(f"PRAGMA synchronous = {'NORMAL' if lazily else 'FULL'}")
        connection.send(self.begin())

    def begin_reading(self) -> str:
        """From its first look on a reading transaction sees one moment."""
        return "BEGIN"

    def share_turn(self, connection: Connection, shards: Iterable[int]) -> None:
        """One process writes."""

    def take_turn(self, connection: Connection) -> None:
        """Has it since BEGIN IMMEDIATE: what was read before is still true, as long as nobody else has written."""
        assert isinstance(connection, SQLiteConnection)  # noqa: S101 (it opened it)
        connection.resume()

    def tell(self, connection: Connection, signal: str) -> None:
        """Does nothing: other processes poll."""

    def ddl(self, sql: str) -> str:
        for word, here in (
            ("BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY"),
            ("BIGINT", "INTEGER"),
            ("DOUBLE PRECISION", "REAL"),
        ):
            sql = sql.replace(word, here)
        sql = one_by_one(sql)
        return re.sub(r"^\);$", ") STRICT;", sql, flags=re.MULTILINE)

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)

    def is_unavailable(self, error: BaseException) -> bool:
        """Every operational error but a statement that is wrong, which is a bug; and a file that is damaged."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if isinstance(error, sqlite3.OperationalError):
            return code != sqlite3.SQLITE_ERROR
        return isinstance(error, sqlite3.DatabaseError) and code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

    def lacks_rights(self, error: BaseException) -> bool:
        return False
