"""Ratings of requesters: marks, their sums, the public figures, and workers who are still to be asked."""

from dataclasses import dataclass
from typing import Any, cast

from domain.fairness.ratings import AXES, LEAST_TASKS, SHOWN_FROM, Marks, RateableRequester, RequesterRating
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Foresight, read_current
from storage.drivers.records import single_value
from storage.drivers.rows import ABSENT, Insert, Table
from storage.invariants import Invariant

# Answers in a requester's projects, without those that still wait for the requester's word.
COUNT_DECIDED_ANSWERS = """
SELECT coalesce(sum(e.answered - (SELECT count(*) FROM submissions s
    WHERE s.project = e.project AND s.worker = e.worker AND s.held_until IS NOT NULL AND s.state = 'submitted')), 0)
FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND p.requester = :requester AND e.answered > 0 AND e.barred IS NULL"""
# Requesters of a worker, each by the newest project they did tasks of.
SELECT_RATEABLE_REQUESTERS = """
SELECT max(e.project), o.name, CASE WHEN max(r.worker) IS NULL THEN 0 ELSE 1 END
FROM enrolments e JOIN projects p ON p.id = e.project JOIN people o ON o.id = p.requester
LEFT JOIN ratings r ON r.requester = p.requester AND r.worker = e.worker
WHERE e.worker = :worker AND e.answered > 0 AND e.barred IS NULL AND o.erased_at IS NULL
GROUP BY p.requester, o.name HAVING sum(e.answered) >= :least ORDER BY max(e.project) DESC LIMIT :limit"""
SELECT_RATING = """
SELECT pay, fairness, clarity, speed, counted, changed FROM ratings
WHERE requester = :requester AND worker = :worker"""
UPSERT_RATING = """
INSERT INTO ratings (requester, worker, pay, fairness, clarity, speed)
VALUES (:requester, :worker, :pay, :fairness, :clarity, :speed)
ON CONFLICT (requester, worker) DO UPDATE SET pay = excluded.pay, fairness = excluded.fairness,
  clarity = excluded.clarity, speed = excluded.speed, changed = 1"""
DELETE_RATING = "DELETE FROM ratings WHERE requester = :requester AND worker = :worker"
SELECT_RATED_REQUESTERS = "SELECT requester FROM ratings WHERE worker = :worker ORDER BY requester"
INSERT_SUMS = "INSERT INTO rating_sums (requester) VALUES (:requester) ON CONFLICT (requester) DO NOTHING"
UPDATE_SUMS = """
UPDATE rating_sums SET ratings = ratings + :ratings, pay = pay + :pay, fairness = fairness + :fairness,
  clarity = clarity + :clarity, speed = speed + :speed, gone = gone + :gone WHERE requester = :requester"""
# The number of all ratings, and by how many of them the public figures would move.
COUNT_UNPUBLISHED = """
SELECT s.ratings, s.gone + (SELECT count(*) FROM (
  SELECT 1 FROM ratings WHERE requester = :requester AND changed = 1 LIMIT :enough) AS few)
FROM rating_sums s WHERE s.requester = :requester"""
PUBLISH_SUMS = """
UPDATE rating_sums SET gone = 0, shown = ratings, shown_pay = pay, shown_fairness = fairness, shown_clarity = clarity,
  shown_speed = speed WHERE requester = :requester"""
MARK_COUNTED = "UPDATE ratings SET counted = 1, changed = 0 WHERE requester = :requester AND changed = 1"
SELECT_PUBLIC_FIGURES = """
SELECT shown, shown_pay, shown_fairness, shown_clarity, shown_speed, reply FROM rating_sums
WHERE requester = :requester AND shown > 0 AND ratings >= :least"""
SET_REPLY = """
UPDATE rating_sums SET reply = :words WHERE requester = :requester AND reply IS NULL AND shown > 0"""

INSERT_ASK = Insert(
    "requester, worker, project, due_at",
    "SELECT :requester, :worker, :project, :due_at\nWHERE 1 = 1",  # as an INSERT that reads wants it on SQLite
    "ON CONFLICT (requester, worker) DO NOTHING",
    optional=True,
)
ASKS = Table(("rating_asks",), order=10, keys=("requester", "worker"), insert=INSERT_ASK)
SELECT_DUE_ASKS = "SELECT requester, worker, project FROM rating_asks WHERE due_at <= :now ORDER BY due_at LIMIT :limit"
MARK_ASKED = "UPDATE rating_asks SET due_at = NULL WHERE requester = :requester AND worker = :worker"
DELETE_ASK = "DELETE FROM rating_asks WHERE requester = :requester AND worker = :worker AND due_at IS NOT NULL"
UPSERT_ROUND = """
INSERT INTO rating_rounds (project, due_at) VALUES (:project, :due_at)
ON CONFLICT (project) DO UPDATE SET due_at = excluded.due_at, worker = 0"""
SELECT_ROUND = "SELECT project, worker FROM rating_rounds WHERE due_at <= :now ORDER BY due_at LIMIT 1"
SELECT_WORKERS = """
SELECT worker FROM enrolments WHERE project = :project AND worker > :after AND answered > 0 AND barred IS NULL
ORDER BY worker LIMIT :limit"""
UPDATE_ROUND = "UPDATE rating_rounds SET worker = :worker WHERE project = :project"
DELETE_ROUND = "DELETE FROM rating_rounds WHERE project = :project"


