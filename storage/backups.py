"""Files and folders of backups and restores under way; those that a killed process left behind are deleted."""

import fcntl
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EINVAL, EISDIR
from graphlib import TopologicalSorter
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg

from domain.moments import MINUTE, Moment, as_datetime, later
from storage import invariants, private_files
from storage.database import one_transaction
from storage.drivers.connection import Connection, Unavailable, UnknownSchema
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import DatabaseSettings, migrate, run_missing, version_of
from storage.drivers.postgresql import PostgreSQL, PostgreSQLConnection
from storage.drivers.sqlite import SQLite
from storage.invariants import LATEST_MOMENT
from storage.people.personal_data import ENDED_LETTERS_ARE_EMPTY
from storage.unit import UnitOfWork

RESTORING = ".pouce-restore-"
_LEFTOVER = re.compile(r"\..+\.[0-9a-f]{8}\.part|" + re.escape(RESTORING) + r"\w+")


@contextmanager
def under_way(path: Path) -> Iterator[None]:
    """Lock the file or folder until the block ends, so that no other backup takes it for a leftover. The lock ends
    with the process. It is shared: the file's maker may hold a lock of its own on it
    (bot/cli/taxes.py)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def delete_leftovers(folder: Path) -> None:
    """Delete what killed backups and restores left in the folder; what another process is writing stays."""
    for path in list(folder.iterdir()):
        if _LEFTOVER.fullmatch(path.name) and not path.is_symlink():
            with suppress(OSError):
                _delete_unless_locked(path)


def _delete_unless_locked(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises BlockingIOError where it is under way
        if path.is_dir():
            shutil.rmtree(path)
        else:
            for ending in private_files.ENDINGS:
                Path(f"{path}{ending}").unlink(missing_ok=True)
    finally:
        os.close(handle)


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
    delete_leftovers(file.parent)
    part = file.with_name(f".{file.name}.{token_hex(4)}.part")
    try:
        private_files.make(part)
        with under_way(part):
            yield part
        keep(part)
        part.replace(file)
        keep(file.parent)
    finally:
        for ending in private_files.ENDINGS:
            Path(f"{part}{ending}").unlink(missing_ok=True)


def check_place(file: Path) -> None:
    """Raise OSError unless the place is free or a file: as root a new file would take the place of /dev/stdout or
    /dev/null."""
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
    """Copy all pages in one step, from one moment: in WAL mode a reader keeps no writer waiting."""
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


NAME = "lost periods"


def add(settings: DatabaseSettings, since: Moment, until: Moment) -> None:
    """Note one more lost period."""
    settings.store(NAME, json.dumps([*lost_periods(settings), (since, until)]))


def lost_periods(settings: DatabaseSettings) -> list[tuple[Moment, Moment]]:
    """Return each lost period as (its first moment, the moment after its last), in the order of the restores."""
    return [(Moment(since), Moment(until)) for since, until in json.loads(settings.get(NAME) or "[]")]


HEADER = b"SQLite format 3\0"
# Numbers that are known outside, and how many of each a second may have been given out at most: what a bank knows
# (PAYOUT-12, FILE-3), and what the buttons under a task and its answer carry.
NUMBERED = {"payouts": 1, "bank_files": 1, "assignments": 1_000, "submissions": 1_000}
LEFT_OUT = 1_000
CLOCKS_APART = MINUTE  # between Telegram's clock and this machine's, at most
LAST_MOVED = "SELECT max(made_at) FROM transfers"
NUMBER = """
SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = :table), 0),
  coalesce((SELECT max(id) FROM {table}), 0))"""
HELD = "SELECT count(*) FROM leases WHERE until > :now"


class RestorationRefused(Exception):
    """The restoration was refused and nothing was changed; the text is the reason, in one line."""


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside`: where the former database is now, None where there was none; `mended`: letters that were emptied."""

    aside: str | None
    mended: int


def restore(url: str, file: Path, now: Moment, mend: bool = False) -> Restored:
    """`mend` empties letters that should have been, where nothing else is wrong with the backup."""
    dialect = dialect_of(url)
    place = Path(dialect.path).resolve().parent if isinstance(dialect, SQLite) else None
    if place is not None:
        delete_leftovers(place)
    with TemporaryDirectory(prefix=RESTORING, dir=place) as folder, under_way(Path(folder)):
        copy = Path(folder) / "copy.db"
        mended = _check_copy(file, copy, now, mend)
        if isinstance(dialect, SQLite):
            return Restored(_replace_file(Path(dialect.path).resolve(), copy, now), mended)
        return Restored(_replace_schema(dialect, copy, now), mended)


