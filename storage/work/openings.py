"""Openings: the tasks that can be given out now, in a narrow table with a cursor per worker, so that choosing never
scans."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from domain.draws import SHUFFLE_MASK
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.records import changed, record
from domain.work.dispatch import SPREAD, Near, Place
from storage.drivers.connection import Connection, Foresight, Row, foresee
from storage.drivers.records import each, first
from storage.drivers.rows import ABSENT, Held, Table
from storage.drivers.secrets import CHOICES
from storage.projects.tasks import BY_ID, TASKS, task_from
from storage.work.assignments import HAD, HOLDERS
from storage.work.windows import Looking, Unread, Where, Window

# The place of a task in the shuffled order of its project, by the secret of this installation.
SHUFFLE_KEY = f"shuffle_key((SELECT value FROM secrets WHERE name = '{CHOICES}'), {{0}})"
# The first ahead of a worker's cursor, and the first that came back since this worker looked. Each is walked over once
# in a worker's life, however many there are.
AHEAD = """
SELECT shuffle_key, task, shuffle_key, back, free FROM openings
WHERE project = :project AND gold = :gold AND shuffle_key > :behind ORDER BY shuffle_key LIMIT :few"""
RETURNED = """
SELECT back, task, shuffle_key, back, free FROM openings
WHERE project = :project AND gold = :gold AND back > 0 AND back > :behind ORDER BY back LIMIT :few"""
OF_TASK = "SELECT project, gold, shuffle_key, back, free FROM openings WHERE task = :task"
RETURN = "INSERT INTO returned_places (task) VALUES (:task) RETURNING id"
GIVE_BACK = f"""
INSERT INTO openings (project, gold, shuffle_key, task, free, back)
VALUES (:project, :gold, {SHUFFLE_KEY.format(":task")}, :task, :free, :back)
ON CONFLICT (task) DO UPDATE SET free = openings.free + excluded.free, back = excluded.back"""
FORGET_RETURNS = """
DELETE FROM returned_places
WHERE id IN (SELECT id FROM returned_places WHERE id < (SELECT max(id) FROM returned_places) LIMIT :limit)"""
LAST = "SELECT max(position) FROM tasks WHERE project = :project"
SOME = "SELECT task FROM openings WHERE project = :project AND gold = :gold LIMIT :few"
MATES = "SELECT mate FROM payee_mates WHERE person = :worker"

OPENINGS = Table(("openings",), lasts=True, order=3, keys=("task",), guard="free")
LEFT = Held(("openings",))  # by project and gold: a task that had a place
TAKEN = Held(("openings",))  # by project and gold: tasks without a place, as far as that may not be written yet
WINDOWS = Held(("openings",))  # by project and gold: what is known ahead, and of what came back
PAID_ALIKE = Held(("payee_mates",), lasts=True)  # by worker: who is paid to the same bank account
SPACING_USES = 1_000  # after which the spacing of a project is read again: more tasks may have come
SPARE = 4  # read beyond what is asked for: another worker's answer may take some of it meanwhile


# A place from its fields, in half the time of `Place(…)`: each choice looks at some ten.
place_of: Callable[[tuple[TaskId, int, tuple[float, ...] | None, bool, int]], Place] = partial(tuple.__new__, Place)
Seen = tuple[list[TaskId], int | None]


@record
class Opening:
    project: ProjectId
    gold: int
    shuffle_key: int
    back: int
    free: int


@dataclass(frozen=True, slots=True)
class Windows:
    """Of the places of a project, ordinary or gold: in their shuffled order, and by the number of their return."""

    ahead: Window[TaskId]
    returned: Window[TaskId]


class Openings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def near(self, worker: PersonId, project: ProjectId, gold: bool, cursor: int, back: int, few: int = 8) -> Near:
        """The next few places: never more than twice `few`, whatever the project holds."""
        where = project, int(gold)
        (ahead, more), (returned, others) = self._seen(where, cursor, back, few)
        if more is not None or others is not None:
            foresee(self._db, self.look([Looking(worker, project, gold, cursor, back, few)]))
            (ahead, _), (returned, _) = self._seen(where, cursor, back, few)
        try:
            return self._near(worker, ahead, returned)
        except KeyError:  # of some of them is not known who had them
            following = self._windows(where).ahead.behind(cursor, few + self._spare, self._taken(where))
            foresee(self._db, self.know([worker], [*ahead, *returned, *following[0]]))
            return self._near(worker, ahead, returned)

    def sees_one(self, worker: PersonId, project: ProjectId, cursor: int) -> bool:
        """Whether it is at hand that this worker has not had the first ordinary place ahead."""
        where = project, 0
        tasks, _ = self._windows(where).ahead.behind(cursor, 1, self._taken(where))
        try:
            return bool(tasks) and not self._near(worker, tasks, []).ahead[0].had
        except KeyError:
            return False

    def spacing(self, project: ProjectId) -> int:
        """Return the mean distance of a project's tasks in the shuffled order, as it was not long ago."""
        spacing, uses = self._db.remembered.get((Openings, project), (0, SPACING_USES))
        if uses >= SPACING_USES:
            last = first(self._db.peek(LAST, project=project)[0])
            spacing, uses = SHUFFLE_MASK // max(1, last or 1), 0
        self._db.remembered[Openings, project] = spacing, uses + 1
        return int(spacing)

    def look(self, places: Sequence[Looking]) -> Foresight[list[TaskId]]:
        """Hold and return the tasks seen from these places that are not taken; most are read with the first place."""
        few = SPARE if len(places) > 1 else self._spare
        tasks, left = list[TaskId](), [*places]
        while True:
            ahead, returned, unread = Unread(), Unread(), list[Looking]()
            for place in left:
                (near, more), (back, others) = self._seen(place.where, place.cursor, place.back, place.few)
                ahead.ask(place, more, few)
                returned.ask(place, others, few)
                if more is None and others is None:
                    tasks += near + back
                else:
                    unread.append(place)
            if not unread:
                return tasks
            if len(left) == len(places):
                ahead.first_only(len(places) + SPREAD)
                returned.first_only(len(places))
            found = yield [(AHEAD, [*ahead.asked.values()]), (RETURNED, [*returned.asked.values()])]
            for (where, behind), rows in zip(ahead.asked, found[0], strict=True):
                self._keep(where, self._windows(where).ahead, behind, rows, ahead.asked[where, behind]["few"])
            for (where, behind), rows in zip(returned.asked, found[1], strict=True):
                self._keep(where, self._windows(where).returned, behind, rows, returned.asked[where, behind]["few"])
            left = unread

    def know(self, workers: Sequence[PersonId], tasks: Iterable[TaskId]) -> Foresight[None]:
        """Holds the tasks, who had them, and who of these workers is paid to somebody else's account."""
        tasks = list(dict.fromkeys(tasks))
        unread = [task for task in tasks if self._db.get(HOLDERS, task) is ABSENT]
        unknown = [worker for worker in workers if self._db.get(PAID_ALIKE, worker) is ABSENT]
        new = [task for task in tasks if self._db.get(TASKS, task) is ABSENT]
        found = yield [
            (MATES, [{"worker": worker} for worker in unknown]),
            (HAD, [{"task": task} for task in unread]),
            (BY_ID, [{"id": task} for task in new]),
        ]
        for worker, rows in zip(unknown, found[0], strict=True):
            self._db.keep(PAID_ALIKE, worker, frozenset((worker, *each(rows))))
        for task, rows in zip(unread, found[1], strict=True):
            self._db.keep(HOLDERS, task, frozenset(each(rows)))
        for task, rows in zip(new, found[2], strict=True):
            self._db.keep(TASKS, task, task_from(rows[0]))

    @property
    def _spare(self) -> int:
        """How many of those that are ahead others may take, who share the commit."""
        return max(SPARE, self._db.together // 2) if self._db.together > 1 else 0

    def _seen(self, where: Where, cursor: int, back: int, few: int) -> tuple[Seen, Seen]:
        windows, gone = self._windows(where), self._taken(where)
        return windows.ahead.behind(cursor, few, gone), windows.returned.behind(back, few, gone)

    def _windows(self, where: Where) -> Windows:
        found = self._db.get(WINDOWS, where)
        windows: Windows = self._db.keep(WINDOWS, where, Windows(Window(), Window())) if found is ABSENT else found
        return windows

    def _taken(self, where: Where) -> frozenset[TaskId]:
        found = self._db.get(TAKEN, where)
        return frozenset() if found is ABSENT else found

    def _keep(self, where: Where, window: Window[TaskId], behind: int, rows: list[Row], asked: int) -> None:
        for _, task, shuffle_key, back, free in rows:
            if self._db.get(OPENINGS, task) is ABSENT:
                self._db.keep(OPENINGS, task, Opening(*where, shuffle_key, back, free))
        if rows:
            self._db.keep(LEFT, where, rows[-1][1])
        window.add(behind, [(row[0], row[1]) for row in rows], asked)

    def _near(self, worker: PersonId, ahead: list[TaskId], returned: list[TaskId]) -> Near:
        """What is held of these places. Raises KeyError where something of it is not."""
        held = self._db.held
        openings, holders, known = held(OPENINGS), held(HOLDERS), held(TASKS)
        is_new = held(PAID_ALIKE)[worker].isdisjoint
        places = [
            place_of((task, (at := openings[task]).shuffle_key, known[task].scores, not is_new(holders[task]), at.back))
            for task in (*ahead, *returned)
        ]
        return Near(places[: len(ahead)], places[len(ahead) :])

    def take(self, task: TaskId) -> bool:
        """One place, if one is left."""
        found = self._find(task)
        if found is None:
            return False
        if found.free == 1:
            self._remove(task, found)
        else:
            self._db.change(OPENINGS, task, changed(found, free=found.free - 1), guard=found.free, free=found.free - 1)
        return True

    def give_back(self, project: ProjectId, gold: bool, task: TaskId, free: int = 1) -> None:
        """Add a returned place, or that of a new task, under a number that each worker looks at once."""
        number = first(self._db.one(RETURN, task=task))
        self._db.send(GIVE_BACK, project=project, gold=int(gold), task=task, free=free, back=number)

    def forget_returns(self, limit: int) -> None:
        self._db.send(FORGET_RETURNS, limit=limit)

    def has(self, task: TaskId) -> bool:
        return self._find(task) is not None

    def close(self, task: TaskId) -> None:
        found = self._find(task)
        if found is not None:
            self._remove(task, found)

    def any_left(self, project: ProjectId, gold: bool = False) -> bool:
        where = project, int(gold)
        known = self._db.get(LEFT, where)
        if known is not ABSENT and self._find(known) is not None:
            return True
        taken = self._taken(where)
        rows = self._db.peek(SOME, project=project, gold=int(gold), few=len(taken) + 1)
        left = [row[0] for row in rows if row[0] not in taken]
        if left:
            self._db.keep(LEFT, where, left[0])
        return bool(left)

    def foresee(self, tasks: Sequence[TaskId]) -> Foresight[None]:
        """Holds what of these can be given out."""
        (found,) = yield [(OF_TASK, [{"task": task} for task in tasks])]
        for task, rows in zip(tasks, found, strict=True):
            if self._db.get(OPENINGS, task) is ABSENT:
                self._db.keep(OPENINGS, task, Opening(*rows[0]) if rows else None)

    def _find(self, task: TaskId) -> Opening | None:
        known = self._db.get(OPENINGS, task)
        if known is ABSENT:
            rows = self._db.peek(OF_TASK, task=task)
            known = self._db.keep(OPENINGS, task, Opening(*rows[0]) if rows else None)
        found: Opening | None = known
        return found

    def _remove(self, task: TaskId, found: Opening) -> None:
        where = found.project, found.gold
        self._db.remove(OPENINGS, task, guard=found.free)
        self._db.put(TAKEN, where, self._taken(where) | {task})
