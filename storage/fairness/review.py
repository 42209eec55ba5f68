"""Submissions that wait for review, rejections with reasons, and projects paused for too many rejections."""

from dataclasses import dataclass
from typing import cast

from domain.fairness.appeals import JUDGES, MAX_REFUND_PERCENT
from domain.fairness.review import APPEAL_WINDOW, MIN_REASON_CHARS, Rejection, RejectionState
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import Submission, SubmissionId
from domain.work.honest_card import TrackRecord, get_track_record
from storage.drivers.connection import Connection, Foresight, Row, read_current
from storage.drivers.records import columns, equals_by_range, single_value, single_values
from storage.invariants import LATEST_MOMENT, MIN_LETTER_RETENTION, SWEEP_GRACE, Invariant
from storage.work.consents import TAKEN_BACK

_SUBMISSION, _REJECTION = columns(Submission), columns(Rejection)

# The requester cannot decide about answers that were taken back; their pay is released by time alone.
_IS_OPEN = f"s.project = :project AND s.held_until IS NOT NULL AND s.held_until > :now AND NOT {TAKEN_BACK}"
SELECT_WAITING = f"SELECT {_SUBMISSION} FROM submissions s WHERE {_IS_OPEN} AND id > :after ORDER BY id LIMIT :limit"
# An answer with its support: the task's consensus and the worker's check questions.
_EVIDENCE = """s.id, s.answer, s.gold, t.consensus, t.confidence, t.received, e.gold_right, e.gold_seen
FROM submissions s JOIN tasks t ON t.id = s.task JOIN enrolments e ON e.worker = s.worker AND e.project = s.project"""
SELECT_CANDIDATES = f"""
SELECT {_EVIDENCE}
WHERE {_IS_OPEN} ORDER BY s.id LIMIT :limit"""
SELECT_CANDIDATE = f"SELECT {_EVIDENCE} WHERE s.id = :id"
COUNT_AND_FIRST_DEADLINE = f"SELECT count(*), min(s.held_until) FROM submissions s WHERE {_IS_OPEN}"
REJECT_SUBMISSION = """
UPDATE submissions SET state = 'rejected', held_until = NULL
WHERE id = :submission AND held_until IS NOT NULL AND held_until > :now"""
# The live consensus of before must not remain, as the difference would reveal a rejected answer.
PUBLISH_CONSENSUS = "UPDATE tasks SET live = consensus, live_confidence = confidence WHERE id = :task"
REINSTATE_SUBMISSION = "UPDATE submissions SET state = 'accepted' WHERE id = :submission AND state = 'rejected'"
INSERT_REJECTION = """
INSERT INTO rejections (submission, project, line, clause, reason, state, rejected_by, rejected_at, notice,
  appeal_until, staked)
VALUES (:submission, :project, :line, :clause, :reason, 'standing', :by, :now, :notice, :until, :staked)"""
SELECT_REJECTION = f"SELECT {_REJECTION} FROM rejections WHERE submission = :submission"
MARK_APPEALED = """
UPDATE rejections SET state = 'appealed'
WHERE submission = :submission AND state = 'standing' AND appeal_until > :now"""
CLOSE_REJECTION = """
UPDATE rejections SET state = :state, decided_at = :now WHERE submission = :submission AND state = :was"""
SELECT_UNAPPEALED_OVERDUE = f"""
SELECT {_REJECTION} FROM rejections WHERE state = 'standing' AND appeal_until <= :now
ORDER BY appeal_until LIMIT :limit"""
SELECT_APPEALABLE = f"""
SELECT {columns(Rejection, "r.")} FROM rejections r JOIN submissions s ON s.id = r.submission
WHERE s.worker = :worker AND r.state = 'standing' AND r.appeal_until > :now ORDER BY r.appeal_until LIMIT :limit"""
# Disputed pay: (currency, sum).
SUM_DISPUTED_PAY = """
SELECT p.currency, sum(s.pay) FROM rejections r JOIN submissions s ON s.id = r.submission
JOIN projects p ON p.id = s.project WHERE s.worker = :worker AND r.state IN ('standing', 'appealed')
GROUP BY p.currency"""
# Rejections of a project, and its decided answers: all answers except those whose pay still waits for a decision.
COUNT_REJECTED_AND_DECIDED = """
SELECT (SELECT count(*) FROM rejections WHERE project = :project),
  coalesce((SELECT answers FROM progress_counts WHERE project = :project), 0)
  + (SELECT count(*) FROM submissions WHERE project = :project
    AND id > (SELECT up_to FROM progress_counted WHERE name = 'submissions'))
  - (SELECT count(*) FROM submissions WHERE project = :project AND held_until IS NOT NULL AND state = 'submitted')"""
