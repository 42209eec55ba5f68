"""Tasks: rows of a batch, what was received for each, and what it came to."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.projects import ProjectId
from domain.tasks import Task, TaskId
from storage.connection import Connection, Row
from storage.records import columns, first, pack, unpack, words

_TASK = columns(Task)

BY_ID = f"SELECT {_TASK} FROM tasks WHERE id = :id"
ADD = """
INSERT INTO tasks (project, batch, position, key, content, gold, reason, overlap, state)
VALUES (:project, :batch, :position, :key, :content, :gold, :reason, :overlap, 'draft')"""
LAST_POSITION = "SELECT coalesce(max(position), 0) FROM tasks WHERE project = :project"
SAME_KEY = "SELECT key FROM tasks WHERE project = :project AND key = :key"
# What waits for a launch: how many ordinary, how many gold, how many submissions they ask for.
DRAFTED = """
SELECT count(*) FILTER (WHERE gold IS NULL), count(*) FILTER (WHERE gold IS NOT NULL),
  coalesce(sum(CASE WHEN gold IS NULL AND :max_overlap > overlap THEN :max_overlap ELSE overlap END), 0)
FROM tasks WHERE project = :project AND state = 'draft'"""
SAMPLE = f"""
SELECT {_TASK} FROM tasks WHERE project = :project AND gold IS NULL ORDER BY position LIMIT :limit"""
OPEN_DRAFTS = "UPDATE tasks SET state = 'open' WHERE project = :project AND state = 'draft'"
# The task's row is the lock under which its consensus is drawn.
RECEIVE = f"UPDATE tasks SET received = received + 1 WHERE id = :id RETURNING {_TASK}"
# What was said while the task was open stays beside what refits say of it later.
CONCLUDE = """
UPDATE tasks SET consensus = :consensus, confidence = :confidence, state = :state, scores = :scores,
  live = CASE WHEN state = 'open' THEN :consensus ELSE live END,
  live_confidence = CASE WHEN state = 'open' THEN :confidence ELSE live_confidence END WHERE id = :id"""
LOCK = f"UPDATE tasks SET received = received WHERE id = :id RETURNING {_TASK}"
# What was added and not launched yet keeps its project open, too.
UNFINISHED = "SELECT 1 FROM tasks WHERE project = :project AND state IN ('open', 'draft') AND gold IS NULL LIMIT 1"
END_ALL = "UPDATE tasks SET state = :state WHERE project = :project AND state IN ('open', 'draft')"


@dataclass(frozen=True, slots=True)
class NewTask:
    position: int
    key: str
    content: dict[str, str]
    gold: tuple[str, ...]
    reason: str | None
    overlap: int


@dataclass(frozen=True, slots=True)
class Drafted:
    """`submissions` counts all that can be asked for: what the budget must cover."""

    tasks: int
    gold: int
    submissions: int


def task_from(row: Row) -> Task:
    values = list(row)
    values[4] = unpack(values[4])
    values[5] = words(values[5]) if values[5] is not None else None
    values[12] = tuple(unpack(values[12])) if values[12] is not None else None
    return Task(*values)


class Tasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, task: TaskId) -> Task | None:
        row = self._db.one(BY_ID, id=task)
        return task_from(row) if row else None

    def get(self, task: TaskId) -> Task:
        found = self.find(task)
        if found is None:
            raise LookupError(f"task {task}")
        return found

    def add(self, project: ProjectId, batch: int, tasks: Iterable[NewTask]) -> None:
        self._db.many(
            ADD,
            (
                {
                    "project": project,
                    "batch": batch,
                    "position": task.position,
                    "key": task.key,
                    "content": pack(task.content),
                    "gold": pack(task.gold) if task.gold else None,
                    "reason": task.reason,
                    "overlap": task.overlap,
                }
                for task in tasks
            ),
        )

    def last_position(self, project: ProjectId) -> int:
        return int(first(self._db.one(LAST_POSITION, project=project)))

    def has_key(self, project: ProjectId, key: str) -> bool:
        return self._db.one(SAME_KEY, project=project, key=key) is not None

    def drafted(self, project: ProjectId, max_overlap: int) -> Drafted:
        row = self._db.all(DRAFTED, project=project, max_overlap=max_overlap)[0]
        return Drafted(int(row[0]), int(row[1]), int(row[2]))

    def sample(self, project: ProjectId, limit: int) -> list[Task]:
        return [task_from(row) for row in self._db.all(SAMPLE, project=project, limit=limit)]

    def open_drafts(self, project: ProjectId) -> int:
        return self._db.changed(OPEN_DRAFTS, project=project)

    def receive(self, task: TaskId) -> Task:
        return task_from(self._db.all(RECEIVE, id=task)[0])

    def lock(self, task: TaskId) -> Task:
        """The task, which nobody else can conclude before this transaction ends."""
        return task_from(self._db.all(LOCK, id=task)[0])

    def conclude(
        self,
        task: TaskId,
        consensus: str | None,
        confidence: float | None,
        state: str,
        scores: tuple[float, ...] | None = None,
    ) -> None:
        packed = None if scores is None else pack(scores)
        self._db.changed(CONCLUDE, id=task, consensus=consensus, confidence=confidence, state=state, scores=packed)

    def unfinished(self, project: ProjectId) -> bool:
        return self._db.one(UNFINISHED, project=project) is not None

    def end_all(self, project: ProjectId, state: str) -> None:
        self._db.changed(END_ALL, project=project, state=state)
