"""Corrections: open ones, and each answer's former values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.handing_in import Draft
from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import CHANGE_TIME, CHANGING_TIME, Submission, SubmissionId
from domain.work.corrections import ASKED, REDO_TIME, Redo
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, pack, single_value, single_values, unpack_tuple
from storage.drivers.rows import ABSENT, Holding
from storage.invariants import Invariant

# Somebody chooses anew. An answer that was open before stays as it is.
OPEN_CORRECTION = """
INSERT INTO open_corrections (worker, submission, opened_at, message) VALUES (:worker, :submission, :now, :message)
ON CONFLICT (worker) DO UPDATE SET submission = excluded.submission, opened_at = excluded.opened_at,
  message = excluded.message, draft = NULL"""
# Where its requester asks for it once more, it is open as long as that may be done, and as long after that as choosing
# anew may take: what comes then is refused, and becomes no answer to another task.
_ASKED_AGAIN = """EXISTS (SELECT 1 FROM redos r WHERE r.submission = open_corrections.submission
  AND r.state IN ('asked', 'late') AND r.until_at > :since)"""
SELECT_OPEN = f"""
SELECT submission, opened_at, message, draft FROM open_corrections
WHERE worker = :worker AND (opened_at > :since OR {_ASKED_AGAIN})"""
# Asked by each press on a task, so that it is held.
SELECT_OPENED_AT = "SELECT opened_at FROM open_corrections WHERE worker = :worker"
OPENED = Holding(("open_corrections",), lasts=True)  # by worker: when their change was opened, None without one
STORE_CORRECTION_DRAFT = "UPDATE open_corrections SET draft = :draft WHERE worker = :worker"
DELETE_LAPSED = """
DELETE FROM open_corrections WHERE worker = :worker AND submission = :submission AND opened_at <= :since
  AND NOT EXISTS (SELECT 1 FROM redos r WHERE r.submission = :submission AND r.state = 'asked' AND r.until_at > :now)"""
DELETE_OPEN = "DELETE FROM open_corrections WHERE worker = :worker"
# What the answer was. Not of one that was rejected, nor of known gold that was missed: that was explained. One that its
# requester asked for once more became gold only since then: it was no miss when it was given.
STORE_FORMER_ANSWER = """
INSERT INTO corrections (submission, number, answer, gold, made_at)
SELECT s.id, 1 + (SELECT count(*) FROM corrections a WHERE a.submission = s.id), s.answer, nullif(s.gold, 0), :now
FROM submissions s WHERE s.id = :submission AND s.state <> 'rejected'
  AND (s.gold IS NULL OR s.gold = 1
    OR EXISTS (SELECT 1 FROM redos r WHERE r.submission = s.id AND r.state = 'asked'))"""
# Not of one that its requester was shown to decide about.
NOTE_SHOWN_FOR_REVIEW = (
    "INSERT INTO shown_for_review (submission, at) VALUES (:submission, :now) ON CONFLICT (submission) DO NOTHING"
)
SELECT_SHOWN_FOR_REVIEW = "SELECT 1 FROM shown_for_review WHERE submission = :submission"
REPLACE_ANSWER = "UPDATE submissions SET answer = :answer, gold = :right WHERE id = :submission"
# Tasks of which some answer was replaced, left out or taken back in while their project was being relearnt.
SELECT_TOUCHED_TASKS = """
SELECT s.task FROM corrections a CROSS JOIN submissions s
WHERE s.id = a.submission AND a.made_at >= :since AND s.project = :project
UNION SELECT s.task FROM rejections r JOIN submissions s ON s.id = r.submission
WHERE r.project = :project AND (r.rejected_at >= :since OR r.decided_at >= :since)
UNION SELECT s.task FROM enrolments w CROSS JOIN submissions s
WHERE s.worker = w.worker AND s.project = w.project AND w.project = :project AND w.taken_back = 1
  AND w.withdrawn_at >= :since"""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that its worker is changing; `message` shows it, None where that is not known."""

    submission: SubmissionId
    opened_at: Moment
    message: int | None
    draft: Draft