SELECT_COUNTS_AT_LAST_RESUME = """
SELECT rejected, decided FROM pauses WHERE project = :project AND outcome = 'resumed' ORDER BY id DESC LIMIT 1"""
INSERT_PAUSE = """
INSERT INTO pauses (project, rejected, decided, paused_at) VALUES (:project, :rejected, :decided, :now)
ON CONFLICT (project) WHERE outcome IS NULL DO NOTHING"""
CLOSE_PAUSE = """
UPDATE pauses SET outcome = :outcome, ended_at = :now, ended_by = :by WHERE project = :project AND outcome IS NULL"""
# Fees that return to requesters if their rejections stand and everything they may still reject is rejected.
SUM_OWED_FEES = """
SELECT sum(o.fee) FROM (
  SELECT s.project, s.fee FROM rejections r JOIN submissions s ON s.id = r.submission
  WHERE r.state IN ('standing', 'appealed')
  UNION ALL SELECT project, fee FROM submissions WHERE held_until IS NOT NULL
) AS o JOIN projects p ON p.id = o.project WHERE p.currency = :currency"""
# Undecided submissions of a project: under review, and rejected.
COUNT_UNDECIDED = """
SELECT (SELECT count(*) FROM submissions WHERE project = :project AND held_until IS NOT NULL),
  (SELECT count(*) FROM rejections WHERE project = :project AND state IN ('standing', 'appealed'))"""


