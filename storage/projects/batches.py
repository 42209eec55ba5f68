"""Batches: the rows of one file, written in steps, visible when complete, counted for their launch."""

from dataclasses import dataclass
from typing import Any

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, pack, unpack
from storage.projects.pay_raises import MoreAnswers


@dataclass(frozen=True, slots=True)
class Batch:
    """`staged` of its `tasks` rows are written, from position `start` on. While `arriving` it is invisible."""

    id: int
    project: ProjectId
    start: int
    tasks: int
    staged: int
    arriving: bool

    @property
    def end(self) -> int:
        """The position of the last row that is written."""
        return self.start + self.staged - 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """Batches that wait for a launch. `submissions` is the largest number of answers, which the budget must cover.
    `first` and `last` are positions."""

    tasks: int
    gold: int
    submissions: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Unlaunched:
    """Rows and bytes of files that a requester brought and has not launched."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Old:
    """A project with files not launched for long."""

    project: ProjectId
    requester: PersonId


_BATCH = columns(Batch)
EVERY = 2**62  # behind the last position of any project

BEGIN = f"""
INSERT INTO batches (project, requester, fingerprint, file_name, tasks, bytes, start, arriving, imported_at)
SELECT :project, :requester, :fingerprint, :file_name, :tasks, :bytes, coalesce(max(position), 0) + 1, 1, :now
FROM tasks WHERE project = :project
ON CONFLICT (requester, fingerprint) DO NOTHING RETURNING {_BATCH}"""
BY_ID = f"SELECT {_BATCH} FROM batches WHERE id = :id"
OF_FILE = f"SELECT {_BATCH} FROM batches WHERE requester = :requester AND fingerprint = :fingerprint"
# The same bytes, asked for otherwise, in this project or another that has not ended.
SAME_FILE = """
SELECT b.project, p.title FROM batches b JOIN projects p ON p.id = b.project
WHERE b.requester = :requester AND b.fingerprint LIKE :content AND b.id <> :batch AND b.arriving = 0
AND (b.project = :project OR p.state IN ('draft', 'running')) ORDER BY b.project = :project DESC, b.id DESC LIMIT 1"""
OF_MESSAGE = """
SELECT project FROM batches WHERE requester = :requester AND message = :message AND arriving = 0
ORDER BY id DESC LIMIT 1"""
OF_PROJECT = f"SELECT {_BATCH} FROM batches WHERE project = :project ORDER BY id LIMIT 2"
FINGERPRINTS = "SELECT fingerprint, tasks FROM batches WHERE project = :project AND arriving = 0 ORDER BY id"
CAME_WITH = "UPDATE batches SET message = :message WHERE id = :id"
READ_SO = "UPDATE batches SET first_row = :told WHERE id = :id"
FIRST_ROW = """
SELECT first_row FROM batches WHERE project = :project AND arriving = 0 AND first_row IS NOT NULL
ORDER BY id DESC LIMIT 1"""
GONE = "DELETE FROM batches WHERE id = :id AND launched = 0"
# The guard of each step: concurrent uploads of the same file are serialised.
GROW = f"""
UPDATE batches SET staged = staged + :rows, ordinary = ordinary + :ordinary, gold = gold + :gold,
  asked = asked + :asked, imported_at = :now
