"""Enrolments: a worker in a project."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from domain.conduct.evidence import CLOSELY_WATCHED_NATS
from domain.messages import changed
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.people.personal_data import CARD_VERSION
from domain.projects.projects import ProjectId
from domain.work.assignments import Enrolment
from domain.work.dispatch import WELCOME_ANSWERS, WorkerStanding
from domain.work.offers import KnownProject, SetAside
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns
from storage.drivers.rows import ABSENT, Table
from storage.work.openings import PlacesLeft

_ENROLMENT = columns(Enrolment)
ENROLMENTS = Table(("enrolments",), lasts=True, order=4, keys=("worker", "project"))

SELECT_ENROLMENT = f"SELECT {_ENROLMENT} FROM enrolments WHERE worker = :worker AND project = :project"
# Who is asked later in most projects that know them begins a new one so.
INSERT_ENROLMENT = f"""
INSERT INTO enrolments (worker, project, later, barred, blocked) VALUES (:worker, :project, (
  SELECT CASE WHEN count(*) FILTER (WHERE e.later = 1) * 2 > count(*) THEN 2 ELSE 0 END
  FROM enrolments e WHERE e.worker = :worker AND e.worth IS NOT NULL), (
  SELECT m.after_assignment FROM projects p JOIN payee_mates m ON m.mate = p.requester
  WHERE p.id = :project AND m.person = :worker), (
  SELECT count(*) FROM projects p JOIN worker_blocks b ON b.requester = p.requester AND b.worker = :worker
  WHERE p.id = :project))
ON CONFLICT (worker, project) DO UPDATE SET worker = excluded.worker RETURNING {_ENROLMENT}"""
# Who took their consent back wants none of it any more, whatever they press.
SET_DECLINED = """
UPDATE enrolments SET declined = :on
WHERE worker = :worker AND project = :project AND (:on = 1 OR withdrawn_at IS NULL)"""
# One account with the project's requester: from here on nothing is offered, and nothing was proven.
BAR_WORKER = """
UPDATE enrolments SET qualified = 0, barred = (SELECT coalesce(max(id), 0) FROM assignments)
WHERE worker = :worker AND barred IS NULL AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
# What a refit found of a worker, whom an admin may have spared. What they did elsewhere counts until they have answered
# a little here.
STORE_STANDING = f"""
UPDATE enrolments SET worth = :worth,
  later = CASE WHEN spared = 1 THEN 0 WHEN later = 2 AND answered < {WELCOME_ANSWERS} THEN 2 ELSE :later END
WHERE worker = :worker AND project = :project AND taken_back = 0"""
_NOBODY_BETTER = """NOT EXISTS (
  SELECT 1 FROM assignments a CROSS JOIN enrolments b
  WHERE b.worker = a.worker AND b.project = a.project AND a.project = :project
  AND a.state = 'active' AND b.later = 0 AND b.watch < 2)"""
# Says nothing where others can tell: being alone there is no reason to be asked more.
_SAYS_SOMETHING = f"""NOT EXISTS (
  SELECT 1 FROM evidence x WHERE x.worker = :worker AND x.project = :project AND x.suspicion = 'silent'
  AND x.nats >= {CLOSELY_WATCHED_NATS})"""
# Of a worker who is asked later: no other worker is active there, or they had no offer for a while.
SELECT_TURN = f"""
SELECT 1 FROM people p WHERE p.id = :worker AND (p.served_at <= :before OR ({_SAYS_SOMETHING} AND {_NOBODY_BETTER}))"""
# Where they get nothing until a moment comes first.
SELECT_SET_ASIDE = """
SELECT e.project, p.title, e.gold_right, e.gold_seen, CASE WHEN e.restricted_until > :now THEN e.restricted_until END
FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND (e.later > 0 OR e.watch > 1 OR e.restricted_until > :now) AND e.declined = 0
  AND e.barred IS NULL AND e.blocked = 0 AND p.state = 'running'
ORDER BY CASE WHEN e.restricted_until > :now THEN 0 ELSE 1 END, e.project LIMIT 1"""
LAST_PROJECT = 2**63 - 1
SELECT_KNOWN_PROJECTS = """
SELECT p.id, p.title, e.declined, p.paused FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.barred IS NULL AND e.withdrawn_at IS NULL AND p.state = 'running'
  AND e.project < :before
ORDER BY e.project DESC LIMIT :limit"""


def _cursors(gold: bool, cursor: int, back: int) -> dict[str, int]:
    return {"gold_cursor": cursor, "gold_back": back} if gold else {"cursor": cursor, "back": back}


def enrolment_from(row: Row) -> Enrolment:
    values = list(row)
    values[3:5] = [bool(values[3]), bool(values[4])]
    return Enrolment(*values)


