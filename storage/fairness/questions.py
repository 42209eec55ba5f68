"""Workers' questions, their answers (a project's FAQ), and which workers were told of them."""

from dataclasses import dataclass

from domain.fairness.questions import WINDOW, FaqEntry, Question, QuestionId, QuestionState, due_at, reminder_at
from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection, Foresight, Row, read_current
from storage.drivers.records import columns, single_value, single_values

_QUESTION = columns(Question)

SELECT_QUESTION = f"SELECT {_QUESTION} FROM questions WHERE id = :id"
INSERT_QUESTION = f"""
INSERT INTO questions (project, task, asker, words, state, asked_at, remind_at, due_at)
VALUES (:project, :task, :asker, :words, 'open', :now, :remind, :due) RETURNING {_QUESTION}"""
COUNT_ASKED_SINCE = "SELECT count(*) FROM questions WHERE asker = :asker AND asked_at > :since"
COUNT_DISMISSED = "SELECT count(*) FROM questions WHERE asker = :asker AND state = 'dismissed'"
COUNT_OPEN = "SELECT count(*) FROM questions WHERE project = :project AND state = 'open'"
COUNT_LATE = "SELECT count(*) FROM questions WHERE project = :project AND state = 'open' AND late = 1"
SELECT_NEXT_OPEN = f"SELECT {_QUESTION} FROM questions WHERE project = :project AND state = 'open' ORDER BY id LIMIT 1"
SELECT_OPEN_PAGE = f"""
SELECT {_QUESTION} FROM questions WHERE project = :project AND state = 'open' AND id > :after
ORDER BY id LIMIT :limit"""
SELECT_OPEN_BY_ASKER = f"SELECT {_QUESTION} FROM questions WHERE asker = :asker AND state = 'open' ORDER BY id"
# Locks the project's row, so that two answers at once cannot get the same entry number.
LOCK_PROJECT = "UPDATE projects SET paused = paused WHERE id = :project"
ANSWER_QUESTION = """
UPDATE questions SET state = 'answered', answer = :answer, ended_at = :now, ended_by = :by,
  entry = 1 + coalesce((SELECT max(entry) FROM questions WHERE project = :project AND entry IS NOT NULL), 0)
WHERE id = :id AND state = 'open' RETURNING entry"""
ANSWER_BY_ENTRY = """
UPDATE questions SET state = 'answered', same_as = :same_as, ended_at = :now, ended_by = :by
WHERE id = :id AND state = 'open'"""
DISMISS_QUESTION = """
UPDATE questions SET state = 'dismissed', report = 'upheld', ended_at = :now, ended_by = :by
WHERE id = :id AND state = 'open' AND report = 'open'"""
REPORT_QUESTION = "UPDATE questions SET report = 'open' WHERE id = :id AND state = 'open' AND report IS NULL"
REFUSE_REPORT = "UPDATE questions SET report = 'refused' WHERE id = :id AND state = 'open' AND report = 'open'"

SELECT_LAST_ENTRY_NUMBER = (
    "SELECT coalesce(max(entry), 0) FROM questions WHERE project = :project AND entry IS NOT NULL"
)
SELECT_ENTRIES = """
SELECT entry, words, answer FROM questions
WHERE project = :project AND entry IS NOT NULL AND entry < :before ORDER BY entry DESC LIMIT :limit"""
SELECT_ENTRY = f"SELECT {_QUESTION} FROM questions WHERE project = :project AND entry = :entry AND entry IS NOT NULL"
SELECT_NEW_ENTRIES = """
SELECT asker, entry, words, answer FROM questions
WHERE project = :project AND entry > :told AND entry <= :telling AND entry IS NOT NULL
ORDER BY entry DESC LIMIT :limit"""

