"""Records that the bot is running, and gives its downtime back to every deadline of workers."""

from domain.moments import Moment
from domain.work.downtime import is_to_be_noted, missed
from services.work import sweeps
from storage.unit import UnitOfWork

HOLD_ALL = "relay held until"  # Telegram wants all chats left alone


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
        _set_hold_back(unit, seen)
    unit.downtime.set_late_ones_back()
    gap = missed(seen, unit.now)
    if gap:
        given = unit.downtime.give_back(seen)
        unit.audit.note(None, "downtime", "house", milliseconds=gap, assignments=given)


def _set_hold_back(unit: UnitOfWork, seen: Moment) -> None:
    until = int(unit.settings.get(HOLD_ALL) or 0)
    if until > unit.now:
        unit.settings.put(HOLD_ALL, str(max(unit.now, until - (seen - unit.now))))