class Corrections:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def open(self, worker: PersonId, submission: SubmissionId, message: int | None) -> None:
        self._db.changed(OPEN_CORRECTION, worker=worker, submission=submission, message=message, now=self._now)

    def open_of(self, worker: PersonId) -> Change | None:
        row = self._db.one(SELECT_OPEN, worker=worker, since=later(self._now, -CHANGING_TIME))
        return (
            Change(SubmissionId(row[0]), Moment(row[1]), row[2], unpack_tuple(row[3]) if row[3] else ())
            if row
            else None
        )

    def is_changing(self, worker: PersonId) -> bool:
        """Return whether this worker opened an answer to change it less than CHANGING_TIME ago, and neither changed nor
        kept it since."""
        opened_at = self._db.get(OPENED, worker)
        if opened_at is ABSENT:
            opened_at = self._hold(worker, self._db.peek(SELECT_OPENED_AT, worker=worker))
        return opened_at is not None and opened_at > later(self._now, -CHANGING_TIME)

    def foresee(self, workers: Iterable[PersonId]) -> Foresight[None]:
        """Hold what `is_changing` reads for these workers."""
        unread = [worker for worker in dict.fromkeys(workers) if self._db.get(OPENED, worker) is ABSENT]
        (rows_by_worker,) = yield [(SELECT_OPENED_AT, [{"worker": worker} for worker in unread])]
        for worker, rows in zip(unread, rows_by_worker, strict=True):
            self._hold(worker, rows)

    def _hold(self, worker: PersonId, rows: Sequence[Row]) -> Moment | None:
        opened_at: Moment | None = self._db.keep(OPENED, worker, single_value(rows[0]) if rows else None)
        return opened_at

    def press(self, worker: PersonId, draft: Draft) -> None:
        self._db.changed(STORE_CORRECTION_DRAFT, worker=worker, draft=pack(draft))

    def close(self, worker: PersonId) -> None:
        self._db.changed(DELETE_OPEN, worker=worker)

    def lapse(self, worker: PersonId, submission: SubmissionId) -> bool:
        """Close the change of this answer if its time is over. Return False if none was closed."""
        since = later(self._now, -CHANGING_TIME)
        return self._db.changed(DELETE_LAPSED, worker=worker, submission=submission, since=since, now=self._now) == 1

    def replace(self, submission: SubmissionId, answer: str | None, is_right: bool | None) -> bool:
        """Replace the answer and store the former one. Return False, and change nothing, if the answer may not be
        replaced."""
        if not self._db.changed(STORE_FORMER_ANSWER, submission=submission, now=self._now):
            return False
        gold = None if is_right is None else int(is_right)
        return self._db.changed(REPLACE_ANSWER, submission=submission, answer=answer, right=gold) == 1

    def look(self, submission: SubmissionId) -> None:
        """Note that the requester is shown the answer: from now on it stays as it is."""
        self._db.changed(NOTE_SHOWN_FOR_REVIEW, submission=submission, now=self._now)

    def is_looked_at(self, submission: SubmissionId) -> bool:
        return self._db.one(SELECT_SHOWN_FOR_REVIEW, submission=submission) is not None

    def touched(self, project: ProjectId, since: Moment) -> list[TaskId]:
        """Return the tasks whose answers changed since that moment."""
        return single_values(self._db.all(SELECT_TOUCHED_TASKS, project=project, since=since))


_REDO = columns(Redo)
INSERT_REDO = """
INSERT INTO redos (submission, project, worker, words, pay, state, asked_at, until_at)
VALUES (:submission, :project, :worker, :words, :pay, 'asked', :now, :until)
ON CONFLICT (submission) DO NOTHING"""
SELECT_REDO = f"SELECT {_REDO} FROM redos WHERE submission = :submission"
SELECT_OPEN_REDOS = f"""
SELECT {_REDO} FROM redos WHERE worker = :worker AND project = :project AND state = '{ASKED}' ORDER BY submission"""
END_REDO = f"UPDATE redos SET state = :state, ended_at = :now WHERE submission = :submission AND state = '{ASKED}'"
SELECT_DUE_REDOS = (
    f"SELECT {_REDO} FROM redos WHERE state = '{ASKED}' AND until_at <= :now ORDER BY until_at LIMIT :limit"
)