@dataclass(frozen=True, slots=True)
class RatingAsk:
    """A worker to be asked to rate a requester, after this project."""

    requester: PersonId
    worker: PersonId
    project: ProjectId


class Ratings:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def count_decided_answers(self, worker: PersonId, requester: PersonId) -> int:
        """Return the number of a worker's decided answers for a requester; 0 if both are paid to one bank account."""
        return int(read_current(self._db, self.read_decided_answers(worker, requester))[0])

    def read_decided_answers(self, worker: PersonId, requester: PersonId) -> Foresight[int]:
        """Read the number of a worker's decided answers for a requester together with other readings."""
        ((rows,),) = yield [(COUNT_DECIDED_ANSWERS, [{"worker": worker, "requester": requester}])]
        return int(single_value(rows[0]))

    def worked_for(self, worker: PersonId, least: int, limit: int) -> list[RateableRequester]:
        """Return requesters for whom the worker gave at least `least` answers, newest first."""
        rows = self._db.all(SELECT_RATEABLE_REQUESTERS, worker=worker, least=least, limit=limit)
        return [RateableRequester(ProjectId(project), name, bool(rated)) for project, name, rated in rows]

    def find_marks(self, requester: PersonId, worker: PersonId) -> Marks | None:
        row = self._db.one(SELECT_RATING, requester=requester, worker=worker)
        return tuple(row[: len(AXES)]) if row else None

    def store_marks(self, requester: PersonId, worker: PersonId, marks: Marks) -> None:
        """Store a worker's marks in place of earlier ones, and move the sums."""
        before = self.find_marks(requester, worker)
        if marks == before:
            return
        pair = {"requester": requester, "worker": worker}
        self._db.changed(UPSERT_RATING, **pair, **dict(zip(AXES, marks, strict=True)))
        self._db.changed(INSERT_SUMS, requester=requester)
        moved = (new - old for new, old in zip(marks, before or (0,) * len(AXES), strict=True))
        self._move(requester, int(before is None), tuple(moved))

    def delete_rating(self, requester: PersonId, worker: PersonId) -> None:
        """Delete a worker's rating of a requester, if there is one, and move the sums."""
        row = self._db.one(SELECT_RATING, requester=requester, worker=worker)
        if row is not None:
            *marks, counted, _ = row
            self._db.changed(DELETE_RATING, requester=requester, worker=worker)
            self._move(requester, -1, tuple(-mark for mark in marks), removed=counted)

    def delete_ratings_by(self, worker: PersonId) -> None:
        """Delete all ratings that a worker gave."""
        for (requester,) in self._db.all(SELECT_RATED_REQUESTERS, worker=worker):
            self.delete_rating(requester, worker)

    def _move(self, requester: PersonId, ratings: int, by: Marks, removed: int = 0) -> None:
        """Move the sums; publish the figures once enough ratings would move them, so that no change is about one
        person."""
        changes: dict[str, Any] = dict(zip(AXES, by, strict=True))
        self._db.changed(UPDATE_SUMS, requester=requester, ratings=ratings, gone=removed, **changes)
        rating_count, waiting = self._db.all(COUNT_UNPUBLISHED, requester=requester, enough=SHOWN_FROM)[0]
        if rating_count >= SHOWN_FROM and waiting >= SHOWN_FROM:
            self._db.changed(PUBLISH_SUMS, requester=requester)
            self._db.changed(MARK_COUNTED, requester=requester)

    def find_public_figures(self, requester: PersonId) -> RequesterRating | None:
        """Return the figures that everyone may see; None for too few ratings."""
        return cast(RequesterRating | None, read_current(self._db, self.read_public_figures(requester))[0])

    def read_public_figures(self, requester: PersonId) -> Foresight[RequesterRating | None]:
        """Read the figures that everyone may see together with other readings; None for too few ratings."""
        ((rows,),) = yield [(SELECT_PUBLIC_FIGURES, [{"requester": requester, "least": SHOWN_FROM}])]
        if not rows:
            return None
        count, *sums, reply = rows[0]
        return RequesterRating(count, tuple(total / count for total in sums), reply or "")

    def store_reply(self, requester: PersonId, words: str) -> bool:
        """Store the requester's reply. Return False if there is one already, or nothing to reply to."""
        return self._db.changed(SET_REPLY, requester=requester, words=words) == 1

    def schedule_ask(self, requester: PersonId, worker: PersonId, project: ProjectId, due_at: Moment) -> None:
        """Schedule asking a worker, once for each requester."""
        row = {"requester": requester, "worker": worker, "project": project, "due_at": due_at}
        if (requester, worker) not in self._db.pending(ASKS).added:
            self._db.add(ASKS, (requester, worker), ABSENT, **row)

    def due_asks(self, limit: int) -> list[RatingAsk]:
        return [RatingAsk(*row) for row in self._db.all(SELECT_DUE_ASKS, now=self._now, limit=limit)]

    def store_asked(self, ask: RatingAsk) -> None:
        self._db.changed(MARK_ASKED, requester=ask.requester, worker=ask.worker)

    def cancel_ask(self, ask: RatingAsk) -> None:
        """Cancel asking a worker, who may be asked after another project."""
        self._db.changed(DELETE_ASK, requester=ask.requester, worker=ask.worker)

    def open_round(self, project: ProjectId, due_at: Moment) -> None:
        self._db.changed(UPSERT_ROUND, project=project, due_at=due_at)

    def find_round(self) -> tuple[ProjectId, PersonId] | None:
        """Return (project, last worker put on the list) of a due round, or None."""
        row = self._db.one(SELECT_ROUND, now=self._now)
        return (ProjectId(row[0]), PersonId(row[1])) if row else None

    def workers(self, project: ProjectId, after: PersonId, limit: int) -> list[PersonId]:
        return [PersonId(row[0]) for row in self._db.all(SELECT_WORKERS, project=project, after=after, limit=limit)]

    def move_round(self, project: ProjectId, worker: PersonId | None) -> None:
        """Store the last worker put on the list; None ends the round."""
        if worker is None:
            self._db.changed(DELETE_ROUND, project=project)
        else:
            self._db.changed(UPDATE_ROUND, project=project, worker=worker)


