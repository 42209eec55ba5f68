"""A worker in a project."""

from domain.moments import Moment
from domain.people import PersonId
from domain.projects import ProjectId
from domain.submissions import Enrolment
from storage.connection import Connection, Row
from storage.records import columns, each

_ENROLMENT = columns(Enrolment)

GET = f"SELECT {_ENROLMENT} FROM enrolments WHERE worker = :worker AND project = :project"
ENROL = f"""
INSERT INTO enrolments (worker, project) VALUES (:worker, :project)
ON CONFLICT (worker, project) DO UPDATE SET worker = excluded.worker RETURNING {_ENROLMENT}"""
MOVE = "UPDATE enrolments SET cursor = :cursor WHERE worker = :worker AND project = :project"
MOVE_GOLD = "UPDATE enrolments SET gold_cursor = :cursor WHERE worker = :worker AND project = :project"
# Answering is the act of consent; the first one is its date.
COUNT = f"""
UPDATE enrolments SET answered = answered + 1, gold_seen = gold_seen + :seen, gold_right = gold_right + :right,
  consented_at = coalesce(consented_at, :now)
WHERE worker = :worker AND project = :project RETURNING {_ENROLMENT}"""
QUALIFY = "UPDATE enrolments SET qualified = 1 WHERE worker = :worker AND project = :project AND qualified = 0"
DECLINE = "UPDATE enrolments SET declined = :on WHERE worker = :worker AND project = :project"
DECLINED = "SELECT project FROM enrolments WHERE worker = :worker AND declined = 1"


def enrolment_from(row: Row) -> Enrolment:
    values = list(row)
    values[3:5] = [bool(values[3]), bool(values[4])]
    return Enrolment(*values)


class Enrolments:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, worker: PersonId, project: ProjectId) -> Enrolment | None:
        row = self._db.one(GET, worker=worker, project=project)
        return enrolment_from(row) if row else None

    def enrol(self, worker: PersonId, project: ProjectId) -> Enrolment:
        return enrolment_from(self._db.all(ENROL, worker=worker, project=project)[0])

    def move(self, worker: PersonId, project: ProjectId, gold: bool, cursor: int) -> None:
        self._db.changed(MOVE_GOLD if gold else MOVE, worker=worker, project=project, cursor=cursor)

    def count(self, worker: PersonId, project: ProjectId, gold: bool | None, now: Moment) -> Enrolment:
        """One more answer; `gold` tells whether it was right, None on an ordinary task."""
        seen, right = int(gold is not None), int(bool(gold))
        return enrolment_from(self._db.all(COUNT, worker=worker, project=project, seen=seen, right=right, now=now)[0])

    def qualify(self, worker: PersonId, project: ProjectId) -> bool:
        return self._db.changed(QUALIFY, worker=worker, project=project) == 1

    def decline(self, worker: PersonId, project: ProjectId, on: bool) -> None:
        self._db.changed(DECLINE, worker=worker, project=project, on=int(on))

    def declined(self, worker: PersonId) -> set[ProjectId]:
        return set(each(self._db.all(DECLINED, worker=worker)))