class Redos:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, submission: Submission, words: str, pay: Millionths) -> bool:
        """Store the request for a second answer. Return False if one was asked for before."""
        values = {
            "submission": submission.id,
            "project": submission.project,
            "worker": submission.worker,
            "words": words,
            "pay": pay,
        }
        return self._db.changed(INSERT_REDO, **values, now=self._now, until=later(self._now, REDO_TIME)) == 1

    def find(self, submission: SubmissionId) -> Redo | None:
        row = self._db.one(SELECT_REDO, submission=submission)
        return Redo(*row) if row else None

    def open_of(self, worker: PersonId, project: ProjectId) -> list[Redo]:
        return [Redo(*row) for row in self._db.all(SELECT_OPEN_REDOS, worker=worker, project=project)]

    def end(self, submission: SubmissionId, state: str) -> bool:
        """End an open redo in this state. Return False if it has ended already."""
        return self._db.changed(END_REDO, submission=submission, state=state, now=self._now) == 1

    def due(self, limit: int) -> list[Redo]:
        """Return open redos whose time is over."""
        return [Redo(*row) for row in self._db.all(SELECT_DUE_REDOS, now=self._now, limit=limit)]


# Rule 6 for what is promised beside a project's answers, and for paid tests: held once, then earned once or given
# back once.
# A project's extra account equals what is promised from it, to the millionth.
EXTRA_MONEY_IS_PROMISED = Invariant(
    6,
    "what is held beside a budget is what is promised beside it",
    """
SELECT 'project ' || p.id AS subject, 'held ' || coalesce(a.balance, 0) || ', promised ' || coalesce(r.pay, 0) AS detail
FROM projects p
LEFT JOIN accounts a ON a.name = 'project:' || p.id || ':extra' AND a.currency = p.currency
LEFT JOIN (SELECT project, sum(pay) AS pay FROM redos WHERE state = 'asked' GROUP BY project) AS r ON r.project = p.id
WHERE coalesce(a.balance, 0) <> coalesce(r.pay, 0)""",
)
# An answer asked for once more: its pay was held once; done it was paid once, else it went back once.
REDOS_ARE_PAID_ONCE = Invariant(
    6,
    "an answer given once more is paid once",
    """
SELECT 'submission ' || coalesce(r.submission, m.submission) AS subject, coalesce(r.state, 'not asked for') || ': '
  || coalesce(m.held, 0) || ' held, ' || coalesce(m.paid, 0) || ' paid, ' || coalesce(m.back, 0)
  || ' returned' AS detail
FROM redos r FULL JOIN (
  SELECT submission, sum(CASE WHEN kind = 'extra' THEN amount ELSE 0 END) AS held,
    sum(CASE WHEN kind = 'redo' THEN amount ELSE 0 END) AS paid,
    sum(CASE WHEN kind = 'unextra' THEN amount ELSE 0 END) AS back
  FROM transfers WHERE kind IN ('extra', 'redo', 'unextra') AND submission IS NOT NULL GROUP BY submission
) AS m ON m.submission = r.submission
WHERE r.submission IS NULL OR coalesce(m.held, 0) <> r.pay
  OR coalesce(m.paid, 0) <> CASE WHEN r.state = 'done' THEN r.pay ELSE 0 END
  OR coalesce(m.back, 0) <> CASE WHEN r.state IN ('declined', 'late') THEN r.pay ELSE 0 END""",
)

# Rules 7 and 8: a worker answers a task once; every submission is complete.
# An answer may change in the minute after it was given and in the time for choosing anew; each change is stored.
CHANGES_ARE_IN_TIME_AND_STORED = Invariant(
    8,
    "an answer changes within its time, and every change is kept",
    f"""
SELECT 'submission ' || s.id AS subject, a.changes || ' changes, numbered to ' || a.last || ', the last at '
  || a.made_at || ', answered at ' || s.submitted_at AS detail
FROM submissions s JOIN (
  SELECT submission, count(*) AS changes, max(number) AS last, max(made_at) AS made_at FROM corrections
  GROUP BY submission
) AS a ON a.submission = s.id
LEFT JOIN redos r ON r.submission = s.id
WHERE a.last <> a.changes OR (a.made_at > s.submitted_at + {CHANGE_TIME + CHANGING_TIME}
  AND (r.submission IS NULL OR a.made_at NOT BETWEEN r.asked_at AND coalesce(r.ended_at, r.until_at)))""",
)
