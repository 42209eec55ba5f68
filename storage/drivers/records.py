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
    """Part of a list that is read by id: `last` is the last id read. A page that is not full is the last one."""

    found: list[T]
    last: int
    full: bool


def page(rows: list[Row], after: int, limit: int, known: Container[int], read: Callable[[Row], T]) -> Page[T]:
    """Of rows that begin with their id; those in `known` are left out."""
    found = [read(row) for row in rows if row[0] not in known]
    return Page(found, rows[-1][0] if rows else after, len(rows) == limit)


@cache
def columns(record: type, prefix: str = "") -> str:
    """`id, project, …` for a SELECT; with a prefix `t.id, t.project, …`."""
    return ", ".join(prefix + field.name for field in fields(record))


def of(column: str, value: str) -> str:
    """Rows of one value, the newest of which are read in the order `column DESC, id DESC`. With `=` PostgreSQL walks
    back over the key instead, past all other rows, as long as it knows rows of few values: to the beginning for a value
    that has none."""
    return f"{column} >= {value} AND {column} <= {value}"


def pack(value: Any) -> str:
    return orjson.dumps(value).decode()


def unpack(text: str) -> Any:
    return orjson.loads(text)


def words(text: str) -> tuple[str, ...]:
    return tuple(orjson.loads(text))


def first(row: Row | None, default: Any = None) -> Any:
    return default if row is None or row[0] is None else row[0]


def each(rows: Iterable[Row]) -> list[Any]:
    """The only column of each row."""
    return [row[0] for row in rows]


WORDS = re.compile(r"[a-z_]+")
CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b")
# SQLite makes a table in memory of a list of three and more, for each row that it checks: 1.2 µs each.
ONE_OF = re.compile(r"CHECK \((\w+) IN \(((?:[^(),]+,\s+){2,}[^(),]+)\)\)")
WRITES = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+(\w+)")


def one_by_one(script: str) -> str:
    """The same with checks that compare with each value in turn."""
    return ONE_OF.sub(_either, script)


def _either(check: re.Match[str]) -> str:
    values = re.split(r",\s+", check[2])
    return f"CHECK ({' OR '.join(f'{check[1]} = {value}' for value in values)})"


def statements(script: str) -> list[str]:
    """Splits a script by sqlite3.complete_statement (triggers contain semicolons)."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found


@lru_cache(maxsize=4096)
def reads(sql: str) -> frozenset[str] | None:
    """Words that a reading statement may name tables by; None for any other."""
    verb = sql.split(None, 1)[0].upper()
    asks = verb == "SELECT" or (verb == "WITH" and not CHANGES.search(sql))
    return frozenset(WORDS.findall(sql)) if asks else None


@lru_cache(maxsize=4096)
def target(sql: str) -> str | None:
    """The table that a statement writes to; None where that is unknown."""
    found = WRITES.match(sql)
    return found[1] if found else None
