"""Ten tasks first: their cost alone is held, and what they brought stands in the card of the others."""

from decimal import Decimal

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import budget_account, requester_account
from domain.money.pricing import Terms
from domain.projects.launches import PilotDone
from domain.projects.preflight import Preflight
from domain.projects.projects import Pilot, ProjectId, ProjectState, Setbacks
from domain.refusals import FundsMissing, WrongState
from handlers.projects.launches import BeginPilot, Launch
from handlers.projects.preflight import Preview
from services.projects import launches
from services.projects.progress import progress_of
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FEE, PAY, House, a_project, furnish, settle_tasks
from tests.invariants.flows import turn

TOLD = "SELECT count(*) FROM outbox WHERE person = :who AND screen = :screen"
TERMS = Terms("EUR", Decimal(10), Millionths(12_000_000))


def plan(unit: UnitOfWork, house: House, tasks: int = 40, gold: int = 2, **changes: object) -> ProjectId:
    made = unit.projects.add(a_project(house.requester, unit.now, **{"overlap": 2, "max_overlap": 2, **changes}))
    settle_tasks(unit, made, house.requester, tasks, gold)
    return made


def card(unit: UnitOfWork, house: House, project: ProjectId) -> Preflight:
    found = press(act_of(unit, house.requester, terms=TERMS), Preview(number=project))
    assert isinstance(found, tuple)
    assert isinstance(found[-1], Preflight)
    return found[-1]


async def test_its_cost_alone_is_held_and_the_rest_follows_with_what_it_brought(database: Database, now: Moment):
    def begin(unit: UnitOfWork) -> tuple[House, ProjectId]:
        house = furnish(unit, workers=3, tasks=1)
        unit.projects.pause(house.project, "held")
        project = plan(unit, house)
        assert card(unit, house, project).may_pilot == 10
        before = unit.ledger.balance(requester_account(unit.people.get(house.requester)))
        press(act_of(unit, house.requester), BeginPilot(number=project))
        assert unit.ledger.balance(budget_account(project)) == 10 * 2 * (PAY + FEE)
        after = unit.ledger.balance(requester_account(unit.people.get(house.requester)))
        assert before - after == 10 * 2 * (PAY + FEE)
        assert unit.batches.waiting(project).tasks == 30
        assert invariants.find_violations(unit) == []
        return house, project

    house, project = await database.transact(begin, now)

    def work(unit: UnitOfWork) -> None:
        for worker in house.workers:
            turn(unit, worker)

    for step in range(1, 12):
        await database.transact(work, Moment(now + 8_000 * step))

    def end(unit: UnitOfWork) -> None:
        assert unit.projects.get(project).state is ProjectState.RUNNING  # it waits for the rest
        for _ in range(2):
            launches.report_finished_pilots(unit)
        told = unit.connection.one(TOLD, who=house.requester, screen=PilotDone.stored_as)
        assert told is not None
        assert told[0] == 1
        shown = card(unit, house, project)
        assert shown.pilot is not None
        assert (shown.pilot.answers, shown.pilot.workers, shown.pilot.like_result) == (20, 3, 1.0)
        assert (shown.measured, shown.price.seconds) == (True, 8)
        assert (shown.price.tasks, shown.price.gold, shown.price.submissions) == (30, 2, 64)
        press(act_of(unit, house.requester), Launch(number=project))
        assert unit.ledger.balance(budget_account(project)) == 64 * (PAY + FEE)
        assert progress_of(unit, project).setbacks == Setbacks(tasks_added=True)
        assert unit.batches.waiting(project).tasks == 0
        assert turn(unit, house.workers[0])
        assert invariants.find_violations(unit) == []

    await database.transact(end, Moment(now + 200_000))


async def test_what_cannot_be_tried_changes_nothing(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, tasks=1)
        for project in (plan(unit, house, tasks=10), house.project):
            with pytest.raises(WrongState):
                press(act_of(unit, house.requester), BeginPilot(number=project))

    def dear(unit: UnitOfWork) -> None:
        house = furnish(unit, tasks=1)
        draft = plan(unit, house, pay=Millionths(9_000_000), fee=Millionths(900_000))
        press(act_of(unit, house.requester), BeginPilot(number=draft))

    await database.transact(play, now)
    with pytest.raises(FundsMissing):
        await database.transact(dear, now)


async def test_answers_given_alone_do_not_agree_with_anybody(database: Database, now: Moment):
    """One answer a task: "100% of them agree" said nothing."""
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=12, overlap=1, max_overlap=1), now)
    found = await database.transact(lambda unit: alone(unit, house), now)
    assert found == Pilot(answers=2, workers=1, like_result=None)


def alone(unit: UnitOfWork, house: House) -> Pilot | None:
    unit.connection.changed(
        "INSERT INTO pilots (project, last, begun_at) VALUES (:project, 12, :now)", project=house.project, now=unit.now
    )
    for _ in range(2):
        assert turn(unit, house.workers[0])
    return unit.pilots.find_outcome(house.project)
