"""Reviews: tasks that come one at a time, in a batch of their own."""

from uuid import uuid4

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import REVIEWS, TaskId, batch_of
from storage.drivers.connection import Connection
from storage.drivers.records import first
from storage.projects.batches import Batches

LAUNCHED = "UPDATE batches SET launched = 1 WHERE id = :batch"
ADD = """
INSERT INTO tasks (project, batch, position, key, content, overlap, ai, state)
SELECT CAST(:project AS BIGINT), CAST(:batch AS BIGINT), coalesce(max(position), 0) + 1,
  coalesce(CAST(:key AS TEXT), 'review ' || (coalesce(max(position), 0) + 1)), CAST(:content AS TEXT),
  CAST(:overlap AS BIGINT), CAST(:ai AS TEXT), 'open' FROM tasks WHERE project = :project
ON CONFLICT (project, key) DO NOTHING RETURNING id"""
GROWN = """
UPDATE batches SET tasks = tasks + 1, staged = staged + 1, ordinary = ordinary + 1, asked = asked + :most,
  bytes = bytes + :size, imported_at = :now WHERE id = :batch"""
SAME = "SELECT id, content, ai FROM tasks WHERE project = :project AND key = :key"
KEPT_IN = "SELECT 1 FROM tasks t JOIN batches b ON b.id = t.batch WHERE t.id = :task AND b.fingerprint = :named"
# Rows that come, or wait for a launch: theirs are the next positions.
ARRIVING = "SELECT 1 FROM batches WHERE project = :project AND launched = 0 AND tasks > 0 LIMIT 1"


class ModelReviews:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def batch(self, project: ProjectId, requester: PersonId) -> int:
        """The one that holds them; made with the first."""
        batches = Batches(self._db, self._now)
        known = batches.of_file(requester, batch_of(project))
        if known is not None:
            return known.id
        made = batches.begin(project, requester, batch_of(project), REVIEWS, 0)
        batches.show(made)
        self._db.changed(LAUNCHED, batch=made.id)
        return made.id

    def are_taken(self, project: Project) -> bool:
        """Whether any was ever sent to it."""
        return Batches(self._db, self._now).of_file(project.requester, batch_of(project.id)) is not None

    def others_wait(self, project: ProjectId) -> bool:
        return self._db.one(ARRIVING, project=project) is not None

    def add(self, batch: int, project: Project, key: str | None, content: str, ai: str) -> TaskId:
        """Open, and offered to nobody yet. A `key` is free, as `same` told under the project's lock; without one the
        task is named by its place, or by chance where somebody else's key has that name."""
        about = {"project": project.id, "batch": batch, "content": content, "overlap": project.overlap, "ai": ai}
        row = self._db.one(ADD, **about, key=key)
        if row is None and key is None:
            row = self._db.one(ADD, **about, key=f"review {uuid4().hex}")
        made = first(row)
        most, size = project.largest(project.overlap), len(content) + len(ai)
        self._db.changed(GROWN, batch=batch, most=most, size=size, now=self._now)
        return TaskId(made)

    def same(self, project: ProjectId, key: str) -> tuple[TaskId, str, str | None] | None:
        """The task of this key, its content and models' answers, as JSON."""
        row = self._db.one(SAME, project=project, key=key)
        return (TaskId(row[0]), row[1], row[2]) if row else None

    def holds(self, project: ProjectId, task: TaskId) -> bool:
        """Whether this task is a review."""
        return self._db.one(KEPT_IN, task=task, named=batch_of(project)) is not None
