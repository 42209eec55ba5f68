"""Where a state machine runs: one transaction a history, a savepoint a step, everything undone in the end."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg

from domain.moments import Moment
from domain.refusals import Refusal
from storage.drivers.connection import Connection
from storage.drivers.dialects import dialect_of
from storage.unit import UnitOfWork

T = TypeVar("T")
ILLEGAL = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)


class Killed(BaseException):
    """Nobody catches this."""


class Mortal:
    """A connection that is gone before its nth statement."""

    def __init__(self, connection: Connection, statements: int) -> None:
        self.connection, self.left, self.dialect = connection, statements, connection.dialect
        self.parts: dict[str, Any] = {}  # records that keep the connection keep this one

    def __getattr__(self, verb: str) -> Any:
        if self.left <= 0:
            raise Killed
        self.left -= 1
        return getattr(self.connection, verb)


class Bench:
    def __init__(self, url: str, now: Moment) -> None:
        dialect = dialect_of(url)
        self.connection = dialect.open()
        self.connection.changed(dialect.begin())
        self.now = now

    @property
    def unit(self) -> UnitOfWork:
        return UnitOfWork(self.connection, self.now)

    def step(self, act: Callable[[UnitOfWork], T]) -> T | str:
        """What it returned, or the name of what refused it: then nothing of it is left."""
        self.connection.changed("SAVEPOINT step")
        try:
            done = act(self.unit)
            self.connection.flush()
        except (*ILLEGAL, Refusal) as no:
            self._undo()
            return type(no).__name__ if isinstance(no, Refusal) else "illegal"
        self.connection.changed("RELEASE SAVEPOINT step")
        return done

    def dies(self, act: Callable[[UnitOfWork], object], statement: int) -> bool:
        """Whether it was killed before this statement of its own (it may be done before); nothing of it is kept."""
        self.connection.changed("SAVEPOINT step")
        try:
            act(UnitOfWork(Mortal(self.connection, statement), self.now))
            return False
        except Killed:
            return True
        finally:
            self._undo()

    def _undo(self) -> None:
        """And lets the savepoint go: each page that is written is looked up in all there are."""
        self.connection.changed("ROLLBACK TO SAVEPOINT step")
        self.connection.changed("RELEASE SAVEPOINT step")

    def close(self) -> None:
        self.connection.changed("ROLLBACK")
        self.connection.close()
