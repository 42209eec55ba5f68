"""Openings: the tasks that can be given out now, in a narrow table with a cursor per worker, so that choosing never
scans."""

from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.dispatch import Near, Place, by_position, by_return
from storage.drivers.connection import Connection
from storage.drivers.records import first, unpack

# Whether this worker had the task, or another person paid to the same bank account: one of them answers it. Looked up
# task by task: EXISTS would let PostgreSQL read all that was ever assigned, and look in that.
HAD = """((SELECT 1 FROM assignments a WHERE a.task = {task} AND a.worker = :worker LIMIT 1) IS NOT NULL
  OR (SELECT 1 FROM payee_mates m JOIN assignments b ON b.worker = m.mate
    WHERE m.person = :worker AND b.task = {task} LIMIT 1) IS NOT NULL)"""
# The first ahead of the cursor, and the first that came back since this worker looked, with what was answered so far
# and whether this worker had them: both looked up task by task. Each is walked over once in a worker's life, however
# many there are.
NEAR = f"""
SELECT few.task, few.position, few.back, few.came, (SELECT t.scores FROM tasks t WHERE t.id = few.task),
  CASE WHEN {HAD.format(task="few.task")} THEN 1 ELSE 0 END
FROM (SELECT * FROM (SELECT task, position, back, 0 AS came FROM openings WHERE project = :project AND gold = :gold
    AND position > :cursor ORDER BY position LIMIT :few) AS ahead
  UNION ALL SELECT * FROM (SELECT task, position, back, 1 AS came FROM openings WHERE project = :project
    AND gold = :gold AND back > 0 AND back > :back ORDER BY back LIMIT :few) AS returned) AS few"""
TAKE = "UPDATE openings SET free = free - 1 WHERE task = :task AND free > 1"
TAKE_LAST = "DELETE FROM openings WHERE task = :task AND free = 1"
RETURN = "INSERT INTO returned_places (task) VALUES (:task) RETURNING id"
GIVE_BACK = """
INSERT INTO openings (project, gold, position, task, free, back)
VALUES (:project, :gold, :position, :task, :free, :back)
ON CONFLICT (task) DO UPDATE SET free = openings.free + excluded.free, back = excluded.back"""
FORGET_RETURNS = """
DELETE FROM returned_places
WHERE id IN (SELECT id FROM returned_places WHERE id < (SELECT max(id) FROM returned_places) LIMIT :limit)"""
CLOSE = "DELETE FROM openings WHERE task = :task"
HAS = "SELECT 1 FROM openings WHERE task = :task"
ANY = "SELECT 1 FROM openings WHERE project = :project AND gold = :gold LIMIT 1"


class Openings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def near(self, worker: PersonId, project: ProjectId, gold: bool, cursor: int, back: int, few: int = 8) -> Near:
        """The next few places: never more than twice `few`, however large the project is."""
        where = {"worker": worker, "project": project, "gold": int(gold), "cursor": cursor, "back": back, "few": few}
        ahead: list[Place] = []
        returned: list[Place] = []
        for task, position, came_back, came, scores, had in self._db.all(NEAR, **where):
            known = tuple(unpack(scores)) if scores else None
            (returned if came else ahead).append(Place(TaskId(task), position, known, bool(had), came_back))
        return Near(sorted(ahead, key=by_position), sorted(returned, key=by_return))

    def take(self, task: TaskId) -> bool:
        """One place, if one is left: the guard and the count are one statement."""
        return self._db.changed(TAKE, task=task) == 1 or self._db.changed(TAKE_LAST, task=task) == 1

    def give_back(self, project: ProjectId, gold: bool, position: int, task: TaskId, free: int = 1) -> None:
        """Adds a returned place, or a new one behind workers' cursors: every worker looks at it once."""
        number = first(self._db.one(RETURN, task=task))
        where = {"project": project, "gold": int(gold), "position": position, "task": task}
        self._db.send(GIVE_BACK, **where, free=free, back=number)

    def forget_returns(self, limit: int) -> None:
        self._db.send(FORGET_RETURNS, limit=limit)

    def has(self, task: TaskId) -> bool:
        return self._db.one(HAS, task=task) is not None

    def close(self, task: TaskId) -> None:
        self._db.send(CLOSE, task=task)

    def any_left(self, project: ProjectId, gold: bool = False) -> bool:
        return self._db.one(ANY, project=project, gold=int(gold)) is not None
