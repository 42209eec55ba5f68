"""The evaluation of automated decisions: statements over one span of time, for a command on a reading connection."""

from domain.fairness.evaluation import Movement, RestrictionRow
from domain.moments import Moment
from storage.drivers.connection import Connection
from storage.drivers.records import first

BEGUN = "SELECT min(joined_at) FROM people"
ANSWERS = """
SELECT count(*), count(DISTINCT worker) FROM submissions WHERE submitted_at >= :since AND submitted_at < :until"""
RESTRICTIONS = """
SELECT state, CASE WHEN decided_by IS NULL THEN 0 ELSE 1 END, lapsed, appeal, imposed_at, decided_at
FROM restrictions WHERE imposed_at >= :since AND imposed_at < :until"""
MEASURES = "SELECT kind, count(*) FROM soft_measures WHERE since >= :since AND since < :until GROUP BY kind"
ACTS = """
SELECT action, CASE WHEN actor IS NULL THEN 0 ELSE 1 END, count(*) FROM audit
WHERE at >= :since AND at < :until AND action IN ('pause', 'resumed', 'stopped', 'ended', 'spare')
GROUP BY action, CASE WHEN actor IS NULL THEN 0 ELSE 1 END"""
GOLD = """
SELECT coalesce(sum(quarantined), 0), coalesce(sum(CASE WHEN state = 'overturned' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN state = 'kept' THEN 1 ELSE 0 END), 0)
FROM gold_challenges WHERE opened_at >= :since AND opened_at < :until"""
APPEALS = """
SELECT count(*), coalesce(sum(CASE WHEN state = 'won' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN state = 'lost' THEN 1 ELSE 0 END), 0), count(ruled_by)
FROM appeals WHERE opened_at >= :since AND opened_at < :until"""
COMPLAINTS = """
SELECT made_at, due_at, answered_at FROM complaints
WHERE state <> 'withdrawn' AND made_at >= :since AND made_at < :until"""
PAY = """
SELECT kind, currency, count(*), sum(amount) FROM transfers
WHERE made_at >= :since AND made_at < :until AND kind IN ('release', 'topup', 'reject', 'appeal', 'forfeit')
GROUP BY kind, currency ORDER BY kind, currency"""


class Span:
    """What happened from `since` until before `until`."""

    def __init__(self, connection: Connection, since: Moment, until: Moment) -> None:
        self._db, self._span = connection, {"since": since, "until": until}

    def answers(self) -> tuple[int, int]:
        """(answers, workers who gave them)."""
        return tuple(map(int, self._db.all(ANSWERS, **self._span)[0]))  # type: ignore[return-value]

    def restrictions(self) -> list[RestrictionRow]:
        rows = self._db.all(RESTRICTIONS, **self._span)
        return [RestrictionRow(row[0], bool(row[1]), bool(row[2]), *row[3:]) for row in rows]

    def measures(self) -> dict[str, int]:
        return {row[0]: int(row[1]) for row in self._db.all(MEASURES, **self._span)}

    def acts(self) -> dict[tuple[str, bool], int]:
        """(action, by a human) → how often."""
        return {(row[0], bool(row[1])): int(row[2]) for row in self._db.all(ACTS, **self._span)}

    def gold(self) -> dict[str, int]:
        row = self._db.all(GOLD, **self._span)[0]
        return dict(zip(("set_aside", "overturned", "kept"), map(int, row), strict=True))

    def appeals(self) -> dict[str, int]:
        row = self._db.all(APPEALS, **self._span)[0]
        return dict(zip(("opened", "won", "lost", "by_admin"), map(int, row), strict=True))

    def complaints(self) -> list[tuple[Moment, Moment, Moment | None]]:
        """(made, to be answered by, answered)."""
        return [(row[0], row[1], row[2]) for row in self._db.all(COMPLAINTS, **self._span)]

    def pay(self) -> tuple[Movement, ...]:
        rows = self._db.all(PAY, **self._span)
        return tuple(Movement(row[0], row[1], int(row[2]), int(row[3])) for row in rows)


def begun(connection: Connection) -> Moment | None:
    """When the first person came."""
    found: Moment | None = first(connection.one(BEGUN))
    return found
