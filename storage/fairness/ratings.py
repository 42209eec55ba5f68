"""Ratings of requesters: marks, kept sums, the figures shown, and who is still to be asked."""

from dataclasses import dataclass
from typing import Any, cast

from domain.fairness.ratings import (
    AXES,
    SHOWN_FROM,
    Marks,
    RateableRequester,
    RequesterRating,
)
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Foresight, read
from storage.drivers.records import first
from storage.drivers.rows import ABSENT, Insert, Table

# Answers in a requester's projects, without those that still wait for the requester's word.
DECIDED = """
SELECT coalesce(sum(e.answered - (SELECT count(*) FROM submissions s
    WHERE s.project = e.project AND s.worker = e.worker AND s.held_until IS NOT NULL AND s.state = 'submitted')), 0)
FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND p.requester = :requester AND e.answered > 0 AND e.barred IS NULL"""
# Requesters of a worker, each by the newest project they did tasks of.
WORKED_FOR = """
SELECT max(e.project), o.name, CASE WHEN max(r.worker) IS NULL THEN 0 ELSE 1 END
FROM enrolments e JOIN projects p ON p.id = e.project JOIN people o ON o.id = p.requester
LEFT JOIN ratings r ON r.requester = p.requester AND r.worker = e.worker
WHERE e.worker = :worker AND e.answered > 0 AND e.barred IS NULL AND o.erased_at IS NULL
GROUP BY p.requester, o.name HAVING sum(e.answered) >= :least ORDER BY max(e.project) DESC LIMIT :limit"""
OF = """
SELECT pay, fairness, clarity, speed, counted, changed FROM ratings
WHERE requester = :requester AND worker = :worker"""
KEEP = """
INSERT INTO ratings (requester, worker, pay, fairness, clarity, speed)
VALUES (:requester, :worker, :pay, :fairness, :clarity, :speed)
ON CONFLICT (requester, worker) DO UPDATE SET pay = excluded.pay, fairness = excluded.fairness,
  clarity = excluded.clarity, speed = excluded.speed, changed = 1"""
DROP = "DELETE FROM ratings WHERE requester = :requester AND worker = :worker"
BY_WORKER = "SELECT requester FROM ratings WHERE worker = :worker ORDER BY requester"
BEGIN = "INSERT INTO rating_sums (requester) VALUES (:requester) ON CONFLICT (requester) DO NOTHING"
MOVE = """
UPDATE rating_sums SET ratings = ratings + :ratings, pay = pay + :pay, fairness = fairness + :fairness,
  clarity = clarity + :clarity, speed = speed + :speed, gone = gone + :gone WHERE requester = :requester"""
# How many ratings the figures shown would move by.
WAITING = """
SELECT s.ratings, s.gone + (SELECT count(*) FROM (
  SELECT 1 FROM ratings WHERE requester = :requester AND changed = 1 LIMIT :enough) AS few)
FROM rating_sums s WHERE s.requester = :requester"""
SHOW = """
UPDATE rating_sums SET gone = 0, shown = ratings, shown_pay = pay, shown_fairness = fairness, shown_clarity = clarity,
  shown_speed = speed WHERE requester = :requester"""
COUNTED = "UPDATE ratings SET counted = 1, changed = 0 WHERE requester = :requester AND changed = 1"
SHOWN = """
SELECT shown, shown_pay, shown_fairness, shown_clarity, shown_speed, reply FROM rating_sums
WHERE requester = :requester AND shown > 0 AND ratings >= :least"""
REPLY = """
UPDATE rating_sums SET reply = :words WHERE requester = :requester AND reply IS NULL AND shown > 0"""

ASK = Insert(
    "requester, worker, project, due_at",
    "SELECT :requester, :worker, :project, :due_at\nWHERE 1 = 1",  # as an INSERT that reads wants it on SQLite
    "ON CONFLICT (requester, worker) DO NOTHING",
    optional=True,
)
ASKS = Table(("rating_asks",), order=10, keys=("requester", "worker"), insert=ASK)
DUE = "SELECT requester, worker, project FROM rating_asks WHERE due_at <= :now ORDER BY due_at LIMIT :limit"
ASKED = "UPDATE rating_asks SET due_at = NULL WHERE requester = :requester AND worker = :worker"
NOT_ASKED = "DELETE FROM rating_asks WHERE requester = :requester AND worker = :worker AND due_at IS NOT NULL"
OPEN_ROUND = """
INSERT INTO rating_rounds (project, due_at) VALUES (:project, :due_at)
ON CONFLICT (project) DO UPDATE SET due_at = excluded.due_at, worker = 0"""
ROUND = "SELECT project, worker FROM rating_rounds WHERE due_at <= :now ORDER BY due_at LIMIT 1"
WORKERS = """
SELECT worker FROM enrolments WHERE project = :project AND worker > :after AND answered > 0 AND barred IS NULL
ORDER BY worker LIMIT :limit"""
MOVE_ROUND = "UPDATE rating_rounds SET worker = :worker WHERE project = :project"
END_ROUND = "DELETE FROM rating_rounds WHERE project = :project"


@dataclass(frozen=True, slots=True)
class RatingAsk:
    requester: PersonId
    worker: PersonId
    project: ProjectId


