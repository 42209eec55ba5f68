"""A warning before content that not everybody wants to see: agreed to once, a no is kept, none is given it unasked."""

import pytest

from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import NotFound, NothingLeft
from domain.work.messages import ContentWarning, NothingNow, ProjectDeclined
from handlers.work.honest_card import ChooseContent
from handlers.work.offers import AcceptAgain, TakeTask
from handlers.work.tasks import AskForWork, SubmitAnswer
from services.people import personal_data, settings
from services.work import sweeps
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, a_project, furnish, launch, settle_tasks
from tests.letters import due_letters

SHOWN = ("violence", "medical")


def another(unit: UnitOfWork, house: House, **changes: object) -> ProjectId:
    project = unit.projects.add(a_project(house.requester, unit.now, **changes))
    settle_tasks(unit, project, house.requester, 2, gold=0)
    launch(unit, house.requester, project)
    return project


def in_hand(unit: UnitOfWork, worker: PersonId) -> ProjectId | None:
    found = unit.assignments.active_for(worker)
    return found.project if found else None


def told(unit: UnitOfWork, message: type[Message]) -> int:
    return sum(letter.screen == message.stored_as for letter in due_letters(unit, 100))


def choose(unit: UnitOfWork, worker: PersonId, project: ProjectId, agrees: bool) -> None:
    press(act_of(unit, worker), ChooseContent(project=project, agrees=agrees))


def push_again(unit: UnitOfWork, worker: PersonId) -> None:
    settings.update_push_window(unit, worker, just_acted=True)
    sweeps.push_tasks(unit)


async def test_nothing_is_given_before_a_yes_and_one_yes_is_enough(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        (worker,) = house.workers
        press(act_of(unit, worker), AskForWork())
        assert (in_hand(unit, worker), told(unit, ContentWarning), told(unit, NothingNow)) == (None, 1, 0)
        choose(unit, worker, house.project, True)
        for _ in house.tasks:
            assert in_hand(unit, worker) == house.project
            task = unit.assignments.active_for(worker)
            assert task is not None
            press(act_of(unit, worker), SubmitAnswer(assignment=task.id, option=0))
        assert (told(unit, ContentWarning), told(unit, NothingNow)) == (1, 1)

    await database.transact(play, now)


async def test_other_work_comes_first_and_a_chosen_project_warns_at_once(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        (worker,) = house.workers
        plain = another(unit, house)
        press(act_of(unit, worker), AskForWork())
        assert in_hand(unit, worker) == plain
        warned = press(act_of(unit, worker), TakeTask(project=house.project))
        assert isinstance(warned, ContentWarning)
        assert (warned.requester, warned.content) == ("Anna", SHOWN)
        assert in_hand(unit, worker) == plain  # nothing was put back for a warning

    await database.transact(play, now)


async def test_who_said_no_is_neither_given_it_nor_pushed_the_like(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        (worker,) = house.workers
        press(act_of(unit, worker), AskForWork())
        choose(unit, worker, house.project, False)
        assert told(unit, ProjectDeclined) == 1
        press(act_of(unit, worker), AskForWork())
        assert (in_hand(unit, worker), told(unit, ContentWarning), told(unit, NothingNow)) == (None, 1, 1)
        another(unit, house, content=("medical",))
        push_again(unit, worker)
        assert told(unit, ContentWarning) == 1
        another(unit, house, content=("hate",))
        push_again(unit, worker)
        assert told(unit, ContentWarning) == 2  # of another sort: asked, once
        push_again(unit, worker)
        assert told(unit, ContentWarning) == 2

    await database.transact(play, now)


async def test_only_who_was_warned_can_choose(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        with pytest.raises(NotFound):
            choose(unit, house.workers[0], house.project, True)
        with pytest.raises(NotFound):
            choose(unit, house.workers[0], ProjectId(999), True)
        assert unit.content_choices.find_choice(house.workers[0], house.project) is None

    await database.transact(play, now)


async def test_a_second_press_of_yes_gives_no_second_task(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        (worker,) = house.workers
        press(act_of(unit, worker), AskForWork())
        choose(unit, worker, house.project, True)
        choose(unit, worker, house.project, True)
        assert unit.connection.all("SELECT count(*) FROM assignments")[0][0] == 1

    await database.transact(play, now)


async def test_a_yes_brings_a_task_of_the_project_that_was_chosen(database: Database, now: Moment) -> None:
    """The task in hand, of another project, came once more."""

    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        (worker,) = house.workers
        chosen = another(unit, house, content=SHOWN, title="Wounds")
        press(act_of(unit, worker), AskForWork())
        warning = press(act_of(unit, worker), TakeTask(project=chosen))
        assert isinstance(warning, ContentWarning)
        assert warning.leaves == unit.projects.get(house.project).title
        assert in_hand(unit, worker) == house.project  # kept until they have read what is shown
        choose(unit, worker, chosen, True)
        assert in_hand(unit, worker) == chosen

    await database.transact(play, now)


@pytest.mark.parametrize("before", [False, True], ids=["unknown", "enrolled"])
async def test_whom_a_requester_blocks_is_not_asked_to_agree(database: Database, now: Moment, before: bool) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        (worker,) = house.workers
        if before:
            unit.enrolments.enrol(worker, house.project)
        unit.worker_blocks.add(house.requester, worker, "Copied answers.")
        press(act_of(unit, worker), AskForWork())
        push_again(unit, worker)
        with pytest.raises(NothingLeft):
            press(act_of(unit, worker), TakeTask(project=house.project))
        assert told(unit, ContentWarning) == 0
        unit.worker_blocks.remove(house.requester, worker)
        press(act_of(unit, worker), AskForWork())
        assert told(unit, ContentWarning) == 1

    await database.transact(play, now)


async def test_an_undone_no_is_asked_again_and_a_later_yes_counts(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, content=SHOWN)
        ann, ben = house.workers
        press(act_of(unit, ann), AskForWork())
        choose(unit, ann, house.project, False)
        press(act_of(unit, ann), AcceptAgain(project=house.project))
        assert (in_hand(unit, ann), told(unit, ContentWarning)) == (None, 2)  # its tasks come again: after a yes
        choose(unit, ann, house.project, True)
        assert in_hand(unit, ann) == house.project
        press(act_of(unit, ben), AskForWork())
        choose(unit, ben, house.project, False)
        choose(unit, ben, house.project, True)  # below another warning
        assert in_hand(unit, ben) == house.project

    await database.transact(play, now)


async def test_who_shares_the_bank_account_of_a_requester_is_not_asked_to_agree(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        (worker,) = house.workers
        unit.payees.add_mates(worker, house.requester)
        press(act_of(unit, worker), AskForWork())
        assert told(unit, ContentWarning) == 0

    await database.transact(play, now)


async def test_who_took_their_answers_back_is_not_told_that_tasks_come(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, content=SHOWN)
        (worker,) = house.workers
        press(act_of(unit, worker), AskForWork())
        choose(unit, worker, house.project, True)
        task = unit.assignments.active_for(worker)
        assert task is not None
        press(act_of(unit, worker), SubmitAnswer(assignment=task.id, option=0))
        personal_data.withdraw_consent(act_of(unit, worker), house.project, sure=True)
        with pytest.raises(NotFound, match="withdrawn"):
            choose(unit, worker, house.project, True)

    await database.transact(play, now)