def _check_copy(file: Path, copy: Path, now: Moment, mend: bool) -> int:
    """Makes a copy of the backup, brought to this version, that passes `verify`; how many letters were emptied."""
    with open(file, "rb") as backup:
        if backup.read(len(HEADER)) != HEADER:
            raise RestorationRefused(f"{file} is not a backup")
    private_files.make(copy)
    shutil.copyfile(file, copy)
    try:
        _check_pages(file, copy)
        with one_transaction(f"sqlite:///{quote(str(copy))}", now) as unit:
            mended = _mended(unit, file, mend)
            _leave_out(unit, now)
            _note_lost_period(unit, now)
    except sqlite3.Error as error:
        raise RestorationRefused(f"{file} is damaged: {error}") from None
    with opened(str(copy)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA journal_mode = WAL")  # without a log yet: who opens it first need not be alone
    return mended


def _mended(unit: UnitOfWork, file: Path, mend: bool) -> int:
    """The number of letters emptied; refused where another rule is broken, or without --mend."""
    broken = [finding for finding in invariants.iter_findings(unit) if finding.count]
    grave = [finding for finding in broken if finding.invariant is not ENDED_LETTERS_ARE_EMPTY]
    if grave:
        worst = grave[0].violations[0]
        raise RestorationRefused(f"{file} breaks rule {worst.rule}, {worst.name}: {worst.row}, {worst.detail}")
    if broken and not mend:
        raise RestorationRefused(
            f"{file} breaks one rule only: letters that have ended still hold what they said ({broken[0].count}). "
            "To empty them while restoring: pouce restore FILE --mend"
        )
    return unit.outbox_queue.empty_ended() if broken else 0


def _leave_out(unit: UnitOfWork, now: Moment) -> None:
    """Leave out the numbers that may have been given out since the backup: some for each second, so that a backup that
    is restored twice does not use the same ones again."""
    ((last,),) = unit.connection.all(LAST_MOVED)
    seconds = max(0, now - int(last)) // 1_000 if last is not None else 0
    for table, each_second in NUMBERED.items():
        skipped = LEFT_OUT + seconds * each_second
        ((number,),) = unit.connection.all(NUMBER.format(table=table), table=table)
        unit.connection.changed("DELETE FROM sqlite_sequence WHERE name = :table", table=table)
        unit.connection.changed(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :seq)", table=table, seq=int(number) + skipped
        )


def _note_lost_period(unit: UnitOfWork, now: Moment) -> None:
    """Note the time between the backup and now: what the database gave a number to in that time is lost, so no button
    that was shown in that time is taken."""
    ((last,),) = unit.connection.all(f"SELECT {LATEST_MOMENT}")
    add(unit.settings, later(Moment(int(last or 0)), -CLOCKS_APART), now)


def _check_pages(file: Path, copy: Path) -> None:
    dialect = SQLite(str(copy))
    connection = dialect.open()
    try:
        if connection.all("PRAGMA integrity_check(1)")[0][0] != "ok" or connection.all("PRAGMA foreign_key_check"):
            raise RestorationRefused(f"{file} is damaged")
        problems = version_of(dialect, connection)
    except UnknownSchema as unknown:
        raise RestorationRefused(f"{file} is not a backup of this version or an older one: {unknown}") from None
    finally:
        connection.close()
    if not problems:
        raise RestorationRefused(f"{file} is not a backup of this version or an older one")
    migrate(dialect)


def _replace_file(target: Path, copy: Path, now: Moment) -> str | None:
    aside = None
    if target.exists():
        _refuse_while_open(target, now)
        aside = target.with_name(f"{target.stem}-{_dated(now)}{target.suffix}")
        _move(target, aside)
    keep(copy)
    copy.rename(target)
    keep(target.parent)
    return str(aside) if aside else None


def _move(target: Path, aside: Path) -> None:
    """Moves the database with its log, if there is one: what a crash left behind is kept as it is."""
    if aside.exists():
        raise RestorationRefused(f"{aside} is in the way")
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{target}{ending}").rename(f"{aside}{ending}")


def _refuse_while_open(target: Path, now: Moment) -> None:
    """Raises where another process has the file open: SQLite leaves WAL mode only for the last connection."""
    with opened(str(target)) as connection:
        connection.execute("PRAGMA busy_timeout = 200")
        with suppress(sqlite3.DatabaseError):
            if connection.execute(HELD, {"now": now}).fetchone()[0]:
                raise RestorationRefused("The bot is running: stop it first")
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError:
            raise RestorationRefused(f"{target} is in use: stop the bot first") from None
        except sqlite3.DatabaseError:
            return  # damaged: all the more reason to set it aside


def _replace_schema(dialect: PostgreSQL, copy: Path, now: Moment) -> str | None:
    connection = dialect.open()
    try:
        with _whole(connection):
            aside = _set_schema_aside(dialect, connection, now)
            run_missing(dialect, connection)
            with opened(str(copy)) as reading:
                for table in tables(reading):
                    _load(connection, reading, table)
                for table, number in reading.execute("SELECT name, seq FROM sqlite_sequence"):
                    connection.one(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {number})")
        return aside
    except psycopg.Error as error:
        raise RestorationRefused(f"The database refused: {str(error).splitlines()[0]}") from None
    finally:
        connection.close()


@contextmanager
def _whole(connection: Connection) -> Iterator[None]:
    connection.changed("BEGIN")
    yield
    connection.changed("COMMIT")


def _set_schema_aside(dialect: PostgreSQL, connection: Connection, now: Moment) -> str | None:
    """Sets aside the schema of any version."""
    if connection.one(dialect.has_settings) is None:
        return None
    if connection.all(HELD, now=now)[0][0]:
        raise RestorationRefused("The bot is running: stop it first")
    schema = connection.all("SELECT current_schema()")[0][0]
    aside = f"{schema}_{_dated(now)}"
    connection.changed(f'ALTER SCHEMA "{schema}" RENAME TO "{aside}"')
    connection.changed(f'CREATE SCHEMA "{schema}"')
    return f"schema {aside}"


def _load(connection: PostgreSQLConnection, reading: sqlite3.Connection, table: str) -> None:
    names = ", ".join(content := columns(reading, table))
    connection.changed(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    connection.changed(f"DELETE FROM {table}")
    connection.copy(f"COPY {table} ({names}) FROM STDIN", reading.execute(f"SELECT {names} FROM {table}"))
    connection.changed(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    if "id" in content:
        connection.one(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def _dated(now: Moment) -> str:
    return as_datetime(now).strftime("%Y%m%d_%H%M%S")
