"""Assignments: every change of state is one guarded statement."""

from collections.abc import Sequence
from typing import cast

from domain.handing_in import Draft
from domain.messages import changed
from domain.moments import (
    MINUTE,
    NEVER,
    Moment,
    later,
)
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from storage.drivers.connection import (
    Connection,
    Foresight,
    Row,
    foresee,
)
from storage.drivers.records import (
    columns,
    each,
    first,
    of,
    pack,
    words,
)
from storage.drivers.rows import ABSENT, Held, Table

_ASSIGNMENT = columns(Assignment)
SOON = 1_000  # milliseconds: a task that is shown as soon was shown when it was chosen
ASSIGNMENTS = Table(("assignments",), lasts=True, order=5, guard="state")
IN_HAND = Held(("assignments",), lasts=True)  # by worker: the number of the active one, None without
HOLDERS = Held(("assignments",), lasts=True)  # by task: whom it was ever assigned to

BY_ID = f"SELECT {_ASSIGNMENT} FROM assignments WHERE id = :id"
ACTIVE_FOR = f"SELECT {_ASSIGNMENT} FROM assignments WHERE worker = :worker AND state = 'active'"
PROJECT_OF = "SELECT project FROM assignments WHERE id = :id"
HAD = "SELECT worker FROM assignments WHERE task = :task"
# A late answer of a worker who shares a bank account with the requester is not taken.
FORGET_LATE = """
UPDATE assignments SET state = 'returned' WHERE worker = :worker AND state = 'expired'
  AND project IN (SELECT id FROM projects WHERE requester = :requester)"""
