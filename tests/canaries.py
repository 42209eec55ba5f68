"""Looks for words in all that a database keeps: bytes of SQLite's files, every column of PostgreSQL's tables."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import psycopg

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"


def kept(url: str) -> bytes:
    """Of SQLite file and log as they lie on the disk; of PostgreSQL what every row says, dead rows apart."""
    if url.startswith("sqlite:///"):
        place = url.removeprefix("sqlite:///")
        return b"".join(file.read_bytes() for end in ("", "-wal", "-journal") if (file := Path(place + end)).exists())
    with closing(psycopg.connect(url)) as connection:
        tables = [row[0] for row in connection.execute(TABLES).fetchall()]
        rows = (connection.execute(f'SELECT CAST(t AS TEXT) FROM "{table}" t').fetchall() for table in tables)
        return "\n".join(row[0] for table in rows for row in table).encode()


def found(canaries: Iterable[str], *places: bytes) -> set[str]:
    return {canary for canary in canaries if any(canary.encode() in place for place in places)}
