"""Submissions and their pay: credited or pending."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, cast

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.progress import LATEST
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import MIN_GOLD_TO_QUALIFY, AssignmentId, Submission, SubmissionId
from domain.work.file_checks import Retake, are_near, bands_of
from domain.work.messages import GivenAnswer, Run, get_run
from storage.drivers.connection import Connection, Foresight, Row, foresee, read_current
from storage.drivers.records import columns, equals_by_range, single_value, single_values
from storage.drivers.rows import ABSENT, Holding, Table
from storage.invariants import Invariant
from storage.projects.projects import PROJECTS
from storage.work.consents import CONSENTED

INSERT_RETAKE = """
INSERT INTO retakes (assignment, project, worker, handed_in, album, print, asked_at)
VALUES (:assignment, :project, :worker, :handed_in, :album, :print, :now) ON CONFLICT DO NOTHING"""
SELECT_KEPT_RETAKE = "SELECT 1 FROM retakes WHERE worker = :worker AND project = :project AND kept = 1 LIMIT 1"
SELECT_RETAKE = f"SELECT {columns(Retake)} FROM retakes WHERE assignment = :assignment"
SELECT_NEARLY_LATE = """
SELECT r.assignment FROM retakes r JOIN assignments a ON a.id = r.assignment
WHERE r.handed_in <> '' AND a.state = 'active' AND a.deadline <= :before ORDER BY r.asked_at LIMIT :limit"""
CLOSE_RETAKE = "UPDATE retakes SET handed_in = '', album = '', print = '', kept = :kept WHERE assignment = :assignment"
INSERT_PRINT = """
INSERT INTO picture_prints (project, band, assignment, print) VALUES (:project, :band, :assignment, :print)
ON CONFLICT DO NOTHING"""
SELECT_PRINTS = """
SELECT print FROM picture_prints WHERE project = :project AND band = :band AND assignment <> :assignment LIMIT 200"""
DELETE_PRINTS = "DELETE FROM picture_prints WHERE assignment = :assignment"


class Retakes:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def ask(self, project: ProjectId, worker: PersonId, retake: Retake, now: Moment) -> bool:
        """Store a file whose sender is asked whether it is meant. Return False if the sender was asked about this task
        before."""
        values = {
            "assignment": retake.assignment,
            "handed_in": retake.handed_in,
            "album": retake.album,
            "print": retake.print,
        }
        return self._db.changed(INSERT_RETAKE, **values, project=project, worker=worker, now=now) == 1

    def has_kept(self, project: ProjectId, worker: PersonId) -> bool:
        """Return whether the worker said of an earlier file in this project that it is meant."""
        return self._db.one(SELECT_KEPT_RETAKE, project=project, worker=worker) is not None

    def find(self, assignment: AssignmentId) -> Retake | None:
        row = self._db.one(SELECT_RETAKE, assignment=assignment)
        return Retake(*row) if row else None

    def nearly_late(self, before: Moment, limit: int) -> list[AssignmentId]:
        """Return the tasks in hand for which a file waits and whose time is up by then."""
        return [row[0] for row in self._db.all(SELECT_NEARLY_LATE, before=before, limit=limit)]

    def close(self, assignment: AssignmentId, is_kept: bool = False) -> None:
        """Close the question about the assignment's file, because this file or another was handed in."""
        self._db.changed(CLOSE_RETAKE, assignment=assignment, kept=int(is_kept))

    def has_alike(self, project: ProjectId, assignment: AssignmentId, print_: str) -> bool:
        """Return whether nearly the same picture was handed in for another task of the project."""
        rows_by_band = (
            self._db.all(SELECT_PRINTS, project=project, band=band, assignment=assignment) for band in bands_of(print_)
        )
        return any(are_near(print_, str(row[0])) for rows in rows_by_band for row in rows)

    def keep_print(self, project: ProjectId, assignment: AssignmentId, print_: str) -> None:
        self._db.changed(DELETE_PRINTS, assignment=assignment)
        bands: Sequence[int] = bands_of(print_)
        for band in bands:
            self._db.changed(INSERT_PRINT, project=project, band=band, assignment=assignment, print=print_)


INSERT_ANSWER_FILE = """
INSERT INTO answer_files (project, unique_id, worker, assignment, file_id, album)
VALUES (:project, :unique_id, :worker, :assignment, :file_id, :album)
ON CONFLICT DO NOTHING"""
SELECT_ALBUM = "SELECT 1 FROM answer_files WHERE worker = :worker AND album = :album"

