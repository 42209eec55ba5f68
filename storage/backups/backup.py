"""A backup is one SQLite file, whichever database it came from, and goes back into either.

On SQLite it is an online copy made in one reading transaction: writers go on meanwhile. On PostgreSQL every table is
read in one transaction of one moment and written into a new file. Leases are not copied: they belong to running
processes.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL, EISDIR
from graphlib import TopologicalSorter
from pathlib import Path
from secrets import token_hex

import psycopg

from storage import private_files
from storage.backups import leftovers
from storage.drivers.dialects import PostgreSQL, SQLite, Unavailable, dialect_of
from storage.drivers.migrate import migrate

CHUNK = 5_000
TABLES = """
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'leases' ORDER BY rowid"""
PARENTS = 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(?) WHERE "table" <> ?'
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def back_up(url: str, file: Path) -> None:
    """Complete and on the disk when it appears under its name; nothing of that name before."""
    dialect = dialect_of(url)
    if isinstance(dialect, SQLite) and file.resolve() == Path(dialect.path).resolve():
        raise Unavailable(f"No backup was written to {file}: it is the database")  # a bot would go on in the old file
    try:
        with in_place(file) as part:
            if isinstance(dialect, SQLite):
                copy_file(Path(dialect.path), part)
            else:
                copy_rows(dialect, part)
    except OSError as error:
        raise Unavailable(f"No backup was written to {file}: {error.strerror}") from None
    except (sqlite3.Error, psycopg.Error, Unavailable) as error:
        raise Unavailable(f"No backup was written to {file}: {str(error).splitlines()[0]}") from None


@contextmanager
def in_place(file: Path) -> Iterator[Path]:
    """A file written under a temporary name, readable by its owner only; renamed on success, removed with the
    database's side files on failure, and by the next backup where this process is killed. Raises OSError where anything
    but a file has its name."""
    check_place(file)
    leftovers.delete_leftovers(file.parent)
    part = file.with_name(f".{file.name}.{token_hex(4)}.part")
    try:
        private_files.make(part)
        with leftovers.under_way(part):
            yield part
        keep(part)
        part.replace(file)
        keep(file.parent)
    finally:
        for ending in private_files.ENDINGS:
            Path(f"{part}{ending}").unlink(missing_ok=True)


def check_place(file: Path) -> None:
    """Only a file may be replaced: as root the new one would take the place of /dev/stdout, or of /dev/null. Raises
    OSError."""
    if not file.name or file.is_dir():
        raise IsADirectoryError(EISDIR, "Is a directory", str(file))
    if file.exists() and not file.is_file():
        raise OSError(EINVAL, "Not a file", str(file))


def keep(path: Path) -> None:
    """Asks the disk to have it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_file(source: Path, target: Path) -> None:
    """All pages in one step, from one moment: in WAL mode a reader keeps no writer waiting."""
    with opened(SQLite(str(source)).uri(read_only=True)) as reading, opened(str(target)) as writing:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")
        writing.execute("DELETE FROM leases")


def copy_rows(dialect: PostgreSQL, target: Path) -> None:
    migrate(SQLite(str(target)))
    with opened(str(target)) as writing, psycopg.connect(dialect.url) as reading:
        writing.execute("PRAGMA journal_mode = DELETE")
        reading.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reading.read_only = True
        writing.execute("BEGIN")
        with asleep(writing):
            for table in tables(writing):
                _copy_table(reading, writing, table)
        writing.execute("COMMIT")


def _copy_table(reading: "psycopg.Connection[tuple[object, ...]]", writing: sqlite3.Connection, table: str) -> None:
    names = columns(writing, table)
    writing.execute(f"DELETE FROM {table}")
    with reading.cursor(name=f"copy_{table}") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(f"SELECT {', '.join(names)} FROM {table}".encode())
        marks = ", ".join("?" * len(names))
        writing.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", cursor)


def tables(connection: sqlite3.Connection) -> list[str]:
    """Every table a backup holds, each after those it refers to."""
    names = [name for (name,) in connection.execute(TABLES)]
    parents = {name: [parent for (parent,) in connection.execute(PARENTS, (name, name))] for name in names}
    return list(TopologicalSorter(parents).static_order())


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


@contextmanager
def asleep(connection: sqlite3.Connection) -> Iterator[None]:
    """Rows are copied as they are: no trigger answers to them."""
    triggers = connection.execute(TRIGGERS).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.execute(sql)


@contextmanager
def opened(name: str) -> Iterator[sqlite3.Connection]:
    """A connection of its own, closed afterwards; `name` is a path or a file: address."""
    connection = sqlite3.connect(name, uri=name.startswith("file:"), isolation_level=None, timeout=30)
    try:
        yield connection
    finally:
        connection.close()
