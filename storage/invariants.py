"""The invariants of the database: statements and walks that find violations.

Each stands as a constant in the module whose tables it is about, where `list_invariants` finds it, in the core and in
extensions. They run in one reading transaction, beside a running bot.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice
from pkgutil import walk_packages
from time import perf_counter
from typing import Protocol

from domain.extensions import load_parts
from domain.moments import DAY, HOUR, Moment
from storage.drivers.connection import Connection

MAX_VIOLATIONS = 20  # violations named; all that a statement finds are counted
# The latest recorded moment stands for the present, so that a stopped bot misses no deadline.
LATEST_MOMENT = """
(SELECT max(at) FROM (SELECT max(received_at) AS at FROM inbox UNION ALL SELECT max(written_at) FROM outbox
  UNION ALL SELECT max(submitted_at) FROM submissions) AS known)"""
SWEEP_GRACE = HOUR  # sweeps run every few seconds
MIN_LETTER_RETENTION = 29 * DAY  # after which a letter may have been pruned


class Reader(Protocol):
    """A reading transaction, such as a unit of work."""

    connection: Connection
    now: Moment


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

    def find(self, reader: Reader) -> tuple[int, list[tuple[str, str]]]:
        """Return the number of violations, and the first MAX_VIOLATIONS of them as (subject, detail)."""
        rows = reader.connection.all(self.statement(reader.connection.dialect))
        return int(rows[0][2]) if rows else 0, [(str(row[0]), str(row[1])) for row in rows]


@dataclass(frozen=True, slots=True)
class Walk:
    """A rule that no statement can express: `walk` reads rows and yields (subject, detail) of violations."""

    rule: int
    name: str
    walk: Callable[[Reader], Iterator[tuple[str, str]]]

    def find(self, reader: Reader) -> tuple[int, list[tuple[str, str]]]:
        """Return the number of violations, at most MAX_VIOLATIONS, and the violations as (subject, detail)."""
        violations = list(islice(self.walk(reader), MAX_VIOLATIONS))
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


@cache
def list_invariants() -> tuple[Invariant | Walk, ...]:
    """Return every invariant that a module of `storage`, or of an extension's `storage`, declares, by rule."""
    packages = [import_module("storage"), *load_parts("storage")]
    names = [module.name for package in packages for module in walk_packages(package.__path__, f"{package.__name__}.")]
    constants = [constant for name in names for constant in vars(import_module(name)).values()]
    declared = {id(constant): constant for constant in constants if isinstance(constant, Invariant | Walk)}
    return tuple(sorted(declared.values(), key=lambda invariant: invariant.rule))


def find_violations(reader: Reader) -> list[Violation]:
    """Return every violation, of each invariant the first few; [] if there is none."""
    return [violation for finding in iter_findings(reader) for violation in finding.violations]


def iter_findings(reader: Reader) -> Iterator[RuleFinding]:
    """Yield one finding for each invariant, as soon as it has run."""
    for invariant in list_invariants():
        yield _examine_one(reader, invariant)


def _examine_one(reader: Reader, invariant: Invariant | Walk) -> RuleFinding:
    started = perf_counter()
    count, rows = invariant.find(reader)
    violations = tuple(Violation(invariant.rule, invariant.name, *row) for row in rows)
    return RuleFinding(invariant, count, violations, round((perf_counter() - started) * 1000))
