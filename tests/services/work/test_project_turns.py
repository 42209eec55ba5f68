"""Whose turn it is: read a few projects at a time by an index, as if all were read and sorted."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from domain.moments import MINUTE, Moment, later
from domain.people.accounts import Person, PersonId
from domain.people.settings import Preferences
from domain.projects.projects import ProjectId, ProjectState
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentState
from domain.work.dispatch import WorkerStanding
from services.work import task_selection
from services.work.task_selection import suits_preferences
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import OWN_TASKS, a_project, launch, settle_requester, settle_tasks, settle_worker

PROJECTS, STEPS = 14, 40
LANGUAGES = ((), ("en",), ("fr",), ("en", "fr"))
# Every project, each time: what is read by an index now.
WALK = """
SELECT p.id, coalesce((SELECT s.submitted_at FROM submissions s WHERE s.project = p.id ORDER BY s.id DESC LIMIT 1),
  p.launched_at), coalesce(e.worth, 1), CASE WHEN e.later > 0 OR e.watch > 1 THEN 1 ELSE 0 END
FROM projects p LEFT JOIN enrolments e ON e.project = p.id AND e.worker = :worker
WHERE p.state = 'running' AND p.paused = '' AND coalesce(e.declined, 0) = 0 AND e.barred IS NULL
AND (EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0 AND o.shuffle_key > coalesce(e.cursor, 0))
  OR EXISTS (SELECT 1 FROM openings o WHERE o.project = p.id AND o.gold = 0 AND o.back > 0
    AND o.back > coalesce(e.back, 0)))
