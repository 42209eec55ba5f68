"""Many open projects: choosing one for a worker, and what the scheduler's sweeps cost while nothing happens."""

import time
from collections.abc import Iterator
from random import Random
from statistics import median

from benchmarks.scale.measures import SENT, undone
from bot.clock import wall_clock
from bot.sweeps import SWEEPS, AdminAsyncSweep, AdminSweep, Sweep
from domain.moments import later
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectId
from domain.work.assignments import AssignmentState
from services.work import task_selection
from storage.database import Database, one_transaction
from storage.drivers.records import columns
from storage.unit import UnitOfWork
from storage.work.openings import SHUFFLE_KEY
from tests.house import House
from tests.services.work.test_project_turns import WALK

FIELDS = columns(Project).removeprefix("id, ")
COPY = f"""
INSERT INTO projects ({FIELDS}) SELECT {FIELDS.replace("launched_at", ":at")} FROM projects WHERE id = :like"""
TASKS = """
INSERT INTO tasks (project, batch, position, key, content, overlap, state)
SELECT p.id, t.batch, t.position, t.key, t.content, t.overlap, t.state
FROM projects p CROSS JOIN tasks t WHERE t.project = :like AND t.position <= :tasks AND p.id > :after"""
OPEN = f"""
INSERT INTO openings (project, gold, shuffle_key, task, free)
SELECT project, 0, {SHUFFLE_KEY.format("id")}, id, overlap FROM tasks WHERE project > :after"""
EACH, PICKS, ROUNDS = 3, 100, 5


def spread(url: str, house: House, projects: int) -> None:
    """Opens so many more projects of a few tasks, launched one after the other."""
    with one_transaction(url, wall_clock()) as unit:
        after = unit.connection.all("SELECT max(id) FROM projects")[0][0]
        rows = ({"like": house.project, "at": unit.now - projects + at} for at in range(projects))
        unit.connection.many(COPY, rows)
        unit.connection.changed(TASKS, like=house.project, tasks=EACH, after=after)
        unit.connection.changed(OPEN, after=after)


def picks(url: str) -> tuple[float, float]:
    """Microseconds for choosing a project: by the index, and by a walk over all. Each choice is answered."""
    with one_transaction(url, wall_clock()) as unit:
        people = [PersonId(row[0]) for row in unit.connection.all("SELECT id FROM people ORDER BY id DESC LIMIT 50")]
        # Each row is read, and corrected, once. In one transaction PostgreSQL would step over what was there before.
        list(task_selection.iterate_projects(unit, unit.people.get(people[0])))
    with undone(url) as unit:
        chosen = [_once(unit, people[at % len(people)]) for at in range(PICKS)]
        began = time.perf_counter()
        sorted(unit.connection.all(WALK, worker=people[0]), key=lambda row: -row[2] * (unit.now - row[1]))
        return 1e6 * median(chosen), 1e6 * (time.perf_counter() - began)


def _once(unit: UnitOfWork, worker: PersonId) -> float:
    person, began = unit.people.get(worker), time.perf_counter()
    project = next(iter(task_selection.iterate_projects(unit, person)))
    took = time.perf_counter() - began
    _answered(unit, worker, project)
    return took


def _answered(unit: UnitOfWork, worker: PersonId, number: ProjectId) -> None:
    """An answer there, so that it is another project's turn."""
    dice = Random(number)
    task = unit.connection.all("SELECT task FROM openings WHERE project = :p AND gold = 0 LIMIT 1", p=number)[0][0]
    made = unit.assignments.add(number, task, worker, unit.now, later(unit.now, 1))
    if made is not None:
        unit.assignments.end(made, AssignmentState.SUBMITTED)
        project, milliseconds = unit.projects.get(number), dice.randrange(9_000)
        unit.submissions.add(made, project, task, worker, "x", None, milliseconds, "accepted", None, unit.now)


async def swept(database: Database, url: str) -> tuple[float, dict[str, float]]:
    """Percent of a core for all sweeps but the push, and for each; the first round is not counted."""
    with one_transaction(url, wall_clock()) as unit:
        unit.connection.changed(SENT)
    shares: dict[str, list[float]] = {}
    for at in range(ROUNDS + 1):
        for sweep in SWEEPS:
            if sweep.name == "push":
                continue
            began = time.process_time()
            if isinstance(sweep, Sweep):
                await database.transact(sweep.service, wall_clock())
            elif isinstance(sweep, AdminSweep):
                await database.transact(sweep.service, wall_clock(), frozenset[int]())
            elif isinstance(sweep, AdminAsyncSweep):
                await sweep.work(database, wall_clock, frozenset[int]())
            else:
                await sweep.work(database, wall_clock)
            if at:
                shares.setdefault(sweep.name, []).append(100 * (time.process_time() - began) / sweep.seconds)
    each = {name: median(found) for name, found in shares.items()}
    return sum(each.values()), each


def dearest(each: dict[str, float], few: int = 3) -> Iterator[str]:
    for name in sorted(each, key=lambda name: -each[name])[:few]:
        yield f"{name} {each[name]:.2f}"
