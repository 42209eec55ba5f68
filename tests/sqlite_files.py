"""SQLite databases of tests, to which connections stay open from one transaction to the next.

A new connection has to read the schema and to plan its statements, and the last one to close empties the log: most
transactions take less. So a connection that was closed in good order is opened again as new but for the plans that it
knows, as long as its test has the file. Whoever copies a file, or wants it alone, has them ended first."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest

from storage.drivers.sqlite import SQLite, SQLiteConnection

Whose = tuple[str, bool]  # a file's path, and whether its connection only reads
OPEN, CLOSE = SQLite.open, SQLiteConnection.close
SETTINGS = ("foreign_keys", "synchronous", "legacy_alter_table", "query_only", "max_page_count", "writable_schema")
STATE = f"SELECT {', '.join(SETTINGS)} FROM {', '.join(f'pragma_{name}' for name in SETTINGS)}"
Idle = tuple[sqlite3.Connection, tuple[int, int]]
Opened = tuple[Whose, Any]  # with the settings it was opened with


@dataclass(slots=True)
class SQLiteFiles:
    """Connections that nobody uses at the moment, each with the file it is connected to."""

    idle: dict[Whose, list[Idle]] = field(default_factory=dict)
    in_use: WeakKeyDictionary[SQLiteConnection, Opened] = field(default_factory=WeakKeyDictionary)

    def begin(self, path: Path) -> str:
        """The file's address; connections to it are kept from now on."""
        self.idle |= {(str(path), reads): [] for reads in (False, True)}
        return f"sqlite:///{path}"

    def end(self, path: Path) -> None:
        for reads in (False, True):
            _close(self.idle.pop((str(path), reads)))

    def rest(self) -> None:
        """Nobody is connected who does not use it, and all that was written is in the files."""
        for (path, _), idle in self.idle.items():
            _close(idle)
            if os.path.exists(f"{path}-wal"):  # who only reads does not empty it
                CLOSE(OPEN(SQLite(path)))

    @contextmanager
    def keeping_connections(self) -> Iterator[None]:
        def opened(dialect: SQLite, read_only: bool = False) -> SQLiteConnection:
            whose = (dialect.path, read_only)
            connection = self._again(whose) or OPEN(dialect, read_only)
            if whose in self.idle:
                self.in_use[connection] = whose, connection.driver.execute(STATE).fetchone()
            return connection

        def closed(connection: SQLiteConnection) -> None:
            told = self.in_use.pop(connection, None)
            if told is None or connection.checkpoints is not None or not self._keep(told, connection.driver):
                CLOSE(connection)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SQLite, "open", opened)
            patch.setattr(SQLiteConnection, "close", closed)
            yield

    def _keep(self, told: Opened, driver: sqlite3.Connection) -> bool:
        whose, settings = told
        with suppress(sqlite3.Error, OSError):
            if whose in self.idle and not driver.in_transaction and driver.execute(STATE).fetchone() == settings:
                self.idle[whose].append((driver, _file(whose[0])))
                return True
        return False

    def _again(self, whose: Whose) -> SQLiteConnection | None:
        """Unless another file is there by now."""
        while idle := self.idle.get(whose):
            driver, file = idle.pop()
            with suppress(OSError):
                if _file(whose[0]) == file:
                    return SQLiteConnection(driver)
            driver.close()
        return None


def _close(idle: list[Idle]) -> None:
    while idle:
        idle.pop()[0].close()


def _file(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


@dataclass(slots=True)
class Files:
    """Copies in one folder."""

    folder: Path
    files: SQLiteFiles
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def copy(self, template: str) -> str:
        source = Path(template.removeprefix("sqlite:///"))
        self.files.rest()
        return self.files.begin(Path(shutil.copy(source, self.folder / f"{next(self.numbers)}.db")))

    def drop(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        self.files.end(path)
        for each in self.folder.glob(f"{path.name}*"):
            each.unlink()
