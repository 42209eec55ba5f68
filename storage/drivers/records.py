"""Rows ↔ frozen values: a record's fields are its table's columns, in order."""

import re
import sqlite3
from collections.abc import Callable, Container, Iterable
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

import orjson

from domain.messages import record
from storage.drivers.connection import Row

T = TypeVar("T")


@record
class Page(Generic[T]):
    """Part of a list that is read by id: `last_id` is the last id read. A page that is not full is the last one."""

    records: list[T]
    last_id: int
    is_full: bool


def read_page(
    rows: list[Row], after: int, limit: int, known_ids: Container[int], read_row: Callable[[Row], T]
) -> Page[T]:
    """Return the page of rows that begin with their id; rows with an id in `known_ids` are left out."""
    records = [read_row(row) for row in rows if row[0] not in known_ids]
    return Page(records, rows[-1][0] if rows else after, len(rows) == limit)


@cache
def columns(record: type, prefix: str = "") -> str:
    """Return a record's fields as `id, project, …` for a SELECT; with a prefix as `t.id, t.project, …`."""
    return ", ".join(prefix + field.name for field in fields(record))


def equals_by_range(column: str, value: str) -> str:
    """Return a condition for rows of one value, whose newest are read in the order `column DESC, id DESC`.

    With `=` PostgreSQL walks back over the key instead, past all other rows, as long as it has seen rows of few values:
    to the beginning for a value without rows."""
    return f"{column} >= {value} AND {column} <= {value}"


def pack(value: Any) -> str:
    return orjson.dumps(value).decode()


def unpack(text: str) -> Any:
    return orjson.loads(text)


def unpack_tuple(text: str) -> tuple[str, ...]:
    """Return a stored JSON list as a tuple."""
    return tuple(orjson.loads(text))


def single_value(row: Row | None, default: Any = None) -> Any:
    """Return the first column of the row; the default if there is no row or the column is NULL."""
    return default if row is None or row[0] is None else row[0]


def single_values(rows: Iterable[Row]) -> list[Any]:
    """Return the first column of each row."""
    return [row[0] for row in rows]


SQL_WORD = re.compile(r"[a-z_]+")
CHANGING_VERB = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b")
# SQLite makes a table in memory of a list of three and more, for each row that it checks: 1.2 µs each.
IN_CHECK = re.compile(r"CHECK \((\w+) IN \(((?:[^(),]+,\s+){2,}[^(),]+)\)\)")
WRITTEN_TABLE = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+(\w+)")


def expand_in_checks(script: str) -> str:
    """Return the script with each `CHECK (… IN (…))` as comparisons with one value after the other."""
    return IN_CHECK.sub(_or_check, script)


def _or_check(check: re.Match[str]) -> str:
    values = re.split(r",\s+", check[2])
    return f"CHECK ({' OR '.join(f'{check[1]} = {value}' for value in values)})"


def split_statements(script: str) -> list[str]:
    """Return the statements of a script, split by sqlite3.complete_statement (triggers contain semicolons)."""
    complete, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            complete.append(part)
            part = ""
    return complete


@lru_cache(maxsize=4096)
def find_words_read(sql: str) -> frozenset[str] | None:
    """Return the words by which a reading statement may name tables; None for any other statement."""
    verb = sql.split(None, 1)[0].upper()
    is_reading = verb == "SELECT" or (verb == "WITH" and not CHANGING_VERB.search(sql))
    return frozenset(SQL_WORD.findall(sql)) if is_reading else None


@lru_cache(maxsize=4096)
def find_table_written(sql: str) -> str | None:
    """Return the table that a statement writes to; None if that is unknown."""
    match = WRITTEN_TABLE.match(sql)
    return match[1] if match else None
