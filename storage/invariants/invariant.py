"""An invariant: a statement that finds violations, or a walk over rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from storage.unit import UnitOfWork

SHOWN = 20  # violations named; all that a statement finds are counted
# The latest moment anything is known of stands for the present: a house that sleeps misses no deadline.
LATEST = """
(SELECT max(at) FROM (SELECT max(received_at) AS at FROM inbox UNION ALL SELECT max(written_at) FROM outbox
  UNION ALL SELECT max(submitted_at) FROM submissions) AS known)"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """`rule` is its number in the book of rules; `sql` selects (subject, detail) of each violation, {dialect: sql}
    where the databases keep the matter in different places."""

    rule: int
    name: str
    sql: str | dict[str, str]

    def statement(self, dialect: str) -> str:
        """Its first violations, each with how many there are in all."""
        sql = self.sql if isinstance(self.sql, str) else self.sql[dialect]
        return f"SELECT subject, detail, count(*) OVER () FROM ({sql}) AS found LIMIT {SHOWN}"

    def find(self, unit: UnitOfWork) -> tuple[int, list[tuple[str, str]]]:
        """How many there are, and the first of them."""
        rows = unit.connection.all(self.statement(unit.connection.dialect))
        return int(rows[0][2]) if rows else 0, [(str(row[0]), str(row[1])) for row in rows]


@dataclass(frozen=True, slots=True)
class Walk:
    """An invariant no statement can express: `walk` reads rows and yields (subject, detail) of violations."""

    rule: int
    name: str
    walk: Callable[[UnitOfWork], Iterator[tuple[str, str]]]

    def find(self, unit: UnitOfWork) -> tuple[int, list[tuple[str, str]]]:
        found = list(islice(self.walk(unit), SHOWN))
        return len(found), found


@dataclass(frozen=True, slots=True)
class Violation:
    """Which row breaks which rule, and how."""

    rule: int
    name: str
    row: str
    detail: str


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """The result of one invariant; `count` is 0 without violations."""

    invariant: Invariant | Walk
    count: int
    violations: tuple[Violation, ...]
    milliseconds: int
