"""Counter-offers of workers, read without their names."""

from domain.fairness.counter_offers import CounterOffer
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import single_value, single_values

UPSERT_OFFER = """
INSERT INTO counter_offers (project, worker, asked, made_at) VALUES (:project, :worker, :asked, :now)
ON CONFLICT (project, worker) DO UPDATE SET asked = excluded.asked"""
SELECT_OFFERS = """
SELECT c.asked, coalesce(e.declined, 0) FROM counter_offers c
LEFT JOIN enrolments e ON e.worker = c.worker AND e.project = c.project
WHERE c.project = :project ORDER BY c.made_at, c.worker LIMIT :limit"""
COUNT_DECLINED = """
SELECT count(*) FROM (SELECT 1 FROM enrolments WHERE project = :project AND declined = 1 LIMIT :limit) AS few"""
# Workers who declined and whose counter-offer the raised pay has reached.
SELECT_REACHED_WORKERS = """
SELECT c.worker FROM counter_offers c JOIN enrolments e ON e.worker = c.worker AND e.project = c.project
JOIN people p ON p.id = c.worker
WHERE c.project = :project AND c.asked > :before AND c.asked <= :pay AND e.declined = 1 AND e.withdrawn_at IS NULL
  AND p.paused = 0 AND p.reachable = 1 AND p.leaving_at IS NULL ORDER BY c.worker LIMIT :limit"""
READ = 10_000  # voices of a project that are read at most


class CounterOffers:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def store_offer(self, project: ProjectId, worker: PersonId, asked: Millionths) -> None:
        """The latest amount of a worker counts, at the place of their first."""
        self._db.changed(UPSERT_OFFER, project=project, worker=worker, asked=asked, now=self._now)

    def list_offers(self, project: ProjectId) -> list[CounterOffer]:
        """Oldest first, without who made them."""
        rows = self._db.all(SELECT_OFFERS, project=project, limit=READ)
        return [CounterOffer(Millionths(asked), bool(declined)) for asked, declined in rows]

    def count_declined(self, project: ProjectId) -> int:
        """Workers who want no more tasks of it."""
        return int(single_value(self._db.one(COUNT_DECLINED, project=project, limit=READ)))

    def reached(self, project: ProjectId, before: Millionths, pay: Millionths, limit: int) -> list[PersonId]:
        """Workers who left a project and whom a raise from `before` to `pay` brings what they asked."""
        return single_values(self._db.all(SELECT_REACHED_WORKERS, project=project, before=before, pay=pay, limit=limit))