# No pay, no data; of workers who consent.
SELECT_COUNTED_ANSWERS = f"""
SELECT {columns(Submission, "s.")} FROM submissions s
{CONSENTED}
WHERE s.project = :project AND s.id > :after AND s.answer IS NOT NULL AND s.state <> 'rejected'
ORDER BY s.id LIMIT :limit"""
# Another takes its place: this one may be handed in again.
DELETE_ANSWER_FILE = "DELETE FROM answer_files WHERE assignment = :assignment"


class AnswerFiles:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.retakes = Retakes(connection)

    def keep(
        self,
        project: ProjectId,
        worker: PersonId,
        assignment: AssignmentId,
        file_id: str,
        unique_id: str,
        album: str | None,
    ) -> bool:
        """Store the file of an answer. Return False if it was handed in before in this project."""
        values = {"project": project, "worker": worker, "assignment": assignment, "album": album}
        return self._db.changed(INSERT_ANSWER_FILE, file_id=file_id, unique_id=unique_id, **values) == 1

    def take_back(self, assignment: AssignmentId) -> None:
        self._db.changed(DELETE_ANSWER_FILE, assignment=assignment)

    def that_count(self, project: ProjectId, after: SubmissionId, limit: int) -> list[Submission]:
        """Return a project's answers that are files, oldest first, behind `after`; without rejected ones and those
        taken back."""
        rows = self._db.all(SELECT_COUNTED_ANSWERS, project=project, after=after, limit=limit)
        return [Submission(*row) for row in rows]

    def has_album(self, worker: PersonId, album: str) -> bool:
        """Return whether a photo of this album is an answer already."""
        return self._db.one(SELECT_ALBUM, worker=worker, album=album) is not None


# The newest of one worker behind one of theirs, a page at a time; so many are read of a run of tasks at most.
SELECT_LATEST_ANSWERS = """
SELECT s.id, s.submitted_at, s.milliseconds, s.worked, s.pay, p.currency
FROM submissions s JOIN projects p ON p.id = s.project
WHERE (s.worker, s.id) > (:worker, :after) AND (s.worker, s.id) < (:worker, :before)
ORDER BY s.worker DESC, s.id DESC LIMIT :few"""
ANSWERS_PER_PAGE, MAX_RUN_ANSWERS, MAX_NUMBER = 50, 500, 2**63 - 1


class RunReading:
    """The reading of a worker's answers behind those of a run that is known, newest first, a page at a time, to the
    run's beginning."""

    def __init__(self, worker: PersonId, before: Run | None) -> None:
        self.worker, self.is_done = worker, False
        self.run: Run | None = None
        self._before, self._answers = before, list[GivenAnswer]()

    def to_query(self) -> dict[str, int]:
        after = self._before.last if self._before else 0
        before = self._answers[-1].number if self._answers else MAX_NUMBER
        return {"worker": self.worker, "after": after, "before": before, "few": ANSWERS_PER_PAGE}

    def add(self, rows: Sequence[Row]) -> None:
        self._answers += [GivenAnswer(*row) for row in rows]
        self.run, many = get_run(self._answers), len(self._answers)
        ends = self.run is not None and self.run.tasks < many
        self.is_done = ends or len(rows) < ANSWERS_PER_PAGE or many >= MAX_RUN_ANSWERS
        if self.is_done:
            self.run = get_run(self._answers, self._before)


_SUBMISSION = columns(Submission)
SUBMISSIONS = Table(("submissions",), order=6)
RUNS = Holding(("submissions",), lasts=True)  # by worker: the run that their newest answer belonged to

