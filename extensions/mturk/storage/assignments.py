"""Answers to HITs as assignments, in the order in which they came."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.tasks import TaskId, decision_time_in
from domain.work.assignments import AssignmentId, SubmissionId
from extensions.mturk.domain.hits import (
    AssignmentStatus,
    BonusPayment,
    HitId,
    TurkAssignment,
)
from storage.drivers.connection import Connection, Row
from storage.drivers.records import single_value, unpack

# Of a rejected answer nothing is read, nor of one whose worker took their consent back.
_ASSIGNMENT = """s.id, s.assignment, s.worker, k.hit,
  CASE WHEN s.state = 'rejected' OR e.withdrawn_at IS NOT NULL THEN NULL ELSE s.answer END, s.state, s.held_until,
  a.offered_at, a.deadline, s.submitted_at, coalesce(r.rejected_at, d.at), coalesce(r.reason, d.feedback), s.task
FROM submissions s JOIN assignments a ON a.id = s.assignment JOIN turk_tasks k ON k.task = s.task
LEFT JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
LEFT JOIN turk_decisions d ON d.submission = s.id
LEFT JOIN rejections r ON r.submission = s.id AND s.state = 'rejected'"""
_IN = {
    AssignmentStatus.SUBMITTED: "(s.state = 'submitted' AND s.held_until > :now)",
    AssignmentStatus.APPROVED: "(s.state = 'accepted' OR (s.state = 'submitted' AND s.held_until <= :now))",
    AssignmentStatus.REJECTED: "s.state = 'rejected'",
}
BY_ASSIGNMENT = f"SELECT {_ASSIGNMENT} WHERE s.assignment = :assignment"
OF_TASK = f"SELECT {_ASSIGNMENT} WHERE s.task = :task AND s.id > :after"
LAST = "ORDER BY s.id LIMIT :limit"
TASK_OF = "SELECT task FROM submissions WHERE id = :id"
CONTENT_OF = "SELECT content FROM tasks WHERE id = :task"
DECIDED = """
INSERT INTO turk_decisions (submission, feedback, at) VALUES (:submission, :feedback, :now)
ON CONFLICT (submission) DO UPDATE SET feedback = excluded.feedback, at = excluded.at"""
_BONUS = """b.id, b.worker, s.assignment, b.amount, b.reason, b.at FROM turk_bonuses b
JOIN submissions s ON s.id = b.submission"""
BONUSES_OF_HIT = f"SELECT {_BONUS} WHERE b.hit = :number AND b.id > :after ORDER BY b.id LIMIT :limit"
BONUSES_OF_ANSWER = f"SELECT {_BONUS} WHERE b.submission = :number AND b.id > :after ORDER BY b.id LIMIT :limit"
ADD_BONUS = """
INSERT INTO turk_bonuses (requester, worker, submission, hit, amount, reason, at)
VALUES (:requester, :worker, :submission, :hit, :amount, :reason, :now) RETURNING id"""
HAS_WORKED = """
SELECT 1 FROM projects p JOIN enrolments e ON e.project = p.id AND e.worker = :worker WHERE p.requester = :requester
LIMIT 1"""


class TurkAssignments:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def of(self, assignment: AssignmentId) -> TurkAssignment | None:
        """None for one that was not submitted."""
        row = self._db.one(BY_ASSIGNMENT, assignment=assignment)
        return _assignment(row, self._delay(row[-1])) if row else None

    def page(
        self, tasks: Sequence[TaskId], statuses: Sequence[AssignmentStatus], after: int, limit: int
    ) -> list[TurkAssignment]:
        """Of a HIT's tasks one after the other, behind one answer."""
        wanted = " OR ".join(_IN[status] for status in dict.fromkeys(statuses))
        only = f"AND ({wanted})" if wanted else ""
        now = {"now": self._now} if ":now" in only else {}
        begun = single_value(self._db.one(TASK_OF, id=after)) if after else 0
        found: list[TurkAssignment] = []
        for task in tasks:
            if task >= begun and len(found) < limit:
                behind = after if task == begun else 0
                about = {"task": task, "after": behind, "limit": limit - len(found), **now}
                rows = self._db.all(f"{OF_TASK} {only} {LAST}", **about)
                delay = self._delay(task) if rows else 0
                found += (_assignment(row, delay) for row in rows)
        return found

    def _delay(self, task: TaskId) -> int:
        """Of silence about its answers: a HIT of another type by now is another task."""
        return decision_time_in(unpack(single_value(self._db.one(CONTENT_OF, task=task))))

    def decided(self, submission: SubmissionId, feedback: str | None) -> None:
        self._db.changed(DECIDED, submission=submission, feedback=feedback, now=self._now)

    def add_bonus(
        self, requester: PersonId, worker: PersonId, submission: SubmissionId, hit: HitId, amount: int, reason: str
    ) -> int:
        about = {"requester": requester, "worker": worker, "submission": submission, "hit": hit}
        return int(single_value(self._db.one(ADD_BONUS, **about, amount=amount, reason=reason, now=self._now)))

    def bonuses_of_hit(self, hit: HitId, after: int, limit: int) -> list[BonusPayment]:
        return [_bonus(row) for row in self._db.all(BONUSES_OF_HIT, number=hit, after=after, limit=limit)]

    def bonuses_of(self, submission: SubmissionId, after: int, limit: int) -> list[BonusPayment]:
        return [_bonus(row) for row in self._db.all(BONUSES_OF_ANSWER, number=submission, after=after, limit=limit)]

    def has_worked(self, worker: PersonId, requester: PersonId) -> bool:
        """Whether this worker was ever given a task of the requester's."""
        return self._db.one(HAS_WORKED, worker=worker, requester=requester) is not None


