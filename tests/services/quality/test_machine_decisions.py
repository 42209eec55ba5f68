"""Models decide alone only where the requester allows it and gold has shown it safe; a tenth is asked all the same."""

from dataclasses import replace
from typing import Any

from domain.moments import Moment, later
from domain.projects.projects import ProjectState
from domain.projects.tasks import Task
from domain.quality.learners import get_learner
from domain.quality.live import ProjectModel
from domain.quality.machine import MachineAnswer, new_models
from jobs import refits
from services.quality import consensus
from services.work import submit
from storage.database import Database
from storage.invariants import find_violations
from storage.secrets import CONTROL
from storage.unit import UnitOfWork
from tests.house import FUNDS, House, furnish

TASKS = 60
SURE = {n: (MachineAnswer("", "positive", 0.99),) for n in range(1, TASKS + 1)}
ASKED: dict[str, Any] = {"models": ("",), "confidence": 0.8, "ai_decides": True, "tasks": TASKS, "ai": SURE}


def model(right: int, tried: int) -> ProjectModel:
    """A project whose machine was right on so many of the gold tasks that it would have decided."""
    machine = replace(new_models(("",), 2)[0], gold=tried, would_decide=tried, would_be_right=right)
    return replace(consensus.get_opening_models(2)[0], machines=(machine,))


def weigh(unit: UnitOfWork, house: House, shared: ProjectModel) -> list[Task]:
    consensus.apply_models_verdicts(unit, unit.projects.get(house.project), shared, list(house.tasks))
    assert find_violations(unit) == []
    return [unit.tasks.get(task) for task in house.tasks]


async def test_what_is_safe_is_not_asked_but_a_tenth(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, **ASKED), now)
    tasks = await database.transact(lambda unit: weigh(unit, house, model(40, 40)), now)
    secret = await database.transact(lambda unit: unit.secrets.get(CONTROL), now)
    control = {task.id for task in tasks if consensus.is_control(secret, house.project, task.id)}
    assert {task.id for task in tasks if task.state == "open"} == control
    assert {(task.consensus, task.received) for task in tasks if task.state == "closed"} == {("positive", 0)}
    assert all((task.confidence or 0) >= 0.8 for task in tasks if task.state == "closed")


async def test_what_is_not_safe_is_asked(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, **ASKED), now)
    for shared in (model(4, 4), model(28, 40)):  # too little gold; too often wrong
        tasks = await database.transact(lambda unit, shared=shared: weigh(unit, house, shared), now)  # type: ignore[misc]
        assert {task.state for task in tasks} == {"open"}


async def test_what_is_no_longer_safe_is_asked_again(database: Database, now: Moment) -> None:
    some = {**ASKED, "ai": {n: SURE[n] for n in range(1, TASKS)}}  # one it says nothing of keeps the project running
    house = await database.transact(lambda unit: furnish(unit, **some), now)
    await database.transact(lambda unit: weigh(unit, house, model(40, 40)), now)
    tasks = await database.transact(lambda unit: weigh(unit, house, model(30, 44)), now)
    assert {(task.state, task.consensus, task.scores) for task in tasks} == {("open", None, None)}


async def test_a_task_in_a_hand_stays_with_its_worker(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, **ASKED), now)

    def take(unit: UnitOfWork) -> int:
        submit.show_work(unit, unit.people.get(house.workers[0]))
        in_hand = unit.assignments.active_for(house.workers[0])
        assert in_hand is not None
        return in_hand.task

    mine = await database.transact(take, now)
    tasks = await database.transact(lambda unit: weigh(unit, house, model(40, 40)), now)
    assert next(task for task in tasks if task.id == mine).state == "open"


async def test_without_the_requesters_word_a_refit_lets_no_model_decide(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, **{**ASKED, "ai_decides": False}), now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    await refits.refit(database, project, lambda: now)
    tasks = await database.transact(lambda unit: [unit.tasks.get(task) for task in house.tasks], now)
    assert {task.state for task in tasks} == {"open"}


async def test_money_that_no_person_earned_comes_back(database: Database, now: Moment) -> None:
    """Every task but the control is decided; once people have answered that one the project is complete."""
    one = {**ASKED, "tasks": 1, "ai": {1: SURE[1]}}

    def settle(unit: UnitOfWork) -> House:
        house = furnish(unit, **one)
        secret = unit.secrets.get(CONTROL)
        while consensus.is_control(secret, house.project, house.tasks[0]):
            unit.secrets.renew(CONTROL, later(now, 1))
            secret = unit.secrets.get(CONTROL)
        weigh(unit, house, model(40, 40))
        assert unit.projects.get(house.project).state is ProjectState.COMPLETE
        return house

    await database.transact(settle, now)
    free = await database.transact(lambda unit: unit.ledger.balance("requester:1000:available", "EUR"), now)
    assert free == FUNDS


async def test_beside_answers_that_are_no_classes_a_model_is_as_sure_as_its_project_says(
    database: Database, now: Moment
) -> None:
    """Numbers here spread more than is assumed, and gold shows confidences to be too high: so is the model's."""
    told = {n: (MachineAnswer("", "5"),) for n in range(1, TASKS + 1)}
    asked = {**ASKED, "kind": "rating", "options": ("1", "2", "3", "4", "5"), "ai": told, "confidence": 0.7}
    house = await database.transact(lambda unit: furnish(unit, **asked), now)
    machine = replace(new_models(("",), 0)[0], accuracy=0.9, gold=40, would_decide=40, would_be_right=40)
    usual = replace(get_learner("rating").initial_model(5, ("",)), machines=(machine,))
    shared = replace(usual, information=0.3, shift=-0.8)

    def drawn(unit: UnitOfWork, model: ProjectModel) -> tuple[float, set[str]]:
        tasks = weigh(unit, house, model)
        project = unit.projects.get(house.project)
        return consensus.get_models_consensus(project, tasks[0], model).confidence or 0.0, {
            task.state for task in tasks
        }

    doubtful, states = await database.transact(drawn, now, shared)
    assert (doubtful < 0.5, states) == (True, {"open"})
    sure, states = await database.transact(drawn, now, usual)
    assert sure > 0.7
    assert states == {"open", "closed"}  # a tenth is asked all the same


def test_a_tenth_is_drawn_by_lot() -> None:
    drawn = [consensus.is_control(b"secret", 1, task) for task in range(2000)]
    assert 0.08 < sum(drawn) / len(drawn) < 0.12
