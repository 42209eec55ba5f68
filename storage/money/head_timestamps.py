"""Time-stamps of daily heads: the newest head that waits for one, tries, answers."""

from dataclasses import dataclass

from domain.moments import Moment
from domain.money.ledger import Head
from storage.drivers.connection import Connection

# The newest head alone: it covers all before it.
WAITING = """
SELECT h.day, h.position, h.hash, coalesce(s.tries, 0) FROM chain_heads h LEFT JOIN head_timestamps s ON s.day = h.day
WHERE h.day = (SELECT max(day) FROM chain_heads) AND s.answer IS NULL AND coalesce(s.try_at, 0) <= :now"""
FAILED = """
INSERT INTO head_timestamps (day, tries, try_at, reason) VALUES (:day, 1, :try_at, :reason)
ON CONFLICT (day) DO UPDATE SET tries = head_timestamps.tries + 1, try_at = excluded.try_at, reason = excluded.reason
WHERE head_timestamps.answer IS NULL"""
KEEP = """
INSERT INTO head_timestamps (day, answer, root, stamped_at) VALUES (:day, :answer, :root, :stamped_at)
ON CONFLICT (day) DO UPDATE SET answer = excluded.answer, root = excluded.root, stamped_at = excluded.stamped_at,
  reason = '' WHERE head_timestamps.answer IS NULL"""
STAMPED = """
SELECT h.day, h.position, h.hash, s.answer, s.root, s.stamped_at
FROM head_timestamps s JOIN chain_heads h ON h.day = s.day WHERE s.answer IS NOT NULL ORDER BY h.day"""


@dataclass(frozen=True, slots=True)
class Stamped:
    """A head with its time-stamp: `answer` and `root` in base64."""

    day: str
    head: Head
    answer: str
    root: str
    at: Moment


class HeadTimestamps:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def waiting(self) -> tuple[str, Head, int] | None:
        """Day, head, and how often it was tried in vain."""
        row = self._db.one(WAITING, now=self._now)
        return (row[0], Head(row[1], row[2]), int(row[3])) if row else None

    def failed(self, day: str, try_at: Moment, reason: str) -> None:
        self._db.changed(FAILED, day=day, try_at=try_at, reason=reason)

    def keep(self, day: str, answer: str, root: str, stamped_at: Moment) -> None:
        self._db.changed(KEEP, day=day, answer=answer, root=root, stamped_at=stamped_at)

    def stamped(self) -> list[Stamped]:
        return [Stamped(row[0], Head(row[1], row[2]), *row[3:]) for row in self._db.all(STAMPED)]
