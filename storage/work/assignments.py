"""Assignments: every change of state is one guarded statement."""

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, first, pack, words

_ASSIGNMENT = columns(Assignment)

BY_ID = f"SELECT {_ASSIGNMENT} FROM assignments WHERE id = :id"
ACTIVE_FOR = f"SELECT {_ASSIGNMENT} FROM assignments WHERE worker = :worker AND state = 'active'"
ADD = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline, pushed)
VALUES (:project, :task, :worker, 'active', :now, :deadline, :pushed)
ON CONFLICT DO NOTHING RETURNING id"""
END = "UPDATE assignments SET state = :state WHERE id = :id AND state = :was"
# A late answer of a worker who shares a bank account with the requester is not taken.
FORGET_LATE = """
UPDATE assignments SET state = 'returned' WHERE worker = :worker AND state = 'expired'
  AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
DRAFT = "UPDATE assignments SET draft = :draft WHERE id = :id"
# What was in this worker's hands last, where its time is up: a late answer that is typed belongs to it.
EXPIRED_FOR = f"""
SELECT {_ASSIGNMENT} FROM assignments
WHERE worker = :worker AND state = 'expired' AND deadline > :since ORDER BY id DESC LIMIT 1"""
OVERDUE = f"""
SELECT {_ASSIGNMENT} FROM assignments WHERE state = 'active' AND deadline <= :now ORDER BY deadline LIMIT :limit"""
# Whether this worker's last answer was to a task that came unasked.
PUSHED_LAST = """
SELECT a.pushed FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE s.worker = :worker ORDER BY s.id DESC LIMIT 1"""
LIVE = "SELECT count(*) FROM assignments WHERE project = :project AND state = 'active'"
LIVE_ON_TASK = "SELECT count(*) FROM assignments WHERE task = :task AND state = 'active'"


def assignment_from(row: Row) -> Assignment:
    values = list(row)
    values[4] = AssignmentState(values[4])
    values[7] = words(values[7]) if values[7] else ()
    return Assignment(*values)


class Assignments:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, assignment: AssignmentId) -> Assignment | None:
        row = self._db.one(BY_ID, id=assignment)
        return assignment_from(row) if row else None

    def active_for(self, worker: PersonId) -> Assignment | None:
        row = self._db.one(ACTIVE_FOR, worker=worker)
        return assignment_from(row) if row else None

    def expired_for(self, worker: PersonId, since: Moment) -> Assignment | None:
        row = self._db.one(EXPIRED_FOR, worker=worker, since=since)
        return assignment_from(row) if row else None

    def forget_late(self, worker: PersonId, requester: PersonId) -> None:
        """A late answer to this requester is not taken."""
        self._db.changed(FORGET_LATE, worker=worker, requester=requester)

    def draft(self, assignment: AssignmentId, pressed: tuple[int, ...]) -> None:
        """Stores the presses so far."""
        self._db.send(DRAFT, id=assignment, draft=pack(pressed))

    def add(
        self,
        project: ProjectId,
        task: TaskId,
        worker: PersonId,
        now: Moment,
        deadline: Moment,
        pushed: bool = False,
    ) -> AssignmentId | None:
        """None when the worker had this task before, or has another in hand."""
        values = {"project": project, "task": task, "worker": worker, "now": now, "deadline": deadline}
        row = self._db.one(ADD, **values, pushed=int(pushed))
        return AssignmentId(row[0]) if row else None

    def end(
        self,
        assignment: AssignmentId,
        state: AssignmentState,
        was: AssignmentState = AssignmentState.ACTIVE,
    ) -> bool:
        return self._db.changed(END, id=assignment, state=state.value, was=was.value) == 1

    def was_last_pushed(self, worker: PersonId) -> bool:
        return bool(first(self._db.one(PUSHED_LAST, worker=worker)))

    def overdue(self, now: Moment, limit: int) -> list[Assignment]:
        return [assignment_from(row) for row in self._db.all(OVERDUE, now=now, limit=limit)]

    def live(self, project: ProjectId) -> int:
        return int(first(self._db.one(LIVE, project=project)))

    def live_on(self, task: TaskId) -> int:
        return int(first(self._db.one(LIVE_ON_TASK, task=task)))
