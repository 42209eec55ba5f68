"""SQLite: connections, SQL dialect, locking."""

import os
import re
import sqlite3
import threading
import time
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from domain.draws import shuffle_key
from storage import private_files
from storage.drivers.buffer import Buffered
from storage.drivers.connection import (
    Connection,
    Counts,
    ForeignKeysBroken,
    Row,
    Unavailable,
    error_name,
)
from storage.drivers.records import expand_in_checks, split_statements
from storage.drivers.rows import Lasting, Table, Writing
from storage.drivers.sets import (
    ByPlace,
    by_place,
    many_rows_by_place,
    set_ids,
)

# As SQLite's file format has them, in bytes: the log's header, a page's frame, a salt; where salts stand in both.
HEADER, FRAME, SALT = 32, 24, 8
IN_HEADER, IN_FRAME = 16, 8
# Each tells whether it was held up, the pages of the log and those copied of them: -1 and -1 while another copies.
COPY = "PRAGMA wal_checkpoint(PASSIVE)"  # what is there; nobody waits for it
FINISH = "PRAGMA wal_checkpoint(FULL)"  # the same, then, with the writer kept out, the few pages that came meanwhile
TRIES, REST = 50, 0.001  # at a moment when the writer does not write; seconds in between
SWITCHING = 10.0  # seconds that a file is tried to be switched to WAL


def turn_to_wal(driver: sqlite3.Connection) -> None:
    """Switches a new file to WAL, which needs exclusive access and may not wait for it: concurrent openers retry."""
    end = time.monotonic() + SWITCHING
    while time.monotonic() < end:
        try:
            driver.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
    raise Unavailable("the database stays locked")


class Log:
    """The write-ahead log of an open database. Pages are appended to it; once all of them are copied, the next goes to
    its top under a new salt, and the file keeps its size."""

    def __init__(self, path: Path, page: int) -> None:
        self._path, self._frame = path, FRAME + page
        self._file = -1

    def salt(self) -> bytes:
        """Of the pages since it last began at its top. Asked in a transaction: before the first one there is no log."""
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDONLY)
        return os.pread(self._file, SALT, IN_HEADER)

    def holds(self, pages: int, salt: bytes) -> bool:
        """Whether so many were written under this salt."""
        found = os.pread(self._file, SALT, HEADER + (pages - 1) * self._frame + IN_FRAME)
        return len(found) == SALT and found == salt

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)


class Checkpoints:
    """Copies the log whenever so many pages were added (`every`). While the writer goes on adding some it never begins
    at its top again: from `longest` on the last of them are copied with the writer kept out.

    `look` is for the writer, in each of its transactions; the thread begins with the first long log.

    A log that is whole in the database is not copied again before the writer has begun at its top: before version
    3.51.3 of SQLite a second copy at that moment may lose what the writer adds (sqlite.org/wal.html#walresetbug)."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], log: Log, every: int, longest: int) -> None:
        self._connect, self._log, self._every, self._longest = connect, log, every, longest
        self._wanted, self._ended = threading.Event(), False
        self._thread: threading.Thread | None = None
        self._seen = (b"", 0)  # the salt and length of the log when it was copied last

    def look(self) -> None:
        if self._wanted.is_set():
            return
        salt, (before, pages) = self._log.salt(), self._seen
        if self._log.holds(self._every + (pages if salt == before else 0), salt):
            self._wanted.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
                self._thread.start()

    def close(self) -> None:
        self._ended = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()
        self._log.close()

    def _run(self) -> None:
        """A copy that fails, as on a full disk, is made after so many pages more; the writer makes one at last."""
        with closing(self._connect()) as driver:
            while not self._ended:  # looked at after each time `_wanted` is cleared, which `close` may have set
                self._wanted.wait()
                if not self._ended:
                    with suppress(sqlite3.Error, OSError):
                        self._copy(driver)
                self._wanted.clear()

    def _copy(self, driver: sqlite3.Connection) -> None:
        salt = self._log.salt()
        _, pages, copied = driver.execute(COPY).fetchone()
        self._seen = (salt, max(pages, 0))
        if pages >= self._longest and not self._is_whole(salt, pages, copied):
            self._finish(driver, salt)

    def _finish(self, driver: sqlite3.Connection, salt: bytes) -> None:
        """Not while it is being read. Beside the writer it copies what is there, as COPY does."""
        for _ in range(TRIES):
            if self._ended:
                return
            busy, pages, copied = driver.execute(FINISH).fetchone()
            if not busy or self._is_whole(salt, pages, copied):
                return
            time.sleep(REST)

    def _is_whole(self, salt: bytes, pages: int, copied: int) -> bool:
        """Whether all of it is copied, and nothing was added since."""
        return 0 <= pages == copied and not self._log.holds(pages + 1, salt)


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
        """Behind the last number, and behind those that a restore left out (storage/backups.py)."""
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

    def _handle_control_statement(self, sql: str) -> None:
        if sql == "COMMIT":
            self.flush()
            self._lasting = self.rows.lasting(LASTING)
        elif sql == "ROLLBACK":
            self._lasting = {}
        super()._handle_control_statement(sql)

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
        statement = many_rows_by_place(sql)
        values, found = list(map(statement.values, rows)), list[Row]()
        for many, these in (*statement.many, (1, statement.one)):
            while len(values) >= many:
                found += self.driver.execute(these, list(chain.from_iterable(values[:many]))).fetchall()
                del values[:many]
        return found

    def _fill(self, sql: str, rows: Iterable[Row]) -> int:
        return self._put(by_place(sql), iter(rows))

    def _script(self, sql: str) -> None:
        for statement in split_statements(sql):
            self.driver.execute(statement)

    def _write(self, asked: Sequence[Writing]) -> Counts:
        counts = [self._written(each, many_rows_by_place(each.sql)) for each in asked]
        return lambda: counts

    def _written(self, asked: Writing, statement: ByPlace) -> int:
        count = self._put(statement, map(statement.values, asked.rows))
        if asked.awaited and count == len(asked.rows):
            set_ids(asked, self.driver.execute("SELECT last_insert_rowid()").fetchone()[0])
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
            raise Unavailable(f"{self.path}: {getattr(error, 'strerror', error)}", error_name(error)) from None
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
            raise ForeignKeysBroken("a row refers to one that is not there")

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
            ("BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            ("BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY"),
            ("BIGINT", "INTEGER"),
            ("DOUBLE PRECISION", "REAL"),
        ):
            sql = sql.replace(word, here)
        sql = expand_in_checks(sql)
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
