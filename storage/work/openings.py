"""Openings: the tasks that can be given out now, in a narrow table with a cursor per worker, so that choosing never
scans."""

from bisect import bisect_right, insort
from collections.abc import Callable, Container, Iterable, Sequence
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
from domain.work.dispatch import COMPARED_PLACES, SPREAD_TASKS, NearbyPlaces, OpenPlace, ProjectTurn, TurnPosition
from storage.drivers.connection import Connection, Foresight, Row, foresee, read_current
from storage.drivers.records import equals_by_range, single_value, single_values, unpack_tuple
from storage.drivers.rows import ABSENT, Holding, Table
from storage.invariants import Invariant
from storage.projects.tasks import BY_ID, TASKS, task_from
from storage.secrets import CHOICES
from storage.work.assignments import HOLDERS, SELECT_HOLDERS

# A running project of which this worker skipped as many tasks today as can be skipped in a day.
SKIPPED_OUT = f"""
SELECT p.title FROM enrolments e JOIN projects p ON p.id = e.project
WHERE e.worker = :worker AND e.skipped_on = :today AND e.skipped >= {SKIPS_A_DAY} AND e.declined = 0
  AND p.state = 'running' ORDER BY e.project LIMIT 1"""


def _places(gold: int, cursor: str, back: str) -> str:
    """Return SQL for the openings behind a worker's cursors: the first ahead, a few of which they may have had, and the
    first that came back since."""
    looked = "coalesce((SELECT e.{} FROM enrolments e WHERE e.worker = :worker AND e.project = :project), 0)"
    return f"""
  SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = {gold}
    AND shuffle_key > {looked.format(cursor)} ORDER BY shuffle_key LIMIT :most + {COMPARED_PLACES}) AS ahead
  UNION SELECT * FROM (SELECT task FROM openings WHERE project = :project AND gold = {gold}
    AND back > 0 AND back > {looked.format(back)} ORDER BY back LIMIT :most + {COMPARED_PLACES}) AS returned"""


def _count_places(places: str) -> str:
    """Return SQL that counts each opening once, without those this worker, or somebody paid to the same bank account,
    had."""
    return f"""
SELECT count(*) FROM ({places}) AS few
WHERE NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task = few.task AND a.worker = :worker)
AND NOT EXISTS (SELECT 1 FROM payee_mates m JOIN assignments b ON b.worker = m.mate
  WHERE m.person = :worker AND b.task = few.task)"""


_ORDINARY, _GOLD = _places(0, "cursor", "back"), _places(1, "gold_cursor", "gold_back")
# Gold comes among ordinary tasks only. But a number of ordinary tasks alone would show workers which of their tasks did
# not lower it.
COUNT_ORDINARY_LEFT = _count_places(_ORDINARY)
COUNT_LEFT = _count_places(f"{_ORDINARY} UNION {_GOLD}")
# A task that was skipped comes back under a new number: those that came back last are looked at.
COUNT_SKIPPED = """
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
        return bool(single_value(self._db.one(COUNT_ORDINARY_LEFT, worker=worker, project=project, most=1)))

    def count(self, worker: PersonId, project: ProjectId, max_count: int) -> int:
        """Return how many tasks there are for this worker, gold included; counting ends at `max_count`."""
        return int(read_current(self._db, self.look(worker, project, max_count))[0])

    def look(self, worker: PersonId, project: ProjectId, most: int) -> Foresight[int]:
        """Read how many tasks there are for this worker, as `count` does, together with other readings."""
        ((rows,),) = yield [(COUNT_LEFT, [{"worker": worker, "project": project, "most": most}])]
        return min(most, int(single_value(rows[0])))

    def count_skipped(self, worker: PersonId, project: ProjectId, most: int) -> int:
        """Return how many of the tasks that came back last this worker skipped; tasks they reported are not counted."""
        return int(single_value(self._db.one(COUNT_SKIPPED, worker=worker, project=project, most=most)))


# The languages that are asked for, each kind of wish once.
SELECT_AUDIENCES = """
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
    SELECT s.submitted_at FROM submissions s WHERE {equals_by_range("s.project", "few.project")}
    ORDER BY s.project DESC, s.id DESC LIMIT 1)"""


def _turns(few: str) -> str:
    """Return SQL that checks a few rows of project_turns (project, answered_at) against the present state, for this
    worker."""
    return f"""
