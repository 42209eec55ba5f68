"""The invariants of the database: one module a family, named statements that find violations.

They run in one reading transaction, beside a running bot.
"""

from collections.abc import Iterator
from time import perf_counter

from storage.invariants import (
    board,
    boxes,
    chain,
    contributions,
    erasure,
    extras,
    fairness,
    floor,
    invoices,
    ledger,
    pay,
    payouts,
    permanence,
    places,
    ratings,
    review,
    spending,
    teams,
    work,
)
from storage.invariants.invariant import Invariant, RuleFinding, Violation, Walk
from storage.unit import UnitOfWork

__all__ = ["INVARIANTS", "Invariant", "RuleFinding", "Violation", "Walk", "check", "examine"]

FAMILIES = (
    ledger,
    work,
    places,
    floor,
    pay,
    payouts,
    contributions,
    invoices,
    boxes,
    permanence,
    chain,
    fairness,
    erasure,
    review,
    board,
    ratings,
    extras,
    teams,
    spending,
)
INVARIANTS: tuple[Invariant | Walk, ...] = tuple(
    sorted((found for family in FAMILIES for found in family.INVARIANTS), key=lambda invariant: invariant.rule)
)


def check(unit: UnitOfWork) -> list[Violation]:
    """Every violation there is (of each invariant the first few); empty where all is well."""
    return [violation for finding in examine(unit) for violation in finding.violations]


def examine(unit: UnitOfWork) -> Iterator[RuleFinding]:
    """One finding an invariant, as soon as it is made."""
    for invariant in INVARIANTS:
        yield _finding(unit, invariant)


def _finding(unit: UnitOfWork, invariant: Invariant | Walk) -> RuleFinding:
    began = perf_counter()
    count, rows = invariant.find(unit)
    violations = tuple(Violation(invariant.rule, invariant.name, *row) for row in rows)
    return RuleFinding(invariant, count, violations, round((perf_counter() - began) * 1000))
