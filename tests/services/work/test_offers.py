"""The list of work to choose from, one task of the chosen project, and leaving a project at any time."""

import pytest

from domain.moments import HOUR, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import NotFound, NothingLeft
from domain.work.assignments import AssignmentState
from domain.work.offers import PROJECTS_PER_PAGE, KnownProjects, TaskList
from handlers.work.offers import AcceptAgain, Decline, LeaveWhich, ListTasks, TakeTask
from services.act import Reply
from services.people import personal_data, settings
from services.work import submit
from storage.database import Database
from storage.quality.restrictions import UNTIL
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, a_project, furnish, launch, settle_tasks
from tests.invariants.flows import turn


def another(unit: UnitOfWork, house: House, tasks: int = 2, **changes: object) -> ProjectId:
    project = unit.projects.add(a_project(house.requester, unit.now, **changes))
    settle_tasks(unit, project, house.requester, tasks, gold=0)
    launch(unit, house.requester, project)
    return project


def listed(unit: UnitOfWork, worker: PersonId, page: int = 0) -> TaskList:
    reply = press(act_of(unit, worker), ListTasks(page=page))
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, TaskList)
    return reply.message


def in_hand(unit: UnitOfWork, worker: PersonId) -> ProjectId | None:
    found = unit.assignments.active_for(worker)
    return found.project if found else None


async def test_a_project_is_listed_with_who_asks_its_pay_and_the_tasks_left(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=3)
        (worker,) = house.workers
        (only,) = listed(unit, worker).offered
        assert (only.title, only.requester, only.pay) == ("Is the review positive?", "Anna", 50_000)
        assert (only.hourly, only.left) == (None, 3)
        assert unit.enrolments.find(worker, house.project) is None  # looking enrols nobody
        press(act_of(unit, worker), TakeTask(project=house.project))
        assert listed(unit, worker).offered[0].left == 2

    await database.transact(play, now)


async def test_pay_an_hour_is_told_once_it_is_measured(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=30, overlap=1, max_overlap=1)
        ann, ben = house.workers
        for _ in range(25):
            press(act_of(unit, ann), TakeTask(project=house.project))
            found = unit.assignments.active_for(ann)
            assert found is not None
            about = (found.id, unit.projects.get(house.project), found.task, ann)
            unit.submissions.add(*about, "positive", None, 10_000, "accepted", None, now)
            unit.assignments.end(found.id, AssignmentState.SUBMITTED)
        (only,) = listed(unit, ben).offered
        assert only.hourly == 18_000_000  # 0.05 in ten seconds
        assert only.left == 5

    await database.transact(play, now)


async def test_pages_hold_a_few_projects_and_end(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=1)
        (worker,) = house.workers
        for number in range(PROJECTS_PER_PAGE):
            another(unit, house, title=f"Project {number}")
        first, second, beyond = (listed(unit, worker, page) for page in (0, 1, 7))
        assert (len(first.offered), first.more, len(second.offered), second.more) == (PROJECTS_PER_PAGE, True, 1, False)
        assert beyond == second
        assert len({each.project for each in (*first.offered, *second.offered)}) == PROJECTS_PER_PAGE + 1

    await database.transact(play, now)


async def test_what_would_not_be_given_is_not_listed_and_not_taken(database: Database, now: Moment) -> None:
    """Their own, one in another language, a paused one, a left one, a restricted one."""

    def play(unit: UnitOfWork) -> list[ProjectId]:
        house = furnish(unit, workers=1, tasks=1)
        (worker,) = house.workers
        foreign = another(unit, house, languages=("fr",))
        paused, left, restricted = (another(unit, house) for _ in range(3))
        unit.projects.pause(paused, "news")
        unit.enrolments.enrol(worker, left)
        unit.enrolments.decline(worker, left, True)
        unit.enrolments.enrol(worker, restricted)
        unit.connection.changed(UNTIL, worker=worker, project=restricted, until=later(now, HOUR))
        assert [each.project for each in listed(unit, worker).offered] == [house.project]
        unit.people.give_consent(house.requester, unit.now)
        assert listed(unit, house.requester).offered == ()  # their own
        return [foreign, paused, left, restricted, ProjectId(999)]

    for refused in await database.transact(play, now):

        def choose(unit: UnitOfWork, project: ProjectId = refused) -> None:
            worker = unit.people.upsert(2_000, "worker0", "Worker 0", "en", now)
            press(act_of(unit, worker.id), TakeTask(project=project))

        with pytest.raises(NothingLeft):
            await database.transact(choose, now)


