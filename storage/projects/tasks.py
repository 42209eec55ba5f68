"""Tasks: rows of a batch, number of answers, consensus."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias, cast

from domain.messages import changed
from domain.moments import DAY, Moment, later
from domain.normalization import remove_direction_signs
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId, Wording, WorkedExample
from domain.projects.tasks import Task, TaskId
from domain.quality.machine import MachineAnswer
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, pack, single_value, unpack, unpack_tuple
from storage.drivers.rows import ABSENT, Table
from storage.invariants import Invariant

PIECE = 768 << 10  # bytes of one row
UNUSED = 1 * DAY  # an upload that was not finished by then is not coming
AFTERWARDS = 30 * DAY  # after its end a project's media may still be looked at

PUT = """
INSERT INTO media (content, part, body, stored_at) VALUES (:content, :part, :body, :now)
ON CONFLICT (content, part) DO UPDATE SET stored_at = excluded.stored_at"""
TOUCH = "UPDATE media SET stored_at = :now WHERE content = :content AND part = 0"
BODY = "SELECT body FROM media WHERE content = :content ORDER BY part"
LINK = """
INSERT INTO project_media (project, content, size, linked_at) VALUES (:project, :content, :size, :now)
ON CONFLICT (project, content) DO NOTHING"""
COPY = """
INSERT INTO project_media (project, content, size, linked_at)
SELECT CAST(:project AS BIGINT), content, size, CAST(:now AS BIGINT) FROM project_media WHERE project = :source
ON CONFLICT (project, content) DO NOTHING"""
WAITING = """
SELECT coalesce(sum(m.size), 0) FROM projects p JOIN project_media m ON m.project = p.id
WHERE p.requester = :requester AND p.state = 'draft' AND p.arriving = 0"""
UNLINK = """
DELETE FROM project_media WHERE linked_at < :unused AND project IN (
  SELECT p.id FROM projects p WHERE p.id = project_media.project
  AND (p.ended_at < :ended OR (p.state = 'draft' AND p.arriving = 1)))"""
UNUSED_ONES = """
SELECT m.content FROM media m WHERE m.part = 0 AND m.stored_at < :unused
AND NOT EXISTS (SELECT 1 FROM project_media p WHERE p.content = m.content) ORDER BY m.stored_at LIMIT :limit"""
DROP = "DELETE FROM media WHERE content = :content"


class MediaFileRecords:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def is_known(self, content: str) -> bool:
        """Return whether the file is stored, and keep it for a while from now on, whether or not a project shows it.
        Its first piece is stored last, so that a known file is complete."""
        return self._db.changed(TOUCH, content=content, now=self._now) == 1

    def store_piece(self, content: str, part: int, piece: bytes) -> None:
        self._db.changed(PUT, content=content, part=part, body=b64encode(piece).decode(), now=self._now)

    def body(self, content: str) -> bytes | None:
        pieces = [str(single_value(row)) for row in self._db.all(BODY, content=content)]
        return b"".join(map(b64decode, pieces)) if pieces else None

    def link(self, project: ProjectId, media: Iterable[tuple[str, int]]) -> None:
        """This project shows these: contents and sizes."""
        for content, size in media:
            self._db.changed(LINK, project=project, content=content, size=size, now=self._now)

    def copy(self, source: ProjectId, project: ProjectId) -> None:
        self._db.changed(COPY, source=source, project=project, now=self._now)

    def waiting(self, requester: PersonId) -> int:
        """Bytes of the media of their drafts."""
        return int(single_value(self._db.one(WAITING, requester=requester)))

    def prune(self, limit: int) -> None:
        unused, ended = later(self._now, -UNUSED), later(self._now, -AFTERWARDS)
        self._db.changed(UNLINK, unused=unused, ended=ended)
        for row in self._db.all(UNUSED_ONES, unused=unused, limit=limit):
            self._db.changed(DROP, content=single_value(row))


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
SELECT_LIVE = "SELECT live FROM tasks WHERE id = :id"
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
    values[5] = unpack_tuple(values[5]) if values[5] is not None else None
    values[12] = tuple(unpack(values[12])) if values[12] is not None else None
    values[14] = ai_from(values[14])
    return Task(*values)


def ai_from(packed: str | None) -> tuple[MachineAnswer, ...]:
    """Return the models' answers from [[model, answer, confidence], …]; for a form, with the question behind them."""
    return tuple(MachineAnswer(*fields) for fields in unpack(packed)) if packed else ()


class Tasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, task: TaskId) -> Task | None:
        cached = self._db.get(TASKS, task)
        task_row: Task | None = self._keep(task, self._db.peek(BY_ID, id=task)) if cached is ABSENT else cached
        return task_row

    def foresee(self, tasks: Iterable[TaskId]) -> Foresight[None]:
        """Load these tasks into the cache."""
        missing = [task for task in dict.fromkeys(tasks) if self._db.get(TASKS, task) is ABSENT]
        (rows_by_task,) = yield [(BY_ID, [{"id": task} for task in missing])]
        for task, rows in zip(missing, rows_by_task, strict=True):
            self._keep(task, rows)

    def _keep(self, task: TaskId, rows: list[Row]) -> Task | None:
        return cast(Task | None, self._db.keep(TASKS, task, task_from(rows[0]) if rows else None))

    def get(self, task: TaskId) -> Task:
        task_row = self.find(task)
        if task_row is None:
            raise LookupError(f"task {task}")
        return task_row

    def add(self, project: ProjectId, batch: int, tasks: Iterable[TaskFields]) -> int:
        """Add the tasks; return how many were added: all, unless a key was taken."""
        return self._db.fill(ADD, ((project, batch, *task) for task in tasks))

    def last_position(self, project: ProjectId) -> int:
        return int(single_value(self._db.one(LAST_POSITION, project=project)))

    def key_at(self, project: ProjectId, key: str) -> int | None:
        """The position of the task that has this key."""
        row = self._db.one(SAME_KEY, project=project, key=key)
        return None if row is None else int(row[0])

    def rename(self, project: ProjectId, position: int, key: str) -> None:
        """Rename a task of a batch that is not complete."""
        self._db.changed(RENAME, project=project, position=position, key=key)

    def sample(self, project: ProjectId, limit: int, start: int = 0) -> list[Task]:
        """Return the first ordinary tasks whose position is `start` or higher."""
        return [task_from(row) for row in self._db.all(SAMPLE, project=project, limit=limit, start=start)]

    def list_at(self, project: ProjectId, positions: Iterable[int]) -> list[Task]:
        """Return the tasks at these positions; positions without one are left out."""
        rows = (self._db.one(AT, project=project, position=position) for position in positions)
        return [task_from(row) for row in rows if row]

    def receive(self, task: TaskId) -> Task:
        """Count one more answer; return the changed task."""
        task_row = self.get(task)
        task_row = changed(task_row, received=task_row.received + 1)
        self._db.change(TASKS, task, task_row, received=task_row.received)
        return task_row

    def find_live(self, task: TaskId) -> str | None:
        """Return the live consensus of a task that is not finished, or None."""
        row = self._db.one(SELECT_LIVE, id=task)
        return None if row is None else cast(str | None, row[0])

    def lock(self, task: TaskId) -> Task:
        """The task, locked until this transaction ends."""
        return task_from(self._db.all(LOCK, id=task)[0])

    def checks_models(self, project: ProjectId) -> bool:
        """Return whether any gold task has a model's answer."""
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
        """Store the task's consensus and state. The consensus reached while the task was open is stored beside the one
        that refits find later."""
        task_row = self.get(task)
        conclusion: dict[str, Any] = {
            "consensus": consensus,
            "confidence": confidence,
            "state": state,
            "scored": scored,
        }
        live = {"live": consensus, "live_confidence": confidence} if task_row.state == "open" else {}
        concluded = changed(task_row, scores=scores, **conclusion)
        self._db.change(TASKS, task, concluded, scores=None if scores is None else pack(scores), **conclusion, **live)

    def unfinished(self, project: ProjectId) -> bool:
        return self._db.one(UNFINISHED, project=project) is not None


