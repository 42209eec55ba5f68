"""Openings: the tasks that can be given out now, in a narrow table with a cursor per worker, so that choosing never
scans."""

from bisect import bisect_right, insort
from collections.abc import (
    Callable,
    Container,
    Iterable,
    Sequence,
)
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Generic, TypeVar

from domain.draws import SHUFFLE_MASK
from domain.messages import changed, record
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import SKIPS_A_DAY
from domain.work.dispatch import (
    COMPARED,
    SPREAD,
    Near,
    Place,
    ProjectTurn,
    Reached,
)
from storage.drivers.connection import (
    Connection,
    Foresight,
    Row,
    foresee,
    read,
)
from storage.drivers.records import (
    each,
    first,
    of,
    words,
)
from storage.drivers.rows import ABSENT, Held, Table
from storage.projects.tasks import BY_ID, TASKS, task_from
from storage.secrets import CHOICES
from storage.work.assignments import HAD, HOLDERS

# A running project of which this worker skipped as many tasks today as can be skipped in a day.
SKIPPED_OUT = f"""
SELECT p.title FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.skipped_on = :today AND e.skipped >= {SKIPS_A_DAY} AND e.declined = 0
  AND p.state = 'running' ORDER BY e.project LIMIT 1"""


def _places(gold: int, cursor: str, back: str) -> str:
    """Openings behind where this worker looked: the first ahead, a few of which they may have had, and the first that
    came back since."""
    looked = "coalesce((SELECT e.{} FROM enrolments e WHERE e.worker = :worker AND e.project = :project), 0)"
    return f"""
  SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = {gold}
    AND shuffle_key > {looked.format(cursor)} ORDER BY shuffle_key LIMIT :most + {COMPARED}) AS ahead
  UNION SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = {gold}
    AND back > 0 AND back > {looked.format(back)} ORDER BY back LIMIT :most + {COMPARED}) AS returned"""


def _count_places(places: str) -> str:
    """Count each once; none this worker had, or somebody paid to the same bank account."""
    return f"""
SELECT count(*) FROM ({places}) AS few
WHERE NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = few.task AND a.worker = :worker)
AND NOT EXISTS (SELECT 1 FROM payee_mates m JOIN assignments b ON b.worker = m.mate
  WHERE m.person = :worker AND b.task = few.task)"""


_ORDINARY, _GOLD = _places(0, "cursor", "back"), _places(1, "gold_cursor", "gold_back")
# Gold comes among ordinary tasks only. But a number of ordinary tasks alone would show workers which of their tasks did
# not lower it.
HAS_PLACE = _count_places(_ORDINARY)
PLACES_LEFT = _count_places(f"{_ORDINARY} UNION {_GOLD}")
# A task that was skipped comes back under a new number: those that came back last are looked at.
SKIPPED_BY = """
SELECT count(*) FROM (
  SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = 0 AND back > 0
    ORDER BY back DESC LIMIT :most) AS ordinary
  UNION SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = 1 AND back > 0
    ORDER BY back DESC LIMIT :most) AS gold) AS few
JOIN assignments a ON a.task = few.task AND a.worker = :worker AND a.state = 'skipped'
WHERE few.task NOT IN (SELECT task FROM reports WHERE reporter = :worker)"""


