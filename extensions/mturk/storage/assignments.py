"""Answers to HITs as assignments, in the order in which they came."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.tasks import TaskId, decision_time_in
from domain.work.assignments import AssignmentId, SubmissionId
from extensions.mturk.domain.hits import AssignmentStatus, BonusPayment, HitId, TurkAssignment
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
_STATUS_CONDITIONS = {
    AssignmentStatus.SUBMITTED: "(s.state = 'submitted' AND s.held_until > :now)",
    AssignmentStatus.APPROVED: "(s.state = 'accepted' OR (s.state = 'submitted' AND s.held_until <= :now))",
    AssignmentStatus.REJECTED: "s.state = 'rejected'",
}
SELECT_BY_ASSIGNMENT = f"SELECT {_ASSIGNMENT} WHERE s.assignment = :assignment"
SELECT_OF_TASK = f"SELECT {_ASSIGNMENT} WHERE s.task = :task AND s.id > :after"
IN_ORDER_UP_TO_LIMIT = "ORDER BY s.id LIMIT :limit"
SELECT_TASK_OF_SUBMISSION = "SELECT task FROM submissions WHERE id = :id"
SELECT_TASK_CONTENT = "SELECT content FROM tasks WHERE id = :task"
STORE_DECISION = """
INSERT INTO turk_decisions (submission, feedback, at) VALUES (:submission, :feedback, :now)
ON CONFLICT (submission) DO UPDATE SET feedback = excluded.feedback, at = excluded.at"""
_BONUS = """b.id, b.worker, s.assignment, b.amount, b.reason, b.at FROM turk_bonuses b
JOIN submissions s ON s.id = b.submission"""
SELECT_BONUSES_OF_HIT = f"SELECT {_BONUS} WHERE b.hit = :number AND b.id > :after ORDER BY b.id LIMIT :limit"
SELECT_BONUSES_OF_SUBMISSION = (
    f"SELECT {_BONUS} WHERE b.submission = :number AND b.id > :after ORDER BY b.id LIMIT :limit"
)
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

    def find_by_assignment(self, assignment: AssignmentId) -> TurkAssignment | None:
        """Return the assignment, or None if it was not submitted."""
        row = self._db.one(SELECT_BY_ASSIGNMENT, assignment=assignment)
        return _to_assignment(row, self._get_approval_delay(row[-1])) if row else None

    def list_for_tasks(
        self, tasks: Sequence[TaskId], statuses: Sequence[AssignmentStatus], after: int, limit: int
    ) -> list[TurkAssignment]:
        """Return a page of the assignments of a HIT's tasks, in order of submission, behind submission `after`; an
        empty list of statuses stands for all."""
        any_status = " OR ".join(_STATUS_CONDITIONS[status] for status in dict.fromkeys(statuses))
        condition = f"AND ({any_status})" if any_status else ""
        now = {"now": self._now} if ":now" in condition else {}
        first_task = single_value(self._db.one(SELECT_TASK_OF_SUBMISSION, id=after)) if after else 0
        assignments: list[TurkAssignment] = []
        for task in tasks:
            if task >= first_task and len(assignments) < limit:
                last_submission = after if task == first_task else 0
                values = {"task": task, "after": last_submission, "limit": limit - len(assignments), **now}
                rows = self._db.all(f"{SELECT_OF_TASK} {condition} {IN_ORDER_UP_TO_LIMIT}", **values)
                delay = self._get_approval_delay(task) if rows else 0
                assignments += (_to_assignment(row, delay) for row in rows)
        return assignments

    def _get_approval_delay(self, task: TaskId) -> int:
        """Return after how long an undecided answer of the task is approved. A HIT that got another type is another
        task by then."""
        return decision_time_in(unpack(single_value(self._db.one(SELECT_TASK_CONTENT, task=task))))

    def store_decision(self, submission: SubmissionId, feedback: str | None) -> None:
        """Store when a submission was decided, and the feedback."""
        self._db.changed(STORE_DECISION, submission=submission, feedback=feedback, now=self._now)

    def add_bonus(
        self, requester: PersonId, worker: PersonId, submission: SubmissionId, hit: HitId, amount: int, reason: str
    ) -> int:
        values = {"requester": requester, "worker": worker, "submission": submission, "hit": hit}
        return int(single_value(self._db.one(ADD_BONUS, **values, amount=amount, reason=reason, now=self._now)))

    def list_bonuses_of_hit(self, hit: HitId, after: int, limit: int) -> list[BonusPayment]:
        return [_to_bonus(row) for row in self._db.all(SELECT_BONUSES_OF_HIT, number=hit, after=after, limit=limit)]

    def list_bonuses_of_submission(self, submission: SubmissionId, after: int, limit: int) -> list[BonusPayment]:
        return [
            _to_bonus(row)
            for row in self._db.all(SELECT_BONUSES_OF_SUBMISSION, number=submission, after=after, limit=limit)
        ]

    def has_worked(self, worker: PersonId, requester: PersonId) -> bool:
        """Return whether this worker was ever given a task of the requester's."""
        return self._db.one(HAS_WORKED, worker=worker, requester=requester) is not None


