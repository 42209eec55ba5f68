"""Raises of a project's pay: one row each, never taken back."""

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from storage.drivers.connection import Connection
from storage.drivers.records import single_value, single_values

_ASKED = """project = :project AND gold IS NULL AND state IN ('draft', 'open', 'closed')
AND batch IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.launched = 1)"""
COUNT = f"SELECT count(*) FROM (SELECT 1 FROM tasks WHERE {_ASKED} LIMIT :limit) AS few"
ASK = f"""
UPDATE tasks SET overlap = overlap + :more, state = CASE WHEN state = 'draft' THEN state ELSE 'open' END
WHERE {_ASKED} RETURNING id, state"""
ASK_TASK = f"""
UPDATE tasks SET overlap = overlap + :more, state = CASE WHEN state = 'draft' THEN state ELSE 'open' END
WHERE id = :task AND overlap = :before AND {_ASKED} RETURNING state"""
OVERLAP = """
UPDATE projects SET overlap = overlap + :more,
  max_overlap = CASE WHEN max_overlap < overlap + :more THEN overlap + :more ELSE max_overlap END WHERE id = :project"""

EACH = "UPDATE tasks SET overlap = :overlap WHERE project = :project AND state = 'draft' AND overlap = :before"
ALL = """
UPDATE batches SET asked = (
  SELECT coalesce(sum(CASE WHEN t.gold IS NULL AND t.overlap < :most THEN :most ELSE t.overlap END), 0)
  FROM tasks t WHERE t.project = :project AND t.batch = batches.id)
WHERE project = :project AND launched = 0"""


class MoreAnswers:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def tasks(self, project: ProjectId, limit: int) -> int:
        """Ordinary tasks that were launched and are not stopped."""
        return int(single_value(self._db.one(COUNT, project=project, limit=limit), 0))

    def ask(self, project: ProjectId, more_answers: int) -> list[TaskId]:
        """Raise the overlap of these tasks and of the project; return the tasks that can be given out at once."""
        rows = self._db.all(ASK, project=project, more=more_answers)
        self._db.changed(OVERLAP, project=project, more=more_answers)
        return [TaskId(task) for task, state in rows if state == "open"]

    def ask_task(self, project: ProjectId, task: TaskId, before: int, more_answers: int) -> str | None:
        """Raise the overlap of a launched ordinary task from `before` and return its state; None if it is another task,
        or its overlap another by now."""
        rows = self._db.all(ASK_TASK, project=project, task=task, before=before, more=more_answers)
        return str(rows[0][0]) if rows else None

    def revise(self, project: ProjectId, before: int, overlap: int, most: int) -> None:
        """Tasks of a draft that are asked as the project says; ordinary ones at most `most` times with a confidence."""
        self._db.changed(EACH, project=project, before=before, overlap=overlap)
        self._db.changed(ALL, project=project, most=most)


# The row is the lock: two raises of one project follow each other.
LOCK = "UPDATE projects SET paused = paused WHERE id = :project RETURNING pay"
RAISE = "UPDATE projects SET pay = :pay, fee = :fee WHERE id = :project AND pay = :before"
LAST = "SELECT number FROM pay_raises WHERE project = :project ORDER BY number DESC LIMIT 1"
KEEP = """
INSERT INTO pay_raises (project, number, pay_before, fee_before, pay, fee, held, after_submission, made_at)
VALUES (:project, :number, :pay_before, :fee_before, :pay, :fee, :held, :after, :now)"""
# Workers with a task of it in hand.
AT_IT = "SELECT worker FROM assignments WHERE project = :project AND state = 'active' ORDER BY id LIMIT :limit"


class PayRaises:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def lock(self, project: ProjectId) -> None:
        self._db.one(LOCK, project=project)

    def next_number(self, project: ProjectId) -> int:
        return int(single_value(self._db.one(LAST, project=project), 0)) + 1

    def keep(self, was: Project, number: int, pay: Millionths, fee: Millionths, held_amount: int, after: int) -> None:
        """Store the new pay; answers up to `after` keep the former one."""
        self._db.changed(RAISE, project=was.id, pay=pay, fee=fee, before=was.pay)
        facts = {"number": number, "pay": pay, "fee": fee, "held": held_amount, "after": after}
        self._db.changed(KEEP, project=was.id, pay_before=was.pay, fee_before=was.fee, now=self._now, **facts)

    def at_it(self, project: ProjectId, limit: int) -> list[PersonId]:
        return single_values(self._db.all(AT_IT, project=project, limit=limit))
