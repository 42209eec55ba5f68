"""SQLite's log, copied into the database by a thread with a connection of its own: no answer waits for that."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from storage.drivers.errors import Unavailable

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
