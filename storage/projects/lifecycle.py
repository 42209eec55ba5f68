"""Bulk updates in steps: opening tasks after a launch, closing them after an end, notifying workers."""

from dataclasses import dataclass

from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, single_value, single_values
from storage.work.openings import SHUFFLE_KEY


@dataclass(frozen=True, slots=True)
class BulkUpdate:
    """`work` open or close: tasks up to `position`, of those up to `last`. Work wake: parked workers up to the one
    served at `served_at` whose id is `position`."""

    project: ProjectId
    work: str
    position: int
    last: int
    served_at: int


ALL = f"SELECT {columns(BulkUpdate)} FROM bulk_updates ORDER BY project, work LIMIT 100"
# A launch while another is being carried out reaches as far as both.
BEGIN = """
INSERT INTO bulk_updates (project, work, position, last) VALUES (:project, :work, :position, :last)
ON CONFLICT (project, work) DO UPDATE SET served_at = -1,
  position = CASE WHEN excluded.position < bulk_updates.position THEN excluded.position ELSE bulk_updates.position END,
  last = CASE WHEN excluded.last > bulk_updates.last THEN excluded.last ELSE bulk_updates.last END"""
OF = f"SELECT {columns(BulkUpdate)} FROM bulk_updates WHERE project = :project AND work = :work"
ADVANCE = """
UPDATE bulk_updates SET position = :position, served_at = :served_at
WHERE project = :project AND work = :work AND position = :was AND served_at = :was_served_at"""
END = "DELETE FROM bulk_updates WHERE project = :project AND work = :work"
# How many answers a task of a stopped project still lacks, and how many more it can be asked for: what is in a hand
# is on its way. Known answers that were set aside stay closed, and HITs that expired or moved to another type.
_LIVE = "(SELECT count(*) FROM assignments a WHERE a.task = tasks.id AND a.state = 'active')"
_MOST = """(SELECT CASE WHEN tasks.gold IS NULL AND p.confidence IS NOT NULL AND p.max_overlap > tasks.overlap
  THEN p.max_overlap ELSE tasks.overlap END FROM projects p WHERE p.id = :project)"""
_STOPPED = f"""tasks.state = 'stopped' AND tasks.received + {_LIVE} < {_MOST}
  AND NOT EXISTS (SELECT 1 FROM gold_challenges x WHERE x.task = tasks.id)
  AND NOT EXISTS (SELECT 1 FROM turk_tasks t JOIN turk_hits h ON h.id = t.hit
    WHERE t.task = tasks.id AND (h.open = 0 OR h.task <> tasks.id))"""
_LAUNCHED = f"""project = :project AND position > :after AND position <= :upto
AND (state = 'draft' OR ({_STOPPED}))
AND batch IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.launched = 1)"""
# Beside models' answers people are asked one at a time, as long as the consensus is unsure.
ONE_BY_ONE = """{0}.ai IS NOT NULL AND {0}.gold IS NULL
  AND (SELECT p.confidence FROM projects p WHERE p.id = {0}.project) IS NOT NULL"""
OPEN_PLACES = f"""
INSERT INTO openings (project, gold, shuffle_key, task, free)
SELECT project, CASE WHEN gold IS NULL THEN 0 ELSE 1 END, {SHUFFLE_KEY.format("id")}, id,
  CASE WHEN {ONE_BY_ONE.format("tasks")} THEN 1
    WHEN state = 'draft' THEN overlap WHEN overlap > received + {_LIVE} THEN overlap - received - {_LIVE} ELSE 1 END
FROM tasks WHERE {_LAUNCHED}"""
# They come anywhere in the shuffled order: workers who had tasks before look from its beginning.
LOOK_AGAIN = """
UPDATE enrolments SET cursor = 0, gold_cursor = 0 WHERE project = :project AND (cursor > 0 OR gold_cursor > 0)"""
OPEN_TASKS = f"""
UPDATE tasks SET state = 'open' WHERE {_LAUNCHED}
RETURNING CASE WHEN gold IS NULL AND received > 0 THEN 1 ELSE 0 END"""
# What a stopped project can be continued with: ordinary tasks, gold, and answers that can still be asked for.
LEFT = f"""
SELECT coalesce(sum(CASE WHEN gold IS NULL THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN gold IS NULL THEN 0 ELSE 1 END), 0),
  coalesce(sum({_MOST} - received - {_LIVE}), 0)
FROM tasks WHERE project = :project AND {_STOPPED}
AND batch IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.launched = 1)"""
CLOSE_PLACES = """
DELETE FROM openings
WHERE task IN (SELECT id FROM tasks WHERE project = :project AND position > :after AND position <= :upto)"""
CLOSE_TASKS = """
UPDATE tasks SET state = :state WHERE project = :project AND position > :after AND position <= :upto
AND state IN ('open', 'draft') RETURNING CASE WHEN gold IS NULL AND received > 0 THEN 1 ELSE 0 END"""
# There may be something for parked workers again. Workers parked again meanwhile are not notified twice.
WAKE = """
UPDATE people SET idle = 1 WHERE id IN (SELECT id FROM people WHERE idle = 2 AND (served_at, id) > (:served_at, :after)
  ORDER BY served_at, id LIMIT :limit)
RETURNING served_at, id"""


