"""Notes that the house is at work; where it was not, nobody's task has run out and nobody has left one unanswered."""

from domain.work.downtime import is_to_be_noted, missed
from services.work import sweeps
from storage.unit import UnitOfWork


def expire(unit: UnitOfWork) -> None:
    """What is due, by a clock that stood still while nobody was served."""
    notice(unit)
    sweeps.expire(unit)


def notice(unit: UnitOfWork) -> None:
    """Before anything is found to be late. Pay is never delayed by it: what silence pays is due when it was due."""
    seen = unit.downtime.seen()
    if (seen is not None and not is_to_be_noted(seen, unit.now)) or not unit.downtime.note(seen) or seen is None:
        return
    if unit.now < seen:
        unit.downtime.set_back(seen)
    gap = missed(seen, unit.now)
    if gap:
        given = unit.downtime.give_back(seen)
        unit.audit.note(None, "downtime", "house", milliseconds=gap, assignments=given)
