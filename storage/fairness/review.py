"""Submissions that wait for review, rejections with reasons, and projects paused for too many rejections."""

from dataclasses import dataclass
from typing import cast

from domain.fairness.review import Rejection, RejectionState
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import Submission, SubmissionId
from domain.work.honest_card import TrackRecord, record_of
from storage.drivers.connection import (
    Connection,
    Foresight,
    Row,
    read,
)
from storage.drivers.records import (
    columns,
    each,
    first,
    of,
)
from storage.work.consents import TAKEN_BACK

_SUBMISSION, _REJECTION = columns(Submission), columns(Rejection)

# Pay of answers that were taken back waits for silence alone: their requester has no say in it any more.
_OPEN = f"s.project = :project AND s.held_until IS NOT NULL AND s.held_until > :now AND NOT {TAKEN_BACK}"
WAITING = f"SELECT {_SUBMISSION} FROM submissions s WHERE {_OPEN} AND id > :after ORDER BY id LIMIT :limit"
# With what speaks for each: what its task comes to, and its worker's check questions.
_EVIDENCE = """s.id, s.answer, s.gold, t.consensus, t.confidence, t.received, e.gold_right, e.gold_seen
FROM submissions s JOIN tasks t ON t.id = s.task JOIN enrolments e ON e.worker = s.worker AND e.project = s.project"""
CANDIDATES = f"""
SELECT {_EVIDENCE}
WHERE {_OPEN} ORDER BY s.id LIMIT :limit"""
CANDIDATE = f"SELECT {_EVIDENCE} WHERE s.id = :id"
WAITS = f"SELECT count(*), min(s.held_until) FROM submissions s WHERE {_OPEN}"
REJECT = """
UPDATE submissions SET state = 'rejected', held_until = NULL
WHERE id = :submission AND held_until IS NOT NULL AND held_until > :now"""
# What was said of a task while it was open must not tell what a rejected answer was.
REDRAWN = "UPDATE tasks SET live = consensus, live_confidence = confidence WHERE id = :task"
REINSTATE = "UPDATE submissions SET state = 'accepted' WHERE id = :submission AND state = 'rejected'"
KEEP = """
INSERT INTO rejections (submission, project, line, clause, reason, state, rejected_by, rejected_at, notice,
  appeal_until, staked)
VALUES (:submission, :project, :line, :clause, :reason, 'standing', :by, :now, :notice, :until, :staked)"""
OF_SUBMISSION = f"SELECT {_REJECTION} FROM rejections WHERE submission = :submission"
APPEAL = """
UPDATE rejections SET state = 'appealed'
WHERE submission = :submission AND state = 'standing' AND appeal_until > :now"""
END = """
UPDATE rejections SET state = :state, decided_at = :now WHERE submission = :submission AND state = :was"""
CLOSING = f"""
SELECT {_REJECTION} FROM rejections WHERE state = 'standing' AND appeal_until <= :now
ORDER BY appeal_until LIMIT :limit"""
OF_WORKER = f"""
SELECT {columns(Rejection, "r.")} FROM rejections r JOIN submissions s ON s.id = r.submission
WHERE s.worker = :worker AND r.state = 'standing' AND r.appeal_until > :now ORDER BY r.appeal_until LIMIT :limit"""
# Disputed pay: (currency, sum).
ASIDE = """
SELECT p.currency, sum(s.pay) FROM rejections r JOIN submissions s ON s.id = r.submission
JOIN projects p ON p.id = s.project WHERE s.worker = :worker AND r.state IN ('standing', 'appealed')
GROUP BY p.currency"""
# Since a human last looked: rejections made, and all answers that are decided.
# Decided are all answers, counted and since then, but those whose pay waits for a word.
COUNTS = """
SELECT (SELECT count(*) FROM rejections WHERE project = :project),
  coalesce((SELECT answers FROM progress_counts WHERE project = :project), 0)
  + (SELECT count(*) FROM submissions WHERE project = :project
    AND id > (SELECT up_to FROM progress_counted WHERE name = 'submissions'))
  - (SELECT count(*) FROM submissions WHERE project = :project AND held_until IS NOT NULL AND state = 'submitted')"""
