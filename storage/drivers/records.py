"""Rows ↔ frozen values: a record's fields are its table's columns, in order."""

from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import Any

import orjson

from storage.drivers.connection import Row


@cache
def columns(record: type, prefix: str = "") -> str:
    """`id, project, …` for a SELECT; with a prefix `t.id, t.project, …`."""
    return ", ".join(prefix + field.name for field in fields(record))


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
