"""Streams for pages, reports and exports: aiosqlite on a read-only connection, psycopg with a server-side cursor."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any
from uuid import uuid4

import aiosqlite
import psycopg

from storage.drivers.connection import Row, percent_named, to_unavailable
from storage.drivers.postgresql import PostgreSQL
from storage.drivers.sqlite import SQLite

ROWS_PER_CHUNK = 2_000


@contextmanager
def raising_unavailable(dialect: SQLite | PostgreSQL) -> Iterator[None]:
    """Raise Unavailable for what the driver raises while the database is away."""
    try:
        yield
    except Exception as error:
        if dialect.is_unavailable(error):
            raise to_unavailable(error) from error
        raise


async def rows(dialect: SQLite | PostgreSQL, sql: str, values: dict[str, Any]) -> AsyncIterator[Row]:
    async for chunk in chunks(dialect, sql, values):
        for row in chunk:
            yield row


async def chunks(dialect: SQLite | PostgreSQL, sql: str, values: dict[str, Any]) -> AsyncGenerator[list[Row]]:
    """Yield lists of rows, so that a million rows do not take a million waits. Raise Unavailable."""
    stream = _sqlite(dialect, sql, values) if isinstance(dialect, SQLite) else _postgresql(dialect, sql, values)
    with raising_unavailable(dialect):
        async with aclosing(stream):
            async for chunk in stream:
                yield chunk


async def _sqlite(dialect: SQLite, sql: str, values: dict[str, Any]) -> AsyncGenerator[list[Row]]:
    uri = dialect.uri(read_only=True)
    async with aiosqlite.connect(uri, uri=True, isolation_level=None) as connection:
        await connection.execute("PRAGMA wal_autocheckpoint = 0")
        async with connection.execute(sql, values) as cursor:
            while chunk := list(await cursor.fetchmany(ROWS_PER_CHUNK)):
                yield [tuple(row) for row in chunk]


async def _postgresql(dialect: PostgreSQL, sql: str, values: dict[str, Any]) -> AsyncGenerator[list[Row]]:
    async with (
        await psycopg.AsyncConnection.connect(dialect.url) as connection,
        connection.cursor(name=f"pouce_{uuid4().hex}") as cursor,
    ):
        await cursor.execute(percent_named(sql), values)
        while chunk := await cursor.fetchmany(ROWS_PER_CHUNK):
            yield list(chunk)