BY_ID = f"SELECT {_SUBMISSION} FROM submissions WHERE id = :id"
SELECT_BY_ASSIGNMENT = f"SELECT {_SUBMISSION} FROM submissions WHERE assignment = :assignment"
SELECT_HELD = f"""
SELECT {_SUBMISSION} FROM submissions
WHERE worker = :worker AND project = :project AND held_until IS NOT NULL AND state = 'accepted' ORDER BY id"""
SELECT_HELD_DUE = f"""
SELECT {_SUBMISSION} FROM submissions WHERE held_until <= :now AND state <> 'rejected'
ORDER BY held_until LIMIT :limit"""
RELEASE_PAY = """
UPDATE submissions SET held_until = NULL, state = 'accepted' WHERE id = :id AND held_until IS NOT NULL"""
# Workers whose pay waits for gold where the project has ended, where only gold is left to be given out, or where they
# gave their last answer before `before`, and gold is used up or proved them since; behind one worker and project.
SELECT_STRANDED = f"""
SELECT DISTINCT s.worker, s.project FROM submissions s JOIN projects p ON p.id = s.project
JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE s.held_until IS NOT NULL AND s.state = 'accepted' AND e.qualified = 0
  AND (s.worker > :worker OR (s.worker = :worker AND s.project > :project))
  AND (p.state <> 'running' OR NOT EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0)
    OR ((e.gold_seen >= {MIN_GOLD_TO_QUALIFY}
      OR NOT EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 1))
      AND (SELECT max(n.submitted_at) FROM submissions n WHERE n.worker = s.worker AND n.project = s.project)
        <= :before))
ORDER BY s.worker, s.project LIMIT :limit"""
SUM_HELD = """
SELECT s.project, p.title, count(*), sum(s.pay), min(s.held_until), min(s.state), p.currency
FROM submissions s JOIN projects p ON p.id = s.project
WHERE s.worker = :worker AND s.held_until IS NOT NULL GROUP BY s.project, p.title, p.currency ORDER BY s.project"""
# When the latest came.
_NEWEST_OF_PROJECT = f"{equals_by_range('s.project', ':project')} ORDER BY s.project DESC, s.id DESC"
_NEWEST_OF_WORKER = f"{equals_by_range('s.worker', ':worker')} ORDER BY s.worker DESC, s.id DESC"
SELECT_ARRIVALS = f"SELECT s.submitted_at FROM submissions s WHERE {_NEWEST_OF_PROJECT} LIMIT {LATEST}"
SELECT_WORK_TIMES = "SELECT submitted_at, milliseconds FROM submissions ORDER BY id DESC LIMIT 5000"
SELECT_LAST_SUBMISSION = f"SELECT s.id FROM submissions s WHERE {_NEWEST_OF_PROJECT} LIMIT 1"
MIN_MEASURED_ANSWERS = 25
MAX_REMEMBERED_RUNS = 10_000  # runs, beyond a commit
SELECT_LATEST_PROJECT = f"SELECT s.project FROM submissions s WHERE {_NEWEST_OF_WORKER} LIMIT 1"
# By project, as each counts its answers: counted one by one they would take the longer the more there are.
COUNT_BY_WORKER = "SELECT coalesce(sum(answered), 0) FROM enrolments WHERE worker = :worker"

# Of the latest hundred: what a task of this project takes, in milliseconds of work.
SELECT_TIMES = f"SELECT s.worked FROM submissions s WHERE {_NEWEST_OF_PROJECT} LIMIT 100"


@dataclass(frozen=True, slots=True)
class HeldPay:
    """Pending pay in one project; `review` if the requester's decision is missing."""

    project: ProjectId
    title: str
    submissions: int
    amount: int
    until: Moment
    review: bool
    currency: str