WHERE id = :id AND staged = :staged AND arriving = 1 RETURNING {_BATCH}"""
SHRINK = f"UPDATE batches SET staged = :staged WHERE id = :id AND arriving = 1 RETURNING {_BATCH}"
UNSTAGE = "DELETE FROM tasks WHERE project = :project AND position > :after AND batch = :id"
DROP = "DELETE FROM batches WHERE id = :id AND arriving = 1 AND staged = 0"
# What is noted of a draft: whose it is, who looks at it, what was sent or is to be sent of it, what it shows.
LEFT_WITH_DRAFTS = ("deliveries", "hub_pushes", "project_media", "team_projects", "team_pushes")
UNTIE = tuple(f"DELETE FROM {table} WHERE project = :project" for table in LEFT_WITH_DRAFTS)
UNCHANGE = "DELETE FROM changed_projects WHERE project = :project AND work IN ('refit', 'evidence', 'progress', 'rest')"
GOES = """
SELECT p.id FROM projects p WHERE p.id = :project AND p.arriving = 1
AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.project = :project)
AND NOT EXISTS (SELECT 1 FROM pay_raises r WHERE r.project = :project)
AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.project = :project)"""
DROP_PROJECT = "DELETE FROM projects WHERE id = :project AND arriving = 1"
# What its requester lets go of is taken out like what was never brought to its end.
LET_GO = "UPDATE batches SET arriving = 1, imported_at = 0 WHERE project = :project AND launched = 0"
# Rows behind which others have come meanwhile would lie where workers have passed already.
SHOW = """
UPDATE batches SET arriving = 0, imported_at = :now WHERE id = :id AND arriving = 1 AND staged = tasks
AND NOT EXISTS (
  SELECT 1 FROM batches b WHERE b.project = batches.project AND b.arriving = 0 AND b.start > batches.start)"""
SHOW_PROJECT = "UPDATE projects SET arriving = 0 WHERE id = :project AND arriving = 1"
# Complete uploads that their sender has not used since.
STALE = f"SELECT {_BATCH} FROM batches WHERE arriving = 1 AND imported_at < :before ORDER BY imported_at LIMIT 1"
UNLAUNCHED = """
SELECT coalesce(sum(tasks), 0), coalesce(sum(bytes), 0) FROM batches WHERE requester = :requester AND launched = 0"""
# All that a project waits to launch has lain for long, and is not being taken out already.
OLD = """
SELECT project, requester FROM batches WHERE launched = 0 AND arriving = 0 AND imported_at < :before
AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.project = batches.project AND b.launched = 0
  AND b.imported_at >= :before)
ORDER BY imported_at LIMIT 1"""
WAITING = """
SELECT coalesce(sum(ordinary), 0), coalesce(sum(gold), 0), coalesce(sum(asked), 0), coalesce(min(start), 1),
  coalesce(max(start + tasks - 1), 0)
FROM batches WHERE project = :project AND arriving = 0 AND launched = 0 AND start <= :upto"""
LAUNCH = """
UPDATE batches SET launched = 1 WHERE project = :project AND arriving = 0 AND launched = 0 AND start <= :upto"""
# A task became gold before it was opened, even if its batch is launched: it is asked its overlap.
GOLD_MADE = """
UPDATE batches SET ordinary = ordinary - 1, gold = gold + 1,
  asked = asked - (SELECT CASE WHEN p.confidence IS NULL OR p.max_overlap < t.overlap THEN 0
    ELSE p.max_overlap - t.overlap END FROM tasks t JOIN projects p ON p.id = t.project WHERE t.id = :task)