DRAFT = "UPDATE assignments SET draft = :draft, begun_at = coalesce(begun_at, :now) WHERE id = :id"
# What was in this worker's hands last, where its time is up: a late answer that is typed belongs to it.
EXPIRED_FOR = f"""
SELECT {_ASSIGNMENT} FROM assignments
WHERE worker = :worker AND state = 'expired' AND deadline > :since ORDER BY id DESC LIMIT 1"""
OVERDUE = f"""
SELECT {_ASSIGNMENT} FROM assignments WHERE state = 'active' AND deadline <= :now ORDER BY deadline LIMIT :limit"""
# Whether this worker's last answer was to a task that came unasked.
PUSHED = "SELECT pushed FROM assignments WHERE id = :id"
PUSHED_LAST = f"""
SELECT a.pushed FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE {of("s.worker", ":worker")} ORDER BY s.worker DESC, s.id DESC LIMIT 1"""
ANSWERED_LAST = f"""
SELECT {columns(Assignment, "a.")} FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE {of("s.worker", ":worker")} ORDER BY s.worker DESC, s.id DESC LIMIT 1"""
LETTERS_OF = "SELECT count(*) FROM outbox WHERE assignment = :assignment AND state = 'sent'"
LIVE_SINCE = "SELECT count(*) FROM assignments WHERE project = :project AND state = 'active' AND offered_at > :since"
LIVE = "SELECT count(*) FROM assignments WHERE project = :project AND state = 'active'"
# Of the first tasks left to be given out: how many were skipped, how often, by how many people.
SKIPPED_LEFT = """
SELECT count(DISTINCT a.task), count(*), count(DISTINCT a.worker)
FROM (SELECT task FROM openings WHERE project = :project AND gold = 0 ORDER BY shuffle_key LIMIT :most) AS few
JOIN assignments a ON a.task = few.task WHERE a.state = 'skipped'"""
UNSKIPPED = """
SELECT 1 FROM openings o WHERE o.project = :project AND o.gold = 0
  AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = o.task AND a.state = 'skipped') LIMIT 1"""
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
        known = self._db.get(ASSIGNMENTS, assignment)
        if known is ABSENT:
            known = self._keep(assignment, self._db.peek(BY_ID, id=assignment))
        found: Assignment | None = known
        return found

    def projects(self, numbers: Sequence[AssignmentId]) -> list[ProjectId]:
        """Whose they are: what never changes."""
        ((*found,),) = self._db.foresee([(PROJECT_OF, [{"id": number} for number in dict.fromkeys(numbers)])])
        return [ProjectId(project) for rows in found for project in each(rows)]

    def active_for(self, worker: PersonId) -> Assignment | None:
        number = self._db.get(IN_HAND, worker)
        if number is ABSENT:
            number = self._hold_in_hand(worker, self._db.peek(ACTIVE_FOR, worker=worker))
        return None if number is None else self.find(number)

    def _hold_in_hand(self, worker: PersonId, rows: list[Row]) -> AssignmentId | None:
        number: AssignmentId | None = self._db.keep(IN_HAND, worker, rows[0][0] if rows else None)
        if number is not None and self._db.get(ASSIGNMENTS, number) is ABSENT:
            self._keep(number, rows)
        return number

    def foresee_in_hand(self, workers: Sequence[PersonId]) -> Foresight[None]:
        """Holds what is in their hands."""
        unknown = [worker for worker in workers if self._db.get(IN_HAND, worker) is ABSENT]
        (found,) = yield [(ACTIVE_FOR, [{"worker": worker} for worker in unknown])]
        for worker, rows in zip(unknown, found, strict=True):
            self._hold_in_hand(worker, rows)

    def foresee(self, numbers: Sequence[AssignmentId]) -> Foresight[list[Assignment]]:
        """Holds all of them; those that are there."""
        wanted = [number for number in dict.fromkeys(numbers) if self._db.get(ASSIGNMENTS, number) is ABSENT]
        (rows,) = yield [(BY_ID, [{"id": number} for number in wanted])]
        for number, row in zip(wanted, rows, strict=True):
            self._keep(number, row)
        return [found for number in numbers if (found := self.find(number)) is not None]

    def _keep(self, number: AssignmentId, rows: list[Row]) -> Assignment | None:
        found = assignment_from(rows[0]) if rows else None
        if found is not None and found.state is AssignmentState.ACTIVE:
            self._db.keep(IN_HAND, found.worker, number)
        return cast(Assignment | None, self._db.keep(ASSIGNMENTS, number, found))

    def expired_for(self, worker: PersonId, since: Moment) -> Assignment | None:
        row = self._db.one(EXPIRED_FOR, worker=worker, since=since)
        return assignment_from(row) if row else None

    def answered_last(self, worker: PersonId) -> Assignment | None:
        """The assignment of this worker's last answer."""
        row = self._db.one(ANSWERED_LAST, worker=worker)
        return assignment_from(row) if row else None

    def forget_late(self, worker: PersonId, requester: PersonId) -> None:
        """A late answer to this requester is not taken."""
        self._db.changed(FORGET_LATE, worker=worker, requester=requester)

    def draft(self, assignment: AssignmentId, pressed: Draft, now: Moment | None) -> None:
        """Stores what was given of the answer so far; the first time is the first sign that its worker is at it. With
        `now` None it only empties what was kept."""
        self._db.send(DRAFT, id=assignment, draft=pack(pressed), now=now)

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
        """None when the worker had this task before, or has another in hand."""
        holders = self._holders(task)
        if worker in holders or self.active_for(worker) is not None:
            return None
        number = AssignmentId(self._db.number(ASSIGNMENTS))
        made = Assignment(number, project, task, worker, AssignmentState.ACTIVE, now, deadline)
        made = changed(made, version=version, pushed=int(pushed))
        about = {"project": project, "task": task, "worker": worker, "offered_at": now, "deadline": deadline}
        about |= {"version": version, "pushed": int(pushed)}
        self._db.add(ASSIGNMENTS, number, made, id=number, state="active", **about)
        self._db.put(IN_HAND, worker, number)
        self._db.put(HOLDERS, task, holders | {worker})
        return number

    def _holders(self, task: TaskId) -> frozenset[PersonId]:
        known = self._db.get(HOLDERS, task)
        if known is ABSENT:
            known = self._db.keep(HOLDERS, task, frozenset(each(self._db.peek(HAD, task=task))))
        found: frozenset[PersonId] = known
        return found

    def end(
        self,
        assignment: AssignmentId,
        state: AssignmentState,
        was: AssignmentState = AssignmentState.ACTIVE,
    ) -> bool:
        """False where it is in another state by now."""
        found = self.find(assignment)
        if found is None or found.state is not was:
            return False
        self._db.change(ASSIGNMENTS, assignment, changed(found, state=state), guard=was.value, state=state.value)
        if was is AssignmentState.ACTIVE:
            self._db.put(IN_HAND, found.worker, None)
        return True

    def shown(self, numbers: Sequence[AssignmentId], now: Moment) -> None:
        """A worker's time counts from when the task first reached them, not from when it was chosen or shown again."""
        (found,) = foresee(self._db, self.foresee(numbers))
        for told in found:
            waited = told.state is AssignmentState.ACTIVE and told.offered_at < now - SOON
            if waited and first(self._db.one(LETTERS_OF, assignment=told.id)) == 1:
                until = Moment(told.deadline + now - told.offered_at)
                made = changed(told, offered_at=now, deadline=until)
                about = {"offered_at": now, "deadline": until}
                self._db.change(ASSIGNMENTS, told.id, made, guard=told.state.value, **about)

    def was_pushed(self, assignment: AssignmentId) -> bool:
        """Whether it came unasked."""
        return bool(first(self._db.one(PUSHED, id=assignment)))

    def was_last_pushed(self, worker: PersonId) -> bool:
        return bool(first(self._db.one(PUSHED_LAST, worker=worker)))

    def overdue(self, now: Moment, limit: int) -> list[Assignment]:
        return [assignment_from(row) for row in self._db.all(OVERDUE, now=now, limit=limit)]

    def live_since(self, project: ProjectId, since: Moment) -> int:
        """How many tasks in hand were given out after a moment."""
        return int(first(self._db.one(LIVE_SINCE, project=project, since=since)))

    def live(self, project: ProjectId) -> int:
        return int(first(self._db.one(LIVE, project=project)))

    def skipped_left(self, project: ProjectId, most: int) -> tuple[int, int, int]:
        """Of the tasks that can be given out, up to `most`: how many were skipped, how often, by how many people."""
        tasks, skips, people = self._db.all(SKIPPED_LEFT, project=project, most=most)[0]
        return int(tasks), int(skips), int(people)

    def any_unskipped(self, project: ProjectId) -> bool:
        """Whether a place is open in a task that nobody skipped."""
        return self._db.one(UNSKIPPED, project=project) is not None

    def live_on(self, task: TaskId) -> int:
        """Those in the database, and what is pending."""
        pending, active = self._db.pending(ASSIGNMENTS), AssignmentState.ACTIVE
        moved = sum(row["task"] == task and row["state"] == active for row in pending.added.values())
        for number in pending.changed:
            found = self._db.get(ASSIGNMENTS, number)
            if found.task == task:
                moved += (found.state is active) - (pending.guards[number] == active)
        return int(first(self._db.peek(LIVE_ON_TASK, task=task)[0]) + moved)