class PlacesLeft:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def find_skipped_out(self, worker: PersonId, now: Moment) -> str | None:
        """Return the title of a project that offers this worker nothing more today, as they skipped so many tasks."""
        row = self._db.one(SKIPPED_OUT, worker=worker, today=now // DAY)
        return row[0] if row else None

    def has_place(self, worker: PersonId, project: ProjectId) -> bool:
        """Return whether an ordinary task is there for this worker."""
        return bool(first(self._db.one(HAS_PLACE, worker=worker, project=project, most=1)))

    def count(self, worker: PersonId, project: ProjectId, most: int) -> int:
        """Return how many tasks there are for this worker, gold included; counting ends at `most`."""
        return int(read(self._db, self.look(worker, project, most))[0])

    def look(self, worker: PersonId, project: ProjectId, most: int) -> Foresight[int]:
        """The same, beside other readings."""
        ((rows,),) = yield [(PLACES_LEFT, [{"worker": worker, "project": project, "most": most}])]
        return min(most, int(first(rows[0])))

    def count_skipped(self, worker: PersonId, project: ProjectId, most: int) -> int:
        """Of the tasks that came back last: how many are there to be given out that this worker skipped. Reporting
        one gives it back as skipping does: those are not counted."""
        return int(first(self._db.one(SKIPPED_BY, worker=worker, project=project, most=most)))


# The languages that are asked for, each kind of wish once.
AUDIENCES = """
WITH RECURSIVE wish (languages) AS (
  SELECT min(languages) FROM project_turns
  UNION ALL
  SELECT (SELECT min(t.languages) FROM project_turns t WHERE t.languages > wish.languages) FROM wish
  WHERE wish.languages IS NOT NULL
) SELECT languages FROM wish WHERE languages IS NOT NULL"""
# 0: nothing is given out there; 1: not to this worker; 2: there are places this worker has not looked at.
_PLACES = """CASE WHEN p.state <> 'running' OR p.paused <> '' THEN 0
  WHEN p.requester <> :worker AND coalesce(e.declined, 0) = 0 AND e.barred IS NULL
    AND NOT EXISTS (SELECT 1 FROM worker_blocks b WHERE b.requester = p.requester AND b.worker = :worker) AND (
    EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0 AND o.shuffle_key > coalesce(e.cursor, 0))
    OR EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0 AND o.back > 0
      AND o.back > coalesce(e.back, 0))) THEN 2
  WHEN EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0) THEN 1 ELSE 0 END"""

_LAST_ANSWER = f"""(
    SELECT s.submitted_at FROM submissions s WHERE {of("s.project", "few.project")}
    ORDER BY s.project DESC, s.id DESC LIMIT 1)"""


def _turns(few: str) -> str:
    """Of a few rows of project_turns (project, answered_at): what is so now, for this worker."""
    return f"""
SELECT few.project, few.answered_at, {_PLACES}, coalesce(
    {_LAST_ANSWER}, p.launched_at),
  coalesce(e.worth, 1), CASE WHEN e.later > 0 OR e.watch > 1 THEN 1 ELSE 0 END
FROM ({few}) AS few JOIN projects p ON p.id = few.project
LEFT JOIN enrolments e ON e.project = few.project AND e.worker = :worker
ORDER BY few.answered_at, few.project"""


NEXT = _turns("""
  SELECT project, answered_at FROM project_turns
  WHERE languages = :languages AND (answered_at, project) > (:answered_at, :after)
  ORDER BY answered_at, project LIMIT :few""")
TELLING = _turns("""
  SELECT t.project, t.answered_at FROM enrolments m JOIN project_turns t ON t.project = m.project
  WHERE m.worker = :worker AND m.worth > 1""")
ADD = """
INSERT INTO project_turns (project, languages, answered_at)
SELECT id, languages, 0 FROM projects WHERE id = :project AND state = 'running' AND paused = ''
ON CONFLICT (project) DO NOTHING"""
CORRECT = "UPDATE project_turns SET answered_at = :answered_at WHERE project = :project"
DELETE = """
DELETE FROM project_turns WHERE project = :project AND NOT EXISTS (
  SELECT 1 FROM projects p JOIN openings o ON o.project = p.id AND o.gold = 0
  WHERE p.id = :project AND p.state = 'running' AND p.paused = '')"""
COUNT = "SELECT count(*) FROM (SELECT 1 FROM project_turns LIMIT 50) AS few"

# Of those that come first by what is known of them, and ask for the same languages: one that waits for an answer.
WAITS = f"""
SELECT 1 FROM (
  SELECT t.project FROM projects p JOIN project_turns t ON t.languages = p.languages WHERE p.id = :project
  ORDER BY t.answered_at, t.project LIMIT :few) AS few
WHERE few.project <> :project
  AND coalesce({_LAST_ANSWER}, 0) < :before
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = few.project AND o.gold = 0) LIMIT 1"""


SOME_TURNS = "SELECT project FROM project_turns LIMIT 2"
FEW = Held(("project_turns", "openings", "projects"))  # two of them at most; triggers add some
WISHES = Held(("project_turns", "openings", "projects"))  # the languages that are asked for

UNREAD = Reached(Moment(-1), ProjectId(0))


class ProjectTurns:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def audiences(self, suits: Callable[[tuple[str, ...]], bool]) -> list[str]:
        """The wishes of languages that suit a worker, as they are stored."""
        found = self._db.get(WISHES, None)
        if found is ABSENT:
            found = self._db.keep(WISHES, None, each(self._db.all(AUDIENCES)))
        return [wish for wish in found if suits(words(wish))]

    def telling(self, worker: PersonId) -> Foresight[list[ProjectTurn]]:
        """Where the worker's answers tell more than the average."""
        ((rows,),) = yield [(TELLING, [{"worker": worker}])]
        return self._turns(rows)

    def next(
        self, worker: PersonId, languages: str, reached: Reached, few: int
    ) -> Foresight[tuple[list[ProjectTurn], Reached | None]]:
        """Of the next few projects those with a place for this worker; and how far was read, None at the end."""
        about = {"worker": worker, "languages": languages, "few": few}
        ((rows,),) = yield [(NEXT, [{**about, "answered_at": reached.answered_at, "after": reached.project}])]
        last = Reached(Moment(rows[-1][1]), ProjectId(rows[-1][0])) if len(rows) == few else None
        return self._turns(rows), last

    def any_waits(self, before: Moment, project: ProjectId, few: int) -> bool:
        """Whether another project than this one has places, and had no answer since then."""
        return self._db.one(WAITS, before=before, project=project, few=few) is not None

    def is_alone(self, project: ProjectId) -> bool:
        """Whether there is no other."""
        found = self._db.get(FEW, None)
        if found is ABSENT:
            found = self._db.keep(FEW, None, frozenset(each(self._db.peek(SOME_TURNS))))
        return bool(found <= {project})

    def count(self) -> int:
        """How many there are, up to 50."""
        return int(self._db.all(COUNT)[0][0])

    def add(self, project: ProjectId) -> None:
        """Gives out places again, or for the first time."""
        self._db.changed(ADD, project=project)

    def _turns(self, rows: list[Row]) -> list[ProjectTurn]:
        """What was found out of date is corrected."""
        for project, known, places, answered_at, *_ in rows:
            if not places:
                self._db.send(DELETE, project=project)
            elif known != answered_at:
                self._db.send(CORRECT, project=project, answered_at=answered_at)
        return [
            ProjectTurn(ProjectId(project), answered_at, worth, bool(later))
            for project, _, places, answered_at, worth, later in rows
            if places == 2
        ]


T = TypeVar("T")
Where = tuple[ProjectId, int]  # a project, and whether it is its gold


@record
class Looking:
    """From where a worker looks, in a project, at ordinary tasks or at gold, and at how many places."""

    worker: PersonId
    project: ProjectId
    gold: bool
    cursor: int
    back: int
    few: int

    @property
    def where(self) -> Where:
        return self.project, int(self.gold)

    def asked(self, behind: int, more: int) -> dict[str, int]:
        return {"project": self.project, "gold": int(self.gold), "behind": behind, "few": self.few + more}


class Unread:
    """What has to be read, by project and behind what."""

    def __init__(self) -> None:
        self.asked: dict[tuple[Where, int], dict[str, int]] = {}

    def ask(self, place: Looking, behind: int | None, more: int) -> None:
        if behind is not None:
            asked = place.asked(behind, more)
            known = self.asked.setdefault((place.where, behind), asked)
            known["few"] = max(known["few"], asked["few"])

    def first_only(self, room: int) -> None:
        """Of each project what comes first, with room for `room` more."""
        first = dict[Where, int]()
        for where, behind in sorted(self.asked):
            first.setdefault(where, behind)
        self.asked = {
            at: {**asked, "few": asked["few"] + room} for at, asked in self.asked.items() if first[at[0]] == at[1]
        }


class Window(Generic[T]):
    def __init__(self) -> None:
        self._rows: dict[int, T] = {}
        self._order: list[int] = []
        self._bounds: list[tuple[int, float]] = []  # (behind, up to): all between is known; in order, apart

    def add(self, behind: int, rows: Sequence[tuple[int, T]], asked: int) -> None:
        """The first rows behind a place, of so many that were asked for: fewer are all there are."""
        for at, row in rows:
            if at not in self._rows:
                insort(self._order, at)
            self._rows[at] = row
        self._join(behind, rows[-1][0] if len(rows) >= asked else inf)

    def behind(self, place: int, few: int, gone: Container[T]) -> tuple[list[T], int | None]:
        """The first few behind a place that are not gone; and behind what more has to be read, if it has."""
        order, rows, upto = self._order, self._rows, self._known_from(place)
        found: list[T] = []
        begin, end = bisect_right(order, place), len(order) if upto == inf else bisect_right(order, upto)
        while (lacking := few - len(found)) and begin < end:
            following = order[begin : min(end, begin + lacking)]
            found += [row for at in following if (row := rows[at]) not in gone]
            begin += lacking
        return found, None if len(found) == few or upto == inf else int(upto)

    def _known_from(self, place: int) -> float:
        """Up to where nothing is missing behind a place."""
        number = bisect_right(self._bounds, (place, inf)) - 1
        return max(place, self._bounds[number][1]) if number >= 0 else place

    def _join(self, behind: int, upto: float) -> None:
        apart = [bounds for bounds in self._bounds if bounds[1] < behind or bounds[0] > upto]
        meets = [bounds for bounds in self._bounds if not (bounds[1] < behind or bounds[0] > upto)]
        joined = min([behind, *(low for low, _ in meets)]), max([upto, *(high for _, high in meets)])
        self._bounds = sorted([*apart, joined])


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
