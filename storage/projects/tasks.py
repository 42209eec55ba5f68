"""Tasks: rows of a batch, number of answers, consensus."""

from collections.abc import Iterable
from typing import Any, TypeAlias, cast

from domain.projects.projects import ProjectId
from domain.projects.tasks import Task, TaskId
from domain.quality.machine import MachineAnswer
from domain.records import changed
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, first, pack, unpack, words
from storage.drivers.rows import ABSENT, Table

_TASK = columns(Task)
TASKS = Table(("tasks",), lasts=True, order=2, moves=("progress_moves",))

BY_ID = f"SELECT {_TASK} FROM tasks WHERE id = :id"
ADD = """
INSERT INTO tasks (project, batch, position, key, content, gold, reason, overlap, ai, state) VALUES (
  :project, :batch, :position, :key, :content, :gold, :reason, :overlap, :ai, 'draft')
ON CONFLICT (project, key) DO NOTHING"""
LAST_POSITION = "SELECT coalesce(max(position), 0) FROM tasks WHERE project = :project"
SAME_KEY = "SELECT position FROM tasks WHERE project = :project AND key = :key"
# The first ordinary ones, of batches that are all there: looked up task by task, so that only the first are read.
SAMPLE = f"""
SELECT {columns(Task, "t.")} FROM tasks t WHERE t.project = :project AND t.gold IS NULL
AND t.position >= :start AND (SELECT b.arriving FROM batches b WHERE b.id = t.batch) = 0
ORDER BY t.position LIMIT :limit"""
RENAME = "UPDATE tasks SET key = :key WHERE project = :project AND position = :position"
AT = f"SELECT {_TASK} FROM tasks WHERE project = :project AND position = :position"
# What nobody has answered, but models have.
UNASKED = f"""
SELECT {_TASK} FROM tasks WHERE project = :project AND ai IS NOT NULL AND gold IS NULL AND received = 0
AND state IN ('open', 'closed') ORDER BY position"""
CHECKED = "SELECT 1 FROM tasks WHERE project = :project AND gold IS NOT NULL AND ai IS NOT NULL LIMIT 1"
HAS_OPINION = """
SELECT 1 FROM submissions WHERE task = :task AND answer IS NOT NULL AND state <> 'rejected' LIMIT 1"""
ONE_MORE = "UPDATE tasks SET overlap = received + 1 WHERE id = :task"
LOCK = f"UPDATE tasks SET received = received WHERE id = :id RETURNING {_TASK}"
# What was added and not launched yet, or is being opened, keeps its project open, too.
UNFINISHED = """
SELECT 1 WHERE EXISTS (SELECT 1 FROM tasks WHERE project = :project AND state = 'open' AND gold IS NULL)
OR EXISTS (SELECT 1 FROM batches WHERE project = :project AND launched = 0 AND ordinary > 0)
OR EXISTS (SELECT 1 FROM bulk_updates WHERE project = :project AND work = 'open')"""


TaskFields: TypeAlias = tuple[int, str, str, str | None, str | None, int, str | None]
"""(position, key, content, gold, reason, overlap, models' answers); content, gold and answers are JSON."""


def task_from(row: Row) -> Task:
    values = list(row)
    values[4] = unpack(values[4])
    values[5] = words(values[5]) if values[5] is not None else None
    values[12] = tuple(unpack(values[12])) if values[12] is not None else None
    values[14] = ai_from(values[14])
    return Task(*values)


def ai_from(packed: str | None) -> tuple[MachineAnswer, ...]:
    """[[model, answer, confidence], …], of a form with the question behind them."""
    return tuple(MachineAnswer(*each) for each in unpack(packed)) if packed else ()


class Tasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, task: TaskId) -> Task | None:
        known = self._db.get(TASKS, task)
        found: Task | None = self._keep(task, self._db.peek(BY_ID, id=task)) if known is ABSENT else known
        return found

    def foresee(self, tasks: Iterable[TaskId]) -> Foresight[None]:
        """Holds all of them."""
        wanted = [task for task in dict.fromkeys(tasks) if self._db.get(TASKS, task) is ABSENT]
        (found,) = yield [(BY_ID, [{"id": task} for task in wanted])]
        for task, rows in zip(wanted, found, strict=True):
            self._keep(task, rows)

    def _keep(self, task: TaskId, rows: list[Row]) -> Task | None:
        return cast(Task | None, self._db.keep(TASKS, task, task_from(rows[0]) if rows else None))

    def get(self, task: TaskId) -> Task:
        found = self.find(task)
        if found is None:
            raise LookupError(f"task {task}")
        return found

    def add(self, project: ProjectId, batch: int, tasks: Iterable[TaskFields]) -> int:
        """How many of them came in: all, unless a key was taken."""
        return self._db.fill(ADD, ((project, batch, *task) for task in tasks))

    def last_position(self, project: ProjectId) -> int:
        return int(first(self._db.one(LAST_POSITION, project=project)))

    def key_at(self, project: ProjectId, key: str) -> int | None:
        """The position of the task that has this key."""
        row = self._db.one(SAME_KEY, project=project, key=key)
        return None if row is None else int(row[0])

    def rename(self, project: ProjectId, position: int, key: str) -> None:
        """Of a batch that is not all there."""
        self._db.changed(RENAME, project=project, position=position, key=key)

    def sample(self, project: ProjectId, limit: int, start: int = 0) -> list[Task]:
        """Return the first ordinary tasks whose position is `start` or higher."""
        return [task_from(row) for row in self._db.all(SAMPLE, project=project, limit=limit, start=start)]

    def at(self, project: ProjectId, positions: Iterable[int]) -> list[Task]:
        """Those that are there."""
        rows = (self._db.one(AT, project=project, position=position) for position in positions)
        return [task_from(row) for row in rows if row]

    def receive(self, task: TaskId) -> Task:
        """One more answer; the task as it is then."""
        found = self.get(task)
        found = changed(found, received=found.received + 1)
        self._db.change(TASKS, task, found, received=found.received)
        return found

    def lock(self, task: TaskId) -> Task:
        """The task, locked until this transaction ends."""
        return task_from(self._db.all(LOCK, id=task)[0])

    def checks_models(self, project: ProjectId) -> bool:
        """Whether any gold task has a model's answer."""
        return self._db.one(CHECKED, project=project) is not None

    def conclude(
        self,
        task: TaskId,
        consensus: str | None,
        confidence: float | None,
        state: str,
        scores: tuple[float, ...] | None = None,
        scored: int = 0,
    ) -> None:
        """What was said while the task was open stays beside what refits say of it later."""
        found = self.get(task)
        said: dict[str, Any] = {"consensus": consensus, "confidence": confidence, "state": state, "scored": scored}
        live = {"live": consensus, "live_confidence": confidence} if found.state == "open" else {}
        made = changed(found, scores=scores, **said)
        self._db.change(TASKS, task, made, scores=None if scores is None else pack(scores), **said, **live)

    def unfinished(self, project: ProjectId) -> bool:
        return self._db.one(UNFINISHED, project=project) is not None