SELECT few.project, few.answered_at, {_PLACES}, coalesce(
    {_LAST_ANSWER}, p.launched_at),
  coalesce(e.worth, 1), CASE WHEN e.later > 0 OR e.watch > 1 THEN 1 ELSE 0 END
FROM ({few}) AS few JOIN projects p ON p.id = few.project
LEFT JOIN enrolments e ON e.project = few.project AND e.worker = :worker
ORDER BY few.answered_at, few.project"""


SELECT_NEXT_TURNS = _turns("""
  SELECT project, answered_at FROM project_turns
  WHERE languages = :languages AND (answered_at, project) > (:answered_at, :after)
  ORDER BY answered_at, project LIMIT :few""")
SELECT_INFORMATIVE_TURNS = _turns("""
  SELECT t.project, t.answered_at FROM enrolments m JOIN project_turns t ON t.project = m.project
  WHERE m.worker = :worker AND m.worth > 1""")
INSERT_TURN = """
INSERT INTO project_turns (project, languages, answered_at)
SELECT id, languages, 0 FROM projects WHERE id = :project AND state = 'running' AND paused = ''
ON CONFLICT (project) DO NOTHING"""
CORRECT_TURN = "UPDATE project_turns SET answered_at = :answered_at WHERE project = :project"
DELETE_TURN = """
DELETE FROM project_turns WHERE project = :project AND NOT EXISTS (
  SELECT 1 FROM projects p JOIN openings o ON o.project = p.id AND o.gold = 0
  WHERE p.id = :project AND p.state = 'running' AND p.paused = '')"""
COUNT_TURNS = "SELECT count(*) FROM (SELECT 1 FROM project_turns LIMIT 50) AS few"

# Of those that come first by what is known of them, and ask for the same languages: one that waits for an answer.
SELECT_WAITING_TURN = f"""
SELECT 1 FROM (
  SELECT t.project FROM projects p JOIN project_turns t ON t.languages = p.languages WHERE p.id = :project
  ORDER BY t.answered_at, t.project LIMIT :few) AS few
WHERE few.project <> :project
  AND coalesce({_LAST_ANSWER}, 0) < :before
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = few.project AND o.gold = 0) LIMIT 1"""


SELECT_TWO_TURNS = "SELECT project FROM project_turns LIMIT 2"
TWO_TURNS = Holding(("project_turns", "openings", "projects"))  # two of them at most; triggers add some
WISHES = Holding(("project_turns", "openings", "projects"))  # the languages that are asked for

UNREAD = TurnPosition(Moment(-1), ProjectId(0))


class ProjectTurns:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def audiences(self, suits: Callable[[tuple[str, ...]], bool]) -> list[str]:
        """Return the stored language wishes of projects that suit a worker."""
        wishes = self._db.get(WISHES, None)
        if wishes is ABSENT:
            wishes = self._db.keep(WISHES, None, single_values(self._db.all(SELECT_AUDIENCES)))
        return [wish for wish in wishes if suits(unpack_tuple(wish))]

    def telling(self, worker: PersonId) -> Foresight[list[ProjectTurn]]:
        """Return the projects where the worker's answers are more informative than the average."""
        ((rows,),) = yield [(SELECT_INFORMATIVE_TURNS, [{"worker": worker}])]
        return self._turns(rows)

    def next(
        self, worker: PersonId, languages: str, position: TurnPosition, limit: int
    ) -> Foresight[tuple[list[ProjectTurn], TurnPosition | None]]:
        """Return those of the next few projects that have a place for this worker, and how far was read, None at the
        end."""
        values = {"worker": worker, "languages": languages, "few": limit}
        ((rows,),) = yield [
            (SELECT_NEXT_TURNS, [{**values, "answered_at": position.answered_at, "after": position.project}])
        ]
        last = TurnPosition(Moment(rows[-1][1]), ProjectId(rows[-1][0])) if len(rows) == limit else None
        return self._turns(rows), last

    def any_waits(self, before: Moment, project: ProjectId, limit: int) -> bool:
        """Return whether another project than this one has places, and had no answer since then."""
        return self._db.one(SELECT_WAITING_TURN, before=before, project=project, few=limit) is not None

    def is_alone(self, project: ProjectId) -> bool:
        """Return whether no other project has a turn."""
        some_projects = self._db.get(TWO_TURNS, None)
        if some_projects is ABSENT:
            some_projects = self._db.keep(TWO_TURNS, None, frozenset(single_values(self._db.peek(SELECT_TWO_TURNS))))
        return bool(some_projects <= {project})

    def count(self) -> int:
        """Return how many projects have a turn, 50 at most."""
        return int(self._db.all(COUNT_TURNS)[0][0])

    def add(self, project: ProjectId) -> None:
        """Give the project a turn, if it is running and not paused."""
        self._db.changed(INSERT_TURN, project=project)

    def _turns(self, rows: list[Row]) -> list[ProjectTurn]:
        """Return the turns that have places for the worker; correct stored rows that are out of date."""
        for project, stored_moment, places, answered_at, *_ in rows:
            if not places:
                self._db.send(DELETE_TURN, project=project)
            elif stored_moment != answered_at:
                self._db.send(CORRECT_TURN, project=project, answered_at=answered_at)
        return [
            ProjectTurn(ProjectId(project), answered_at, worth, bool(later))
            for project, _, places, answered_at, worth, later in rows
            if places == 2
        ]


