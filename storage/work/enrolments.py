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
from domain.work.dispatch import WELCOME, Standing
from domain.work.offers import KnownProject, SetAside
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns
from storage.drivers.rows import ABSENT, Table
from storage.work.openings import PlacesLeft

_ENROLMENT = columns(Enrolment)
ENROLMENTS = Table(("enrolments",), lasts=True, order=4, keys=("worker", "project"))

GET = f"SELECT {_ENROLMENT} FROM enrolments WHERE worker = :worker AND project = :project"
# Who is asked later in most projects that know them begins a new one so.
ENROL = f"""
INSERT INTO enrolments (worker, project, later, barred, blocked) VALUES (:worker, :project, (
  SELECT CASE WHEN count(*) FILTER (WHERE e.later = 1) * 2 > count(*) THEN 2 ELSE 0 END
  FROM enrolments e WHERE e.worker = :worker AND e.worth IS NOT NULL), (
  SELECT m.after_assignment FROM projects p JOIN payee_mates m ON m.mate = p.requester
  WHERE p.id = :project AND m.person = :worker), (
  SELECT count(*) FROM projects p JOIN worker_blocks b ON b.requester = p.requester AND b.worker = :worker
  WHERE p.id = :project))
ON CONFLICT (worker, project) DO UPDATE SET worker = excluded.worker RETURNING {_ENROLMENT}"""
# Who took their consent back wants none of it any more, whatever they press.
DECLINE = """
UPDATE enrolments SET declined = :on
WHERE worker = :worker AND project = :project AND (:on = 1 OR withdrawn_at IS NULL)"""
# One account with the project's requester: from here on nothing is offered, and nothing was proven.
BAR = """
UPDATE enrolments SET qualified = 0, barred = (SELECT coalesce(max(id), 0) FROM assignments)
WHERE worker = :worker AND barred IS NULL AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
# What a refit found of a worker, whom an admin may have spared. What they did elsewhere counts until they have answered
# a little here.
STAND = f"""
UPDATE enrolments SET worth = :worth,
  later = CASE WHEN spared = 1 THEN 0 WHEN later = 2 AND answered < {WELCOME} THEN 2 ELSE :later END
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
HAS_TURN = f"""
SELECT 1 FROM people p WHERE p.id = :worker AND (p.served_at <= :before OR ({_SAYS_SOMETHING} AND {_NOBODY_BETTER}))"""
# Where they get nothing until a moment comes first.
LATER_IN = """
SELECT e.project, p.title, e.gold_right, e.gold_seen, CASE WHEN e.restricted_until > :now THEN e.restricted_until END
FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND (e.later > 0 OR e.watch > 1 OR e.restricted_until > :now) AND e.declined = 0
  AND e.barred IS NULL AND e.blocked = 0 AND p.state = 'running'
ORDER BY CASE WHEN e.restricted_until > :now THEN 0 ELSE 1 END, e.project LIMIT 1"""
LAST = 2**63 - 1
KNOWN_TO = """
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
        known = self._db.get(ENROLMENTS, (worker, project))
        if known is ABSENT:
            known = self._keep((worker, project), self._db.peek(GET, worker=worker, project=project))
        found: Enrolment | None = known
        return found

    def foresee(self, pairs: Sequence[tuple[PersonId, ProjectId]]) -> Foresight[list[Enrolment]]:
        """Holds all of them; those that are there."""
        (rows,) = yield [(GET, [{"worker": worker, "project": project} for worker, project in pairs])]
        found = [self._keep(pair, row) for pair, row in zip(pairs, rows, strict=True)]
        return [each for each in found if each is not None]

    def _keep(self, pair: tuple[PersonId, ProjectId], rows: list[Row]) -> Enrolment | None:
        return cast(Enrolment | None, self._db.keep(ENROLMENTS, pair, enrolment_from(rows[0]) if rows else None))

    def enrol(self, worker: PersonId, project: ProjectId) -> Enrolment:
        """The one there is, or a new one."""
        found = self.find(worker, project)
        if found is None:
            found = self._keep((worker, project), self._db.all(ENROL, worker=worker, project=project))
        return cast(Enrolment, found)

    def _there(self, worker: PersonId, project: ProjectId) -> Enrolment:
        found = self.find(worker, project)
        if found is None:
            raise LookupError(f"worker {worker} in project {project}")
        return found

    def move(self, worker: PersonId, project: ProjectId, gold: bool, cursor: int, back: int) -> None:
        """Store how far this worker has looked: ahead, and at places that came back."""
        found = self.find(worker, project)
        if found is not None:
            self._change(found, _cursors(gold, cursor, back))

    def offer(self, enrolment: Enrolment, gold: bool, cursor: int, back: int, version: int) -> None:
        """Count a task that is offered now; `version` is that of the instructions, which they read with it."""
        found = self._there(enrolment.worker, enrolment.project)
        self._change(found, _cursors(gold, cursor, back) | {"version": version, "offered": found.offered + 1})

    def skip(self, worker: PersonId, project: ProjectId, now: Moment) -> Enrolment:
        """Count a task that was skipped today; the enrolment as it is now."""
        found, today = self._there(worker, project), now // DAY
        skipped = 1 + (found.skipped if found.skipped_on == today else 0)
        return self._change(found, {"skipped": skipped, "skipped_on": today})

    def _change(self, found: Enrolment, values: dict[str, Any]) -> Enrolment:
        made = changed(found, **values)
        self._db.change(ENROLMENTS, (found.worker, found.project), made, **values)
        return made

    def count(self, worker: PersonId, project: ProjectId, gold: bool | None, now: Moment) -> Enrolment:
        """One more answer; `gold` tells whether it was right, None on an ordinary task. Answering is the act of
        consent: the first one is its date, and what the card said then is noted."""
        found = self._there(worker, project)
        counted: dict[str, Any] = {
            "answered": found.answered + 1,
            "gold_seen": found.gold_seen + (gold is not None),
            "gold_right": found.gold_right + bool(gold),
            "consented_at": now if found.consented_at is None else found.consented_at,
            "terms": CARD_VERSION if found.consented_at is None else found.terms,
        }
        made = changed(found, **counted)
        self._db.change(ENROLMENTS, (worker, project), made, **counted)
        return made

    def qualify(self, worker: PersonId, project: ProjectId) -> bool:
        found = self._there(worker, project)
        if found.qualified:
            return False
        self._db.change(ENROLMENTS, (worker, project), changed(found, qualified=True), qualified=1)
        return True

    def decline(self, worker: PersonId, project: ProjectId, on: bool) -> bool:
        """False where it is not theirs to take back: they withdrew their consent."""
        return self._db.changed(DECLINE, worker=worker, project=project, on=int(on)) == 1

    def bar(self, worker: PersonId, requester: PersonId) -> None:
        """Nothing of this requester's any more."""
        self._db.changed(BAR, worker=worker, requester=requester)

    def stand(self, project: ProjectId, found: Iterable[tuple[PersonId, Standing]]) -> None:
        """Stores a refit's results for workers."""
        rows = ({"project": project, "worker": w, "worth": s.worth, "later": int(s.later)} for w, s in found)
        self._db.many(STAND, rows)

    def has_turn(self, worker: PersonId, project: ProjectId, before: Moment) -> bool:
        """Whether a worker who is asked later may be offered a task now."""
        return self._db.one(HAS_TURN, worker=worker, project=project, before=before) is not None

    def find_set_aside(self, worker: PersonId, now: Moment) -> SetAside | None:
        """Return a running project where this worker is asked later, or not at all for some time, without its pending
        pay; one that does not ask them at all comes first."""
        row = self._db.one(LATER_IN, worker=worker, now=now)
        return None if row is None else SetAside(*row)

    def known_to(self, worker: PersonId, limit: int, before: int = 0) -> list[KnownProject]:
        """Running projects this worker was given a task of, newest first; those older than `before`."""
        rows = self._db.all(KNOWN_TO, worker=worker, limit=limit, before=before or LAST)
        return [
            KnownProject(ProjectId(number), title, bool(left), bool(paused)) for number, title, left, paused in rows
        ]
