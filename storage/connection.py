"""One connection, the same four verbs on both databases. Statements name their values `:name`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

Row = Sequence[Any]

_NAMED = re.compile(r"('[^']*')|(?<![:\w]):([a-z_]+)")  # a colon in a text is a colon


class Connection(Protocol):
    """`changed` says how many rows a statement touched: guarded updates answer with it."""

    dialect: str

    def all(self, sql: str, **values: Any) -> list[Row]: ...
    def one(self, sql: str, **values: Any) -> Row | None: ...
    def changed(self, sql: str, **values: Any) -> int: ...
    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None: ...
    def script(self, sql: str) -> None: ...
    def close(self) -> None: ...


class DriverConnection:
    """What sqlite3 and psycopg share: `execute` and `executemany` over named values."""

    dialect = ""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def words(self, sql: str) -> str:
        return sql

    def all(self, sql: str, **values: Any) -> list[Row]:
        return list(self.driver.execute(self.words(sql), values).fetchall())

    def one(self, sql: str, **values: Any) -> Row | None:
        row: Row | None = self.driver.execute(self.words(sql), values).fetchone()
        return row

    def changed(self, sql: str, **values: Any) -> int:
        return int(self.driver.execute(self.words(sql), values).rowcount)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.driver.cursor().executemany(self.words(sql), rows)

    def script(self, sql: str) -> None:
        self.driver.execute(sql)

    def close(self) -> None:
        self.driver.close()


@lru_cache(maxsize=1024)
def percent_named(sql: str) -> str:
    """`:name` → `%(name)s`, psycopg's spelling."""
    return _NAMED.sub(lambda found: found[1] or f"%({found[2]})s", sql.replace("%", "%%"))
