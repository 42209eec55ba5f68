"""A scripted crowd with bad workers in it, who answer a project by its services, with or without a model's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.quality.machine import MachineAnswer, equivalent_confidence
from jobs import refits
from services.work import submit
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.house import House, furnish

OPTIONS = ("positive", "negative")
GOLD = 20
WORKERS, BAD = 13, 4  # of them some who press anything
GOOD = 0.78  # how often a good worker is right
ROUND = 10_000  # milliseconds in which everybody answers once


@dataclass(frozen=True, slots=True)
class Outcome:
    """The share of the tasks whose result is right, and the answers given to those that are no gold."""

    accuracy: float
    answers: int


def a_truth(dice: Random, tasks: int, options: Sequence[str] = OPTIONS) -> dict[int, str]:
    """By position; the last ones are gold."""
    return {n: dice.choice(options) for n in range(1, tasks + GOLD + 1)}


def a_model(
    dice: Random, truth: dict[int, str], wrong: int, options: Sequence[str] = OPTIONS
) -> dict[int, tuple[MachineAnswer, ...]]:
    """Wrong on so many of a hundred tasks, exactly, and of the gold."""
    tasks = len(truth) - GOLD
    parts = (range(1, tasks + 1), range(tasks + 1, tasks + GOLD + 1))
    errors = {n for part in parts for n in dice.sample(part, wrong * len(part) // 100)}
    said = {n: other(right, options, dice) if n in errors else right for n, right in truth.items()}
    return {n: (MachineAnswer("", each),) for n, each in said.items()}


def other(answer: str, options: Sequence[str] = OPTIONS, dice: Random | None = None) -> str:
    """A wrong one; of several by lot."""
    wrong = [option for option in options if option != answer]
    return wrong[0] if dice is None or len(wrong) == 1 else dice.choice(wrong)


async def campaign(
    database: Database,
    now: Moment,
    truth: dict[int, str],
    dice: Random,
    options: Sequence[str] = OPTIONS,
    **asked: Any,
) -> Outcome:
    """Everybody answers in turn until the project is complete; refits come as they are due."""
    house = await database.transact(
        lambda unit: furnish(
            unit, workers=WORKERS, tasks=len(truth) - GOLD, gold=GOLD, known=truth, options=tuple(options), **asked
        ),
        now,
    )
    position = {task: at for at, task in enumerate(house.tasks, 1)}

    def turn(unit: UnitOfWork, worker: PersonId) -> bool:
        person = unit.people.get(worker)
        if unit.assignments.active_for(worker) is None:
            submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(worker)
        if in_hand is None:
            return False
        right = truth[position[in_hand.task]]
        bad = house.workers.index(worker) < BAD
        said = dice.choice(options) if bad else right if dice.random() < GOOD else other(right, options, dice)
        submit.submit_answer(unit, person, in_hand.id, str(options.index(said)), None)
        return True

    def round_(unit: UnitOfWork) -> int:
        return sum(turn(unit, worker) for worker in house.workers)

    moment = now
    while await database.transact(round_, moment):
        moment = later(moment, ROUND)
        await refits.refit_due_projects(database, lambda at=moment: at)
    return await outcome(database, moment, house, truth)


async def outcome(database: Database, now: Moment, house: House, truth: dict[int, str]) -> Outcome:
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    assert project.state == "complete"
    await refits.refresh(database, project, lambda: now)

    def look(unit: UnitOfWork) -> Outcome:
        assert find_violations(unit) == []
        asked = [task for task in map(unit.tasks.get, house.tasks) if task.gold is None]
        right = sum(task.consensus == truth[task.position] for task in asked)
        return Outcome(right / len(asked), sum(task.received for task in asked))

    return await database.transact(look, now)


def overlap(people: int) -> dict[str, Any]:
    return {"overlap": people, "max_overlap": people}


def beside(model: dict[int, tuple[MachineAnswer, ...]], people: int) -> dict[str, Any]:
    """What a project with a model's column and this overlap asks for, where its file names no confidence."""
    usual = {"confidence": equivalent_confidence(people), "usual_confidence": True}
    return {"ai": model, "models": ("",), **usual, **overlap(people)}
