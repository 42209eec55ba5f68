"""SQLite's log is copied by a thread of its own, and begins anew, whatever is written and read meanwhile."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.drivers.sqlite import (
    CHECKPOINT,
    FULL_CHECKPOINT,
    PAGE_BYTES,
    Checkpoints,
    SQLite,
    SQLiteConnection,
    WriteAheadLog,
)

LONG, EVERY, NEVER = 10.0, 40, 1 << 30  # seconds, pages


@pytest.fixture
def file(tmp_path: Path) -> SQLite:
    return SQLite(str(tmp_path / "logged.db"))


@pytest.fixture
def writer(file: SQLite) -> Iterator[SQLiteConnection]:
    with closing(file.open_to_write()) as connection:
        connection.changed("CREATE TABLE words (word TEXT)")
        yield connection


def write(writer: SQLiteConnection, word: str, rows: int = 1) -> None:
    """A page each, and a commit."""
    writer.changed("BEGIN IMMEDIATE")
    writer.resume()
    writer.many("INSERT INTO words VALUES (:word)", [{"word": word * (1_500 // len(word))}] * rows)
    writer.changed("COMMIT")


def watch(file: SQLite, writer: SQLiteConnection, longest: int) -> WriteAheadLog:
    """Its log is copied every few pages, by hand too small for a test of seconds."""
    assert writer.checkpoints is not None
    writer.checkpoints.close()
    log = WriteAheadLog(Path(f"{file.path}-wal"), PAGE_BYTES)
    writer.checkpoints = Checkpoints(file._connected, log, EVERY, longest)
    return log


def goes_on_until(writer: SQLiteConnection, held: Callable[[], bool]) -> None:
    """More and more is written."""
    end = time.monotonic() + LONG
    while not held():
        assert time.monotonic() < end
        write(writer, "more")


def test_the_length_of_the_log_is_read_from_its_file(file: SQLite, writer: SQLiteConnection):
    log = WriteAheadLog(Path(f"{file.path}-wal"), PAGE_BYTES)
    for rows in (30, 1):  # the second time above what the first left there
        write(writer, "word", rows)
        salt = log.salt()
        with closing(file._connected()) as other:
            pages = other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]
        assert pages >= rows
        assert log.holds(pages, salt)
        assert not log.holds(pages + 1, salt)
    log.close()


def test_a_long_log_is_copied_without_the_writer(file: SQLite, writer: SQLiteConnection):
    """Who has written does not see it as another's writing: what is held from commit to commit stays."""
    watch(file, writer, NEVER)
    write(writer, "planted")
    version = writer.driver.execute("PRAGMA data_version").fetchone()
    assert b"plantedplanted" not in Path(file.path).read_bytes()
    goes_on_until(writer, lambda: b"plantedplanted" in Path(file.path).read_bytes())
    assert writer.driver.execute("PRAGMA data_version").fetchone() == version


def test_a_log_begins_anew_once_nobody_reads_what_is_in_it(file: SQLite, writer: SQLiteConnection):
    log = watch(file, writer, EVERY)
    write(writer, "word")
    before = log.salt()
    with closing(sqlite3.connect(file.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM words").fetchone()
        goes_on_until(writer, lambda: log.holds(4 * EVERY, before))
        assert log.salt() == before
    goes_on_until(writer, lambda: log.salt() != before)


def test_a_log_that_is_whole_in_the_database_is_not_copied_again(file: SQLite, writer: SQLiteConnection):
    told = list[str]()

    class Noting(sqlite3.Connection):
        def execute(self, *asked: Any) -> sqlite3.Cursor:
            told.append(asked[0])
            return super().execute(*asked)

    log = watch(file, writer, EVERY)
    connect = partial(sqlite3.connect, file.path, factory=Noting, isolation_level=None, check_same_thread=False)
    writer.checkpoints = Checkpoints(connect, log, EVERY, EVERY)
    write(writer, "word", 2 * EVERY)
    writer.changed("BEGIN IMMEDIATE")
    writer.resume()
    writer.changed("ROLLBACK")
    end = time.monotonic() + LONG
    while writer.checkpoints._wanted.is_set():  # until it has copied
        assert time.monotonic() < end
        time.sleep(0.001)
    assert told == [CHECKPOINT]


def test_a_copy_that_another_connection_makes_at_the_same_moment_ends_nothing(file: SQLite, writer: SQLiteConnection):
    """SQLite tells no pages, but -1, of a log that another copies; the next long log is copied again."""
    with closing(sqlite3.connect(file.path, isolation_level=None)) as reader:
        log = watch(file, writer, EVERY)
        before = log.salt()
        told = list[tuple[str, int]]()

        class Late(sqlite3.Connection):
            def execute(self, *asked: Any) -> sqlite3.Cursor:
                if asked[0] == FULL_CHECKPOINT and FULL_CHECKPOINT not in dict(told):
                    other.start()
                    wait_until(lambda: super(Late, self).execute(CHECKPOINT).fetchone()[1] < 0)
                found = super().execute(*asked)
                row = found.fetchone()
                told.append((asked[0], row[1]))
                return super().execute(f"SELECT {', '.join(map(str, row))}")

        def copy_waiting_for_the_reader() -> None:
            with closing(sqlite3.connect(file.path, timeout=LONG, isolation_level=None)) as driver:
                driver.execute("PRAGMA wal_checkpoint(RESTART)")

        other = threading.Thread(target=copy_waiting_for_the_reader, daemon=True)
        connect = partial(sqlite3.connect, file.path, factory=Late, isolation_level=None, check_same_thread=False)
        copies = writer.checkpoints = Checkpoints(connect, log, EVERY, EVERY)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM words").fetchone()
        goes_on_until(writer, lambda: (FULL_CHECKPOINT, -1) in told)
        reader.execute("COMMIT")
    other.join(LONG)
    goes_on_until(writer, lambda: log.salt() != before)
    assert copies._thread is not None
    assert copies._thread.is_alive()


def wait_until(held: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not held():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_a_writer_that_is_closed_while_its_log_is_copied_waits_for_that_alone(file: SQLite, writer: SQLiteConnection):
    begun, go_on = threading.Event(), threading.Event()

    class Slow(sqlite3.Connection):
        def execute(self, *asked: Any) -> sqlite3.Cursor:
            begun.set()
            go_on.wait(LONG)
            return super().execute(*asked)

    log = watch(file, writer, NEVER)
    connect = partial(sqlite3.connect, file.path, factory=Slow, isolation_level=None, check_same_thread=False)
    copies = writer.checkpoints = Checkpoints(connect, log, EVERY, NEVER)
    goes_on_until(writer, begun.is_set)
    closing_it = threading.Thread(target=copies.close, daemon=True)
    closing_it.start()
    while not copies._ended:
        time.sleep(0.001)
    go_on.set()
    closing_it.join(LONG)
    assert not closing_it.is_alive()
    writer.checkpoints = None
