"""Task selection: the most informative of a few, no task lost, projects in turn, bad workers later."""

from dataclasses import replace

import pytest

from domain.moments import HOUR, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.work.assignments import AssignmentState
from domain.work.dispatch import LATER_REST, STAY_ANSWERS, WELCOME_ANSWERS, WorkerStanding, is_gold_turn
from services.people import settings
from services.projects import lifecycle
from services.work import dispatch, places, submit, sweeps, task_selection
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.secrets import CHOICES
from storage.unit import UnitOfWork
from tests.house import a_project, furnish, launch, settle_tasks, settle_worker, shuffled


def given(unit: UnitOfWork, worker: PersonId, answers: bool = True) -> TaskId | None:
    """What a worker gets next, answered at once or kept."""
    number = dispatch.dispatch_next_task(unit, unit.people.get(worker), Lane.REPLY)
    if number is None:
        return None
    if answers:
        unit.assignments.end(number, AssignmentState.SUBMITTED)
    found = unit.assignments.find(number)
    assert found is not None
    return found.task


def count(unit: UnitOfWork, worker: PersonId, project: ProjectId) -> None:
    unit.enrolments.count(worker, project, None, unit.now)


async def test_a_torn_task_is_given_before_a_clear_one_and_every_fourth_time_the_oldest(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.work.dispatch.SPREAD_TASKS", 0)

    def play(unit: UnitOfWork) -> list[int]:
        house = furnish(unit, workers=1, tasks=6)
        (worker,), tasks = house.workers, shuffled(unit, house.project)
        for place, task in enumerate(tasks):
            unit.tasks.conclude(task, "positive", 0.7, "open", (0.0, place - 5.5))
        order = []
        for _ in tasks:
            task = given(unit, worker)
            assert task is not None
            order.append(tasks.index(task))
            count(unit, worker, house.project)
        return order

    assert await database.transact(play, now) == [0, 5, 4, 3, 1, 2]


async def test_whatever_is_chosen_first_a_worker_gets_every_task_once(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> bool:
        house = furnish(unit, workers=2, tasks=40, overlap=2)
        ann, ben = house.workers
        for place, task in enumerate(house.tasks):
            unit.tasks.conclude(task, "positive", 0.7, "open", (0.0, -(place * 7 % 11) / 3))
        got: dict[PersonId, list[TaskId | None]] = {ann: [], ben: []}
        for number in range(80):
            who = ann if number % 3 else ben
            got[who].append(given(unit, who))
            count(unit, who, house.project)
        for who in (ann, ben):
            while (task := given(unit, who)) is not None:
                got[who].append(task)
        return all(sorted(filter(None, each)) == sorted(house.tasks) for each in got.values())

    assert await database.transact(play, now)


def is_next_gold(unit: UnitOfWork, worker: PersonId, project: ProjectId) -> bool:
    return is_gold_turn(unit.enrolments.enrol(worker, project), unit.secrets.recent(CHOICES))


async def test_gold_comes_when_it_is_its_turn_and_never_as_the_only_thing_left(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> int:
        house, golden = furnish(unit, workers=6, tasks=9, gold=4, overlap=6, max_overlap=6), 0
        gold = {task for task in house.tasks if unit.tasks.get(task).gold}
        for worker in house.workers:
            had = set[TaskId]()
            turn = is_next_gold(unit, worker, house.project)
            while (task := given(unit, worker)) is not None:
                assert task not in had
                assert {*house.tasks} - gold - had, "an ordinary task is left besides"
                assert (task in gold) == (turn and gold - had != set())
                had.add(task)
                golden += task in gold
                count(unit, worker, house.project)
                turn = is_next_gold(unit, worker, house.project)
            assert {*house.tasks} - gold <= had
        return golden

    assert await database.transact(play, now) > 0


async def test_another_projects_turn_comes_only_where_there_is_one_or_with_an_invitation(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> list[bool]:
        house = furnish(unit, workers=2)
        ann, ben = house.workers
        project, turns = unit.projects.get(house.project), []
        stayed = replace(unit.enrolments.enrol(ann, project.id), answered=STAY_ANSWERS)

        def turn_of(who: PersonId, answered: int = STAY_ANSWERS) -> None:
            about = replace(stayed, worker=who, answered=answered)
            turns.append(task_selection.is_anothers_turn(unit, unit.people.get(who), project, about))

        other = unit.projects.add(a_project(house.requester, unit.now))
        settle_tasks(unit, other, house.requester, 3, 0)
        unit.invitations.add(other, "a link")
        unit.invitations.invite(ann, other, "a link")
        turn_of(ann)  # it does not run yet
        launch(unit, house.requester, other)
        lifecycle.wake_workers(unit, other)
        turn_of(ann, 3)
        turn_of(ben, 3)
        turn_of(ben)
        dispatch.dispatch_next_task(unit, unit.people.get(ann), Lane.REPLY)
        turn_of(ann, 3)  # they were called once
        return turns

    assert await database.transact(play, now) == [False, True, False, True, False]


async def test_who_is_asked_later_waits_while_others_are_at_work_but_not_for_ever(
    database: Database, now: Moment
) -> None:
    def begin(unit: UnitOfWork) -> tuple[PersonId, PersonId]:
        house = furnish(unit, workers=2, tasks=30)
        good, bad = house.workers
        given(unit, bad)
        unit.enrolments.stand(house.project, [(bad, WorkerStanding(0.1, True))])
        return good, bad

    good, bad = await database.transact(begin, now)
    assert await database.transact(given, now, bad) is not None, "nobody better is at work"
    await database.transact(given, now, good, False)
    assert await database.transact(given, later(now, LATER_REST - 1), bad) is None
    await database.transact(park, later(now, LATER_REST - 1), bad)
    after = later(now, LATER_REST)
    await database.transact(sweeps.unpark_asked_later, after)
    await database.transact(sweeps.push_tasks, after)
    pushed = await database.transact(lambda unit: unit.assignments.active_for(bad), after)
    assert pushed is not None


def park(unit: UnitOfWork, worker: PersonId) -> None:
    settings.update_push_window(unit, worker)
    unit.people.park(worker)


async def test_a_place_that_comes_back_is_pushed_to_somebody_it_is_for(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many were served longer ago and had the task, or are asked later."""
    monkeypatch.setattr(places, "UNPARKED_WORKERS", 2)

    def begin(unit: UnitOfWork) -> tuple[PersonId, ...]:
        house = furnish(unit, workers=6, tasks=1, overlap=4, max_overlap=4)
        for worker in house.workers[:4]:
            given(unit, worker, worker != house.workers[3])
        unit.enrolments.enrol(house.workers[4], house.project)
        unit.enrolments.stand(house.project, [(house.workers[4], WorkerStanding(0.1, True))])
        for number, worker in enumerate(house.workers):
            unit.connection.changed("UPDATE people SET served_at = :at WHERE id = :id", at=number, id=worker)
            park(unit, worker)
        return house.workers

    *_, leaves, _, last = await database.transact(begin, now)
    await database.transact(sweeps.expire_assignments, later(now, HOUR))
    await database.transact(sweeps.push_tasks, later(now, HOUR))
    assert await database.transact(lambda unit: unit.assignments.active_for(last), now) is not None
    assert await database.transact(lambda unit: unit.assignments.active_for(leaves), now) is None


async def test_a_bad_name_elsewhere_means_known_questions_first_and_no_more_than_a_newcomers_welcome(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> tuple[list[bool], bool]:
        house = furnish(unit, workers=1, tasks=30)
        (bad,) = house.workers
        unit.enrolments.enrol(bad, house.project)
        unit.enrolments.stand(house.project, [(bad, WorkerStanding(0.1, True))])
        other = another_project(unit, house.requester)
        for project in (house.project, other):
            at_work = settle_worker(unit, 10 + project)
            dispatch.dispatch_next_in(unit, at_work, unit.projects.get(project), Lane.REPLY)
        gold = []
        while (task := given(unit, bad)) is not None:
            gold.append(unit.tasks.get(task).gold is not None)
            unit.enrolments.count(bad, other, True if gold[-1] else None, unit.now)
        return gold, unit.enrolments.enrol(bad, other).later == 2

    gold, marked = await database.transact(play, now)
    assert marked
    assert gold[:5] == [True] * 5
    assert len(gold) == WELCOME_ANSWERS


def another_project(unit: UnitOfWork, requester: PersonId) -> ProjectId:
    project = unit.projects.add(a_project(requester, unit.now, title="Another"))
    settle_tasks(unit, project, requester, 30, 10)
    launch(unit, requester, project)
    return project


async def test_arriving_workers_go_where_an_answer_was_waited_for_longest(database: Database, now: Moment) -> None:
    def begin(unit: UnitOfWork) -> tuple[list[PersonId], ProjectId, ProjectId]:
        house = furnish(unit, workers=3, tasks=30)
        return list(house.workers), house.project, another_project(unit, house.requester)

    workers, first, second = await database.transact(begin, now)
    assert await database.transact(project_given, now, workers[0]) == first, "the older launch, all else being equal"
    await database.transact(answer, later(now, 1_000), workers[0])
    assert await database.transact(project_given, later(now, 2_000), workers[1]) == second
    await database.transact(lambda unit: unit.enrolments.enrol(workers[2], second), now)
    known = [(workers[2], WorkerStanding(0.1, False))]
    await database.transact(lambda unit: unit.enrolments.stand(second, known), now)
    assert await database.transact(project_given, later(now, 2_000), workers[2]) == first, "they tell little there"


def project_given(unit: UnitOfWork, worker: PersonId) -> ProjectId:
    task = given(unit, worker, False)
    assert task is not None
    return unit.tasks.get(task).project


def answer(unit: UnitOfWork, worker: PersonId) -> None:
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    submit.submit_answer(unit, unit.people.get(worker), in_hand.id, "0", None)
