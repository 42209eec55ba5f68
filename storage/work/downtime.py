"""The last recorded moment of work, and giving downtime back to open assignments."""

from domain.moments import MINUTE, NEVER, Moment, later
from storage.drivers.connection import Connection
from storage.drivers.records import first

NAME = "awake"
SEEN = f"SELECT value FROM settings WHERE name = '{NAME}'"
BEGIN = f"INSERT INTO settings (name, value) VALUES ('{NAME}', :now) ON CONFLICT (name) DO NOTHING"
# Of concurrent processes one records it.
NOTE = f"UPDATE settings SET value = :now WHERE name = '{NAME}' AND value = :seen"
# An assignment that began within the downtime gets back only the part after its start.
ASSIGNMENTS = """
UPDATE assignments SET
  deadline = deadline + CASE WHEN offered_at > :seen THEN :now - offered_at ELSE :gap END,
  offered_at = offered_at + CASE WHEN offered_at > :seen THEN :now - offered_at ELSE :gap END
WHERE state = 'active' AND offered_at <= :now"""
JUDGEMENTS = """
UPDATE judgements SET deadline = deadline + :gap, offered_at = offered_at + :gap
WHERE state = 'active' AND offered_at <= :seen"""
# A task that could not be shown meanwhile can be shown still.
LETTERS = """
UPDATE outbox SET expires_at = expires_at + CASE WHEN written_at > :seen THEN :now - written_at ELSE :gap END
WHERE state = 'waiting' AND class = 'push' AND expires_at IS NOT NULL AND written_at <= :now"""

# Written before the clock was set back: what was due by then is due by now.
SET_BACK = """
UPDATE outbox SET due_at = due_at - :gap, written_at = written_at - :gap
WHERE state = 'waiting' AND due_at > :now AND written_at > :now"""
# Written by a transaction that had read the clock before and ended after that: among the newest.
LATE = """
UPDATE outbox SET due_at = due_at - (written_at - :now), written_at = :now
WHERE id > (SELECT coalesce(max(id), 0) FROM outbox) - :newest AND state = 'waiting' AND written_at > :soon"""
NEWEST = 1_000


class Downtime:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def seen(self) -> Moment | None:
        """When the house last noted that it is at work; None before its first time."""
        return Moment(int(first(self._db.one(SEEN), NEVER))) or None

    def note(self, seen: Moment | None) -> bool:
        """False where another process recorded it since."""
        if seen is None:
            return self._db.changed(BEGIN, now=str(self._now)) == 1
        return self._db.changed(NOTE, now=str(self._now), seen=str(seen)) == 1

    def give_back(self, seen: Moment) -> int:
        """Extends the deadlines by the downtime; returns the number of assignments."""
        gap = {"gap": self._now - seen, "seen": seen}
        self._db.changed(LETTERS, now=self._now, **gap)
        self._db.changed(JUDGEMENTS, **gap)
        return self._db.changed(ASSIGNMENTS, now=self._now, **gap)

    def set_back(self, seen: Moment) -> None:
        """No letter waits for a time that was already."""
        self._db.changed(SET_BACK, gap=seen - self._now, now=self._now)

    def set_late_ones_back(self) -> None:
        """The same of those that were written under the old clock since."""
        self._db.changed(LATE, now=self._now, soon=later(self._now, MINUTE), newest=NEWEST)
