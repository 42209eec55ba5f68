"""Records that the bot is running, and gives its downtime back to every deadline of workers."""

from domain.work.downtime import is_to_be_noted, missed
from services.work import sweeps
from storage.unit import UnitOfWork


def expire(unit: UnitOfWork) -> None:
    """Ends overdue assignments, after downtime was given back."""
    notice(unit)
    sweeps.expire(unit)


def notice(unit: UnitOfWork) -> None:
    """Records downtime before any deadline is checked. Due dates of pay do not move."""
    seen = unit.downtime.seen()
    if (seen is not None and not is_to_be_noted(seen, unit.now)) or not unit.downtime.note(seen) or seen is None:
        return
    if unit.now < seen:
        unit.downtime.set_back(seen)
    unit.downtime.set_late_ones_back()
    gap = missed(seen, unit.now)
    if gap:
        given = unit.downtime.give_back(seen)
        unit.audit.note(None, "downtime", "house", milliseconds=gap, assignments=given)