NAME = "awake"
SEEN = f"SELECT value FROM settings WHERE name = '{NAME}'"
BEGIN = f"INSERT INTO settings (name, value) VALUES ('{NAME}', :now) ON CONFLICT (name) DO NOTHING"
# Of concurrent processes one records it.
NOTE_DOWNTIME = f"UPDATE settings SET value = :now WHERE name = '{NAME}' AND value = :seen"
# An assignment that began within the downtime gets back only the part after its start.
EXTEND_ASSIGNMENTS = """
UPDATE assignments SET
  deadline = deadline + CASE WHEN offered_at > :seen THEN :now - offered_at ELSE :gap END,
  offered_at = offered_at + CASE WHEN offered_at > :seen THEN :now - offered_at ELSE :gap END
WHERE state = 'active' AND offered_at <= :now"""
JUDGEMENTS = """
UPDATE judgements SET deadline = deadline + :gap, offered_at = offered_at + :gap
WHERE state = 'active' AND offered_at <= :seen"""
# A task that could not be shown meanwhile can be shown still.
LETTERS = """
UPDATE outbox SET expires_at = expires_at + CASE WHEN written_at > :seen THEN :now - written_at ELSE :gap END
WHERE state = 'waiting' AND class = 'push' AND expires_at IS NOT NULL AND written_at <= :now"""

# Written before the clock was set back: what was due by then is due by now.
SET_BACK = """
UPDATE outbox SET due_at = due_at - :gap, written_at = written_at - :gap
WHERE state = 'waiting' AND due_at > :now AND written_at > :now"""
# Written by a transaction that had read the clock before and ended after that: among the newest.
LATE = """
UPDATE outbox SET due_at = due_at - (written_at - :now), written_at = :now
WHERE id > (SELECT coalesce(max(id), 0) FROM outbox) - :newest AND state = 'waiting' AND written_at > :soon"""
NEWEST = 1_000


class Downtime:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def seen(self) -> Moment | None:
        """When the house last noted that it is at work; None before its first time."""
        return Moment(int(first(self._db.one(SEEN), NEVER))) or None

    def note(self, seen: Moment | None) -> bool:
        """False where another process recorded it since."""
        if seen is None:
            return self._db.changed(BEGIN, now=str(self._now)) == 1
        return self._db.changed(NOTE_DOWNTIME, now=str(self._now), seen=str(seen)) == 1

    def give_back(self, seen: Moment) -> int:
        """Extends the deadlines by the downtime; returns the number of assignments."""
        gap = {"gap": self._now - seen, "seen": seen}
        self._db.changed(LETTERS, now=self._now, **gap)
        self._db.changed(JUDGEMENTS, **gap)
        return self._db.changed(EXTEND_ASSIGNMENTS, now=self._now, **gap)

    def set_back(self, seen: Moment) -> None:
        """No letter waits for a time that was already."""
        self._db.changed(SET_BACK, gap=seen - self._now, now=self._now)

    def set_late_ones_back(self) -> None:
        """The same of those that were written under the old clock since."""
        self._db.changed(LATE, now=self._now, soon=later(self._now, MINUTE), newest=NEWEST)


NOTE = """
INSERT INTO undelivered (task, project, linked, noted_at) VALUES (:task, :project, :linked, :now)
ON CONFLICT (task) DO NOTHING"""
COUNTS = "SELECT count(*), coalesce(sum(seen), 0) FROM undelivered WHERE project = :project"
SEE = "UPDATE undelivered SET seen = 1 WHERE project = :project"


class Undelivered:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, project: ProjectId, task: TaskId, linked: bool) -> bool:
        """False when it was known; `linked`: its worker has a link in the picture's place."""
        values = {"project": project, "task": task, "linked": int(linked), "now": self._now}
        return self._db.changed(NOTE, **values) == 1

    def counts(self, project: ProjectId) -> tuple[int, int]:
        """How many of a project's there are, and about how many of them its requester has decided."""
        row = self._db.all(COUNTS, project=project)[0]
        return int(row[0]), int(row[1])

    def see(self, project: ProjectId) -> None:
        """Its requester has decided about all there are."""
        self._db.changed(SEE, project=project)
