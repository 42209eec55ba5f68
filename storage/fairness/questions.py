"""Questions of workers, their answers (a project's FAQ), and who was told of them."""

from dataclasses import dataclass

from domain.fairness.questions import (
    WINDOW,
    FaqEntry,
    Question,
    QuestionId,
    QuestionState,
    due_at,
    reminder_at,
)
from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import (
    Connection,
    Foresight,
    Row,
    read,
)
from storage.drivers.records import columns, each, first

_QUESTION = columns(Question)

BY_ID = f"SELECT {_QUESTION} FROM questions WHERE id = :id"
ADD = f"""
INSERT INTO questions (project, task, asker, words, state, asked_at, remind_at, due_at)
VALUES (:project, :task, :asker, :words, 'open', :now, :remind, :due) RETURNING {_QUESTION}"""
ASKED_SINCE = "SELECT count(*) FROM questions WHERE asker = :asker AND asked_at > :since"
DISMISSED_OF = "SELECT count(*) FROM questions WHERE asker = :asker AND state = 'dismissed'"
OPEN_IN = "SELECT count(*) FROM questions WHERE project = :project AND state = 'open'"
LATE_IN = "SELECT count(*) FROM questions WHERE project = :project AND state = 'open' AND late = 1"
NEXT_IN = f"SELECT {_QUESTION} FROM questions WHERE project = :project AND state = 'open' ORDER BY id LIMIT 1"
OPEN_BEHIND = f"""
SELECT {_QUESTION} FROM questions WHERE project = :project AND state = 'open' AND id > :after
ORDER BY id LIMIT :limit"""
OPEN_OF = f"SELECT {_QUESTION} FROM questions WHERE asker = :asker AND state = 'open' ORDER BY id"
# The number is the project's next; two answers of one project wait for each other at its row.
LOCK = "UPDATE projects SET paused = paused WHERE id = :project"
ANSWER = """
UPDATE questions SET state = 'answered', answer = :answer, ended_at = :now, ended_by = :by,
  entry = 1 + coalesce((SELECT max(entry) FROM questions WHERE project = :project AND entry IS NOT NULL), 0)
WHERE id = :id AND state = 'open' RETURNING entry"""
REFER = """
UPDATE questions SET state = 'answered', same_as = :same_as, ended_at = :now, ended_by = :by
WHERE id = :id AND state = 'open'"""
DISMISS = """
UPDATE questions SET state = 'dismissed', report = 'upheld', ended_at = :now, ended_by = :by
WHERE id = :id AND state = 'open' AND report = 'open'"""
REPORT = "UPDATE questions SET report = 'open' WHERE id = :id AND state = 'open' AND report IS NULL"
REFUSE = "UPDATE questions SET report = 'refused' WHERE id = :id AND state = 'open' AND report = 'open'"
# Of the reported ones, those that still wait for an answer: the most urgent first.
TO_JUDGE = f"""
SELECT {_QUESTION} FROM questions WHERE state = 'open' AND report = 'open' ORDER BY due_at, id LIMIT :limit"""

ENTRIES = "SELECT coalesce(max(entry), 0) FROM questions WHERE project = :project AND entry IS NOT NULL"
FAQ = """
SELECT entry, words, answer FROM questions
WHERE project = :project AND entry IS NOT NULL AND entry < :before ORDER BY entry DESC LIMIT :limit"""
ENTRY = f"SELECT {_QUESTION} FROM questions WHERE project = :project AND entry = :entry AND entry IS NOT NULL"
SINCE = """
SELECT asker, entry, words, answer FROM questions
WHERE project = :project AND entry > :told AND entry <= :telling AND entry IS NOT NULL
ORDER BY entry DESC LIMIT :limit"""

TO_REMIND = f"""
SELECT {_QUESTION} FROM questions
WHERE state = 'open' AND remind_at IS NOT NULL AND remind_at <= :now ORDER BY remind_at LIMIT :limit"""
REMINDED = "UPDATE questions SET remind_at = NULL WHERE id = :id"
OVERDUE = f"""
SELECT {_QUESTION} FROM questions WHERE state = 'open' AND late = 0 AND due_at <= :now ORDER BY due_at LIMIT :limit"""
IS_LATE = "UPDATE questions SET late = 1 WHERE id = :id AND state = 'open' AND late = 0"

SPREAD = "INSERT INTO faq_rounds (project) VALUES (:project) ON CONFLICT (project) DO UPDATE SET open = 1"
ROUND = "SELECT project, told, telling, worker FROM faq_rounds WHERE open = 1 ORDER BY project LIMIT 1"
MOVE = """
UPDATE faq_rounds SET told = :told, telling = :telling, worker = :worker, open = :open WHERE project = :project"""
# Who answered there or holds a task, and has not turned away.
READERS = """
SELECT e.worker FROM enrolments e JOIN people p ON p.id = e.worker
WHERE e.project = :project AND e.worker > :after AND e.declined = 0 AND p.paused = 0 AND p.reachable = 1
  AND p.leaving_at IS NULL AND (e.answered > 0 OR EXISTS (
    SELECT 1 FROM assignments a WHERE a.worker = e.worker AND a.project = e.project AND a.state = 'active'))
ORDER BY e.worker LIMIT :limit"""


@dataclass(frozen=True, slots=True)
class FaqRound:
    """Workers are told of the entries behind `told` up to `telling`, in the order of their ids, up to `worker`."""

    project: ProjectId
    told: int
    telling: int
    worker: int


