"""Seals committed transfers into the hash chain and records its head once a day."""

from storage.unit import UnitOfWork

AT_ONCE = 1_000  # transfers a sweep seals: the writer stays free for answers


def seal(unit: UnitOfWork) -> None:
    """Seals new transfers; once a day a reading of the whole ledger finds those that committed late."""
    new_day = unit.hash_chain.end_day()
    unit.hash_chain.seal(AT_ONCE, everything=new_day)
