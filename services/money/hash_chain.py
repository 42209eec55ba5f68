"""Seals committed transfers into the hash chain and records its head once a day."""

from storage.unit import UnitOfWork

AT_ONCE = 250  # transfers sealed in one transaction, some 3 ms: an answer waits for no more of them


def is_new_day(unit: UnitOfWork) -> bool:
    return unit.hash_chain.is_new_day()


def before_unsealed(unit: UnitOfWork) -> int | None:
    """The id behind which all lie that are not sealed, found by a reading of the whole ledger; None if all are."""
    first = unit.hash_chain.first_unsealed()
    return None if first is None else first - 1


def seal(unit: UnitOfWork, after: int | None = None) -> int:
    """Seals transfers behind this id, else the recent ones, and notes the head of a day that is over; returns how many
    it sealed."""
    unit.hash_chain.end_day()
    return unit.hash_chain.seal(AT_ONCE, after)


def seal_further(unit: UnitOfWork, after: int | None = None) -> int:
    """The next ones, after `seal` has looked for those that committed late."""
    return unit.hash_chain.seal(AT_ONCE, unit.hash_chain.newest() if after is None else after)