class Ratings:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def count_decided_answers(self, worker: PersonId, requester: PersonId) -> int:
        """Decided answers of a worker for a requester; none where they share a bank account."""
        return int(read(self._db, self.read_decided_answers(worker, requester))[0])

    def read_decided_answers(self, worker: PersonId, requester: PersonId) -> Foresight[int]:
        """The same, beside other readings."""
        ((rows,),) = yield [(DECIDED, [{"worker": worker, "requester": requester}])]
        return int(first(rows[0]))

    def worked_for(self, worker: PersonId, least: int, limit: int) -> list[RateableRequester]:
        """Requesters of whose tasks a worker did at least so many, newest first."""
        rows = self._db.all(WORKED_FOR, worker=worker, least=least, limit=limit)
        return [RateableRequester(ProjectId(project), name, bool(rated)) for project, name, rated in rows]

    def find_marks(self, requester: PersonId, worker: PersonId) -> Marks | None:
        row = self._db.one(OF, requester=requester, worker=worker)
        return tuple(row[: len(AXES)]) if row else None

    def store_marks(self, requester: PersonId, worker: PersonId, marks: Marks) -> None:
        """A worker's latest marks count."""
        before = self.find_marks(requester, worker)
        if marks == before:
            return
        pair = {"requester": requester, "worker": worker}
        self._db.changed(KEEP, **pair, **dict(zip(AXES, marks, strict=True)))
        self._db.changed(BEGIN, requester=requester)
        moved = (new - old for new, old in zip(marks, before or (0,) * len(AXES), strict=True))
        self._move(requester, int(before is None), tuple(moved))

    def delete_rating(self, requester: PersonId, worker: PersonId) -> None:
        """Takes a worker's rating away, if there is one."""
        row = self._db.one(OF, requester=requester, worker=worker)
        if row is not None:
            *marks, counted, _ = row
            self._db.changed(DROP, requester=requester, worker=worker)
            self._move(requester, -1, tuple(-mark for mark in marks), gone=counted)

    def delete_ratings_by(self, worker: PersonId) -> None:
        """All that a worker gave."""
        for (requester,) in self._db.all(BY_WORKER, worker=worker):
            self.delete_rating(requester, worker)

    def _move(self, requester: PersonId, ratings: int, by: Marks, gone: int = 0) -> None:
        """Moves the sums; the figures shown follow once enough ratings would move them."""
        moved: dict[str, Any] = dict(zip(AXES, by, strict=True))
        self._db.changed(MOVE, requester=requester, ratings=ratings, gone=gone, **moved)
        there, waiting = self._db.all(WAITING, requester=requester, enough=SHOWN_FROM)[0]
        if there >= SHOWN_FROM and waiting >= SHOWN_FROM:
            self._db.changed(SHOW, requester=requester)
            self._db.changed(COUNTED, requester=requester)

    def find_public_figures(self, requester: PersonId) -> RequesterRating | None:
        """The figures that everybody may see; None for too few ratings."""
        return cast(RequesterRating | None, read(self._db, self.read_public_figures(requester))[0])

    def read_public_figures(self, requester: PersonId) -> Foresight[RequesterRating | None]:
        """The same, beside other readings."""
        ((rows,),) = yield [(SHOWN, [{"requester": requester, "least": SHOWN_FROM}])]
        if not rows:
            return None
        count, *sums, reply = rows[0]
        return RequesterRating(count, tuple(total / count for total in sums), reply or "")

    def store_reply(self, requester: PersonId, words: str) -> bool:
        """False where there is a reply already, or nothing to reply to."""
        return self._db.changed(REPLY, requester=requester, words=words) == 1

    def schedule_ask(self, requester: PersonId, worker: PersonId, project: ProjectId, due_at: Moment) -> None:
        """Puts a worker on the list, once for each requester."""
        about = {"requester": requester, "worker": worker, "project": project, "due_at": due_at}
        if (requester, worker) not in self._db.pending(ASKS).added:
            self._db.add(ASKS, (requester, worker), ABSENT, **about)

    def due_asks(self, limit: int) -> list[RatingAsk]:
        return [RatingAsk(*row) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def store_asked(self, ask: RatingAsk) -> None:
        self._db.changed(ASKED, requester=ask.requester, worker=ask.worker)

    def cancel_ask(self, ask: RatingAsk) -> None:
        """Another project may ask them."""
        self._db.changed(NOT_ASKED, requester=ask.requester, worker=ask.worker)

    def open_round(self, project: ProjectId, due_at: Moment) -> None:
        self._db.changed(OPEN_ROUND, project=project, due_at=due_at)

    def find_round(self) -> tuple[ProjectId, PersonId] | None:
        """A project whose workers are to be asked, behind this worker."""
        row = self._db.one(ROUND, now=self._now)
        return (ProjectId(row[0]), PersonId(row[1])) if row else None

    def workers(self, project: ProjectId, after: PersonId, limit: int) -> list[PersonId]:
        return [PersonId(row[0]) for row in self._db.all(WORKERS, project=project, after=after, limit=limit)]

    def move_round(self, project: ProjectId, worker: PersonId | None) -> None:
        """None: all of them are on the list."""
        if worker is None:
            self._db.changed(END_ROUND, project=project)
        else:
            self._db.changed(MOVE_ROUND, project=project, worker=worker)
