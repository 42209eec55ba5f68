"""Attacks with the database's password: dropped constraints, disabled triggers, arbitrary writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.moments import Moment
from storage.drivers.connection import Connection, Row
from storage.drivers.dialects import dialect_of
from storage.unit import UnitOfWork

CONSTRAINTS = """
SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass) AND contype IN ('c', 'f', 'p', 'u')"""
UNIQUE_INDEXES = """
SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indrelid = CAST(:table AS regclass) AND x.indisunique"""
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@contextmanager
def attack(url: str, now: Moment, *stripped: str, asleep: bool = False) -> Iterator[UnitOfWork]:
    """Writes with the constraints of the `stripped` tables gone; with `asleep` no trigger runs until it is over."""
    connection = dialect_of(url).open()
    try:
        if connection.dialect == "sqlite":
            yield from _on_sqlite(connection, now, stripped, asleep)
        else:
            yield from _on_postgresql(connection, now, stripped, asleep)
    finally:
        connection.close()


def _on_sqlite(connection: Connection, now: Moment, stripped: tuple[str, ...], asleep: bool) -> Iterator[UnitOfWork]:
    connection.script("PRAGMA foreign_keys = OFF;\n")
    connection.script("PRAGMA legacy_alter_table = ON;\n")
    triggers = connection.all(TRIGGERS)
    for name, _ in triggers:
        connection.changed(f"DROP TRIGGER {name}")
    for table in stripped:
        connection.changed(f"CREATE TABLE bare AS SELECT * FROM {table}")
        connection.changed(f"DROP TABLE {table}")
        connection.changed(f"ALTER TABLE bare RENAME TO {table}")
    if not asleep:
        _wake(connection, triggers)
    yield UnitOfWork(connection, now)
    if asleep:
        _wake(connection, triggers)


def _wake(connection: Connection, triggers: list[Row]) -> None:
    for _, sql in triggers:
        connection.changed(sql)


def _on_postgresql(
    connection: Connection, now: Moment, stripped: tuple[str, ...], asleep: bool
) -> Iterator[UnitOfWork]:
    for table in stripped:
        for (name,) in connection.all(CONSTRAINTS, table=table):
            connection.changed(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
        for (name,) in connection.all(UNIQUE_INDEXES, table=table):
            connection.changed(f"DROP INDEX {name}")
    if asleep:
        connection.changed("SET session_replication_role = replica")
    yield UnitOfWork(connection, now)
