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

__all__ = ["INVARIANTS", "Invariant", "RuleFinding", "Violation", "Walk", "find_violations", "iter_findings"]

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


def find_violations(unit: UnitOfWork) -> list[Violation]:
    """Return every violation, of each invariant the first few; [] if there is none."""
    return [violation for finding in iter_findings(unit) for violation in finding.violations]


def iter_findings(unit: UnitOfWork) -> Iterator[RuleFinding]:
    """Yield one finding for each invariant, as soon as it has run."""
    for invariant in INVARIANTS:
        yield _examine_one(unit, invariant)


def _examine_one(unit: UnitOfWork, invariant: Invariant | Walk) -> RuleFinding:
    started = perf_counter()
    count, rows = invariant.find(unit)
    violations = tuple(Violation(invariant.rule, invariant.name, *row) for row in rows)
    return RuleFinding(invariant, count, violations, round((perf_counter() - started) * 1000))
