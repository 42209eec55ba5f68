"""What can be given out now: a narrow table with a cursor per worker, so that choosing never scans."""

from domain.dispatch import Place
from domain.people import PersonId
from domain.projects import ProjectId
from domain.tasks import TaskId
from storage.connection import Connection
from storage.records import unpack

FEW = 8

# Whether this worker had the task, or somebody who is paid to the same bank account: one of them answers it.
HAD = """EXISTS (SELECT 1 FROM assignments a WHERE a.task = {task} AND (a.worker = :worker
  OR a.worker IN (SELECT m.mate FROM payee_mates m WHERE m.person = :worker)))"""
NOT_HAD = "NOT " + HAD.format(task="o.task")
AFTER = f"""
SELECT o.task, o.position FROM openings o WHERE o.project = :project AND o.gold = :gold AND o.position > :cursor
AND {NOT_HAD} ORDER BY o.position LIMIT 1"""
# Behind the cursor: places that came back, among tasks this worker has not had.
BEHIND = f"""
SELECT o.task, o.position FROM openings o WHERE o.project = :project AND o.gold = :gold AND o.position <= :cursor
AND {NOT_HAD} ORDER BY o.position LIMIT 1"""
# The oldest ahead of the cursor and behind it, with what was answered so far, and whether this worker had them.
NEAR = f"""
SELECT few.task, few.position, t.scores,
  CASE WHEN {HAD.format(task="few.task")} THEN 1 ELSE 0 END
FROM (SELECT * FROM (SELECT task, position FROM openings WHERE project = :project AND gold = 0
    AND position > :cursor ORDER BY position LIMIT {FEW}) AS ahead
  UNION ALL SELECT * FROM (SELECT task, position FROM openings WHERE project = :project AND gold = 0
    AND position <= :cursor ORDER BY position LIMIT {FEW}) AS behind) AS few
JOIN tasks t ON t.id = few.task ORDER BY few.position"""
# Anywhere, among tasks this worker has not had: where nothing near is left.
ANYWHERE = f"""
SELECT o.task, o.position FROM openings o WHERE o.project = :project AND o.gold = 0
AND {NOT_HAD} ORDER BY o.position LIMIT 1"""
TAKE = "UPDATE openings SET free = free - 1 WHERE task = :task AND free > 1"
TAKE_LAST = "DELETE FROM openings WHERE task = :task AND free = 1"
GIVE_BACK = """
INSERT INTO openings (project, gold, position, task, free) VALUES (:project, :gold, :position, :task, 1)
ON CONFLICT (task) DO UPDATE SET free = openings.free + 1"""
CLOSE = "DELETE FROM openings WHERE task = :task"
HAS = "SELECT 1 FROM openings WHERE task = :task"
ANY = "SELECT 1 FROM openings WHERE project = :project AND gold = :gold LIMIT 1"


class Openings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def next_for(self, worker: PersonId, project: ProjectId, gold: bool, cursor: int) -> tuple[TaskId, int] | None:
        """The first opening after the worker's cursor, else one behind it: (task, position)."""
        where = {"project": project, "gold": int(gold), "cursor": cursor, "worker": worker}
        row = self._db.one(AFTER, **where) or self._db.one(BEHIND, **where)
        return (TaskId(row[0]), row[1]) if row else None

    def near(self, worker: PersonId, project: ProjectId, cursor: int) -> list[Place]:
        """The few places whose turn it is, oldest first: never more than twice FEW, whatever the project holds."""
        rows = self._db.all(NEAR, worker=worker, project=project, cursor=cursor)
        return [Place(TaskId(row[0]), row[1], tuple(unpack(row[2])) if row[2] else None, bool(row[3])) for row in rows]

    def anywhere(self, worker: PersonId, project: ProjectId) -> Place | None:
        row = self._db.one(ANYWHERE, worker=worker, project=project)
        return Place(TaskId(row[0]), row[1]) if row else None

    def take(self, task: TaskId) -> bool:
        """One place, if one is left: the guard and the count are one statement."""
        return self._db.changed(TAKE, task=task) == 1 or self._db.changed(TAKE_LAST, task=task) == 1

    def give_back(self, project: ProjectId, gold: bool, position: int, task: TaskId) -> None:
        self._db.changed(GIVE_BACK, project=project, gold=int(gold), position=position, task=task)

    def has(self, task: TaskId) -> bool:
        return self._db.one(HAS, task=task) is not None

    def close(self, task: TaskId) -> None:
        self._db.changed(CLOSE, task=task)

    def any_left(self, project: ProjectId) -> bool:
        return self._db.one(ANY, project=project, gold=0) is not None

    def any_gold(self, project: ProjectId) -> bool:
        return self._db.one(ANY, project=project, gold=1) is not None
