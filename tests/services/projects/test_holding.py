"""A requester's own pause: nobody is asked, tasks in hand are finished and paid, no other pause is lifted."""

from dataclasses import replace

import pytest

from domain.fairness.stops import ENDED_BY_ADMIN, SUSPENDED
from domain.moments import Moment
from domain.money.ledger import accounts_of_worker
from domain.people.accounts import PersonId
from domain.projects.progress import ProjectProgress
from domain.projects.projects import HELD
from domain.refusals import NotFound, NothingLeft, WrongState
from domain.work.offers import KnownProjects
from handlers.projects.launches import Launch
from handlers.projects.progress import HoldProject, StopProject, ToggleHold
from handlers.screen import render
from handlers.work.offers import LeaveWhich, ListTasks, TakeTask
from locales.languages import LANGUAGES
from services.act import Reply
from services.projects.progress import progress_of
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.architecture.test_automated_decisions import reasons_to_pause
from tests.handlers.screens.project_samples import PROGRESS
from tests.house import House, a_project, furnish

PAUSE_REASONS = sorted({*reasons_to_pause(), HELD, SUSPENDED, ENDED_BY_ADMIN})


def hold(unit: UnitOfWork, house: House, on: bool) -> ProjectProgress:
    reply = press(act_of(unit, house.requester), HoldProject(number=house.project, on=on))
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, ProjectProgress)
    return reply.message


def offered(unit: UnitOfWork, worker: PersonId) -> int:
    reply = press(act_of(unit, worker), ListTasks())
    assert isinstance(reply, Reply)
    return len(reply.message.offered)  # type: ignore[union-attr]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", PAUSE_REASONS)
def test_progress_says_why_a_project_is_paused(reason: str, language: str):
    paused = replace(PROGRESS, state="paused", rests=(reason,), left=None)
    screen = render(ProjectProgress.stored_as, paused, language)
    pauses = [button for row in screen.keyboard for button in row if (button.data or "").startswith("ho:")]
    assert "\n⏸ " in screen.text
    assert [button.data for button in pauses] == (["ho:7:0"] if reason == HELD else [])


async def test_a_held_project_asks_nobody_and_pays_what_is_in_a_hand(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=3)
        ann, ben = house.workers
        submit.show_work(unit, unit.people.get(ann))
        in_hand = unit.assignments.active_for(ann)
        assert in_hand is not None
        shown = hold(unit, house, on=True)
        assert (shown.state, shown.rests) == ("paused", (HELD,))
        assert (offered(unit, ben), unit.assignments.active_for(ben)) == (0, None)
        with pytest.raises(NothingLeft):
            press(act_of(unit, ben), TakeTask(project=house.project))
        submit.submit_answer(unit, unit.people.get(ann), in_hand.id, "0", None)
        assert unit.assignments.active_for(ann) is None  # no next task
        paid = sum(unit.ledger.balance(account) for account in accounts_of_worker(unit.people.get(ann)))
        assert paid == unit.projects.get(house.project).pay
        known = press(act_of(unit, ann), LeaveWhich())
        assert isinstance(known, KnownProjects)
        assert [each.rests for each in known.projects] == [True]
        assert hold(unit, house, on=False).state == "running"
        assert offered(unit, ben) == 1
        assert unit.people.is_waiting(ann)  # who found none is asked again

    await database.transact(play, now)


async def test_the_command_again_lifts_only_its_own_pause(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        toggle = ToggleHold(number=house.project)
        press(act_of(unit, house.requester), toggle)
        hold(unit, house, on=True)  # an old button, once more
        unit.projects.pause(house.project, "reports")
        press(act_of(unit, house.requester), toggle)
        assert progress_of(unit, house.project).rests == ("reports",)
        assert offered(unit, house.workers[0]) == 0

    await database.transact(play, now)


async def test_a_project_that_was_held_and_stopped_goes_on_with_its_next_launch(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        hold(unit, house, on=True)
        press(act_of(unit, house.requester), StopProject(number=house.project, sure=True))
        with pytest.raises(WrongState):
            press(act_of(unit, house.requester), ToggleHold(number=house.project))
        press(act_of(unit, house.requester), Launch(number=house.project))
        assert progress_of(unit, house.project).state == "running"

    await database.transact(play, now)


async def test_only_the_requester_of_a_running_project_holds_it(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        draft = unit.projects.add(a_project(house.requester, now))
        unit.people.make_requester(house.workers[0], True)
        for person, project, refusal in (
            (house.workers[0], house.project, NotFound),
            (house.requester, draft, WrongState),
        ):
            with pytest.raises(refusal):
                press(act_of(unit, person), HoldProject(number=project, on=True))
        assert unit.projects.get(house.project).paused == ()

    await database.transact(play, now)