LOOKED_AT = """
SELECT rejected, decided FROM pauses WHERE project = :project AND outcome = 'resumed' ORDER BY id DESC LIMIT 1"""
PAUSE = """
INSERT INTO pauses (project, rejected, decided, paused_at) VALUES (:project, :rejected, :decided, :now)
ON CONFLICT (project) WHERE outcome IS NULL DO NOTHING"""
PAUSED = """
SELECT s.project FROM pauses s JOIN projects p ON p.id = s.project
WHERE s.outcome IS NULL AND p.state = 'running' ORDER BY s.id LIMIT :limit"""
END_PAUSE = """
UPDATE pauses SET outcome = :outcome, ended_at = :now, ended_by = :by WHERE project = :project AND outcome IS NULL"""
# Fees that go back to requesters if what they rejected stays rejected, and what they still may reject is.
OWED_FEES = """
SELECT sum(o.fee) FROM (
  SELECT s.project, s.fee FROM rejections r JOIN submissions s ON s.id = r.submission
  WHERE r.state IN ('standing', 'appealed')
  UNION ALL SELECT project, fee FROM submissions WHERE held_until IS NOT NULL
) AS o JOIN projects p ON p.id = o.project WHERE p.currency = :currency"""
# Undecided submissions of a project: under review, and rejected.
UNDECIDED = """
SELECT (SELECT count(*) FROM submissions WHERE project = :project AND held_until IS NOT NULL),
  (SELECT count(*) FROM rejections WHERE project = :project AND state IN ('standing', 'appealed'))"""


@dataclass(frozen=True, slots=True)
class ReviewCandidate:
    """An answer to be reviewed. `consensus` of its task, of `received` answers; `right` of the worker's `checked` check
    questions."""

    submission: SubmissionId
    answer: str | None
    gold: int | None
    consensus: str | None
    confidence: float | None
    received: int
    right: int
    checked: int


def rejection_from(row: Row) -> Rejection:
    values = list(row)
    values[5] = RejectionState(values[5])
    return Rejection(*values)


