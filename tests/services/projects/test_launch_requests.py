"""A program asks its owner for a launch that its key may not pay for; the row decides what the button does."""

from dataclasses import replace

import pytest

from domain.moments import Moment, later
from domain.money.ledger import requester_account
from domain.people.accounts import PersonId
from domain.projects.launches import (
    MOST,
    PATIENCE,
    LaunchAsked,
    LaunchDeclined,
    LaunchRequestOver,
    LaunchWanted,
    ProjectLaunched,
)
from domain.projects.projects import ProjectId, ProjectState
from domain.refusals import FundsMissing, NotFound, TooManyLaunchRequests
from services.act import Act, House, Reply
from services.people import api_keys
from services.projects import launches
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import a_project, settle_requester, settle_tasks, settle_worker
from tests.services.money.test_topups import TERMS, Crowd
from tests.web.asker import house_of, key_of


def draft(unit: UnitOfWork, anna: PersonId, tasks: int = 2) -> ProjectId:
    project = unit.projects.add(a_project(anna, unit.now, overlap=1, max_overlap=1))
    settle_tasks(unit, project, anna, tasks, 0)
    return project


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    return house_of(database, now)


def begun(unit: UnitOfWork, house: House) -> tuple[Act, ProjectId, LaunchAsked]:
    """Of Anna's key number 1."""
    anna = settle_requester(unit)
    key_of(unit, house, anna.id, "draft")
    act, project = Act(unit, anna, house, program=1), draft(unit, anna.id)
    return act, project, launches.request_launch(act, project)


def wanted(unit: UnitOfWork) -> int:
    rows = unit.connection.all("SELECT count(*) FROM outbox WHERE screen = :name", name=LaunchWanted.stored_as)
    return int(rows[0][0])


async def test_the_button_launches_once(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        act, project, asked = begun(unit, house)
        assert (asked.state, asked.price, asked.until) == ("waiting", 2 * 55_000, now + PATIENCE)
        assert launches.request_launch(act, project) == asked
        assert wanted(unit) == 1
        launched = launches.decide_launch_request(act, asked.number, True)
        assert isinstance(launched, Reply)
        assert isinstance(launched.done, ProjectLaunched)
        assert unit.projects.get(project).state is ProjectState.RUNNING
        assert launches.get_launch_request(act, asked.number).state == "launched"
        for yes in (True, False):
            again = launches.decide_launch_request(act, asked.number, yes)
            assert again == LaunchRequestOver(project, "Is the review positive?", "decided")

    await database.transact(play, now)


async def test_a_button_that_is_over_launches_nothing(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        act, project, asked = begun(unit, house)
        late = replace(act, unit=UnitOfWork(unit.connection, later(now, PATIENCE)))
        assert _why(late, asked.number) == "expired"
        assert launches.get_launch_request(late, asked.number).state == "expired"
        settle_more(unit, project, act.person.id)
        assert _why(act, asked.number) == "price"
        dearer = launches.request_launch(act, project)
        assert (dearer.price, _why(act, asked.number)) == (3 * 55_000, "replaced")
        declined = launches.decide_launch_request(act, dearer.number, False)
        assert isinstance(declined, LaunchDeclined)
        assert launches.get_launch_request(act, dearer.number).state == "refused"
        third = launches.request_launch(act, project)
        api_keys.revoke_key(act, 1)
        assert _why(act, third.number) == "key"
        assert unit.projects.get(project).state is ProjectState.DRAFT

    await database.transact(play, now)


def test_what_a_resting_project_needs_is_in_the_price(database_url: str, now: Moment):
    """Before, the button said nothing of it, and took it."""
    crowd = Crowd(database_url, now)
    crowd.answers(9, 9, 9, 9, 9, rounds=2)

    def play(unit: UnitOfWork) -> None:
        act = replace(act_of(unit, crowd.house.requester, terms=TERMS), program=1)
        key_of(unit, act.house, act.person.id, "draft")
        free = unit.ledger.balance(requester_account(act.person))
        asked = launches.request_launch(act, crowd.project)
        assert asked.price == 810_000
        launches.decide_launch_request(act, asked.number, True)
        assert free - unit.ledger.balance(requester_account(act.person)) == asked.price

    crowd.do(play)
    crowd.is_in_order()


async def test_nobody_decides_for_another_and_nobody_is_pestered(database: Database, house: House, now: Moment):
    def play(unit: UnitOfWork) -> None:
        act, _, asked = begun(unit, house)
        bob = settle_worker(unit, 1)
        unit.people.make_requester(bob.id, True)
        for look in (
            launches.get_launch_request,
            lambda act, number: launches.decide_launch_request(act, number, True),
        ):
            with pytest.raises(NotFound):
                look(replace(act, person=unit.people.get(bob.id)), asked.number)
        with pytest.raises(FundsMissing):
            launches.request_launch(act, draft(unit, act.person.id, 2_000))
        for _ in range(MOST - 1):
            launches.request_launch(act, draft(unit, act.person.id))
        with pytest.raises(TooManyLaunchRequests):
            launches.request_launch(act, draft(unit, act.person.id))

    await database.transact(play, now)


def settle_more(unit: UnitOfWork, project: ProjectId, anna: PersonId) -> None:
    batch = unit.batches.begin(project, anna, "more", "more.csv", 1)
    grown = unit.batches.grow(batch, 1, 0, 1)
    assert grown is not None
    unit.batches.show(grown)


def _why(act: Act, number: int) -> str:
    over = launches.decide_launch_request(act, number, True)
    assert isinstance(over, LaunchRequestOver)
    return over.why