T = TypeVar("T")
PoolKey = tuple[ProjectId, int]  # a project, and whether it is its gold


@record
class PlaceSearch:
    """A search for places: a worker, a project's ordinary tasks or gold, where to begin, and how many places to look
    at."""

    worker: PersonId
    project: ProjectId
    gold: bool
    cursor: int
    back: int
    few: int

    @property
    def where(self) -> PoolKey:
        return self.project, int(self.gold)

    def to_query(self, behind: int, extra: int) -> dict[str, int]:
        return {"project": self.project, "gold": int(self.gold), "behind": behind, "few": self.few + extra}


class UnreadPlaces:
    """The queries that are still to be run, by pool of places and the key behind which to read."""

    def __init__(self) -> None:
        self.queries: dict[tuple[PoolKey, int], dict[str, int]] = {}

    def ask(self, place: PlaceSearch, behind: int | None, extra: int) -> None:
        if behind is not None:
            query = place.to_query(behind, extra)
            known_query = self.queries.setdefault((place.where, behind), query)
            known_query["few"] = max(known_query["few"], query["few"])

    def first_only(self, extra: int) -> None:
        """Keep only each pool's first query, enlarged by `room` places."""
        first_behind = dict[PoolKey, int]()
        for pool, behind in sorted(self.queries):
            first_behind.setdefault(pool, behind)
        self.queries = {
            key: {**query, "few": query["few"] + extra}
            for key, query in self.queries.items()
            if first_behind[key[0]] == key[1]
        }


class Window(Generic[T]):
    def __init__(self) -> None:
        self._rows: dict[int, T] = {}
        self._order: list[int] = []
        self._bounds: list[tuple[int, float]] = []  # (behind, up to): all between is known; in order, apart

    def add(self, behind: int, rows: Sequence[tuple[int, T]], limit: int) -> None:
        """Add the first rows behind a key; fewer than were asked for means that there are no more."""
        for key, row in rows:
            if key not in self._rows:
                insort(self._order, key)
            self._rows[key] = row
        self._join(behind, rows[-1][0] if len(rows) >= limit else inf)

    def behind(self, place: int, few: int, excluded: Container[T]) -> tuple[list[T], int | None]:
        """Return the first few rows behind a place that are not gone, and the key behind which more must be read, None
        if none."""
        order, rows, known_up_to = self._order, self._rows, self._known_from(place)
        rows_found: list[T] = []
        begin, end = bisect_right(order, place), len(order) if known_up_to == inf else bisect_right(order, known_up_to)
        while (missing_count := few - len(rows_found)) and begin < end:
            keys = order[begin : min(end, begin + missing_count)]
            rows_found += [row for key in keys if (row := rows[key]) not in excluded]
            begin += missing_count
        return rows_found, None if len(rows_found) == few or known_up_to == inf else int(known_up_to)

    def _known_from(self, place: int) -> float:
        """Return up to which key nothing is missing behind a place."""
        number = bisect_right(self._bounds, (place, inf)) - 1
        return max(place, self._bounds[number][1]) if number >= 0 else place

    def _join(self, behind: int, up_to: float) -> None:
        separate = [bounds for bounds in self._bounds if bounds[1] < behind or bounds[0] > up_to]
        touching = [bounds for bounds in self._bounds if not (bounds[1] < behind or bounds[0] > up_to)]
        joined = min([behind, *(low for low, _ in touching)]), max([up_to, *(high for _, high in touching)])
        self._bounds = sorted([*separate, joined])