ORDER BY p.id"""
PLACES = "SELECT task FROM openings WHERE project = :project AND gold = 0"
UNREAD = "SELECT count(*) FROM project_turns WHERE project = :project"


def walked(unit: UnitOfWork, worker: Person) -> list[ProjectId]:
    """The plain rule: all projects, sorted."""
    rows = unit.connection.all(WALK, worker=worker.id)
    rows.sort(key=lambda row: (bool(row[3]), -row[2] * max(1, unit.now - row[1])))
    return _possible(unit, worker, [ProjectId(row[0]) for row in rows])


def _possible(unit: UnitOfWork, worker: Person, projects: list[ProjectId]) -> list[ProjectId]:
    known = [unit.projects.get(each) for each in projects]
    return [each.id for each in known if each.requester != worker.id and suits_preferences(unit, worker, each)]


class World:
    """Some projects and workers, to whom anything may happen that moves a turn."""

    def __init__(self, seed: int) -> None:
        self.lot = Random(seed)
        self.workers: list[PersonId] = []
        self.projects: list[ProjectId] = []
        self.requester = PersonId(0)

    def begin(self, unit: UnitOfWork) -> None:
        requester = settle_requester(unit)
        unit.people.give_consent(requester.id, unit.now)
        self.requester = requester.id
        self.workers = [settle_worker(unit, number).id for number in range(3)]
        chosen = replace(Preferences(), languages=("fr",), unwanted=("photo",))
        unit.preferences.store(self.workers[0], chosen)
        for _ in range(PROJECTS):
            kind = self.lot.choice(("choice", "choice", "photo"))
            form = a_project(requester.id, unit.now, languages=self.lot.choice(LANGUAGES), kind=kind, overlap=1)
            project = unit.projects.add(replace(form, max_overlap=1))
            settle_tasks(unit, project, requester.id, 6, 0)
            self.projects.append(project)

    def step(self, unit: UnitOfWork) -> None:
        project, worker = self.lot.choice(self.projects), self.lot.choice(self.workers)
        if unit.projects.get(project).state is ProjectState.DRAFT:
            launch(unit, self.requester, project)
            return
        often = (self.answer, self.learn, self.learn, self.give_back)
        seldom = (self.pause, self.end, self.decline, self.doubt, self.take, self.look)
        happens: Callable[..., object] = self.lot.choice((*often * 3, *seldom))
        happens(unit, project, worker)

    def answer(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        for task in self._tasks(unit, project):
            if unit.openings.has(task):
                made = unit.assignments.add(project, task, worker, unit.now, later(unit.now, MINUTE))
                if made is not None:
                    unit.openings.take(task)
                    unit.assignments.end(made, AssignmentState.SUBMITTED)
                    unit.submissions.add(
                        made, unit.projects.get(project), task, worker, "positive", None, 9, "accepted", None, unit.now
                    )
                    return

    def pause(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        if not unit.projects.pause(project, "floor"):
            unit.projects.resume(project, "floor")

    def end(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        if not unit.projects.end(project, ProjectState.STOPPED, unit.now):
            unit.projects.launch(project, unit.now)

    def decline(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        enrolment = unit.enrolments.enrol(worker, project)
        unit.enrolments.decline(worker, project, not enrolment.declined)

    def learn(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        unit.enrolments.enrol(worker, project)
        worth, is_later = self.lot.choice((0.0, 0.4, 1.0, 1.3, 2.5, 6.0)), self.lot.random() < 0.2
        unit.enrolments.stand(project, [(worker, WorkerStanding(worth, is_later))])

    def doubt(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        unit.enrolments.enrol(worker, project)
        unit.evidence.watch(worker, project, self.lot.choice((0, 2)))

    def take(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        for (task,) in unit.connection.all(PLACES, project=project):
            unit.openings.take(task)

    def give_back(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        place = self.lot.randint(1, 6)
        unit.openings.give_back(project, False, self._tasks(unit, project)[place - 1])

    def look(self, unit: UnitOfWork, project: ProjectId, worker: PersonId) -> None:
        unit.enrolments.enrol(worker, project)
        unit.enrolments.move(worker, project, False, self.lot.randint(1, 6), self.lot.choice((0, 10**6)))

    def _tasks(self, unit: UnitOfWork, project: ProjectId) -> list[TaskId]:
        return [TaskId(row[0]) for row in unit.connection.all(OWN_TASKS, project=project)]


@pytest.mark.parametrize("seed", range(6))
async def test_the_order_is_that_of_a_walk_over_all_projects(
    database: Database, now: Moment, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(seed)
    monkeypatch.setattr(task_selection, "FIRST_TURNS_READ", 1)
    monkeypatch.setattr(task_selection, "MAX_TURNS_READ", 3)
    found = []

    def turn(unit: UnitOfWork) -> None:
        if not world.projects:
            world.begin(unit)
        for _ in range(world.lot.randint(1, 4)):
            world.step(unit)
        for worker in map(unit.people.get, (*world.workers[:2], world.requester)):
            if world.lot.random() < 0.7:
                read = _possible(unit, worker, list(task_selection.iterate_projects(unit, worker)))
                found.append(len(read))
                assert read == walked(unit, worker)

    for number in range(STEPS):
        await database.transact(turn, later(now, number // 2 * MINUTE))
    assert max(found) > 3


async def test_one_choice_reads_few_projects(database: Database, now: Moment) -> None:
    """What is read and has no place leaves the index; here most have none, and stay."""

    def play(unit: UnitOfWork) -> tuple[ProjectId | None, list[int]]:
        requester, worker = settle_requester(unit), settle_worker(unit, 1)
        projects = [unit.projects.add(a_project(requester.id, unit.now)) for _ in range(40)]
        for place, project in enumerate(projects):
            settle_tasks(unit, project, requester.id, 1, 0)
            launch(unit, requester.id, project)
            waits = {"at": unit.now - 1_000 + place, "project": project}
            unit.connection.changed("UPDATE projects SET launched_at = :at WHERE id = :project", **waits)
        list(task_selection.iterate_projects(unit, worker))
        for project in projects[10:]:
            unit.connection.changed("DELETE FROM openings WHERE project = :project", project=project)
        found = next(iter(task_selection.iterate_projects(unit, worker)), None)
        return found, [unit.connection.all(UNREAD, project=project)[0][0] for project in projects]

    found, unread = await database.transact(play, now)
    assert found is not None
    assert unread == [1] * 40


async def test_of_projects_launched_at_one_moment_few_are_read(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> tuple[ProjectId | None, list[ProjectId], list[int]]:
        requester, worker = settle_requester(unit), settle_worker(unit, 1)
        projects = [unit.projects.add(a_project(requester.id, unit.now)) for _ in range(40)]
        for project in projects:
            settle_tasks(unit, project, requester.id, 1, 0)
            launch(unit, requester.id, project)
        unit.connection.changed("UPDATE projects SET launched_at = launched_at - 1000")
        list(task_selection.iterate_projects(unit, worker))
        for project in projects[task_selection.FIRST_TURNS_READ :]:  # read once more, they leave the index
            unit.connection.changed("DELETE FROM openings WHERE project = :project", project=project)
        found = next(iter(task_selection.iterate_projects(unit, worker)), None)
        return found, projects, [unit.connection.all(UNREAD, project=project)[0][0] for project in projects]

    found, projects, unread = await database.transact(play, now)
    assert found == projects[0]
    assert unread == [1] * 40