class Submissions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, submission: SubmissionId) -> Submission | None:
        row = self._db.one(BY_ID, id=submission)
        return Submission(*row) if row else None

    def of_assignment(self, assignment: AssignmentId) -> Submission | None:
        row = self._db.one(SELECT_BY_ASSIGNMENT, assignment=assignment)
        return Submission(*row) if row else None

    def get(self, submission: SubmissionId) -> Submission:
        return Submission(*self._db.all(BY_ID, id=submission)[0])

    def add(
        self,
        assignment: AssignmentId,
        project: Project,
        task: TaskId,
        worker: PersonId,
        answer: str | None,
        gold: bool | None,
        milliseconds: int,
        state: str,
        held_until: Moment | None,
        now: Moment,
        version: int = 1,
        worked: int | None = None,
    ) -> SubmissionId:
        """Store an answer; `worked` is its working time, `milliseconds` if it is not given."""
        worked = milliseconds if worked is None else worked
        number = SubmissionId(self._db.number(SUBMISSIONS))
        self._db.add(
            SUBMISSIONS,
            number,
            ABSENT,
            id=number,
            assignment=assignment,
            project=project.id,
            pay=project.pay,
            fee=project.fee,
            task=task,
            worker=worker,
            answer=answer,
            gold=None if gold is None else int(gold),
            state=state,
            held_until=held_until,
            submitted_at=now,
            version=version,
            milliseconds=milliseconds,
            worked=worked,
        )
        run = self._db.get(RUNS, worker)
        if run is not ABSENT:
            given_answer = GivenAnswer(
                number, at=now, milliseconds=milliseconds, worked=worked, pay=project.pay, currency=project.currency
            )
            self._db.hold_changed(RUNS, worker, get_run([given_answer], run))
        return number

    def held_of(self, worker: PersonId, project: ProjectId) -> list[Submission]:
        """Return the answers whose pay is pending, without those released in this commit."""
        values, pending = {"worker": worker, "project": project}, self._db.pending(SUBMISSIONS)
        if any(row["worker"] == worker for row in pending.added.values()):
            return [Submission(*row) for row in self._db.all(SELECT_HELD, **values)]
        return [Submission(*row) for row in self._db.peek(SELECT_HELD, **values) if row[0] not in pending.changed]

    def held_due(self, now: Moment, limit: int) -> list[Submission]:
        return [Submission(*row) for row in self._db.all(SELECT_HELD_DUE, now=now, limit=limit)]

    def stranded(
        self, worker: PersonId, project: ProjectId, before: Moment, limit: int
    ) -> list[tuple[PersonId, ProjectId]]:
        rows = self._db.all(SELECT_STRANDED, worker=worker, project=project, before=before, limit=limit)
        return [(PersonId(row[0]), ProjectId(row[1])) for row in rows]

    def release(self, submission: SubmissionId) -> bool:
        return self._db.changed(RELEASE_PAY, id=submission) == 1

    def release_held(self, submissions: Iterable[Submission]) -> None:
        """Release the pending pay of the answers that `held_of` found."""
        for submission in submissions:
            self._db.change(SUBMISSIONS, submission.id, ABSENT, held_until=None, state="accepted")

    def held_by_project(self, worker: PersonId) -> list[HeldPay]:
        rows = self._db.all(SUM_HELD, worker=worker)
        return [
            HeldPay(
                p,
                title,
                submissions=count,
                amount=int(amount),
                until=until,
                review=state == "submitted",
                currency=currency,
            )
            for p, title, count, amount, until, state, currency in rows
        ]

    def median_milliseconds(self, project: ProjectId) -> int | None:
        """Return the median working time of a project's answers, None before MIN_MEASURED_ANSWERS."""
        return cast(int | None, read_current(self._db, self.measure(project))[0])

    def measure(self, project: ProjectId) -> Foresight[int | None]:
        """Read the median working time, as `median_milliseconds` does, together with other readings."""
        ((rows,),) = yield [(SELECT_TIMES, [{"project": project}])]
        return int(median(single_values(rows))) if len(rows) >= MIN_MEASURED_ANSWERS else None

    def arrivals(self, project: ProjectId) -> list[Moment]:
        """Return the moments of a project's latest answers, newest first."""
        return single_values(self._db.all(SELECT_ARRIVALS, project=project))

    def worked(self) -> list[tuple[Moment, int]]:
        """Return the moments and times of the latest answers of all projects, newest first."""
        return [(Moment(row[0]), int(row[1])) for row in self._db.all(SELECT_WORK_TIMES)]

    def last_of(self, project: ProjectId) -> int:
        """Return the id of a project's newest submission, 0 before the first."""
        return int(single_value(self._db.one(SELECT_LAST_SUBMISSION, project=project), 0))

    def run_of(self, worker: PersonId) -> Run | None:
        """Return the run of tasks that this worker's newest answer belongs to, None before the first answer."""
        run = self._db.get(RUNS, worker)
        if run is ABSENT:
            ((stored_run,),) = foresee(self._db, self._read_runs([worker]))
            pending = self._db.pending(SUBMISSIONS).added.values()
            run = get_run(
                reversed([self._to_given_answer(row) for row in pending if row["worker"] == worker]), stored_run
            )
            self._db.hold_changed(RUNS, worker, run)
        return cast(Run | None, run)

    def foresee_runs(self, workers: Sequence[PersonId]) -> Foresight[None]:
        """Read ahead, and hold, the runs of these workers, of whom no answer may be unwritten."""
        unknown_workers = [worker for worker in workers if self._db.get(RUNS, worker) is ABSENT]
        runs = yield from self._read_runs(unknown_workers)
        for worker, run in zip(unknown_workers, runs, strict=True):
            self._db.keep(RUNS, worker, run)

    def _read_runs(self, workers: Sequence[PersonId]) -> Foresight[list[Run | None]]:
        """Return the workers' runs as they are in the database, and remember them: later only new answers have to be
        read."""
        remembered = self._db.remembered
        readings = [RunReading(worker, remembered.get((RUNS, worker))) for worker in workers]
        while unfinished := [reading for reading in readings if not reading.is_done]:
            (rows_by_reading,) = yield [(SELECT_LATEST_ANSWERS, [reading.to_query() for reading in unfinished])]
            for reading, rows in zip(unfinished, rows_by_reading, strict=True):
                reading.add(rows)
        if len(remembered) + len(readings) > MAX_REMEMBERED_RUNS:
            remembered.clear()
        remembered.update({(RUNS, reading.worker): reading.run for reading in readings})
        return [reading.run for reading in readings]

    def _to_given_answer(self, row: Mapping[str, Any]) -> GivenAnswer:
        currency = str(self._db.get(PROJECTS, row["project"]).currency)
        return GivenAnswer(
            row["id"],
            at=row["submitted_at"],
            milliseconds=row["milliseconds"],
            worked=row["worked"],
            pay=row["pay"],
            currency=currency,
        )

    def latest_project(self, worker: PersonId) -> ProjectId | None:
        """Return the project of this worker's newest answer, None before the first."""
        project = single_value(self._db.one(SELECT_LATEST_PROJECT, worker=worker))
        return None if project is None else ProjectId(project)

    def count_of(self, worker: PersonId) -> int:
        return int(single_values(self._db.all(COUNT_BY_WORKER, worker=worker))[0])