async def test_choosing_another_project_gives_the_task_in_hand_back(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=1, overlap=1, max_overlap=1)
        (worker,) = house.workers
        other = another(unit, house)
        assert listed(unit, worker).in_hand == ""
        press(act_of(unit, worker), TakeTask(project=house.project))
        assert listed(unit, worker).in_hand == "Is the review positive?"  # what a press would cost
        assert not unit.openings.any_left(house.project)
        press(act_of(unit, worker), TakeTask(project=other))
        assert in_hand(unit, worker) == other
        assert unit.openings.any_left(house.project)

    await database.transact(play, now)


async def test_a_project_without_a_task_leaves_the_one_in_hand(database: Database, now: Moment) -> None:
    def begin(unit: UnitOfWork) -> tuple[PersonId, ProjectId, ProjectId]:
        house = furnish(unit, workers=1, tasks=1)
        foreign = another(unit, house, languages=("fr",))
        press(act_of(unit, house.workers[0]), TakeTask(project=house.project))
        return house.workers[0], house.project, foreign

    worker, project, foreign = await database.transact(begin, now)
    with pytest.raises(NothingLeft):
        await database.transact(lambda unit: press(act_of(unit, worker), TakeTask(project=foreign)), now)
    assert await database.transact(lambda unit: in_hand(unit, worker), now) == project


async def test_leaving_gives_the_task_back_and_one_press_takes_the_project_back(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=1, overlap=1, max_overlap=1)
        (worker,) = house.workers
        other = another(unit, house)
        press(act_of(unit, worker), TakeTask(project=house.project))
        press(act_of(unit, worker), Decline(project=house.project))
        assert unit.openings.any_left(house.project)
        assert in_hand(unit, worker) == other  # work goes on elsewhere
        assert [each.project for each in listed(unit, worker).offered] == [other]
        known = press(act_of(unit, worker), LeaveWhich())
        assert isinstance(known, KnownProjects)
        assert {each.project: each.left for each in known.projects} == {other: False, house.project: True}
        press(act_of(unit, worker), AcceptAgain(project=house.project))
        assert house.project in {each.project for each in listed(unit, worker).offered}

    await database.transact(play, now)


async def test_an_old_button_does_not_take_a_project_back_whose_answers_were_withdrawn(
    database: Database, now: Moment
) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=2), now)

    def pressed_long_after(unit: UnitOfWork) -> object:
        worker = act_of(unit, house.workers[0])
        turn(unit, house.workers[0])
        submit.decline_project(worker, house.project)
        submit.accept_project_again(worker, house.project)
        submit.decline_project(worker, house.project)
        personal_data.withdraw_consent(worker, house.project, sure=True)
        with pytest.raises(NotFound) as refused:
            submit.accept_project_again(worker, house.project)
        assert unit.enrolments.enrol(house.workers[0], house.project).declined
        return refused.value.what

    assert await database.transact(pressed_long_after, now) == "withdrawn"


async def test_the_list_says_whether_anything_comes_unasked(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> list[bool]:
        worker = furnish(unit, workers=1).workers[0]
        settings.update_push_window(unit, worker)
        seen = [listed(unit, worker).asleep]
        unit.people.set_paused(worker, True)
        return [*seen, listed(unit, worker).asleep]

    assert await database.transact(play, now) == [False, True]