SELECT_DUE_REMINDERS = f"""
SELECT {_QUESTION} FROM questions
WHERE state = 'open' AND remind_at IS NOT NULL AND remind_at <= :now ORDER BY remind_at LIMIT :limit"""
CLEAR_REMINDER = "UPDATE questions SET remind_at = NULL WHERE id = :id"
SELECT_OVERDUE = f"""
SELECT {_QUESTION} FROM questions WHERE state = 'open' AND late = 0 AND due_at <= :now ORDER BY due_at LIMIT :limit"""
MARK_LATE = "UPDATE questions SET late = 1 WHERE id = :id AND state = 'open' AND late = 0"

OPEN_FAQ_ROUND = "INSERT INTO faq_rounds (project) VALUES (:project) ON CONFLICT (project) DO UPDATE SET open = 1"
SELECT_FAQ_ROUND = "SELECT project, told, telling, worker FROM faq_rounds WHERE open = 1 ORDER BY project LIMIT 1"
UPDATE_FAQ_ROUND = """
UPDATE faq_rounds SET told = :told, telling = :telling, worker = :worker, open = :open WHERE project = :project"""
# Workers who answered in the project or hold a task of it, and did not decline it.
SELECT_READERS = """
SELECT e.worker FROM enrolments e JOIN people p ON p.id = e.worker
WHERE e.project = :project AND e.worker > :after AND e.declined = 0 AND p.paused = 0 AND p.reachable = 1
  AND p.leaving_at IS NULL AND (e.answered > 0 OR EXISTS (
    SELECT 1 FROM assignments a WHERE a.worker = e.worker AND a.project = e.project AND a.state = 'active'))
ORDER BY e.worker LIMIT :limit"""


@dataclass(frozen=True, slots=True)
class FaqRound:
    """Progress of telling a project's workers about new entries: numbers above `told` up to `telling`; `worker` is the
    last one told, in order of ids."""

    project: ProjectId
    told: int
    telling: int
    worker: int


def question_from(row: Row) -> Question:
    values = list(row)
    values[5], values[8] = QuestionState(values[5]), bool(values[8])
    return Question(*values)