# The place of a task in the shuffled order of its project, by the secret of this installation.
SHUFFLE_KEY = f"shuffle_key((SELECT value FROM secrets WHERE name = '{CHOICES}'), {{0}})"
# The first ahead of a worker's cursor, and the first that came back since this worker looked. Each is walked over once
# in a worker's life, however many there are.
SELECT_AHEAD = """
SELECT shuffle_key, task, shuffle_key, back, free FROM openings
WHERE project = :project AND gold = :gold AND shuffle_key > :behind ORDER BY shuffle_key LIMIT :few"""
SELECT_RETURNED = """
SELECT back, task, shuffle_key, back, free FROM openings
WHERE project = :project AND gold = :gold AND back > 0 AND back > :behind ORDER BY back LIMIT :few"""
SELECT_OPENING = "SELECT project, gold, shuffle_key, back, free FROM openings WHERE task = :task"
INSERT_RETURN = "INSERT INTO returned_places (task) VALUES (:task) RETURNING id"
UPSERT_OPENING = f"""
INSERT INTO openings (project, gold, shuffle_key, task, free, back)
VALUES (:project, :gold, {SHUFFLE_KEY.format(":task")}, :task, :free, :back)
ON CONFLICT (task) DO UPDATE SET free = openings.free + excluded.free, back = excluded.back"""
DELETE_RETURNS = """
DELETE FROM returned_places
WHERE id IN (SELECT id FROM returned_places WHERE id < (SELECT max(id) FROM returned_places) LIMIT :limit)"""
SELECT_LAST_POSITION = "SELECT max(position) FROM tasks WHERE project = :project"
SELECT_SOME_OPENINGS = "SELECT task FROM openings WHERE project = :project AND gold = :gold LIMIT :few"
SELECT_PAYEE_MATES = "SELECT mate FROM payee_mates WHERE person = :worker"

OPENINGS = Table(("openings",), lasts=True, order=3, keys=("task",), guard="free")
SOME_PLACE = Holding(("openings",))  # by project and gold: a task that had a place
TAKEN_TASKS = Holding(
    ("openings",)
)  # by project and gold: tasks without a place, as far as that may not be written yet
WINDOWS = Holding(("openings",))  # by project and gold: what is known ahead, and of what came back
PAID_ALIKE = Holding(("payee_mates",), lasts=True)  # by worker: who is paid to the same bank account
SPACING_USES = 1_000  # after which the spacing of a project is read again: more tasks may have come
SPARE_PLACES = 4  # read beyond what is asked for: another worker's answer may take some of it meanwhile


# A place from its fields, in half the time of `Place(…)`: each choice looks at some ten.
to_place: Callable[[tuple[TaskId, int, tuple[float, ...] | None, bool, int]], OpenPlace] = partial(
    tuple.__new__, OpenPlace
)
SeenPlaces = tuple[list[TaskId], int | None]


@record
class Opening:
    project: ProjectId
    gold: int
    shuffle_key: int
    back: int
    free: int


@dataclass(frozen=True, slots=True)
class Windows:
    """The known places of a pool: in their shuffled order, and by the number of their return."""

    ahead: Window[TaskId]
    returned: Window[TaskId]