# Rule 16 for ratings: the kept sums are those of the ratings, and no figure is shown of fewer than SHOWN_FROM.
_SUMS = ", ".join(f"coalesce(sum(r.{axis}), 0) AS {axis}" for axis in AXES)
_DIFFER = " OR ".join(f"s.{axis} <> found.{axis}" for axis in AXES)
_SHOWN_DIFFER = " OR ".join(f"shown_{axis} <> {axis}" for axis in ("ratings", *AXES)).replace("shown_ratings", "shown")
_OUT_OF_RANGE = " OR ".join(f"shown_{axis} < shown OR shown_{axis} > 5 * shown" for axis in AXES)
SUMS_ARE_OF_RATINGS = Invariant(
    16,
    "the sums of ratings are those of the ratings",
    f"""
SELECT 'requester ' || s.requester AS subject,
  s.ratings || ' ratings are counted, there are ' || found.ratings AS detail
FROM rating_sums s JOIN (
  SELECT m.requester, count(r.worker) AS ratings, {_SUMS}
  FROM rating_sums m LEFT JOIN ratings r ON r.requester = m.requester GROUP BY m.requester) AS found
  ON found.requester = s.requester WHERE s.ratings <> found.ratings OR {_DIFFER}
UNION ALL
SELECT 'requester ' || r.requester, 'rated without sums' FROM ratings r
WHERE NOT EXISTS (SELECT 1 FROM rating_sums s WHERE s.requester = r.requester)
UNION ALL
SELECT 'requester ' || requester, shown || ' ratings are shown, of which not all can be' FROM rating_sums
WHERE shown > 0 AND (shown < {SHOWN_FROM} OR {_OUT_OF_RANGE})
  OR shown <> gone + (SELECT count(*) FROM ratings c WHERE c.requester = rating_sums.requester AND c.counted = 1)
  OR (shown > 0 AND gone = 0 AND ({_SHOWN_DIFFER})
    AND NOT EXISTS (SELECT 1 FROM ratings c WHERE c.requester = rating_sums.requester AND c.changed = 1))""",
)
RATERS_DID_ENOUGH_TASKS = Invariant(
    16,
    "only who did enough tasks rates",
    f"""
SELECT 'worker ' || r.worker AS subject, 'rated requester ' || r.requester AS detail FROM ratings r
WHERE {LEAST_TASKS} > (SELECT coalesce(sum(e.answered), 0) FROM enrolments e JOIN projects p ON p.id = e.project
  WHERE e.worker = r.worker AND p.requester = r.requester)""",
)
