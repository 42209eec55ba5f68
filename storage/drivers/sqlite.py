"""SQLite: connections, SQL dialect, locking."""

import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from storage.drivers import private_files
from storage.drivers.connection import Connection, DriverConnection
from storage.drivers.errors import Broken, Unavailable
from storage.drivers.scripts import statements

# An answer touches some 25 pages, a row in each, and each goes into the log whole: small ones are less to write and to
# wait for, and a letter still fits into one.
PAGE, LONGEST_LOG = 2_048, 4_096_000  # bytes of the log at which it is checkpointed


class SQLiteConnection(DriverConnection):
    dialect = "sqlite"

    def script(self, sql: str) -> None:
        for statement in statements(sql):
            self.driver.execute(statement)


def _turn_to_wal(driver: sqlite3.Connection) -> None:
    """Switches a new file to WAL, which needs exclusive access and does not wait: concurrent openers retry."""
    for _ in range(200):
        try:
            driver.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
    raise Unavailable("the database stays locked")


@dataclass(frozen=True, slots=True)
class SQLite:
    """One writer, durable before it answers. Its only checkpoints are made by that writer."""

    path: str
    name: str = "sqlite"
    one_process: ClassVar[bool] = True
    has_settings: ClassVar[str] = "SELECT 1 FROM sqlite_master WHERE name = 'settings'"

    def open(self, read_only: bool = False) -> Connection:
        try:
            if not read_only:
                private_files.make(Path(self.path))
            driver = sqlite3.connect(
                self.uri(read_only), uri=True, isolation_level=None, timeout=30, check_same_thread=False
            )
        except (sqlite3.OperationalError, OSError) as error:
            raise Unavailable(f"{self.path}: {error}") from None
        if read_only:
            driver.execute("PRAGMA wal_autocheckpoint = 0")
        else:
            driver.execute(f"PRAGMA page_size = {PAGE}")  # of a file that is new; another keeps its own
            _turn_to_wal(driver)
            driver.execute(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG // PAGE}")
            driver.execute("PRAGMA synchronous = FULL")
            driver.execute("PRAGMA foreign_keys = ON")
        driver.execute("PRAGMA cache_size = -65536")
        driver.execute("PRAGMA temp_store = MEMORY")  # where savepoints keep their undo data
        return SQLiteConnection(driver)

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

    def begin_reading(self) -> str:
        """From its first look on a reading transaction sees one moment."""
        return "BEGIN"

    def take_turn(self, connection: Connection) -> None:
        """Has it since BEGIN IMMEDIATE."""

    def tell(self, connection: Connection, signal: str) -> None:
        """Does nothing: other processes poll."""

    def ddl(self, sql: str) -> str:
        for word, here in (
            ("BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY"),
            ("BIGINT", "INTEGER"),
            ("DOUBLE PRECISION", "REAL"),
        ):
            sql = sql.replace(word, here)
        return re.sub(r"^\);$", ") STRICT;", sql, flags=re.MULTILINE)

    def may_retry(self, error: BaseException) -> bool:
        return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)

    def is_unavailable(self, error: BaseException) -> bool:
        """Every operational error but a statement that is wrong, which is a bug."""
        return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR
