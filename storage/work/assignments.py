"""Assignments: every change of state is one guarded statement."""

from collections.abc import Sequence
from typing import cast

from domain.handing_in import Draft
from domain.messages import changed
from domain.moments import MINUTE, NEVER, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from storage.drivers.connection import Connection, Foresight, Row, foresee
from storage.drivers.records import columns, equals_by_range, pack, single_value, single_values, unpack_tuple
from storage.drivers.rows import ABSENT, Holding, Table
from storage.invariants import Invariant

_ASSIGNMENT = columns(Assignment)
MAX_DELIVERY_MILLISECONDS = 1_000  # milliseconds: a task that is shown as soon was shown when it was chosen
ASSIGNMENTS = Table(("assignments",), lasts=True, order=5, guard="state")
IN_HAND = Holding(("assignments",), lasts=True)  # by worker: the number of the active one, None without
HOLDERS = Holding(("assignments",), lasts=True)  # by task: whom it was ever assigned to

BY_ID = f"SELECT {_ASSIGNMENT} FROM assignments WHERE id = :id"
SELECT_ACTIVE = f"SELECT {_ASSIGNMENT} FROM assignments WHERE worker = :worker AND state = 'active'"
SELECT_PROJECT = "SELECT project FROM assignments WHERE id = :id"
SELECT_HOLDERS = "SELECT worker FROM assignments WHERE task = :task"
# A late answer of a worker who shares a bank account with the requester is not taken.
RETURN_EXPIRED = """
UPDATE assignments SET state = 'returned' WHERE worker = :worker AND state = 'expired'
  AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
STORE_DRAFT = "UPDATE assignments SET draft = :draft, begun_at = coalesce(begun_at, :now) WHERE id = :id"
# What was in this worker's hands last, where its time is up: a late answer that is typed belongs to it.
SELECT_NEWEST_EXPIRED = f"""
SELECT {_ASSIGNMENT} FROM assignments
WHERE worker = :worker AND state = 'expired' AND deadline > :since ORDER BY id DESC LIMIT 1"""
SELECT_OVERDUE = f"""
SELECT {_ASSIGNMENT} FROM assignments WHERE state = 'active' AND deadline <= :now ORDER BY deadline LIMIT :limit"""
# Whether this worker's last answer was to a task that came unasked.
SELECT_PUSHED = "SELECT pushed FROM assignments WHERE id = :id"
SELECT_LAST_PUSHED = f"""
SELECT a.pushed FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE {equals_by_range("s.worker", ":worker")} ORDER BY s.worker DESC, s.id DESC LIMIT 1"""
SELECT_LAST_ANSWERED = f"""
SELECT {columns(Assignment, "a.")} FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE {equals_by_range("s.worker", ":worker")} ORDER BY s.worker DESC, s.id DESC LIMIT 1"""
COUNT_SENT_LETTERS = "SELECT count(*) FROM outbox WHERE assignment = :assignment AND state = 'sent'"
COUNT_ACTIVE_SINCE = (
    "SELECT count(*) FROM assignments WHERE project = :project AND state = 'active' AND offered_at > :since"
)
COUNT_ACTIVE = "SELECT count(*) FROM assignments WHERE project = :project AND state = 'active'"
# Of the first tasks left to be given out: how many were skipped, how often, by how many people.
COUNT_SKIPPED_LEFT = """
SELECT count(DISTINCT a.task), count(*), count(DISTINCT a.worker)
FROM (SELECT task FROM openings WHERE project = :project AND gold = 0 ORDER BY shuffle_key LIMIT :most) AS few
JOIN assignments a ON a.task = few.task WHERE a.state = 'skipped'"""
SELECT_UNSKIPPED = """
SELECT 1 FROM openings o WHERE o.project = :project AND o.gold = 0
  AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = o.task AND a.state = 'skipped') LIMIT 1"""
COUNT_ACTIVE_ON_TASK = "SELECT count(*) FROM assignments WHERE task = :task AND state = 'active'"


def assignment_from(row: Row) -> Assignment:
    values = list(row)
    values[4] = AssignmentState(values[4])
    values[7] = unpack_tuple(values[7]) if values[7] else ()
    return Assignment(*values)


class Assignments:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, assignment: AssignmentId) -> Assignment | None:
        record = self._db.get(ASSIGNMENTS, assignment)
        if record is ABSENT:
            record = self._keep(assignment, self._db.peek(BY_ID, id=assignment))
        found_assignment: Assignment | None = record
        return found_assignment

    def projects(self, numbers: Sequence[AssignmentId]) -> list[ProjectId]:
        """Return the distinct projects of these assignments, which never change."""
        ((*rows_by_assignment,),) = self._db.foresee(
            [(SELECT_PROJECT, [{"id": number} for number in dict.fromkeys(numbers)])]
        )
        return [ProjectId(project) for rows in rows_by_assignment for project in single_values(rows)]

    def active_for(self, worker: PersonId) -> Assignment | None:
        number = self._db.get(IN_HAND, worker)
        if number is ABSENT:
            number = self._hold_in_hand(worker, self._db.peek(SELECT_ACTIVE, worker=worker))
        return None if number is None else self.find(number)

    def _hold_in_hand(self, worker: PersonId, rows: list[Row]) -> AssignmentId | None:
        number: AssignmentId | None = self._db.keep(IN_HAND, worker, rows[0][0] if rows else None)
        if number is not None and self._db.get(ASSIGNMENTS, number) is ABSENT:
            self._keep(number, rows)
        return number

    def foresee_in_hand(self, workers: Sequence[PersonId]) -> Foresight[None]:
        """Read ahead, and hold, the task in hand of each of these workers."""
        unknown = [worker for worker in workers if self._db.get(IN_HAND, worker) is ABSENT]
        (rows_by_worker,) = yield [(SELECT_ACTIVE, [{"worker": worker} for worker in unknown])]
        for worker, rows in zip(unknown, rows_by_worker, strict=True):
            self._hold_in_hand(worker, rows)

    def foresee(self, numbers: Sequence[AssignmentId]) -> Foresight[list[Assignment]]:
        """Read ahead, and hold, these assignments; return those that exist."""
        unread = [number for number in dict.fromkeys(numbers) if self._db.get(ASSIGNMENTS, number) is ABSENT]
        (rows,) = yield [(BY_ID, [{"id": number} for number in unread])]
        for number, row in zip(unread, rows, strict=True):
            self._keep(number, row)
        return [assignment for number in numbers if (assignment := self.find(number)) is not None]

    def _keep(self, number: AssignmentId, rows: list[Row]) -> Assignment | None:
        assignment = assignment_from(rows[0]) if rows else None
        if assignment is not None and assignment.state is AssignmentState.ACTIVE:
            self._db.keep(IN_HAND, assignment.worker, number)
        return cast(Assignment | None, self._db.keep(ASSIGNMENTS, number, assignment))

    def expired_for(self, worker: PersonId, since: Moment) -> Assignment | None:
        row = self._db.one(SELECT_NEWEST_EXPIRED, worker=worker, since=since)
        return assignment_from(row) if row else None

    def answered_last(self, worker: PersonId) -> Assignment | None:
        """Return the assignment of this worker's last answer, None before the first."""
        row = self._db.one(SELECT_LAST_ANSWERED, worker=worker)
        return assignment_from(row) if row else None

    def forget_late(self, worker: PersonId, requester: PersonId) -> None:
        """Mark the worker's expired assignments of this requester as returned, so that no late answer to them is
        taken."""
        self._db.changed(RETURN_EXPIRED, worker=worker, requester=requester)

    def draft(self, assignment: AssignmentId, pressed: Draft, now: Moment | None) -> None:
        """Store the draft of an answer; the first one notes when the worker began. With `now` None, only empty the
        draft."""
        self._db.send(STORE_DRAFT, id=assignment, draft=pack(pressed), now=now)

    def add(
        self,
        project: ProjectId,
        task: TaskId,
        worker: PersonId,
        now: Moment,
        deadline: Moment,
        pushed: bool = False,
        version: int = 1,
    ) -> AssignmentId | None:
        """Create an assignment and return its id; None if the worker had this task before, or has another in hand."""
        holders = self._holders(task)
        if worker in holders or self.active_for(worker) is not None:
            return None
        number = AssignmentId(self._db.number(ASSIGNMENTS))
        new_assignment = Assignment(
            number, project, task, worker, state=AssignmentState.ACTIVE, offered_at=now, deadline=deadline
        )
        new_assignment = changed(new_assignment, version=version, pushed=int(pushed))
        values = {"project": project, "task": task, "worker": worker, "offered_at": now, "deadline": deadline}
        values |= {"version": version, "pushed": int(pushed)}
        self._db.add(ASSIGNMENTS, number, new_assignment, id=number, state="active", **values)
        self._db.hold_changed(IN_HAND, worker, number)
        self._db.hold_changed(HOLDERS, task, holders | {worker})
        return number

    def _holders(self, task: TaskId) -> frozenset[PersonId]:
        record = self._db.get(HOLDERS, task)
        if record is ABSENT:
            record = self._db.keep(HOLDERS, task, frozenset(single_values(self._db.peek(SELECT_HOLDERS, task=task))))
        holders: frozenset[PersonId] = record
        return holders

    def end(
        self,
        assignment: AssignmentId,
        state: AssignmentState,
        old_state: AssignmentState = AssignmentState.ACTIVE,
    ) -> bool:
        """Change the assignment's state. Return False, and change nothing, if it is not in `old_state` any more."""
        found_assignment = self.find(assignment)
        if found_assignment is None or found_assignment.state is not old_state:
            return False
        self._db.change(
            ASSIGNMENTS, assignment, changed(found_assignment, state=state), guard=old_state.value, state=state.value
        )
        if old_state is AssignmentState.ACTIVE:
            self._db.hold_changed(IN_HAND, found_assignment.worker, None)
        return True

    def begin_time_of_shown(self, numbers: Sequence[AssignmentId], now: Moment) -> None:
        """Begin the time of tasks when their first message was delivered, if that took long: not when the task was
        chosen or shown again."""
        (shown_assignments,) = foresee(self._db, self.foresee(numbers))
        for shown_assignment in shown_assignments:
            has_waited = (
                shown_assignment.state is AssignmentState.ACTIVE
                and shown_assignment.offered_at < now - MAX_DELIVERY_MILLISECONDS
            )
            if has_waited and single_value(self._db.one(COUNT_SENT_LETTERS, assignment=shown_assignment.id)) == 1:
                until = Moment(shown_assignment.deadline + now - shown_assignment.offered_at)
                moved_assignment = changed(shown_assignment, offered_at=now, deadline=until)
                times = {"offered_at": now, "deadline": until}
                self._db.change(
                    ASSIGNMENTS, shown_assignment.id, moved_assignment, guard=shown_assignment.state.value, **times
                )

    def was_pushed(self, assignment: AssignmentId) -> bool:
        """Return whether the task was sent unasked."""
        return bool(single_value(self._db.one(SELECT_PUSHED, id=assignment)))

    def was_last_pushed(self, worker: PersonId) -> bool:
        return bool(single_value(self._db.one(SELECT_LAST_PUSHED, worker=worker)))

    def overdue(self, now: Moment, limit: int) -> list[Assignment]:
        return [assignment_from(row) for row in self._db.all(SELECT_OVERDUE, now=now, limit=limit)]

    def live_since(self, project: ProjectId, since: Moment) -> int:
        """Return how many tasks in hand were given out after this moment."""
        return int(single_value(self._db.one(COUNT_ACTIVE_SINCE, project=project, since=since)))

    def live(self, project: ProjectId) -> int:
        return int(single_value(self._db.one(COUNT_ACTIVE, project=project)))

    def skipped_left(self, project: ProjectId, most: int) -> tuple[int, int, int]:
        """Return, of the first `most` tasks that can be given out, how many were skipped, how often, and by how many
        people."""
        tasks, skips, people = self._db.all(COUNT_SKIPPED_LEFT, project=project, most=most)[0]
        return int(tasks), int(skips), int(people)

    def any_unskipped(self, project: ProjectId) -> bool:
        """Return whether a place is open in a task that nobody skipped."""
        return self._db.one(SELECT_UNSKIPPED, project=project) is not None

    def live_on(self, task: TaskId) -> int:
        """Return how many people have the task in hand, changes that are not yet written included."""
        pending, active = self._db.pending(ASSIGNMENTS), AssignmentState.ACTIVE
        unwritten_change = sum(row["task"] == task and row["state"] == active for row in pending.added.values())
        for number in pending.changed:
            held_assignment = self._db.get(ASSIGNMENTS, number)
            if held_assignment.task == task:
                unwritten_change += (held_assignment.state is active) - (pending.guards[number] == active)
        return int(single_value(self._db.peek(COUNT_ACTIVE_ON_TASK, task=task)[0]) + unwritten_change)


DOWNTIME_SETTING = "awake"
SELECT_NOTED_AT = f"SELECT value FROM settings WHERE name = '{DOWNTIME_SETTING}'"
INSERT_NOTED_AT = (
    f"INSERT INTO settings (name, value) VALUES ('{DOWNTIME_SETTING}', :now) ON CONFLICT (name) DO NOTHING"
)
# Of concurrent processes one records it.
NOTE_DOWNTIME = f"UPDATE settings SET value = :now WHERE name = '{DOWNTIME_SETTING}' AND value = :seen"
# An assignment that began within the downtime gets back only the part after its start.
EXTEND_ASSIGNMENTS = """
UPDATE assignments SET
  deadline = deadline + CASE WHEN offered_at > :seen THEN :now - offered_at ELSE :gap END,
  offered_at = offered_at + CASE WHEN offered_at > :seen THEN :now - offered_at ELSE :gap END
WHERE state = 'active' AND offered_at <= :now"""
EXTEND_JUDGEMENTS = """
UPDATE judgements SET deadline = deadline + :gap, offered_at = offered_at + :gap
WHERE state = 'active' AND offered_at <= :seen"""
# A task that could not be shown meanwhile can be shown still.
EXTEND_LETTERS = """
UPDATE outbox SET expires_at = expires_at + CASE WHEN written_at > :seen THEN :now - written_at ELSE :gap END
WHERE state = 'waiting' AND class = 'push' AND expires_at IS NOT NULL AND written_at <= :now"""

# Written before the clock was set back: what was due by then is due by now.
MOVE_LETTERS_BACK = """
UPDATE outbox SET due_at = due_at - :gap, written_at = written_at - :gap
WHERE state = 'waiting' AND due_at > :now AND written_at > :now"""
# Written by a transaction that had read the clock before and ended after that: among the newest.
MOVE_LATE_LETTERS_BACK = """
UPDATE outbox SET due_at = due_at - (written_at - :now), written_at = :now
WHERE id > (SELECT coalesce(max(id), 0) FROM outbox) - :newest AND state = 'waiting' AND written_at > :soon"""
NEWEST_LETTERS = 1_000


class Downtime:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get_noted_at(self) -> Moment | None:
        """Return when a process last noted that it is at work, None before the first time."""
        return Moment(int(single_value(self._db.one(SELECT_NOTED_AT), NEVER))) or None

    def note(self, noted_at: Moment | None) -> bool:
        """Note that a process is at work. Return False if another process has noted it since `noted_at`."""
        if noted_at is None:
            return self._db.changed(INSERT_NOTED_AT, now=str(self._now)) == 1
        return self._db.changed(NOTE_DOWNTIME, now=str(self._now), seen=str(noted_at)) == 1

    def give_back(self, noted_at: Moment) -> int:
        """Extend the deadlines of tasks, judgements and pushes by the downtime; return the number of assignments."""
        values = {"gap": self._now - noted_at, "seen": noted_at}
        self._db.changed(EXTEND_LETTERS, now=self._now, **values)
        self._db.changed(EXTEND_JUDGEMENTS, **values)
        return self._db.changed(EXTEND_ASSIGNMENTS, now=self._now, **values)

    def set_back(self, noted_at: Moment) -> None:
        """Move letters back that wait for a moment in the future because the clock was set back."""
        self._db.changed(MOVE_LETTERS_BACK, gap=noted_at - self._now, now=self._now)

    def set_late_ones_back(self) -> None:
        """Move letters back that transactions of before the clock change wrote only after it."""
        self._db.changed(MOVE_LATE_LETTERS_BACK, now=self._now, soon=later(self._now, MINUTE), newest=NEWEST_LETTERS)


INSERT_UNDELIVERED = """
INSERT INTO undelivered (task, project, linked, noted_at) VALUES (:task, :project, :linked, :now)
ON CONFLICT (task) DO NOTHING"""
COUNT_UNDELIVERED = "SELECT count(*), coalesce(sum(seen), 0) FROM undelivered WHERE project = :project"
SELECT_REFUSED = """
SELECT project, refused FROM (
  SELECT p.id AS project, (
    SELECT count(*) FROM undelivered u WHERE u.project = p.id AND u.linked = 0 AND u.noted_at > :since
  ) AS refused FROM projects p WHERE p.state = 'running'
) AS counted WHERE refused > 0 ORDER BY refused DESC, project LIMIT :limit"""
ACKNOWLEDGE_UNDELIVERED = "UPDATE undelivered SET seen = 1 WHERE project = :project"


class Undelivered:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, project: ProjectId, task: TaskId, linked: bool) -> bool:
        """Note a task that could not be shown; `linked`: its worker has a link in the picture's place. False if it was
        noted before."""
        values = {"project": project, "task": task, "linked": int(linked), "now": self._now}
        return self._db.changed(INSERT_UNDELIVERED, **values) == 1

    def counts(self, project: ProjectId) -> tuple[int, int]:
        """Return how many tasks of the project could not be shown, and about how many of them the requester has
        decided."""
        row = self._db.all(COUNT_UNDELIVERED, project=project)[0]
        return int(row[0]), int(row[1])

    def list_refused(self, since: Moment, limit: int) -> list[tuple[ProjectId, int]]:
        """Return the running projects with most tasks that Telegram refused since a moment, each with their number."""
        return [(ProjectId(row[0]), int(row[1])) for row in self._db.all(SELECT_REFUSED, since=since, limit=limit)]

    def see(self, project: ProjectId) -> None:
        """Note that the requester has decided about all unshown tasks so far."""
        self._db.changed(ACKNOWLEDGE_UNDELIVERED, project=project)


# Rules 7 and 8: a worker answers a task once; every submission is complete.
# A worker has one task at a time.
WORKERS_HAVE_ONE_TASK = Invariant(
    7,
    "one live assignment per worker",
    """
SELECT 'worker ' || worker AS subject, count(*) || ' live assignments' AS detail
FROM assignments WHERE state = 'active' GROUP BY worker HAVING count(*) > 1""",
)