class Openings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def near(
        self, worker: PersonId, project: ProjectId, gold: bool, cursor: int, back: int, few: int = 8
    ) -> NearbyPlaces:
        """Return the next few places for this worker: never more than twice `few`, whatever the project holds."""
        pool = project, int(gold)
        (ahead, unread_ahead), (returned, unread_returned) = self._list_seen_places(pool, cursor, back, few)
        if unread_ahead is not None or unread_returned is not None:
            foresee(self._db, self.look([PlaceSearch(worker, project, gold, cursor, back, few=few)]))
            (ahead, _), (returned, _) = self._list_seen_places(pool, cursor, back, few)
        try:
            return self._near(worker, ahead, returned)
        except KeyError:  # of some of them is not known who had them
            next_ahead = self._windows(pool).ahead.behind(cursor, few + self._spare, self._get_taken_tasks(pool))
            foresee(self._db, self.know([worker], [*ahead, *returned, *next_ahead[0]]))
            return self._near(worker, ahead, returned)

    def sees_one(self, worker: PersonId, project: ProjectId, cursor: int) -> bool:
        """Return whether it is held already that this worker has not had the first ordinary place ahead; False if it is
        not held."""
        pool = project, 0
        tasks, _ = self._windows(pool).ahead.behind(cursor, 1, self._get_taken_tasks(pool))
        try:
            return bool(tasks) and not self._near(worker, tasks, []).ahead[0].had
        except KeyError:
            return False

    def spacing(self, project: ProjectId) -> int:
        """Return the mean distance of a project's tasks in the shuffled order; may be out of date by SPACING_USES
        uses."""
        spacing, uses = self._db.remembered.get((Openings, project), (0, SPACING_USES))
        if uses >= SPACING_USES:
            last = single_value(self._db.peek(SELECT_LAST_POSITION, project=project)[0])
            spacing, uses = SHUFFLE_MASK // max(1, last or 1), 0
        self._db.remembered[Openings, project] = spacing, uses + 1
        return int(spacing)

    def look(self, places: Sequence[PlaceSearch]) -> Foresight[list[TaskId]]:
        """Read ahead, and hold, the places of these searches; return their tasks that are not taken. Most are read with
        the first search of a pool."""
        few = SPARE_PLACES if len(places) > 1 else self._spare
        tasks, open_searches = list[TaskId](), [*places]
        while True:
            ahead, returned, unread = UnreadPlaces(), UnreadPlaces(), list[PlaceSearch]()
            for place in open_searches:
                (tasks_ahead, unread_ahead), (tasks_returned, unread_returned) = self._list_seen_places(
                    place.where, place.cursor, place.back, place.few
                )
                ahead.ask(place, unread_ahead, few)
                returned.ask(place, unread_returned, few)
                if unread_ahead is None and unread_returned is None:
                    tasks += tasks_ahead + tasks_returned
                else:
                    unread.append(place)
            if not unread:
                return tasks
            if len(open_searches) == len(places):
                ahead.first_only(len(places) + SPREAD_TASKS)
                returned.first_only(len(places))
            results = yield [(SELECT_AHEAD, [*ahead.queries.values()]), (SELECT_RETURNED, [*returned.queries.values()])]
            for (pool, behind), rows in zip(ahead.queries, results[0], strict=True):
                self._keep(pool, self._windows(pool).ahead, behind, rows, ahead.queries[pool, behind]["few"])
            for (pool, behind), rows in zip(returned.queries, results[1], strict=True):
                self._keep(pool, self._windows(pool).returned, behind, rows, returned.queries[pool, behind]["few"])
            open_searches = unread

    def know(self, workers: Sequence[PersonId], tasks: Iterable[TaskId]) -> Foresight[None]:
        """Read ahead, and hold, these tasks, who had them, and who is paid to the same account as each of these
        workers."""
        tasks = list(dict.fromkeys(tasks))
        unread_holders = [task for task in tasks if self._db.get(HOLDERS, task) is ABSENT]
        unknown_workers = [worker for worker in workers if self._db.get(PAID_ALIKE, worker) is ABSENT]
        unread_tasks = [task for task in tasks if self._db.get(TASKS, task) is ABSENT]
        results = yield [
            (SELECT_PAYEE_MATES, [{"worker": worker} for worker in unknown_workers]),
            (SELECT_HOLDERS, [{"task": task} for task in unread_holders]),
            (BY_ID, [{"id": task} for task in unread_tasks]),
        ]
        for worker, rows in zip(unknown_workers, results[0], strict=True):
            self._db.keep(PAID_ALIKE, worker, frozenset((worker, *single_values(rows))))
        for task, rows in zip(unread_holders, results[1], strict=True):
            self._db.keep(HOLDERS, task, frozenset(single_values(rows)))
        for task, rows in zip(unread_tasks, results[2], strict=True):
            self._db.keep(TASKS, task, task_from(rows[0]))

    @property
    def _spare(self) -> int:
        """Number of places ahead that other workers of the same commit may take."""
        return max(SPARE_PLACES, self._db.together // 2) if self._db.together > 1 else 0

    def _list_seen_places(self, where: PoolKey, cursor: int, back: int, few: int) -> tuple[SeenPlaces, SeenPlaces]:
        windows, taken_tasks = self._windows(where), self._get_taken_tasks(where)
        return windows.ahead.behind(cursor, few, taken_tasks), windows.returned.behind(back, few, taken_tasks)

    def _windows(self, pool: PoolKey) -> Windows:
        record = self._db.get(WINDOWS, pool)
        windows: Windows = self._db.keep(WINDOWS, pool, Windows(Window(), Window())) if record is ABSENT else record
        return windows

    def _get_taken_tasks(self, pool: PoolKey) -> frozenset[TaskId]:
        record = self._db.get(TAKEN_TASKS, pool)
        return frozenset() if record is ABSENT else record

    def _keep(self, where: PoolKey, window: Window[TaskId], behind: int, rows: list[Row], limit: int) -> None:
        for _, task, shuffle_key, back, free in rows:
            if self._db.get(OPENINGS, task) is ABSENT:
                self._db.keep(OPENINGS, task, Opening(*where, shuffle_key, back, free))
        if rows:
            self._db.keep(SOME_PLACE, where, rows[-1][1])
        window.add(behind, [(row[0], row[1]) for row in rows], limit)

    def _near(self, worker: PersonId, ahead: list[TaskId], returned: list[TaskId]) -> NearbyPlaces:
        """Return the held places with these tasks. Raise KeyError if anything about them is not held."""
        get_held = self._db.get_held
        openings, holders, tasks = get_held(OPENINGS), get_held(HOLDERS), get_held(TASKS)
        is_new = get_held(PAID_ALIKE)[worker].isdisjoint
        places = [
            to_place(
                (
                    task,
                    (opening := openings[task]).shuffle_key,
                    tasks[task].scores,
                    not is_new(holders[task]),
                    opening.back,
                )
            )
            for task in (*ahead, *returned)
        ]
        return NearbyPlaces(places[: len(ahead)], places[len(ahead) :])

    def take(self, task: TaskId) -> bool:
        """Take one place of the task. Return False if none is left."""
        opening = self._find(task)
        if opening is None:
            return False
        if opening.free == 1:
            self._remove(task, opening)
        else:
            self._db.change(
                OPENINGS, task, changed(opening, free=opening.free - 1), guard=opening.free, free=opening.free - 1
            )
        return True

    def give_back(self, project: ProjectId, gold: bool, task: TaskId, free: int = 1) -> None:
        """Add a returned place, or that of a new task, under a number that each worker looks at once."""
        number = single_value(self._db.one(INSERT_RETURN, task=task))
        self._db.send(UPSERT_OPENING, project=project, gold=int(gold), task=task, free=free, back=number)

    def forget_returns(self, limit: int) -> None:
        self._db.send(DELETE_RETURNS, limit=limit)

    def has(self, task: TaskId) -> bool:
        return self._find(task) is not None

    def close(self, task: TaskId) -> None:
        opening = self._find(task)
        if opening is not None:
            self._remove(task, opening)

    def any_left(self, project: ProjectId, gold: bool = False) -> bool:
        pool = project, int(gold)
        some_task = self._db.get(SOME_PLACE, pool)
        if some_task is not ABSENT and self._find(some_task) is not None:
            return True
        taken_tasks = self._get_taken_tasks(pool)
        rows = self._db.peek(SELECT_SOME_OPENINGS, project=project, gold=int(gold), few=len(taken_tasks) + 1)
        open_tasks = [row[0] for row in rows if row[0] not in taken_tasks]
        if open_tasks:
            self._db.keep(SOME_PLACE, pool, open_tasks[0])
        return bool(open_tasks)

    def foresee(self, tasks: Sequence[TaskId]) -> Foresight[None]:
        """Read ahead, and hold, the openings of these tasks."""
        (rows_by_task,) = yield [(SELECT_OPENING, [{"task": task} for task in tasks])]
        for task, rows in zip(tasks, rows_by_task, strict=True):
            if self._db.get(OPENINGS, task) is ABSENT:
                self._db.keep(OPENINGS, task, Opening(*rows[0]) if rows else None)

    def _find(self, task: TaskId) -> Opening | None:
        record = self._db.get(OPENINGS, task)
        if record is ABSENT:
            rows = self._db.peek(SELECT_OPENING, task=task)
            record = self._db.keep(OPENINGS, task, Opening(*rows[0]) if rows else None)
        opening: Opening | None = record
        return opening

    def _remove(self, task: TaskId, opening: Opening) -> None:
        pool = opening.project, opening.gold
        self._db.remove(OPENINGS, task, guard=opening.free)
        self._db.hold_changed(TAKEN_TASKS, pool, self._get_taken_tasks(pool) | {task})


# Rules 4 and 7: every place that is offered is funded, and no more are offered than were asked for. A task's
# places are the answers received, the live assignments and the free openings. They are at least its overlap while
# it is open (beside models' answers, where people are asked one by one, at least one more than was received), and
# never more than its `largest`: the overlap, or with a wanted confidence `max_overlap`.
MAX_ANSWERS = """
CASE WHEN t.gold IS NULL AND p.confidence IS NOT NULL AND p.max_overlap > t.overlap THEN p.max_overlap
  ELSE t.overlap END"""
MIN_PLACES = f"""
CASE WHEN t.ai IS NULL OR t.gold IS NOT NULL OR p.confidence IS NULL THEN t.overlap
  WHEN t.received < {MAX_ANSWERS} THEN t.received + 1 ELSE {MAX_ANSWERS} END"""
SELECT_PLACES = f"""
SELECT t.id, t.project, p.currency, t.overlap, t.received, p.pay + p.fee AS cost, {MAX_ANSWERS} AS largest,
  {MIN_PLACES} AS least,
  coalesce(l.live, 0) AS live, CASE WHEN p.state = 'running' THEN coalesce(o.free, 0) ELSE 0 END AS free,
  CASE WHEN p.state = 'running' AND t.state = 'open' THEN 1 ELSE 0 END AS offered
FROM tasks t JOIN projects p ON p.id = t.project
LEFT JOIN (SELECT task, count(*) AS live FROM assignments WHERE state = 'active' GROUP BY task) AS l ON l.task = t.id
LEFT JOIN openings o ON o.task = t.id"""
# A budget covers every answer that can still be asked for, and every live assignment.
PLACES_ARE_FUNDED = Invariant(
    4,
    "every place is funded before it is offered",
    f"""
SELECT 'project ' || n.project AS subject, 'budget ' || coalesce(a.balance, 0) || ', needed ' || n.needed AS detail
FROM (
  SELECT project, currency,
    sum(cost * CASE WHEN offered = 1 AND largest - received > live + free THEN largest - received
      ELSE live + free END) AS needed
  FROM ({SELECT_PLACES}) AS places GROUP BY project, currency
) AS n LEFT JOIN accounts a ON a.name = 'project:' || n.project || ':budget' AND a.currency = n.currency
WHERE coalesce(a.balance, 0) < n.needed""",
)
# A task never gets more answers than were asked for.
NOT_MORE_PLACES_THAN_WANTED = Invariant(
    7,
    "no task has more places than were asked for",
    f"""
SELECT 'task ' || id AS subject, received || ' received, ' || live || ' live, ' || free || ' free; asked for '
  || largest AS detail
FROM ({SELECT_PLACES}) AS places WHERE received + live + free > largest""",
)
# A place that is neither answered, assigned nor free would leave its task open for ever.
NO_PLACE_IS_LOST = Invariant(
    7,
    "no place of an open task is lost",
    f"""
SELECT 'task ' || id AS subject, received || ' received, ' || live || ' live, ' || free || ' free; wanted '
  || least AS detail
FROM ({SELECT_PLACES}) AS places WHERE offered = 1 AND received + live + free < least""",
)
# An opening belongs to an open task of a running project; openings of one that has just ended are deleted in portions.
OPENINGS_HAVE_OPEN_TASKS = Invariant(
    7,
    "every opening leads to an open task",
    """
SELECT 'opening of task ' || o.task AS subject, 'task ' || coalesce(t.state, 'missing') || ', project '
  || coalesce(p.state, 'missing') AS detail
FROM openings o LEFT JOIN tasks t ON t.id = o.task LEFT JOIN projects p ON p.id = t.project
LEFT JOIN bulk_updates s ON s.project = p.id AND s.work = 'close'
WHERE coalesce(t.state, '') <> 'open' OR (coalesce(p.state, '') <> 'running' AND s.project IS NULL)
  OR t.project <> o.project OR (o.gold = 1) <> (t.gold IS NOT NULL) OR o.free < 1""",
)
# Task selection finds projects by their turn alone: one without it would be offered to nobody.
PROJECTS_HAVE_TURNS = Invariant(
    7,
    "every project with a place has its turn",
    """
SELECT 'project ' || p.id AS subject, 'has places, and no turn' AS detail
FROM projects p WHERE p.state = 'running' AND p.paused = ''
  AND EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0)
  AND NOT EXISTS (SELECT 1 FROM project_turns t WHERE t.project = p.id AND t.languages = p.languages)""",
)