class QuestionRecords:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, question: QuestionId) -> Question | None:
        row = self._db.one(SELECT_QUESTION, id=question)
        return question_from(row) if row else None

    def add(self, project: ProjectId, task: TaskId, asker: PersonId, words: str) -> Question:
        when = {"now": self._now, "remind": reminder_at(self._now), "due": due_at(self._now)}
        return question_from(
            self._db.all(INSERT_QUESTION, project=project, task=task, asker=asker, words=words, **when)[0]
        )

    def count_recent(self, asker: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_ASKED_SINCE, asker=asker, since=later(self._now, -WINDOW))))

    def count_dismissed(self, asker: PersonId) -> int:
        return int(single_value(self._db.one(COUNT_DISMISSED, asker=asker)))

    def count_open(self, project: ProjectId) -> int:
        return int(single_value(self._db.one(COUNT_OPEN, project=project)))

    def count_late(self, project: ProjectId) -> int:
        return int(single_value(self._db.one(COUNT_LATE, project=project)))

    def next_open(self, project: ProjectId) -> Question | None:
        """Return the project's longest waiting question, or None."""
        row = self._db.one(SELECT_NEXT_OPEN, project=project)
        return question_from(row) if row else None

    def list_open(self, project: ProjectId, after: int, limit: int) -> list[Question]:
        """Return a page of the project's open questions behind `after`, oldest first."""
        rows = self._db.all(SELECT_OPEN_PAGE, project=project, after=after, limit=limit)
        return [question_from(row) for row in rows]

    def list_open_by(self, asker: PersonId) -> list[Question]:
        return [question_from(row) for row in self._db.all(SELECT_OPEN_BY_ASKER, asker=asker)]

    def answer(self, question: Question, words: str, by: PersonId) -> int | None:
        """Store an answer as the project's next FAQ entry. Return its number, None if the question is not open any
        more."""
        self._db.changed(LOCK_PROJECT, project=question.project)
        parameters = {"id": question.id, "project": question.project}
        row = self._db.one(ANSWER_QUESTION, **parameters, answer=words, now=self._now, by=by)
        return int(row[0]) if row else None

    def answer_by_entry(self, question: QuestionId, to: QuestionId, by: PersonId) -> bool:
        """Close a question with the answer of an earlier one. Return False if it is not open any more."""
        return self._db.changed(ANSWER_BY_ENTRY, id=question, same_as=to, now=self._now, by=by) == 1

    def report(self, question: QuestionId) -> bool:
        """Store that the requester reports the question. Return False if it was reported before or is not open."""
        return self._db.changed(REPORT_QUESTION, id=question) == 1

    def decide_report(self, question: QuestionId, abuse: bool, by: PersonId) -> bool:
        """Store an admin's decision about a report. Return False if it was decided before."""
        if not abuse:
            return self._db.changed(REFUSE_REPORT, id=question) == 1
        return self._db.changed(DISMISS_QUESTION, id=question, now=self._now, by=by) == 1

    def get_last_entry_number(self, project: ProjectId) -> int:
        """Return the number of the newest FAQ entry, which is also their count."""
        return int(read_current(self._db, self.read_last_entry_number(project))[0])

    def read_last_entry_number(self, project: ProjectId) -> Foresight[int]:
        """Read the number of the newest FAQ entry together with other readings."""
        ((rows,),) = yield [(SELECT_LAST_ENTRY_NUMBER, [{"project": project}])]
        return int(single_value(rows[0]))

    def list_entries(self, project: ProjectId, before: int, limit: int) -> tuple[FaqEntry, ...]:
        """Return FAQ entries with a number below `before`, newest first."""
        return tuple(
            FaqEntry(*row) for row in self._db.all(SELECT_ENTRIES, project=project, before=before, limit=limit)
        )

    def find_entry(self, project: ProjectId, number: int) -> Question | None:
        row = self._db.one(SELECT_ENTRY, project=project, entry=number)
        return question_from(row) if row else None

    def due_for_reminder(self, limit: int) -> list[Question]:
        return [question_from(row) for row in self._db.all(SELECT_DUE_REMINDERS, now=self._now, limit=limit)]

    def store_reminder(self, question: QuestionId) -> None:
        self._db.changed(CLEAR_REMINDER, id=question)

    def overdue(self, limit: int) -> list[Question]:
        return [question_from(row) for row in self._db.all(SELECT_OVERDUE, now=self._now, limit=limit)]

    def mark_late(self, question: QuestionId) -> bool:
        """Mark an open question as late. Return False if it is closed or late already."""
        return self._db.changed(MARK_LATE, id=question) == 1

    def open_faq_round(self, project: ProjectId) -> None:
        """Let the project's workers be told of new FAQ entries."""
        self._db.changed(OPEN_FAQ_ROUND, project=project)

    def find_faq_round(self) -> FaqRound | None:
        row = self._db.one(SELECT_FAQ_ROUND)
        return FaqRound(*row) if row else None

    def store_faq_round(self, faq_round: FaqRound, is_open: bool) -> None:
        parameters = {"project": faq_round.project, "told": faq_round.told, "telling": faq_round.telling}
        self._db.changed(UPDATE_FAQ_ROUND, **parameters, worker=faq_round.worker, open=int(is_open))

    def list_readers(self, project: ProjectId, after: int, limit: int) -> list[PersonId]:
        return single_values(self._db.all(SELECT_READERS, project=project, after=after, limit=limit))

    def list_new_entries(self, faq_round: FaqRound, limit: int) -> list[tuple[PersonId | None, FaqEntry]]:
        """Return (asker, entry) of this round's entries, newest first."""
        parameters = {
            "project": faq_round.project,
            "told": faq_round.told,
            "telling": faq_round.telling,
            "limit": limit,
        }
        return [(row[0], FaqEntry(*row[1:])) for row in self._db.all(SELECT_NEW_ENTRIES, **parameters)]