KEEP = """
INSERT INTO project_versions (project, number, title, instructions, pictures, examples, made_by, made_at)
VALUES (:project, :number, :title, :instructions, :pictures, :examples, :by, :at)"""
OF = """
SELECT title, instructions, pictures, examples FROM project_versions WHERE project = :project AND number = :number"""
ALL = """
SELECT number, title, instructions, pictures, examples, made_by, made_at FROM project_versions
WHERE project = :project ORDER BY number"""
REWORD = """
UPDATE projects SET title = :title, instructions = :instructions, pictures = :pictures, examples = :examples,
  version = :version WHERE id = :project AND version <= :version"""


class Version(NamedTuple):
    number: int
    wording: Wording
    made_by: PersonId
    made_at: Moment


def packed(examples: tuple[WorkedExample, ...]) -> str:
    return pack([[example.item, example.answer, example.why, example.picture] for example in examples])


def unpacked(examples: str) -> tuple[WorkedExample, ...]:
    return tuple(WorkedExample(*fields) for fields in json.loads(examples)) if examples != "[]" else ()


def _wording(title: str, instructions: str, pictures: str, examples: str) -> Wording:
    return Wording(title, unpack_tuple(instructions), unpack_tuple(pictures), unpacked(examples))


class Versions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find(self, project: ProjectId, number: int) -> Wording | None:
        """Return a version's wording, or None before the first edit and for a number that does not exist."""
        row = self._db.one(OF, project=project, number=number)
        return _wording(*row) if row else None

    def all(self, project: ProjectId) -> list[Version]:
        rows = self._db.all(ALL, project=project)
        return [Version(row[0], _wording(*row[1:5]), PersonId(row[5]), Moment(row[6])) for row in rows]

    def keep(self, project: ProjectId, number: int, wording: Wording, by: PersonId, moment: Moment) -> None:
        self._db.changed(KEEP, project=project, number=number, by=by, at=moment, **columns_of(wording))

    def reword(self, project: ProjectId, wording: Wording, version: int) -> bool:
        """Store what workers read from now on. Return False if the project is not at this version."""
        return self._db.changed(REWORD, project=project, version=version, **columns_of(wording)) == 1


def columns_of(wording: Wording | Project) -> dict[str, str]:
    """Return what workers read as columns, without characters that change the direction of text."""
    lines = pack(tuple(map(remove_direction_signs, wording.instructions)))
    text_columns = {"instructions": lines, "pictures": pack(wording.pictures)}
    return {"title": remove_direction_signs(wording.title), **text_columns, "examples": packed(wording.examples)}


# Rules 6, 11 and 12 for rejections: disputed pay ends once, each rejection has its grounds, no appeal waits past
# a deadline.
# Each edit of the instructions is stored; a task and its answer have the version that the worker read.
VERSIONS_ARE_STORED = Invariant(
    11,
    "each version of a project's instructions is kept",
    """
SELECT 'project ' || p.id AS subject, 'version ' || p.version || ' with ' || count(v.number) || ' kept' AS detail
FROM projects p LEFT JOIN project_versions v ON v.project = p.id
GROUP BY p.id, p.version HAVING count(v.number) <> CASE WHEN p.version = 1 THEN 0 ELSE p.version END
UNION ALL
SELECT 'project ' || p.id, 'workers read something else than its newest version' FROM projects p
JOIN project_versions v ON v.project = p.id AND v.number = p.version
WHERE v.title <> p.title OR v.instructions <> p.instructions OR v.pictures <> p.pictures OR v.examples <> p.examples""",
)
ANSWERS_NAME_VERSIONS = Invariant(
    11,
    "an answer names the version of its task",
    """
SELECT 'submission ' || s.id AS subject, 'version ' || s.version || ', its task ' || a.version AS detail
FROM submissions s JOIN assignments a ON a.id = s.assignment JOIN projects p ON p.id = s.project
WHERE s.version <> a.version OR a.version < 1 OR a.version > p.version""",
)
