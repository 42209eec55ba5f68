"""An invariant: a statement that finds violations, or a walk over rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from storage.unit import UnitOfWork

MAX_VIOLATIONS = 20  # violations named; all that a statement finds are counted
# The latest recorded moment stands for the present, so that a stopped bot misses no deadline.
LATEST_MOMENT = """
(SELECT max(at) FROM (SELECT max(received_at) AS at FROM inbox UNION ALL SELECT max(written_at) FROM outbox
  UNION ALL SELECT max(submitted_at) FROM submissions) AS known)"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule of the database as a statement. `rule` is its number in the book of rules; `sql` selects (subject,
    detail) of each violation, or is {dialect: sql} if the databases need different ones."""

    rule: int
    name: str
    sql: str | dict[str, str]

    def statement(self, dialect: str) -> str:
        """Return the statement that selects the first violations, each with the number of all."""
        sql = self.sql if isinstance(self.sql, str) else self.sql[dialect]
        return f"SELECT subject, detail, count(*) OVER () FROM ({sql}) AS found LIMIT {MAX_VIOLATIONS}"

    def find(self, unit: UnitOfWork) -> tuple[int, list[tuple[str, str]]]:
        """Return the number of violations, and the first MAX_VIOLATIONS of them as (subject, detail)."""
        rows = unit.connection.all(self.statement(unit.connection.dialect))
        return int(rows[0][2]) if rows else 0, [(str(row[0]), str(row[1])) for row in rows]


@dataclass(frozen=True, slots=True)
class Walk:
    """A rule that no statement can express: `walk` reads rows and yields (subject, detail) of violations."""

    rule: int
    name: str
    walk: Callable[[UnitOfWork], Iterator[tuple[str, str]]]

    def find(self, unit: UnitOfWork) -> tuple[int, list[tuple[str, str]]]:
        """Return the number of violations, at most MAX_VIOLATIONS, and the violations as (subject, detail)."""
        violations = list(islice(self.walk(unit), MAX_VIOLATIONS))
        return len(violations), violations


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks a rule, and how."""

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
