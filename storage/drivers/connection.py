"""One connection, the same four verbs on both databases. Statements name their values `:name`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

Row = Sequence[Any]

NAMED = re.compile(r"('[^']*')|(?<![:\w]):([a-z_]+)")  # a colon in a text is a colon


class Connection(Protocol):
    """`changed` returns the number of rows a statement touched, the result of guarded updates. `send` returns
    nothing: its failure is raised by it or by a later call. After `mark` statements belong to another transaction;
    `settle` waits for all statements of one that failed already.
    """

    dialect: str

    def all(self, sql: str, **values: Any) -> list[Row]: ...
    def one(self, sql: str, **values: Any) -> Row | None: ...
    def changed(self, sql: str, **values: Any) -> int: ...
    def send(self, sql: str, **values: Any) -> None: ...
    def mark(self) -> None: ...
    def settle(self) -> None: ...
    def each(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row | None]: ...
    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None: ...
    def script(self, sql: str) -> None: ...
    def close(self) -> None: ...


class DriverConnection:
    """A driver that has `execute` and `executemany` over named values, as sqlite3 has."""

    dialect = ""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def all(self, sql: str, **values: Any) -> list[Row]:
        return list(self.driver.execute(sql, values).fetchall())

    def one(self, sql: str, **values: Any) -> Row | None:
        row: Row | None = self.driver.execute(sql, values).fetchone()
        return row

    def changed(self, sql: str, **values: Any) -> int:
        return int(self.driver.execute(sql, values).rowcount)

    def send(self, sql: str, **values: Any) -> None:
        self.driver.execute(sql, values)

    def mark(self) -> None:
        """Nothing is ever on its way."""

    def settle(self) -> None:
        """The same."""

    def each(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> list[Row | None]:
        return [self.driver.execute(sql, values).fetchone() for values in rows]

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.driver.cursor().executemany(sql, rows)

    def script(self, sql: str) -> None:
        self.driver.execute(sql)

    def close(self) -> None:
        self.driver.close()


@lru_cache(maxsize=1024)
def percent_named(sql: str) -> str:
    """`:name` → `%(name)s`, psycopg's spelling."""
    return NAMED.sub(lambda found: found[1] or f"%({found[2]})s", sql.replace("%", "%%"))
