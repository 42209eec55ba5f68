"""More answers to each task with one press: the money is held, tasks are asked again, also of a complete project."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import budget_account
from domain.projects.preflight import MoreOffer
from domain.projects.projects import ProjectState, Setbacks
from domain.refusals import FundsMissing, NotFound, UnknownChoice, WrongState
from handlers.projects.pay_raises import AskMore, OfferMore
from handlers.projects.progress import HoldProject
from services.projects import pay_raises
from services.projects.lifecycle import stop_project
from services.projects.progress import progress_of
from services.work import submit
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FEE, PAY, House, furnish
from tests.invariants.flows import turn

STATES = "SELECT state, overlap, received FROM tasks WHERE project = :project AND gold IS NULL ORDER BY position"


async def begin(database: Database, now: Moment, answers: int = 3, **changes: object) -> House:
    """A project of an answer a task, of which so many are given."""

    def play(unit: UnitOfWork) -> House:
        house = furnish(unit, workers=3, tasks=3, **{"overlap": 1, "max_overlap": 1, **changes})
        for _ in range(answers):
            turn(unit, house.workers[0])
        return house

    return await database.transact(play, now)


def states(unit: UnitOfWork, house: House) -> list[tuple[str, int, int]]:
    return [(row[0], int(row[1]), int(row[2])) for row in unit.connection.all(STATES, project=house.project)]


async def test_a_complete_project_goes_on_until_each_task_has_its_new_answers(database: Database, now: Moment):
    house = await begin(database, now)

    def ask(unit: UnitOfWork) -> None:
        assert unit.projects.get(house.project).state is ProjectState.COMPLETE
        offered = press(act_of(unit, house.requester), OfferMore(number=house.project))
        assert isinstance(offered, MoreOffer)
        assert [each.overlap for each in offered.offered] == [2, 3, 5]
        assert offered.offered[0].cost >= 3 * (PAY + FEE)
        assert offered.offered[2].accuracy > offered.accuracy  # type: ignore[operator]
        press(act_of(unit, house.requester), AskMore(number=house.project, overlap=2))
        assert unit.ledger.balance(budget_account(house.project)) == 3 * (PAY + FEE)
        assert states(unit, house) == [("open", 2, 1)] * 3
        assert progress_of(unit, house.project).setbacks == Setbacks(answers_added=True)
        with pytest.raises(UnknownChoice):  # a second press
            press(act_of(unit, house.requester), AskMore(number=house.project, overlap=2))
        assert invariants.find_violations(unit) == []

    def answer(unit: UnitOfWork) -> None:
        assert [turn(unit, house.workers[1]) for _ in range(3)] == [True] * 3
        assert states(unit, house) == [("closed", 2, 2)] * 3
        assert unit.projects.get(house.project).state is ProjectState.COMPLETE
        assert unit.ledger.balance(budget_account(house.project)) == 0
        assert invariants.find_violations(unit) == []

    await database.transact(ask, Moment(now + 1_000))
    await database.transact(answer, Moment(now + 60_000))


async def test_open_tasks_get_more_places_and_nobody_answers_twice(database: Database, now: Moment):
    house = await begin(database, now, answers=1)

    def play(unit: UnitOfWork) -> None:
        press(act_of(unit, house.requester), AskMore(number=house.project, overlap=3))
        assert unit.ledger.balance(budget_account(house.project)) == 8 * (PAY + FEE)
        given = 0
        for worker in house.workers * 4:
            given += turn(unit, worker)
        assert given == 8
        assert states(unit, house) == [("closed", 3, 3)] * 3
        assert invariants.find_violations(unit) == []

    await database.transact(play, Moment(now + 1_000))


async def test_what_cannot_be_asked_changes_nothing(database: Database, now: Moment):
    house = await begin(database, now, answers=1)

    def refuse(unit: UnitOfWork) -> None:
        for overlap in (0, 1, 4, 1_001):
            with pytest.raises(UnknownChoice):
                press(act_of(unit, house.requester), AskMore(number=house.project, overlap=overlap))
        with pytest.raises(NotFound):
            pay_raises.ask_for_more_answers(act_of(unit, house.workers[0]), house.project, 2)
        stop_project(act_of(unit, house.requester), house.project, True)
        with pytest.raises(WrongState):
            press(act_of(unit, house.requester), OfferMore(number=house.project))

    await database.transact(refuse, Moment(now + 1_000))


async def test_a_missing_cent_is_refused(database: Database, now: Moment):
    dear = await begin(database, now, answers=0, pay=Millionths(20_000_000), fee=Millionths(2_000_000))
    with pytest.raises(FundsMissing):
        await database.transact(
            lambda unit: press(act_of(unit, dear.requester), AskMore(number=dear.project, overlap=3)), now
        )


async def test_a_project_that_closes_by_confidence_is_not_asked_so(database: Database, now: Moment):
    house = await begin(database, now, answers=0, confidence=0.9, max_overlap=3)
    with pytest.raises(WrongState):
        await database.transact(lambda unit: press(act_of(unit, house.requester), OfferMore(number=house.project)), now)


async def test_what_was_held_until_its_last_answer_asks_again(database: Database, now: Moment):
    house = await begin(database, now, answers=2)

    def play(unit: UnitOfWork) -> None:
        worker, requester = unit.people.get(house.workers[0]), act_of(unit, house.requester)
        press(requester, HoldProject(number=house.project, on=True))
        in_hand = unit.assignments.active_for(worker.id)
        assert in_hand is not None
        submit.submit_answer(unit, worker, in_hand.id, "0", None)
        assert unit.projects.get(house.project).state is ProjectState.COMPLETE
        press(requester, AskMore(number=house.project, overlap=2))
        assert unit.projects.get(house.project).paused == ()
        assert turn(unit, house.workers[2])
        assert invariants.find_violations(unit) == []

    await database.transact(play, Moment(now + 1_000))