class Enrolments:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.left = PlacesLeft(connection)

    def find(self, worker: PersonId, project: ProjectId) -> Enrolment | None:
        record = self._db.get(ENROLMENTS, (worker, project))
        if record is ABSENT:
            record = self._keep((worker, project), self._db.peek(SELECT_ENROLMENT, worker=worker, project=project))
        enrolment: Enrolment | None = record
        return enrolment

    def foresee(self, pairs: Sequence[tuple[PersonId, ProjectId]]) -> Foresight[list[Enrolment]]:
        """Read ahead, and hold, these enrolments; return those that exist."""
        (rows,) = yield [(SELECT_ENROLMENT, [{"worker": worker, "project": project} for worker, project in pairs])]
        enrolments = [self._keep(pair, row) for pair, row in zip(pairs, rows, strict=True)]
        return [enrolment for enrolment in enrolments if enrolment is not None]

    def _keep(self, pair: tuple[PersonId, ProjectId], rows: list[Row]) -> Enrolment | None:
        return cast(Enrolment | None, self._db.keep(ENROLMENTS, pair, enrolment_from(rows[0]) if rows else None))

    def enrol(self, worker: PersonId, project: ProjectId) -> Enrolment:
        """Return the worker's enrolment in the project; create it if there is none."""
        enrolment = self.find(worker, project)
        if enrolment is None:
            enrolment = self._keep((worker, project), self._db.all(INSERT_ENROLMENT, worker=worker, project=project))
        return cast(Enrolment, enrolment)

    def _get(self, worker: PersonId, project: ProjectId) -> Enrolment:
        enrolment = self.find(worker, project)
        if enrolment is None:
            raise LookupError(f"worker {worker} in project {project}")
        return enrolment

    def move(self, worker: PersonId, project: ProjectId, gold: bool, cursor: int, back: int) -> None:
        """Store how far this worker has looked: ahead, and at places that came back."""
        enrolment = self.find(worker, project)
        if enrolment is not None:
            self._change(enrolment, _cursors(gold, cursor, back))

    def offer(self, enrolment: Enrolment, gold: bool, cursor: int, back: int, version: int) -> None:
        """Count a task that is offered now; `version` is that of the instructions that come with it."""
        found_enrolment = self._get(enrolment.worker, enrolment.project)
        self._change(
            found_enrolment, _cursors(gold, cursor, back) | {"version": version, "offered": found_enrolment.offered + 1}
        )

    def skip(self, worker: PersonId, project: ProjectId, now: Moment) -> Enrolment:
        """Count a task that was skipped today, and return the changed enrolment."""
        enrolment, today = self._get(worker, project), now // DAY
        skipped = 1 + (enrolment.skipped if enrolment.skipped_on == today else 0)
        return self._change(enrolment, {"skipped": skipped, "skipped_on": today})

    def _change(self, enrolment: Enrolment, values: dict[str, Any]) -> Enrolment:
        changed_enrolment = changed(enrolment, **values)
        self._db.change(ENROLMENTS, (enrolment.worker, enrolment.project), changed_enrolment, **values)
        return changed_enrolment

    def count(self, worker: PersonId, project: ProjectId, is_gold_right: bool | None, now: Moment) -> Enrolment:
        """Count an answer, and return the changed enrolment; `is_gold_right` is None on an ordinary task. The first
        answer is the act of consent: its date and the version of the card are stored."""
        enrolment = self._get(worker, project)
        values: dict[str, Any] = {
            "answered": enrolment.answered + 1,
            "gold_seen": enrolment.gold_seen + (is_gold_right is not None),
            "gold_right": enrolment.gold_right + bool(is_gold_right),
            "consented_at": now if enrolment.consented_at is None else enrolment.consented_at,
            "terms": CARD_VERSION if enrolment.consented_at is None else enrolment.terms,
        }
        changed_enrolment = changed(enrolment, **values)
        self._db.change(ENROLMENTS, (worker, project), changed_enrolment, **values)
        return changed_enrolment

    def qualify(self, worker: PersonId, project: ProjectId) -> bool:
        enrolment = self._get(worker, project)
        if enrolment.qualified:
            return False
        self._db.change(ENROLMENTS, (worker, project), changed(enrolment, qualified=True), qualified=1)
        return True

    def decline(self, worker: PersonId, project: ProjectId, on: bool) -> bool:
        """Decline the project, or take that back. Return False if the worker may not take it back: they withdrew
        consent."""
        return self._db.changed(SET_DECLINED, worker=worker, project=project, on=int(on)) == 1

    def bar(self, worker: PersonId, requester: PersonId) -> None:
        """Bar the worker from all projects of this requester."""
        self._db.changed(BAR_WORKER, worker=worker, requester=requester)

    def stand(self, project: ProjectId, standings: Iterable[tuple[PersonId, WorkerStanding]]) -> None:
        """Store the standings of workers that a refit found."""
        rows = ({"project": project, "worker": w, "worth": s.worth, "later": int(s.later)} for w, s in standings)
        self._db.many(STORE_STANDING, rows)

    def has_turn(self, worker: PersonId, project: ProjectId, before: Moment) -> bool:
        """Return whether a worker who is asked later may be offered a task now."""
        return self._db.one(SELECT_TURN, worker=worker, project=project, before=before) is not None

    def find_set_aside(self, worker: PersonId, now: Moment) -> SetAside | None:
        """Return a running project where this worker is asked later, or not at all for some time, without its pending
        pay; one that does not ask them at all comes first."""
        row = self._db.one(SELECT_SET_ASIDE, worker=worker, now=now)
        return None if row is None else SetAside(*row)

    def known_to(self, worker: PersonId, limit: int, before: int = 0) -> list[KnownProject]:
        """Return running projects this worker was given a task of, newest first, from behind `before`; 0 for the
        newest."""
        rows = self._db.all(SELECT_KNOWN_PROJECTS, worker=worker, limit=limit, before=before or LAST_PROJECT)
        return [
            KnownProject(ProjectId(project), title, bool(is_left), bool(is_paused))
            for project, title, is_left, is_paused in rows
        ]
