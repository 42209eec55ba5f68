"""Where a state machine runs: one transaction a history, a savepoint a step, everything undone in the end."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

import psycopg

from domain.moments import Moment
from domain.refusals import Refusal
from storage.dialects import dialect_of
from storage.unit import UnitOfWork

T = TypeVar("T")
ILLEGAL = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)


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
        except (*ILLEGAL, Refusal) as no:
            self.connection.changed("ROLLBACK TO SAVEPOINT step")
            return type(no).__name__ if isinstance(no, Refusal) else "illegal"
        self.connection.changed("RELEASE SAVEPOINT step")
        return done

    def close(self) -> None:
        self.connection.changed("ROLLBACK")
        self.connection.close()