@dataclass(frozen=True, slots=True)
class ReviewCandidate:
    """An answer that may be reviewed next. `consensus` of its task, from `received` answers; `right` of the worker's
    `checked` check questions."""

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
        """Return answers that can be decided, behind submission `after`, in the order in which they came."""
        rows = self._db.all(SELECT_WAITING, project=project, now=self._now, after=after, limit=limit)
        return [Submission(*row) for row in rows]

    def list_candidates(self, project: ProjectId, limit: int) -> list[ReviewCandidate]:
        """Return the oldest answers that can be decided, with what supports each."""
        return [
            ReviewCandidate(*row)
            for row in self._db.all(SELECT_CANDIDATES, project=project, now=self._now, limit=limit)
        ]

    def find_candidate(self, submission: int) -> ReviewCandidate | None:
        """Return one answer, decided or not, with what supports it; None if it does not exist."""
        row = self._db.one(SELECT_CANDIDATE, id=submission)
        return ReviewCandidate(*row) if row else None

    def disputed_pay_by_currency(self, worker: PersonId) -> dict[str, int]:
        """Return the worker's pay that is under dispute, by currency."""
        return {row[0]: int(row[1]) for row in self._db.all(SUM_DISPUTED_PAY, worker=worker)}

    def count_waiting(self, project: ProjectId) -> int:
        return self.count_and_first_deadline(project)[0]

    def count_and_first_deadline(self, project: ProjectId) -> tuple[int, Moment | None]:
        """Return the number of answers that can be decided, and when silence pays the first of them."""
        count, until = self._db.all(COUNT_AND_FIRST_DEADLINE, project=project, now=self._now)[0]
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
        """Reject a submission and store the rejection. Return False if its pay is the worker's already or it was
        rejected before."""
        if not self._db.changed(REJECT_SUBMISSION, submission=submission.id, now=self._now):
            return False
        cited = {"submission": submission.id, "project": submission.project, "line": line, "clause": clause}
        self._db.changed(
            INSERT_REJECTION, **cited, reason=reason, by=by, now=self._now, notice=notice, until=until, staked=staked
        )
        return True

    def find_rejection(self, submission: SubmissionId) -> Rejection | None:
        row = self._db.one(SELECT_REJECTION, submission=submission)
        return rejection_from(row) if row else None

    def get(self, submission: SubmissionId) -> Rejection:
        """Return the rejection of a submission that was rejected."""
        return rejection_from(self._db.all(SELECT_REJECTION, submission=submission)[0])

    def mark_appealed(self, submission: SubmissionId) -> bool:
        """Mark a rejection as appealed. Return False if its time is over or it was appealed before."""
        return self._db.changed(MARK_APPEALED, submission=submission, now=self._now) == 1

    def mark_overturned(self, submission: SubmissionId, was: RejectionState = RejectionState.APPEALED) -> bool:
        """Accept a rejected answer again. Return False if its rejection's state is not `was` (a requester may overturn
        one nobody has appealed)."""
        return self._end(submission, was, RejectionState.OVERTURNED) and bool(
            self._db.changed(REINSTATE_SUBMISSION, submission=submission)
        )

    def publish_consensus(self, task: TaskId) -> None:
        """Publish a task's recomputed consensus as its live one, so that a difference does not reveal the rejected
        answer."""
        self._db.changed(PUBLISH_CONSENSUS, task=task)

    def mark_final(self, submission: SubmissionId, was: RejectionState) -> bool:
        """Make a rejection final. Return False if its state is not `was`."""
        return self._end(submission, was, RejectionState.FINAL)

    def _end(self, submission: SubmissionId, was: RejectionState, state: RejectionState) -> bool:
        parameters = {"submission": submission, "was": was.value, "state": state.value}
        return self._db.changed(CLOSE_REJECTION, now=self._now, **parameters) == 1

    def unappealed_overdue(self, limit: int) -> list[Rejection]:
        """Return rejections whose time for an appeal has passed."""
        return [rejection_from(row) for row in self._db.all(SELECT_UNAPPEALED_OVERDUE, now=self._now, limit=limit)]

    def appealable(self, worker: PersonId, limit: int) -> list[Rejection]:
        return [
            rejection_from(row) for row in self._db.all(SELECT_APPEALABLE, worker=worker, now=self._now, limit=limit)
        ]

    def get_rejection_counts(self, project: ProjectId) -> tuple[int, int]:
        """Return (rejected, decided) since an admin last let the project continue."""
        rejected, decided = self._db.all(COUNT_REJECTED_AND_DECIDED, project=project)[0]
        counts_at_resume = self._db.one(SELECT_COUNTS_AT_LAST_RESUME, project=project) or (0, 0)
        return rejected - counts_at_resume[0], decided - counts_at_resume[1]

    def pause(self, project: ProjectId) -> bool:
        """Store the counts for which a project is paused. Return False if it is paused already."""
        rejected, decided = self._db.all(COUNT_REJECTED_AND_DECIDED, project=project)[0]
        return self._db.changed(INSERT_PAUSE, project=project, rejected=rejected, decided=decided, now=self._now) == 1

    def end_pause(self, project: ProjectId, outcome: str, by: PersonId) -> bool:
        return self._db.changed(CLOSE_PAUSE, project=project, outcome=outcome, by=by, now=self._now) == 1

    def owed_fees(self, currency: str) -> int:
        return int(single_value(self._db.one(SUM_OWED_FEES, currency=currency), 0))

    def count_undecided(self, project: ProjectId) -> tuple[int, int]:
        """Return (answers whose pay is held, rejections that are not final)."""
        held_count, disputed_count = self._db.all(COUNT_UNDECIDED, project=project)[0]
        return int(held_count), int(disputed_count)


SELECT_NEWEST_PROJECTS = f"""
SELECT id FROM projects WHERE {equals_by_range("requester", ":requester")} AND launched_at IS NOT NULL
ORDER BY requester DESC, id DESC LIMIT :limit"""
# Pay that was available at once has no later transfer, so the time of the answer counts.
SELECT_LATEST_ANSWERS = f"""
SELECT s.state = 'rejected', s.held_until IS NULL, s.submitted_at, (
  SELECT max(t.made_at) FROM transfers t WHERE t.submission = s.id AND t.kind IN ('release', 'appeal'))
FROM submissions s WHERE {equals_by_range("s.project", ":project")} ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
MAX_PROJECTS, MAX_ANSWERS_PER_PROJECT = 4, 50  # projects, and answers in each of them, that are looked at


class TrackRecords:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find_record(self, requester: PersonId) -> TrackRecord | None:
        """Return a requester's track record; None for too few decided answers."""
        return cast(TrackRecord | None, read_current(self._db, self.read_record(requester))[0])

    def read_record(self, requester: PersonId) -> Foresight[TrackRecord | None]:
        """Read a requester's track record together with other readings; None for too few decided answers."""
        rejected, paid_within = 0, list[int]()
        ((projects,),) = yield [(SELECT_NEWEST_PROJECTS, [{"requester": requester, "limit": MAX_PROJECTS}])]
        (answers_by_project,) = yield [
            (
                SELECT_LATEST_ANSWERS,
                [{"project": project, "limit": MAX_ANSWERS_PER_PROJECT} for project in single_values(projects)],
            )
        ]
        for rows in answers_by_project:
            for was_rejected, decided, answered, paid in rows:
                if was_rejected:
                    rejected += 1
                elif decided:
                    paid_within.append((paid or answered) - answered)
        return get_track_record(rejected, paid_within)


