"""What must be true of everything that is remembered: one small file a family, named statements that find nothing.

They run in one transaction, so on one moment, and beside a bot that goes on working.
"""

from collections.abc import Iterator
from time import perf_counter

from storage.invariants import boxes, fairness, ledger, pay, permanence, places, work
from storage.invariants.invariant import Finding, Invariant, Violation
from storage.unit import UnitOfWork

__all__ = ["INVARIANTS", "Finding", "Invariant", "Violation", "check", "examine"]

INVARIANTS: tuple[Invariant, ...] = tuple(
    sorted(
        (found for family in (ledger, work, places, pay, boxes, permanence, fairness) for found in family.INVARIANTS),
        key=lambda invariant: invariant.rule,
    )
)


def check(unit: UnitOfWork) -> list[Violation]:
    """Every violation there is (of each invariant the first few); empty where all is well."""
    return [violation for finding in examine(unit) for violation in finding.violations]


def examine(unit: UnitOfWork) -> Iterator[Finding]:
    """One finding an invariant, as soon as it is made."""
    for invariant in INVARIANTS:
        yield _finding(unit, invariant)


def _finding(unit: UnitOfWork, invariant: Invariant) -> Finding:
    began = perf_counter()
    rows = unit.connection.all(invariant.statement(unit.connection.dialect))
    violations = tuple(Violation(invariant.rule, invariant.name, str(row[0]), str(row[1])) for row in rows)
    return Finding(invariant, int(rows[0][2]) if rows else 0, violations, round((perf_counter() - began) * 1000))