def question_from(row: Row) -> Question:
    values = list(row)
    values[5], values[8] = QuestionState(values[5]), bool(values[8])
    return Question(*values)


class Questions:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, question: QuestionId) -> Question | None:
        row = self._db.one(BY_ID, id=question)
        return question_from(row) if row else None

    def add(self, project: ProjectId, task: TaskId, asker: PersonId, words: str) -> Question:
        when = {"now": self._now, "remind": reminder_at(self._now), "due": due_at(self._now)}
        return question_from(self._db.all(ADD, project=project, task=task, asker=asker, words=words, **when)[0])

    def count_recent(self, asker: PersonId) -> int:
        return int(first(self._db.one(ASKED_SINCE, asker=asker, since=later(self._now, -WINDOW))))

    def count_dismissed(self, asker: PersonId) -> int:
        return int(first(self._db.one(DISMISSED_OF, asker=asker)))

    def count_open(self, project: ProjectId) -> int:
        return int(first(self._db.one(OPEN_IN, project=project)))

    def count_late(self, project: ProjectId) -> int:
        return int(first(self._db.one(LATE_IN, project=project)))

    def next_open(self, project: ProjectId) -> Question | None:
        """The one that has waited longest."""
        row = self._db.one(NEXT_IN, project=project)
        return question_from(row) if row else None

    def list_open(self, project: ProjectId, after: int, limit: int) -> list[Question]:
        """Those that wait, in the order they came."""
        rows = self._db.all(OPEN_BEHIND, project=project, after=after, limit=limit)
        return [question_from(row) for row in rows]

    def list_open_by(self, asker: PersonId) -> list[Question]:
        return [question_from(row) for row in self._db.all(OPEN_OF, asker=asker)]

    def answer(self, question: Question, words: str, by: PersonId) -> int | None:
        """Its number in the FAQ; None where it is not open any more."""
        self._db.changed(LOCK, project=question.project)
        about = {"id": question.id, "project": question.project}
        row = self._db.one(ANSWER, **about, answer=words, now=self._now, by=by)
        return int(row[0]) if row else None

    def answer_by_entry(self, question: QuestionId, to: QuestionId, by: PersonId) -> bool:
        """An entry that stands answers it."""
        return self._db.changed(REFER, id=question, same_as=to, now=self._now, by=by) == 1

    def report(self, question: QuestionId) -> bool:
        """False where it was reported before, or is not open any more."""
        return self._db.changed(REPORT, id=question) == 1

    def list_reported(self, limit: int) -> list[Question]:
        """Reported ones that an admin has not judged."""
        return [question_from(row) for row in self._db.all(TO_JUDGE, limit=limit)]

    def decide_report(self, question: QuestionId, abuse: bool, by: PersonId) -> bool:
        """An admin's word about a report, once."""
        if not abuse:
            return self._db.changed(REFUSE, id=question) == 1
        return self._db.changed(DISMISS, id=question, now=self._now, by=by) == 1

    def get_last_entry_number(self, project: ProjectId) -> int:
        return int(read(self._db, self.read_last_entry_number(project))[0])

    def read_last_entry_number(self, project: ProjectId) -> Foresight[int]:
        """The same, beside other readings."""
        ((rows,),) = yield [(ENTRIES, [{"project": project}])]
        return int(first(rows[0]))

    def list_entries(self, project: ProjectId, before: int, limit: int) -> tuple[FaqEntry, ...]:
        """Newest first, those with a number under `before`."""
        return tuple(FaqEntry(*row) for row in self._db.all(FAQ, project=project, before=before, limit=limit))

    def find_entry(self, project: ProjectId, number: int) -> Question | None:
        row = self._db.one(ENTRY, project=project, entry=number)
        return question_from(row) if row else None

    def due_for_reminder(self, limit: int) -> list[Question]:
        return [question_from(row) for row in self._db.all(TO_REMIND, now=self._now, limit=limit)]

    def store_reminder(self, question: QuestionId) -> None:
        self._db.changed(REMINDED, id=question)

    def overdue(self, limit: int) -> list[Question]:
        return [question_from(row) for row in self._db.all(OVERDUE, now=self._now, limit=limit)]

    def mark_late(self, question: QuestionId) -> bool:
        return self._db.changed(IS_LATE, id=question) == 1

    def open_faq_round(self, project: ProjectId) -> None:
        """Its workers are to be told of what is new in the FAQ."""
        self._db.changed(SPREAD, project=project)

    def find_faq_round(self) -> FaqRound | None:
        row = self._db.one(ROUND)
        return FaqRound(*row) if row else None

    def store_faq_round(self, at: FaqRound, is_open: bool) -> None:
        about = {"project": at.project, "told": at.told, "telling": at.telling}
        self._db.changed(MOVE, **about, worker=at.worker, open=int(is_open))

    def list_readers(self, project: ProjectId, after: int, limit: int) -> list[PersonId]:
        return each(self._db.all(READERS, project=project, after=after, limit=limit))

    def list_new_entries(self, at: FaqRound, limit: int) -> list[tuple[PersonId | None, FaqEntry]]:
        """(asker, entry) of this round, newest first."""
        about = {"project": at.project, "told": at.told, "telling": at.telling, "limit": limit}
        return [(row[0], FaqEntry(*row[1:])) for row in self._db.all(SINCE, **about)]