# Rules 6, 11 and 12 for rejections: disputed pay ends once, each rejection has its grounds, no appeal waits past
# a deadline.
# The pay of a rejected answer left pending once; once decided it left again, to the worker or to the requester.
DISPUTED_PAY_IS_RESOLVED_ONCE = Invariant(
    6,
    "disputed pay is resolved once",
    """
SELECT 'submission ' || s.id AS subject, 'is ' || s.state || ', its rejection ' || coalesce(r.state, 'missing') || ': '
  || coalesce(m.taken, 0) || ' times set aside, ' || coalesce(m.won, 0) || ' times given, ' || coalesce(m.lost, 0)
  || ' times returned' AS detail
FROM submissions s LEFT JOIN rejections r ON r.submission = s.id
LEFT JOIN (
  SELECT submission, count(*) FILTER (WHERE kind = 'reject') AS taken, count(*) FILTER (WHERE kind = 'appeal') AS won,
    count(*) FILTER (WHERE kind = 'forfeit') AS lost FROM transfers
  WHERE kind IN ('reject', 'appeal', 'forfeit') AND submission IS NOT NULL GROUP BY submission
) AS m ON m.submission = s.id
WHERE (s.state = 'rejected' OR r.submission IS NOT NULL OR m.submission IS NOT NULL) AND (
  r.submission IS NULL OR (s.state = 'rejected') <> (r.state <> 'overturned') OR coalesce(m.taken, 0) <> 1
  OR coalesce(m.won, 0) <> CASE WHEN r.state = 'overturned' THEN 1 ELSE 0 END
  OR coalesce(m.lost, 0) <> CASE WHEN r.state = 'final' THEN 1 ELSE 0 END)""",
)
# A project's disputed account equals the pay of its disputed submissions, to the millionth.
DISPUTED_PAY_IS_HELD = Invariant(
    6,
    "disputed money is what is disputed",
    """
SELECT 'project ' || p.id AS subject, 'disputed ' || coalesce(a.balance, 0) || ', rejected and not final '
  || coalesce(h.held, 0) AS detail
FROM projects p
LEFT JOIN accounts a ON a.name = 'project:' || p.id || ':disputed' AND a.currency = p.currency
LEFT JOIN (
  SELECT r.project, sum(s.pay) AS held FROM rejections r JOIN submissions s ON s.id = r.submission
  WHERE r.state IN ('standing', 'appealed') GROUP BY r.project
) AS h ON h.project = p.id
WHERE coalesce(a.balance, 0) <> coalesce(h.held, 0)""",
)
# Three judges' pay is held from the rejecting requester; after the decision it belongs to the judges or the
# requester.
REJECTIONS_HOLD_JUDGES_PAY = Invariant(
    6,
    "a rejection holds its judges' pay",
    f"""
SELECT 'submission ' || r.submission AS subject, 'is to hold ' || r.staked || ': ' || coalesce(m.held, 0) || ' held, '
  || coalesce(m.earned, 0) || ' earned, ' || coalesce(m.back, 0) || ' returned, ' || r.state AS detail
FROM rejections r JOIN submissions s ON s.id = r.submission LEFT JOIN (
  SELECT submission, sum(CASE WHEN kind = 'stake' THEN amount ELSE 0 END) AS held,
    sum(CASE WHEN kind = 'judge' THEN amount ELSE 0 END) AS earned,
    sum(CASE WHEN kind = 'unstake' THEN amount ELSE 0 END) AS back
  FROM transfers WHERE kind IN ('stake', 'judge', 'unstake') AND submission IS NOT NULL GROUP BY submission
) AS m ON m.submission = r.submission
WHERE (r.staked > 0 AND r.staked <> {JUDGES} * s.pay) OR coalesce(m.held, 0) <> r.staked
  OR r.staked > 0 AND coalesce(m.back, 0) <>
    CASE WHEN r.state IN ('standing', 'appealed') THEN 0 ELSE r.staked - coalesce(m.earned, 0) END""",
)
# A requester who was right gets back what the judges cost, up to a share of that requester's own fees.
COSTS_STAY_WITHIN_SHARE = Invariant(
    6,
    "fees give back no more for judges than their share",
    f"""
SELECT 'appeal ' || x.id AS subject, x.state || ', ' || x.given_back || ' given back, ' || coalesce(t.amount, 0)
  || ' moved, judges earned ' || coalesce(g.given, 0) * s.pay AS detail
FROM appeals x JOIN submissions s ON s.id = x.submission LEFT JOIN transfers t ON t.key = 'costs:' || x.submission
LEFT JOIN (SELECT appeal, count(*) AS given FROM judgements WHERE state = 'given' GROUP BY appeal) AS g
  ON g.appeal = x.id
WHERE x.given_back <> coalesce(t.amount, 0)
  OR x.given_back > CASE WHEN x.state = 'lost' THEN coalesce(g.given, 0) * s.pay ELSE 0 END
UNION ALL
SELECT 'requester ' || b.requester, b.given_back || ' of ' || f.fees || ' in fees was given back'
FROM (
  SELECT p.requester, p.currency, sum(x.given_back) AS given_back FROM appeals x
  JOIN submissions s ON s.id = x.submission JOIN projects p ON p.id = s.project
  WHERE x.given_back > 0 GROUP BY p.requester, p.currency
) AS b JOIN (
  SELECT p.requester, p.currency, sum(CASE WHEN s.state = 'accepted' AND s.held_until IS NULL THEN s.fee ELSE 0 END)
    AS fees FROM submissions s JOIN projects p ON p.id = s.project GROUP BY p.requester, p.currency
) AS f ON f.requester = b.requester AND f.currency = b.currency
WHERE 100 * b.given_back > {MAX_REFUND_PERCENT} * f.fees""",
)
# A rejection cites a line in its words, gives a reason, was decided by the requester, and can be appealed for days.
REJECTIONS_HAVE_GROUNDS = Invariant(
    11,
    "every rejection cites, reasons and can be appealed",
    f"""
SELECT 'submission ' || r.submission AS subject, 'line ' || r.line || ' “' || r.clause || '”, reason “' || r.reason
  || '”, by ' || r.rejected_by || ', appeal until ' || r.appeal_until AS detail
FROM rejections r JOIN projects p ON p.id = r.project
WHERE length(trim(r.clause)) = 0 OR length(trim(r.reason)) < {MIN_REASON_CHARS} OR r.rejected_by <> p.requester
  OR r.appeal_until - r.rejected_at < {APPEAL_WINDOW}""",
)
REJECTIONS_WERE_NOTIFIED = Invariant(
    11,
    "every rejection was told",
    f"""
SELECT 'submission ' || r.submission AS subject, 'no letter ' || r.notice AS detail
FROM rejections r JOIN submissions s ON s.id = r.submission
LEFT JOIN outbox o ON o.key = r.notice AND o.person = s.worker
WHERE o.id IS NULL AND r.rejected_at > {LATEST_MOMENT} - {MIN_LETTER_RETENTION}""",
)
REJECTIONS_MEET_DEADLINES = Invariant(
    12,
    "no rejection waits past its deadline",
    f"""
SELECT 'appeal ' || id AS subject, 'open, to be granted by ' || due_at AS detail
FROM appeals WHERE state = 'open' AND due_at < {LATEST_MOMENT} - {SWEEP_GRACE}
UNION ALL
SELECT 'submission ' || submission, 'rejected, to be appealed until ' || appeal_until
FROM rejections WHERE state = 'standing' AND appeal_until < {LATEST_MOMENT} - {SWEEP_GRACE}
UNION ALL
SELECT 'submission ' || r.submission, 'is ' || r.state || ', its appeal ' || coalesce(x.state, 'missing')
FROM rejections r LEFT JOIN appeals x ON x.submission = r.submission
WHERE (r.state = 'appealed') <> (coalesce(x.state, '') = 'open')""",
)
