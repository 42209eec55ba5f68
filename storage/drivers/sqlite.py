"""SQLite: connections, SQL dialect, locking."""

import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from domain.draws import shuffle_key
from storage import private_files
from storage.drivers.buffer import Buffered
from storage.drivers.connection import Connection, Counts, ForeignKeysBroken, Row, Unavailable, error_name
from storage.drivers.records import expand_in_checks, split_statements
from storage.drivers.rows import Lasting, Table, Writing
from storage.drivers.sets import ByPlace, by_place, many_rows_by_place, set_ids

# As SQLite's file format has them, in bytes: the log's header, a page's frame, a salt; where salts stand in both.
LOG_HEADER_BYTES, FRAME_HEADER_BYTES, SALT_BYTES = 32, 24, 8
SALT_IN_HEADER, SALT_IN_FRAME = 16, 8
# Each tells whether it was held up, the pages of the log and those copied of them: -1 and -1 while another copies.
CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"  # what is there; nobody waits for it
FULL_CHECKPOINT = (
    "PRAGMA wal_checkpoint(FULL)"  # the same, then, with the writer kept out, the few pages that came meanwhile
)
FULL_CHECKPOINT_TRIES, PAUSE_SECONDS = 50, 0.001  # at a moment when the writer does not write; seconds in between
WAL_SWITCH_SECONDS = 10.0  # seconds that a file is tried to be switched to WAL


def turn_to_wal(driver: sqlite3.Connection) -> None:
    """Switch a new file to WAL; retry for some seconds, because that needs exclusive access and does not wait for it.
    Raise Unavailable if the file stays locked."""
    end = time.monotonic() + WAL_SWITCH_SECONDS
    while time.monotonic() < end:
        try:
            driver.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
    raise Unavailable("the database stays locked")


class WriteAheadLog:
    """The write-ahead log of an open database. Pages are appended to it; once all of them are copied, the next goes to
    its top under a new salt, and the file keeps its size."""

    def __init__(self, path: Path, page: int) -> None:
        self._path, self._frame = path, FRAME_HEADER_BYTES + page
        self._file = -1

    def salt(self) -> bytes:
        """Return the salt of the pages since the log last began at its top. To be called in a transaction: before the
        first one there is no log."""
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDONLY)
        return os.pread(self._file, SALT_BYTES, SALT_IN_HEADER)

    def holds(self, pages: int, salt: bytes) -> bool:
        """Return whether so many pages were written under this salt."""
        salt_of_page = os.pread(self._file, SALT_BYTES, LOG_HEADER_BYTES + (pages - 1) * self._frame + SALT_IN_FRAME)
        return len(salt_of_page) == SALT_BYTES and salt_of_page == salt

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)