INSERT_TOOL_USE = """
INSERT INTO tool_uses (project, submission, told_at) VALUES (:project, :submission, :now)
ON CONFLICT (project, submission) DO NOTHING"""
COUNT_TOOL_USES = "SELECT count(*) FROM tool_uses WHERE project = :project"
# (task, worker), streamed where evidence is looked for.
SELECT_TOOL_USERS = """
SELECT s.task, s.worker FROM tool_uses u CROSS JOIN submissions s WHERE s.id = u.submission AND u.project = :project"""


class ToolUses:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def note(self, project: ProjectId, submission: SubmissionId) -> None:
        """Note that the answer was made with a tool; a second note changes nothing."""
        self._db.changed(INSERT_TOOL_USE, project=project, submission=submission, now=self._now)

    def count(self, project: ProjectId) -> int:
        return int(single_value(self._db.one(COUNT_TOOL_USES, project=project), 0))


# Rules 5 and 6: every submission is credited once, and held pay is resolved once.
# The reward: the project's pay of that moment, from its budget, to the worker, under the submission's key.
SUBMISSIONS_HAVE_REWARDS = Invariant(
    5,
    "every submission has its reward",
    """
SELECT 'submission ' || s.id AS subject, CASE WHEN t.id IS NULL THEN 'no reward of ' || s.pay || ' under its key'
  ELSE 'paid from ' || d.name || ' to ' || c.name END AS detail
FROM submissions s JOIN projects p ON p.id = s.project JOIN people w ON w.id = s.worker
LEFT JOIN transfers t ON t.key = 'answer:' || s.id AND t.kind = 'reward' AND t.submission = s.id
  AND t.amount = s.pay AND t.currency = p.currency
LEFT JOIN accounts d ON d.id = t.debit LEFT JOIN accounts c ON c.id = t.credit
WHERE t.id IS NULL OR d.name <> 'project:' || s.project || ':budget' OR c.name NOT LIKE 'worker:%' OR c.name NOT IN (
  'worker:' || w.telegram_id || ':available', 'worker:' || w.telegram_id || ':pending')""",
)
# The platform's fee of each submission, where the project has one.
SUBMISSIONS_HAVE_FEES = Invariant(
    5,
    "every submission has its fee",
    """
SELECT 'submission ' || s.id AS subject, 'no fee of ' || s.fee || ' under its key' AS detail
FROM submissions s JOIN projects p ON p.id = s.project
LEFT JOIN transfers t ON t.key = 'fee:' || s.id AND t.kind = 'fee' AND t.submission = s.id
  AND t.amount = s.fee AND t.currency = p.currency
WHERE s.fee > 0 AND t.id IS NULL""",
)
# The balance of the ledger would not reveal a second payment, which has two entries, too.
SUBMISSIONS_ARE_PAID_ONCE = Invariant(
    5,
    "no submission is paid twice",
    """
SELECT 'submission ' || coalesce(CAST(t.submission AS TEXT), 'none') AS subject,
  count(DISTINCT t.id) || ' transfers of kind ' || t.kind || ', the last is ' || max(t.id) AS detail
FROM transfers t LEFT JOIN submissions s ON s.id = t.submission LEFT JOIN projects p ON p.id = s.project
WHERE t.kind IN ('reward', 'fee')
GROUP BY t.submission, t.kind
HAVING count(DISTINCT t.id) > 1 OR max(s.id) IS NULL OR (t.kind = 'fee' AND max(s.fee) = 0)""",
)
# A correction mirrors the transfer it names, and each is corrected once.
REVERSALS_MIRROR_ONE_TRANSFER = Invariant(
    5,
    "every reversal mirrors one transfer",
    """
SELECT 'transfer ' || t.id AS subject, 'does not mirror transfer ' || t.reverses || ', or is not its only one' AS detail
FROM transfers t LEFT JOIN transfers o ON o.id = t.reverses
WHERE t.reverses IS NOT NULL AND (o.id IS NULL OR o.debit <> t.credit OR o.credit <> t.debit OR o.amount <> t.amount
  OR EXISTS (SELECT 1 FROM transfers other WHERE other.reverses = t.reverses AND other.id < t.id))""",
)
# Pending pay is released or rejected once after its hold has ended, and not at all before.
HELD_PAY_IS_RESOLVED_ONCE = Invariant(
    6,
    "held pay is resolved once",
    """
SELECT 'submission ' || s.id AS subject, coalesce(r.times, 0) || ' times resolved, paid to ' || c.name
  || CASE WHEN s.held_until IS NULL THEN ', not held' ELSE ', held' END AS detail
FROM submissions s JOIN transfers t ON t.key = 'answer:' || s.id JOIN accounts c ON c.id = t.credit
LEFT JOIN (
  SELECT submission, count(*) AS times FROM transfers WHERE kind IN ('release', 'reject') GROUP BY submission
) AS r ON r.submission = s.id
WHERE coalesce(r.times, 0) <> CASE WHEN c.name LIKE '%:pending' AND s.held_until IS NULL THEN 1 ELSE 0 END
  OR (s.held_until IS NOT NULL AND c.name NOT LIKE '%:pending') OR (s.state = 'submitted' AND s.held_until IS NULL)""",
)
# A worker's pending balance equals the pay of held submissions, to the millionth.
PENDING_IS_HELD = Invariant(
    6,
    "pending is what is held",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance || ' ' || a.currency || ', held ' || coalesce(h.held, 0)
  AS detail
FROM people w JOIN accounts a ON a.name = 'worker:' || w.telegram_id || ':pending'
LEFT JOIN (
  SELECT s.worker, p.currency, sum(s.pay) AS held FROM submissions s JOIN projects p ON p.id = s.project
  WHERE s.held_until IS NOT NULL GROUP BY s.worker, p.currency
) AS h ON h.worker = w.id AND h.currency = a.currency
WHERE a.balance <> coalesce(h.held, 0)""",
)
# An answer's pay equals the project's pay when it was given; pay changes by raises only.
PAY_IS_AS_PROMISED = Invariant(
    5,
    "every answer was paid what was promised then",
    """
SELECT 'submission ' || f.id AS subject, 'paid ' || f.pay || ' and ' || f.fee || ', promised ' || f.promised || ' and '
  || f.promised_fee AS detail
FROM (
  SELECT s.id, s.pay, s.fee, coalesce(r.pay_before, p.pay) AS promised, coalesce(r.fee_before, p.fee) AS promised_fee
  FROM submissions s JOIN projects p ON p.id = s.project
  LEFT JOIN pay_raises r ON r.project = s.project AND r.number = (
    SELECT min(x.number) FROM pay_raises x WHERE x.project = s.project AND x.after_submission >= s.id)
) AS f WHERE f.pay <> f.promised OR f.fee <> f.promised_fee""",
)
# Money that a leaving worker gave up goes to the requester who had paid it, or to the fees if they have left, too.
WAIVED_PAY_WENT_BACK = Invariant(
    6,
    "pay that was given up is with who had paid it",
    """
SELECT 'transfer ' || t.id AS subject, t.amount || ' from ' || d.name || ' to ' || c.name AS detail
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
LEFT JOIN projects p ON p.id = t.project LEFT JOIN people r ON r.id = p.requester
WHERE t.kind = 'waived' AND NOT (d.name LIKE 'worker:%:available' AND CASE
  WHEN p.id IS NULL THEN c.name LIKE 'requester:%:available' OR c.name = 'platform:fees'
  WHEN c.name LIKE 'platform:fees:%'
    THEN r.telegram_id IS NULL OR EXISTS (SELECT 1 FROM teams m WHERE m.id = r.id AND m.closed_at IS NOT NULL)
  ELSE c.name = 'requester:' || coalesce(CAST(r.telegram_id AS TEXT), 'erased-' || r.id) || ':available' END)""",
)
# By project, or by requester for payments beside projects. Money of a failed payout was the worker's before.
WAIVED_PAY_WAS_PAID = Invariant(
    6,
    "no more is given up to a requester than they had paid",
    """
SELECT 'account ' || a.name AS subject, g.given_up || ' given up of ' || g.paid
  || CASE WHEN g.project = 0 THEN ' from account ' || g.payer ELSE ' of project ' || g.project END AS detail
FROM (
  SELECT w.worker, w.project, w.payer, w.given_up, coalesce((
    SELECT sum(e.amount) FROM entries e JOIN transfers t ON t.id = e.transfer
    WHERE e.account = w.worker AND e.amount > 0 AND t.kind NOT IN ('unpaid', 'unwithhold')
      AND coalesce(t.project, 0) = w.project AND (w.project <> 0 OR t.debit = w.payer)), 0) AS paid
  FROM (
    SELECT t.debit AS worker, coalesce(t.project, 0) AS project,
      CASE WHEN t.project IS NULL THEN t.credit ELSE 0 END AS payer, sum(t.amount) AS given_up
    FROM transfers t JOIN accounts c ON c.id = t.credit
    WHERE t.kind = 'waived' AND (t.project IS NOT NULL OR c.name LIKE 'requester:%') GROUP BY 1, 2, 3
  ) AS w
) AS g JOIN accounts a ON a.id = g.worker WHERE g.given_up > g.paid""",
)

# Rules 7 and 8: a worker answers a task once; every submission is complete.
# The count on the task, under whose lock its consensus is drawn, is the number of its submissions.
TASKS_COUNT_SUBMISSIONS = Invariant(
    7,
    "every task counts its submissions",
    """
SELECT 'task ' || t.id AS subject, 'counts ' || t.received || ', has ' || coalesce(s.found, 0) AS detail
FROM tasks t LEFT JOIN (SELECT task, count(*) AS found FROM submissions GROUP BY task) AS s ON s.task = t.id
WHERE t.received <> coalesce(s.found, 0)""",
)
# No worker answers a task twice.
WORKERS_ANSWER_ONCE = Invariant(
    7,
    "one submission per worker and task",
    """
SELECT 'task ' || task AS subject, 'worker ' || worker || ' answered it ' || count(*) || ' times' AS detail
FROM submissions GROUP BY task, worker HAVING count(*) > 1""",
)
# Two workers with one account must not answer a task either.
PAYEES_ARE_PAID_ONCE = Invariant(
    7,
    "no two submissions of a task share a payee",
    """
SELECT 'task ' || d.task AS subject, 'account ' || a.name || ' was paid for it ' || d.answers || ' times' AS detail
FROM (
  SELECT s.task, t.credit, count(*) AS answers FROM transfers t JOIN submissions s ON s.id = t.submission
  WHERE t.kind = 'reward' AND t.key LIKE 'answer:%' GROUP BY s.task, t.credit HAVING count(*) > 1
) d JOIN accounts a ON a.id = d.credit""",
)
# An assignment that ended as answered has its answer, and no other has one.
RECEIVED_ANSWERS_ARE_STORED = Invariant(
    8,
    "every answer that was received is stored",
    """
SELECT 'assignment ' || a.id AS subject,
  'is ' || a.state || CASE WHEN s.id IS NULL THEN ', no submission' ELSE ', submission ' || s.id END AS detail
FROM assignments a LEFT JOIN submissions s ON s.assignment = a.id
WHERE (a.state = 'submitted') <> (s.id IS NOT NULL)
  OR s.task <> a.task OR s.worker <> a.worker OR s.project <> a.project""",
)