class BulkUpdates:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def all(self) -> list[BulkUpdate]:
        return [BulkUpdate(*row) for row in self._db.all(ALL)]

    def begin(self, project: ProjectId, work: str, after: int = 0, last: int = 0) -> None:
        self._db.changed(BEGIN, project=project, work=work, position=after, last=last)

    def find(self, project: ProjectId, work: str) -> BulkUpdate | None:
        row = self._db.one(OF, project=project, work=work)
        return BulkUpdate(*row) if row else None

    def advance(self, stride: BulkUpdate, position: int, served_at: int = -1) -> bool:
        """False when another process has advanced it."""
        was = {"was": stride.position, "was_served_at": stride.served_at}
        to = {"position": position, "served_at": served_at}
        return self._db.changed(ADVANCE, project=stride.project, work=stride.work, **was, **to) == 1

    def end(self, project: ProjectId, work: str) -> None:
        self._db.changed(END, project=project, work=work)

    def open(self, project: ProjectId, after: int, upto: int) -> int:
        """Launched tasks of these positions can be given out, those of a stopped project again; how many ordinary ones
        had answers."""
        where = {"project": project, "after": after, "upto": upto}
        self._db.changed(OPEN_PLACES, **where)
        self._db.changed(LOOK_AGAIN, project=project)
        return sum(row[0] for row in self._db.all(OPEN_TASKS, **where))

    def count_resumable(self, project: ProjectId) -> tuple[int, int, int]:
        """Return (ordinary tasks, gold, answers) with which a stopped project can go on."""
        tasks, gold, answers = self._db.all(LEFT, project=project)[0]
        return int(tasks), int(gold), int(answers)

    def close(self, project: ProjectId, after: int, upto: int, state: str) -> int:
        """Close the tasks at these positions; return how many ordinary ones had answers and were not done."""
        where = {"project": project, "after": after, "upto": upto}
        self._db.changed(CLOSE_PLACES, **where)
        return sum(row[0] for row in self._db.all(CLOSE_TASKS, **where, state=state))

    def wake(self, served_at: int, after: int, limit: int) -> tuple[int, int, int]:
        """(count, served_at, id): the number of parked workers woken, and the last of them."""
        rows = self._db.all(WAKE, served_at=served_at, after=after, limit=limit)
        return (len(rows), *max((row[0], row[1]) for row in rows)) if rows else (0, served_at, after)


AT_ONCE = 50_000  # answers counted by one sweep

LOCK = "UPDATE progress_counted SET up_to = up_to WHERE name = 'changed' RETURNING up_to"
LAST = "SELECT max(id) FROM submissions"
MOVE = "UPDATE progress_counted SET up_to = :up_to WHERE name = 'changed'"
COUNT = """
INSERT INTO changed_projects (work, project, answers)
SELECT f.work, few.project, few.answers
FROM (SELECT project, count(*) AS answers FROM submissions WHERE id > :after AND id <= :up_to GROUP BY project) AS few
CROSS JOIN (SELECT 'refit' AS work UNION ALL SELECT 'evidence' UNION ALL SELECT 'progress') AS f
WHERE few.answers > 0
ON CONFLICT (work, project) DO UPDATE SET answers = changed_projects.answers + excluded.answers"""
ADD = """
INSERT INTO changed_projects (work, project)
SELECT f.work, p.id FROM projects p CROSS JOIN (
  SELECT 'refit' AS work UNION ALL SELECT 'evidence' UNION ALL SELECT 'progress' UNION ALL SELECT 'rest') AS f
WHERE p.id = :project
ON CONFLICT (work, project) DO UPDATE SET check_at = 0"""
DUE = "SELECT project FROM changed_projects WHERE work = :work AND answers >= check_at ORDER BY project"
WAIT = "UPDATE changed_projects SET check_at = answers + :answers WHERE work = :work AND project = :project"
DONE = "DELETE FROM changed_projects WHERE work = :work AND project = :project"


class ChangedProjects:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project: ProjectId) -> None:
        """Every sweep looks at it again."""
        self._db.send(ADD, project=project)

    def due(self, work: str) -> list[ProjectId]:
        """Return the projects to be looked at now, with the answers of this moment."""
        after = int(single_value(self._db.one(LOCK), 0))
        up_to = min(int(single_value(self._db.one(LAST), 0)), after + AT_ONCE)
        if up_to > after:
            self._db.changed(COUNT, after=after, up_to=up_to)
            self._db.changed(MOVE, up_to=up_to)
        return single_values(self._db.all(DUE, work=work))

    def wait(self, work: str, project: ProjectId, answers: int) -> None:
        """Put the project off until it has this many more answers."""
        self._db.send(WAIT, work=work, project=project, answers=answers)

    def mark_done(self, work: str, project: ProjectId) -> None:
        """Put the project off until something else changes in it."""
        self._db.send(DONE, work=work, project=project)