WHERE id = (SELECT batch FROM tasks WHERE id = :task)"""


def batch_from(row: Row) -> Batch:
    values = list(row)
    values[5] = bool(values[5])
    return Batch(*values)


def pilot_mark(project: ProjectId) -> str:
    """Return the fingerprint of the batch that holds the project's pilot: no file's is like it."""
    return f"pilot:{project}"


class Batches:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self.more = MoreAnswers(connection)

    def begin(
        self, project: ProjectId, requester: PersonId, fingerprint: str, file_name: str, tasks: int, size: int = 0
    ) -> Batch:
        """Store and return a batch without rows. Raise LookupError if this file was imported before."""
        columns = {"project": project, "requester": requester, "fingerprint": fingerprint, "file_name": file_name}
        row = self._db.one(BEGIN, **columns, tasks=tasks, bytes=size, now=self._now)
        if row is None:
            raise LookupError(f"file {fingerprint}")
        return batch_from(row)

    def of_file(self, requester: PersonId, fingerprint: str) -> Batch | None:
        row = self._db.one(OF_FILE, requester=requester, fingerprint=fingerprint)
        return batch_from(row) if row else None

    def same_file(self, requester: PersonId, fingerprint: str, batch: Batch) -> tuple[ProjectId, str] | None:
        """Number and title of the project that has this very file beside this batch: its own, else the newest one."""
        content = fingerprint.partition(":")[0] + ":%"
        row = self._db.one(SAME_FILE, requester=requester, content=content, batch=batch.id, project=batch.project)
        return (ProjectId(row[0]), row[1]) if row else None

    def of_message(self, requester: PersonId, message: int) -> ProjectId | None:
        """The project whose file came with this message."""
        row = self._db.one(OF_MESSAGE, requester=requester, message=message)
        return ProjectId(row[0]) if row else None

    def of_project(self, project: ProjectId) -> list[Batch]:
        """The first two."""
        return [batch_from(row) for row in self._db.all(OF_PROJECT, project=project)]

    def fingerprints(self, project: ProjectId) -> list[list[Any]]:
        """Return [fingerprint, rows] of all files that were imported completely; a pilot's rows count with their
        file."""
        rows = [list(row) for row in self._db.all(FINGERPRINTS, project=project)]
        files = [row for row in rows if row[0] != pilot_mark(project)]
        if files:
            files[0][1] += sum(row[1] for row in rows if row[0] == pilot_mark(project))
        return files

    def came_with(self, batch: Batch, message: int) -> None:
        self._db.changed(CAME_WITH, id=batch.id, message=message)

    def store_reading(self, batch: Batch, reading: dict[str, Any]) -> None:
        """Store how the first row of the batch's file was taken, and where the file is found again."""
        self._db.changed(READ_SO, id=batch.id, told=pack(reading))

    def first_row(self, project: ProjectId) -> dict[str, Any] | None:
        """Return how the first row of the newest file was taken, as `read_so` stored it, or None."""
        row = self._db.one(FIRST_ROW, project=project)
        return unpack(row[0]) if row else None

    def unload(self, batch: Batch) -> None:
        """A draft's rows go at once, and the batch with them."""
        self._db.changed(UNSTAGE, project=batch.project, id=batch.id, after=batch.start - 1)
        self._db.changed(GONE, id=batch.id)

    def find(self, batch: int) -> Batch | None:
        row = self._db.one(BY_ID, id=batch)
        return batch_from(row) if row else None

    def grow(self, batch: Batch, ordinary: int, gold: int, most_answers: int) -> Batch | None:
        """Return the batch with these rows added, or None if another import moved it on since."""
        counts = {"rows": ordinary + gold, "ordinary": ordinary, "gold": gold, "asked": most_answers}
        row = self._db.one(GROW, id=batch.id, staged=batch.staged, now=self._now, **counts)
        return batch_from(row) if row else None

    def shrink(self, batch: Batch, staged: int) -> Batch | None:
        """Takes the last rows of an arriving batch out again, down to `staged`."""
        row = self._db.one(SHRINK, id=batch.id, staged=staged)
        if row is not None:
            self._db.changed(UNSTAGE, project=batch.project, id=batch.id, after=batch.start + staged - 1)
        return batch_from(row) if row else None

    def drop(self, batch: Batch) -> bool:
        """Delete a batch without rows, and its project if it has no other. Return whether the batch was deleted."""
        dropped = self._db.changed(DROP, id=batch.id) == 1
        if dropped and self._db.one(GOES, project=batch.project) is not None:
            for statement in (*UNTIE, UNCHANGE, DROP_PROJECT):
                self._db.changed(statement, project=batch.project)
        return dropped

    def let_go(self, project: ProjectId) -> None:
        self._db.changed(LET_GO, project=project)

    def show(self, batch: Batch) -> bool:
        """Make a complete batch visible, and its project with it. Return False if it was visible."""
        is_new = self._db.changed(SHOW, id=batch.id, now=self._now) == 1
        return is_new and self._db.changed(SHOW_PROJECT, project=batch.project) >= 0

    def stale(self, before: Moment) -> Batch | None:
        row = self._db.one(STALE, before=before)
        return batch_from(row) if row else None

    def unlaunched(self, requester: PersonId) -> Unlaunched:
        return Unlaunched(*map(int, self._db.all(UNLAUNCHED, requester=requester)[0]))

    def old(self, before: Moment) -> Old | None:
        """The project whose files have waited longest for a launch, all of them since before then."""
        row = self._db.one(OLD, before=before)
        return Old(ProjectId(row[0]), PersonId(row[1])) if row else None

    def waiting(self, project: ProjectId, upto: int = EVERY) -> Waiting:
        """Return what waits to be launched, of batches that begin at a position up to this one."""
        return Waiting(*map(int, self._db.all(WAITING, project=project, upto=upto)[0]))

    def launch(self, project: ProjectId, upto: int = EVERY) -> None:
        self._db.changed(LAUNCH, project=project, upto=upto)

    def gold_made(self, task: int) -> None:
        self._db.changed(GOLD_MADE, task=task)
