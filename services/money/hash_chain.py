"""Seals the book after the fact, and notes once a day where its chain stands."""

from storage.unit import UnitOfWork

AT_ONCE = 1_000  # transfers a sweep seals: the writer stays free for answers


def seal(unit: UnitOfWork) -> None:
    """What came to light late is found by a look through the whole book, once a day."""
    new_day = unit.ledger.seals.end_day()
    unit.ledger.seals.seal(AT_ONCE, everything=new_day)
