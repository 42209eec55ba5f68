"""Rows ↔ frozen values: a record's fields are its table's columns, in order."""

from collections.abc import Callable, Container, Iterable
from dataclasses import fields
from functools import cache
from typing import Any, Generic, TypeVar

import orjson

from domain.records import record
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