class Checkpoints:
    """A thread that copies the log into the database whenever so many pages were added (`every`).

    While the writer goes on adding pages the log never begins at its top again: from `longest` on the last of them are
    copied with the writer kept out. The writer calls `look` in each of its transactions; the thread begins with the
    first long log.

    A log that is whole in the database is not copied again before the writer has begun at its top: before version
    3.51.3 of SQLite a second copy at that moment may lose what the writer adds (sqlite.org/wal.html#walresetbug)."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], log: WriteAheadLog, every: int, longest: int) -> None:
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
        """Copy the log when it is long, until closed. A copy that fails, as on a full disk, is made after so many pages
        more; the writer makes one at last."""
        with closing(self._connect()) as driver:
            while not self._ended:  # looked at after each time `_wanted` is cleared, which `close` may have set
                self._wanted.wait()
                if not self._ended:
                    with suppress(sqlite3.Error, OSError):
                        self._copy(driver)
                self._wanted.clear()

    def _copy(self, driver: sqlite3.Connection) -> None:
        salt = self._log.salt()
        _, pages, copied = driver.execute(CHECKPOINT).fetchone()
        self._seen = (salt, max(pages, 0))
        if pages >= self._longest and not self._is_whole(salt, pages, copied):
            self._finish(driver, salt)

    def _finish(self, driver: sqlite3.Connection, salt: bytes) -> None:
        """Try a few times to copy all of the log at a moment when it is not read. Beside the writer it copies only what
        CHECKPOINT does."""
        for _ in range(FULL_CHECKPOINT_TRIES):
            if self._ended:
                return
            busy, pages, copied = driver.execute(FULL_CHECKPOINT).fetchone()
            if not busy or self._is_whole(salt, pages, copied):
                return
            time.sleep(PAUSE_SECONDS)

    def _is_whole(self, salt: bytes, pages: int, copied: int) -> bool:
        """Return whether all of the log is copied, and nothing was added since."""
        return 0 <= pages == copied and not self._log.holds(pages + 1, salt)


# An answer touches some 25 pages, a row in each, and each goes into the log whole: small ones are less to write and to
# wait for, and a letter still fits into one.
PAGE_BYTES = 2_048
# Bytes added to the log after which a thread copies it, of a log whose copying it finishes, and of one which the writer
# copies, because the thread did not come to its end.
LONG_LOG_BYTES, LONGER_LOG_BYTES, LONGEST_LOG_BYTES = 4_096_000, 32_768_000, 65_536_000
# KiB of pages kept: the writer's grow with the database up to here and stay; of readings several may run at once.
WRITER_CACHE_KIB, READER_CACHE_KIB = 65_536, 8_192
MAX_LASTING_RECORDS = 10_000  # records held from one commit to the next, at most


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
        """Hold again the records held at the last commit, unless another connection has written since."""
        if self.checkpoints is not None:
            self.checkpoints.look()
        version = self.driver.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            self.rows.held.update(self._lasting)
        self._lasting, self._version = {}, version

    def number(self, table: Table) -> int:
        """Return the id behind the last one, and behind those that a restore left out (storage/backups.py)."""
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
            self._lasting = self.rows.lasting(MAX_LASTING_RECORDS)
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
        self._execute_rows(statement, map(statement.values, rows))

    def _returned(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        statement = many_rows_by_place(sql)
        values, returned = list(map(statement.values, rows)), list[Row]()
        for many, statement_of_many in (*statement.many, (1, statement.one)):
            while len(values) >= many:
                returned += self.driver.execute(statement_of_many, list(chain.from_iterable(values[:many]))).fetchall()
                del values[:many]
        return returned

    def _fill(self, sql: str, rows: Iterable[Row]) -> int:
        return self._execute_rows(by_place(sql), iter(rows))

    def _script(self, sql: str) -> None:
        for statement in split_statements(sql):
            self.driver.execute(statement)

    def _write(self, writings: Sequence[Writing]) -> Counts:
        counts = [self._write_rows(writing, many_rows_by_place(writing.sql)) for writing in writings]
        return lambda: counts

    def _write_rows(self, writing: Writing, statement: ByPlace) -> int:
        count = self._execute_rows(statement, map(statement.values, writing.rows))
        if writing.awaited and count == len(writing.rows):
            set_ids(writing, self.driver.execute("SELECT last_insert_rowid()").fetchone()[0])
        return count

    def _execute_rows(self, statement: ByPlace, values: Iterator[Sequence[Any]]) -> int:
        """Write the rows, many with each statement where possible; return how many it wrote."""
        cursor, count = self.driver.cursor(), 0
        for many, sql in statement.many:
            while len(batch := list(islice(values, many))) == many:
                count += cursor.execute(sql, list(chain.from_iterable(batch))).rowcount
            values = iter(batch)
        return count + max(0, cursor.executemany(statement.one, values).rowcount)


@dataclass(frozen=True, slots=True)
class SQLite:
    """A database file: one writer, and transactions that are durable before they return."""

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
            driver.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a file that is new; another keeps its own
            turn_to_wal(driver)
            driver.execute(f"PRAGMA wal_autocheckpoint = {LONG_LOG_BYTES // PAGE_BYTES}")
            driver.execute("PRAGMA secure_delete = ON")  # what was erased is overwritten; some builds leave it
            driver.execute("PRAGMA synchronous = FULL")
            driver.execute("PRAGMA foreign_keys = ON")
        driver.execute(f"PRAGMA cache_size = {-(READER_CACHE_KIB if read_only else WRITER_CACHE_KIB)}")
        driver.execute("PRAGMA temp_store = MEMORY")  # where savepoints keep their undo data
        return SQLiteConnection(driver)

    def open_to_write(self) -> SQLiteConnection:
        connection = self.open()
        page = connection.driver.execute("PRAGMA page_size").fetchone()[0]
        connection.driver.execute(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG_BYTES // page}")
        log = WriteAheadLog(Path(f"{self.path}-wal"), page)
        connection.checkpoints = Checkpoints(self._connected, log, LONG_LOG_BYTES // page, LONGER_LOG_BYTES // page)
        return connection

    def _connected(self, seconds: float = 0) -> sqlite3.Connection:
        """Return a new connection that waits so many seconds for others."""
        return sqlite3.connect(
            self.uri(False), uri=True, isolation_level=None, timeout=seconds, check_same_thread=False
        )

    def scrub(self) -> bool:
        """Empty the log, in which each page stays as it was; return False if somebody still reads it."""
        with closing(self._connected(1)) as driver:
            try:
                return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
            except sqlite3.OperationalError:
                return False

    def open_to_rebuild(self) -> Connection:
        """Open a connection whose tables may be made anew under their names while others refer to them, as SQLite's
        manual says."""
        connection = self.open()
        connection.changed("PRAGMA foreign_keys = OFF")
        connection.changed("PRAGMA legacy_alter_table = ON")
        return connection

    def lock_schema(self, connection: Connection) -> None:
        """Do nothing: BEGIN IMMEDIATE has locked it."""

    def check_rebuilt(self, connection: Connection) -> None:
        """Raise ForeignKeysBroken if a row refers to a missing one: keys were off while tables were made anew."""
        if connection.all("PRAGMA foreign_key_check"):
            raise ForeignKeysBroken("a row refers to one that is not there")

    def uri(self, read_only: bool) -> str:
        return f"file:{quote(str(Path(self.path).resolve()))}{'?mode=ro' if read_only else ''}"

    def begin(self) -> str:
        return "BEGIN IMMEDIATE"

    def begin_writing(self, connection: Connection, lazily: bool) -> None:
        """Begin a transaction. A lazy one may be lost as a whole with the machine's power: the log is copied into the
        database only after all of it is on disk."""
        assert isinstance(connection, SQLiteConnection)  # noqa: S101 (it opened it)
        connection.driver.execute(f"PRAGMA synchronous = {'NORMAL' if lazily else 'FULL'}")
        connection.send(self.begin())

    def begin_reading(self) -> str:
        """Return a connection in a reading transaction, which sees one moment from its first reading on."""
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
        for word, sqlite_word in (
            ("BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            ("BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY"),
            ("BIGINT", "INTEGER"),
            ("DOUBLE PRECISION", "REAL"),
        ):
            sql = sql.replace(word, sqlite_word)
        sql = expand_in_checks(sql)
        return re.sub(r"^\);$", ") STRICT;", sql, flags=re.MULTILINE)

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)

    def is_unavailable(self, error: BaseException) -> bool:
        """Return whether the error is any operational one but a wrong statement, which is a bug, or a damaged file."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if isinstance(error, sqlite3.OperationalError):
            return code != sqlite3.SQLITE_ERROR
        return isinstance(error, sqlite3.DatabaseError) and code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

    def lacks_rights(self, error: BaseException) -> bool:
        return False