class Reviews:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def list_waiting(self, project: ProjectId, after: int, limit: int) -> list[Submission]:
        """Behind a submission, in the order they came."""
        rows = self._db.all(WAITING, project=project, now=self._now, after=after, limit=limit)
        return [Submission(*row) for row in rows]

    def list_candidates(self, project: ProjectId, limit: int) -> list[ReviewCandidate]:
        """The oldest that wait."""
        return [ReviewCandidate(*row) for row in self._db.all(CANDIDATES, project=project, now=self._now, limit=limit)]

    def find_candidate(self, submission: int) -> ReviewCandidate | None:
        """One answer, decided or not."""
        row = self._db.one(CANDIDATE, id=submission)
        return ReviewCandidate(*row) if row else None

    def disputed_pay_by_currency(self, worker: PersonId) -> dict[str, int]:
        """This worker's disputed pay by currency."""
        return {row[0]: int(row[1]) for row in self._db.all(ASIDE, worker=worker)}

    def count_waiting(self, project: ProjectId) -> int:
        return self.count_and_first_deadline(project)[0]

    def count_and_first_deadline(self, project: ProjectId) -> tuple[int, Moment | None]:
        """How many answers can be decided, and when silence pays the first of them."""
        count, until = self._db.all(WAITS, project=project, now=self._now)[0]
        return int(count), until

    def reject(
        self,
        submission: Submission,
        line: int,
        clause: str,
        reason: str,
        by: PersonId,
        notice: str,
        until: Moment,
        staked: Millionths,
    ) -> bool:
        """False where its pay is the worker's already, or it was rejected before."""
        if not self._db.changed(REJECT, submission=submission.id, now=self._now):
            return False
        cited = {"submission": submission.id, "project": submission.project, "line": line, "clause": clause}
        self._db.changed(KEEP, **cited, reason=reason, by=by, now=self._now, notice=notice, until=until, staked=staked)
        return True

    def find_rejection(self, submission: SubmissionId) -> Rejection | None:
        row = self._db.one(OF_SUBMISSION, submission=submission)
        return rejection_from(row) if row else None

    def get(self, submission: SubmissionId) -> Rejection:
        """The rejection of a submission that was rejected."""
        return rejection_from(self._db.all(OF_SUBMISSION, submission=submission)[0])

    def mark_appealed(self, submission: SubmissionId) -> bool:
        return self._db.changed(APPEAL, submission=submission, now=self._now) == 1

    def mark_overturned(self, submission: SubmissionId, was: RejectionState = RejectionState.APPEALED) -> bool:
        """The answer is accepted again; a requester may take back what nobody has appealed."""
        return self._end(submission, was, RejectionState.OVERTURNED) and bool(
            self._db.changed(REINSTATE, submission=submission)
        )

    def publish_consensus(self, task: TaskId) -> None:
        self._db.changed(REDRAWN, task=task)

    def mark_final(self, submission: SubmissionId, was: RejectionState) -> bool:
        return self._end(submission, was, RejectionState.FINAL)

    def _end(self, submission: SubmissionId, was: RejectionState, state: RejectionState) -> bool:
        facts = {"submission": submission, "was": was.value, "state": state.value}
        return self._db.changed(END, now=self._now, **facts) == 1

    def unappealed_overdue(self, limit: int) -> list[Rejection]:
        """Rejections without an appeal in time."""
        return [rejection_from(row) for row in self._db.all(CLOSING, now=self._now, limit=limit)]

    def appealable(self, worker: PersonId, limit: int) -> list[Rejection]:
        return [rejection_from(row) for row in self._db.all(OF_WORKER, worker=worker, now=self._now, limit=limit)]

    def get_rejection_counts(self, project: ProjectId) -> tuple[int, int]:
        """(rejected, decided) since a human last looked and let the project go on."""
        rejected, decided = self._db.all(COUNTS, project=project)[0]
        seen = self._db.one(LOOKED_AT, project=project) or (0, 0)
        return rejected - seen[0], decided - seen[1]

    def pause(self, project: ProjectId) -> bool:
        """Remembers the counts for which it is stopped; False while it is stopped already."""
        rejected, decided = self._db.all(COUNTS, project=project)[0]
        return self._db.changed(PAUSE, project=project, rejected=rejected, decided=decided, now=self._now) == 1

    def paused(self, limit: int) -> list[ProjectId]:
        """Running projects that wait for an admin's look, those that have waited longest first."""
        return each(self._db.all(PAUSED, limit=limit))

    def end_pause(self, project: ProjectId, outcome: str, by: PersonId) -> bool:
        return self._db.changed(END_PAUSE, project=project, outcome=outcome, by=by, now=self._now) == 1

    def owed_fees(self, currency: str) -> int:
        return int(first(self._db.one(OWED_FEES, currency=currency), 0))

    def count_undecided(self, project: ProjectId) -> tuple[int, int]:
        """(answers whose pay is held, rejections that are not final)."""
        held, disputed = self._db.all(UNDECIDED, project=project)[0]
        return int(held), int(disputed)


PROJECTS = f"""
SELECT id FROM projects WHERE {of("requester", ":requester")} AND launched_at IS NOT NULL
ORDER BY requester DESC, id DESC LIMIT :limit"""
# Pay that was the worker's at once has no movement of its own afterwards.
LATEST = f"""
SELECT s.state = 'rejected', s.held_until IS NULL, s.submitted_at, (
  SELECT max(t.made_at) FROM transfers t WHERE t.submission = s.id AND t.kind IN ('release', 'appeal'))
FROM submissions s WHERE {of("s.project", ":project")} ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
NEWEST, EACH = 4, 50  # projects, and answers in each of them, that are looked at


class TrackRecords:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find_record(self, requester: PersonId) -> TrackRecord | None:
        """None from too few decided answers."""
        return cast(TrackRecord | None, read(self._db, self.read_record(requester))[0])

    def read_record(self, requester: PersonId) -> Foresight[TrackRecord | None]:
        """The same, beside other readings."""
        rejected, paid_within = 0, list[int]()
        ((projects,),) = yield [(PROJECTS, [{"requester": requester, "limit": NEWEST}])]
        (found,) = yield [(LATEST, [{"project": project, "limit": EACH} for project in each(projects)])]
        for rows in found:
            for was_rejected, decided, answered, paid in rows:
                if was_rejected:
                    rejected += 1
                elif decided:
                    paid_within.append((paid or answered) - answered)
        return record_of(rejected, paid_within)