def _assignment(row: Row, delay: int) -> TurkAssignment:
    submission, assignment, worker, hit, answer, state, held, offered, deadline, submitted, decided, words, _ = row
    times = (None if held is None else Moment(held), Moment(offered), Moment(deadline), Moment(submitted))
    about = (SubmissionId(submission), AssignmentId(assignment), PersonId(worker), HitId(hit), answer, state)
    ends = later(Moment(submitted), delay) if held is None else Moment(held)
    return TurkAssignment(*about, *times, None if decided is None else Moment(decided), words, ends)


def _bonus(row: Row) -> BonusPayment:
    number, worker, assignment, amount, reason, at = row
    return BonusPayment(
        number,
        worker=PersonId(worker),
        assignment=AssignmentId(assignment),
        amount=Millionths(amount),
        reason=reason,
        at=Moment(at),
    )


ACT = """
INSERT INTO turk_review_actions (hit, level, name, assignment, status, at, result)
VALUES (:hit, :level, :name, :assignment, :status, :now, :result)"""
FOUND = """
INSERT INTO turk_review_results (hit, level, assignment, question, name, value)
VALUES (:hit, :level, :assignment, :question, :name, :value)"""
FORGET = "DELETE FROM turk_review_results WHERE hit = :hit AND level = 'HIT'"
_ACTION = "id, hit, level, name, assignment, status, at, result FROM turk_review_actions"
ACTIONS = f"""
SELECT {_ACTION} WHERE hit = :hit AND level IN (:level, :other) ORDER BY id LIMIT :limit"""
INTENDED = f"SELECT {_ACTION} WHERE status = 'Intended' ORDER BY id LIMIT :limit"
END = """
UPDATE turk_review_actions SET status = :status, result = :result, at = :now WHERE id = :id AND status = 'Intended'"""
RESULTS = """
SELECT id, level, assignment, question, name, value FROM turk_review_results
WHERE hit = :hit AND level IN (:level, :other) AND id > :after ORDER BY id LIMIT :limit"""
SCORE = """
SELECT value FROM turk_review_results
WHERE hit = :hit AND level = 'Assignment' AND assignment = :assignment AND name = :name"""


@dataclass(frozen=True, slots=True)
class ReviewAction:
    id: int
    hit: HitId
    level: str
    name: str
    assignment: AssignmentId | None
    status: str
    at: Moment
    result: str


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """`name` is Amazon's Key."""

    id: int
    level: str
    assignment: AssignmentId | None
    question: str | None
    name: str
    value: str


class ReviewResults:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def act(
        self, hit: HitId, level: str, name: str, assignment: AssignmentId | None, status: str, result: str = ""
    ) -> None:
        about = {"hit": hit, "level": level, "name": name, "assignment": assignment}
        self._db.changed(ACT, **about, status=status, result=result, now=self._now)

    def found(
        self, hit: HitId, level: str, assignment: AssignmentId | None, question: str | None, name: str, value: str
    ) -> None:
        about = {"hit": hit, "level": level, "assignment": assignment, "question": question}
        self._db.changed(FOUND, **about, name=name, value=value)

    def forget(self, hit: HitId) -> None:
        """What the HIT's policy found before it had more assignments."""
        self._db.changed(FORGET, hit=hit)

    def score(self, hit: HitId, assignment: AssignmentId, name: str) -> int | None:
        row = self._db.one(SCORE, hit=hit, assignment=assignment, name=name)
        return int(row[0]) if row else None

    def actions(self, hit: HitId, levels: Sequence[str], limit: int) -> list[ReviewAction]:
        about = {"hit": hit, "level": levels[0], "other": levels[-1], "limit": limit}
        return [ReviewAction(*row) for row in self._db.all(ACTIONS, **about)]

    def intended(self, limit: int) -> list[ReviewAction]:
        """Oldest first."""
        return [ReviewAction(*row) for row in self._db.all(INTENDED, limit=limit)]

    def end(self, action: int, status: str, result: str = "") -> bool:
        """False where it has ended."""
        return self._db.changed(END, id=action, status=status, result=result, now=self._now) == 1

    def results(self, hit: HitId, levels: Sequence[str], after: int, limit: int) -> list[ReviewResult]:
        about = {"hit": hit, "level": levels[0], "other": levels[-1], "after": after, "limit": limit}
        return [ReviewResult(*row) for row in self._db.all(RESULTS, **about)]