def _to_assignment(row: Row, delay: int) -> TurkAssignment:
    submission, assignment, worker, hit, answer, state, held_until, offered, deadline, submitted, decided, words, _ = (
        row
    )
    return TurkAssignment(
        SubmissionId(submission),
        AssignmentId(assignment),
        worker=PersonId(worker),
        hit=HitId(hit),
        answer=answer,
        state=state,
        held_until=None if held_until is None else Moment(held_until),
        accepted_at=Moment(offered),
        deadline=Moment(deadline),
        submitted_at=Moment(submitted),
        decided_at=None if decided is None else Moment(decided),
        feedback=words,
        auto_approval=later(Moment(submitted), delay) if held_until is None else Moment(held_until),
    )


def _to_bonus(row: Row) -> BonusPayment:
    number, worker, assignment, amount, reason, paid_at = row
    return BonusPayment(
        number,
        worker=PersonId(worker),
        assignment=AssignmentId(assignment),
        amount=Millionths(amount),
        reason=reason,
        at=Moment(paid_at),
    )


ADD_ACTION = """
INSERT INTO turk_review_actions (hit, level, name, assignment, status, at, result)
VALUES (:hit, :level, :name, :assignment, :status, :now, :result)"""
ADD_RESULT = """
INSERT INTO turk_review_results (hit, level, assignment, question, name, value)
VALUES (:hit, :level, :assignment, :question, :name, :value)"""
DELETE_HIT_RESULTS = "DELETE FROM turk_review_results WHERE hit = :hit AND level = 'HIT'"
_ACTION = "id, hit, level, name, assignment, status, at, result FROM turk_review_actions"
SELECT_ACTIONS = f"""
SELECT {_ACTION} WHERE hit = :hit AND level IN (:level, :other) ORDER BY id LIMIT :limit"""
SELECT_INTENDED_ACTIONS = f"SELECT {_ACTION} WHERE status = 'Intended' ORDER BY id LIMIT :limit"
END_ACTION = """
UPDATE turk_review_actions SET status = :status, result = :result, at = :now WHERE id = :id AND status = 'Intended'"""
SELECT_RESULTS = """
SELECT id, level, assignment, question, name, value FROM turk_review_results
WHERE hit = :hit AND level IN (:level, :other) AND id > :after ORDER BY id LIMIT :limit"""
SELECT_SCORE = """
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
    """A result of a review policy; `name` is Amazon's Key."""

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

    def add_action(
        self, hit: HitId, level: str, name: str, assignment: AssignmentId | None, status: str, result: str = ""
    ) -> None:
        values = {"hit": hit, "level": level, "name": name, "assignment": assignment}
        self._db.changed(ADD_ACTION, **values, status=status, result=result, now=self._now)

    def add_result(
        self, hit: HitId, level: str, assignment: AssignmentId | None, question: str | None, name: str, value: str
    ) -> None:
        values = {"hit": hit, "level": level, "assignment": assignment, "question": question}
        self._db.changed(ADD_RESULT, **values, name=name, value=value)

    def delete_hit_results(self, hit: HitId) -> None:
        """Delete the results of the HIT's own policy, before they are computed anew."""
        self._db.changed(DELETE_HIT_RESULTS, hit=hit)

    def find_score(self, hit: HitId, assignment: AssignmentId, name: str) -> int | None:
        row = self._db.one(SELECT_SCORE, hit=hit, assignment=assignment, name=name)
        return int(row[0]) if row else None

    def list_actions(self, hit: HitId, levels: Sequence[str], limit: int) -> list[ReviewAction]:
        values = {"hit": hit, "level": levels[0], "other": levels[-1], "limit": limit}
        return [ReviewAction(*row) for row in self._db.all(SELECT_ACTIONS, **values)]

    def list_intended(self, limit: int) -> list[ReviewAction]:
        """Return actions that are still to be done, oldest first."""
        return [ReviewAction(*row) for row in self._db.all(SELECT_INTENDED_ACTIONS, limit=limit)]

    def end_action(self, action: int, status: str, result: str = "") -> bool:
        """Store how an intended action ended. Return False if it had ended before."""
        return self._db.changed(END_ACTION, id=action, status=status, result=result, now=self._now) == 1

    def list_results(self, hit: HitId, levels: Sequence[str], after: int, limit: int) -> list[ReviewResult]:
        values = {"hit": hit, "level": levels[0], "other": levels[-1], "after": after, "limit": limit}
        return [ReviewResult(*row) for row in self._db.all(SELECT_RESULTS, **values)]
