"""Downtime of the bot does not expire assignments.

Every transaction notes the time, every few seconds at most. A longer step between two notes is downtime: the
process was away, the machine slept, or its clock was set forward. Those three cannot be told apart afterwards, and need
not be: what was in people's hands gets the step back. A clock that was set back gives time by itself; only letters
would wait for a time that was already, so they are moved with it.
"""

from domain.moments import SECOND, Moment

NOTED, AWAY = 5 * SECOND, 20 * SECOND


def is_to_be_noted(seen: Moment, now: Moment) -> bool:
    """Whether the last note is old, or (of a clock that was set back) from the future."""
    return now < seen or now >= seen + NOTED


def missed(seen: Moment, now: Moment) -> int:
    """Milliseconds of downtime; 0 for an ordinary step."""
    return now - seen if now - seen > AWAY else 0
