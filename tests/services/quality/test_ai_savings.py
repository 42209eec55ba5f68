"""A crowd with bad workers in it, with and without a model's answers: what the same results cost."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from domain.moments import Moment, later
from domain.people.people import PersonId
from domain.quality import live
from domain.quality.machine import MachineAnswer, newcomers
from domain.quality.machine.asking import as_sure_as
from domain.quality.skill import Skill
from domain.records import changed
from jobs import refits
from services.quality import consensus
from services.work import submit
from storage.database import Database
from storage.invariants import check
from storage.unit import UnitOfWork
from tests.house import House, a_project, furnish

OPTIONS = ("positive", "negative")
ALONE, BESIDE = 4, 3  # the overlap, without and with a model
TASKS, GOLD = 80, 20
WORKERS, BAD = 13, 4  # of them some who press anything
GOOD, WRONG = 0.78, 20  # how often a good worker is right; of a hundred answers of the model so many are wrong
ROUND = 10_000  # milliseconds in which everybody answers once
GOLDEN = range(TASKS + 1, TASKS + GOLD + 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    accuracy: float
    answers: int


def a_truth(dice: Random) -> dict[int, str]:
    """By position, of gold too."""
    return {n: dice.choice(OPTIONS) for n in range(1, TASKS + GOLD + 1)}


def a_model(dice: Random, truth: dict[int, str]) -> dict[int, tuple[MachineAnswer, ...]]:
    """Right on exactly its share of the tasks, and of the gold."""
    wrong = {*dice.sample(range(1, TASKS + 1), WRONG * TASKS // 100), *dice.sample(GOLDEN, WRONG * GOLD // 100)}
    return {n: (MachineAnswer("", other(right) if n in wrong else right),) for n, right in truth.items()}


def other(answer: str) -> str:
    return OPTIONS[1 - OPTIONS.index(answer)]


async def campaign(database: Database, now: Moment, truth: dict[int, str], dice: Random, **asked: Any) -> Outcome:
    house = await database.transact(
        lambda unit: furnish(unit, workers=WORKERS, tasks=TASKS, gold=GOLD, known=truth, **asked),
        now,
    )
    position = {task: at for at, task in enumerate(house.tasks, 1)}

    def turn(unit: UnitOfWork, worker: PersonId) -> bool:
        person = unit.people.get(worker)
        if unit.assignments.active_for(worker) is None:
            submit.work(unit, person)
        in_hand = unit.assignments.active_for(worker)
        if in_hand is None:
            return False
        right = truth[position[in_hand.task]]
        bad = house.workers.index(worker) < BAD
        said = dice.choice(OPTIONS) if bad else right if dice.random() < GOOD else other(right)
        submit.submit(unit, person, in_hand.id, str(OPTIONS.index(said)), None)
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
        assert check(unit) == []
        tasks = [unit.tasks.get(task) for task in house.tasks]
        right = sum(task.consensus == truth[task.position] for task in tasks if task.gold is None)
        return Outcome(right / TASKS, sum(task.received for task in tasks))

    return await database.transact(look, now)


async def opened(template: Path, folder: Path, name: str) -> Database:
    return Database(f"sqlite:///{shutil.copy(template, folder / name)}")


async def test_beside_a_model_the_same_results_cost_a_fraction(
    sqlite_template: Path, tmp_path: Path, now: Moment
) -> None:
    """On SQLite alone: what is counted are answers, by rules that stand above both databases."""
    right, paid = {"alone": 0.0, "beside": 0.0}, {"alone": 0, "beside": 0}
    for seed in (10, 11):
        dice = Random(seed)
        truth = a_truth(dice)
        models = {"ai": a_model(dice, truth), "models": ("",), "confidence": as_sure_as(BESIDE)}
        for name, wanted in (("alone", overlap(ALONE)), ("beside", models | overlap(BESIDE))):
            database = await opened(sqlite_template, tmp_path, f"{name}{seed}")
            found = await campaign(database, now, truth, Random(seed + 1000), **wanted)
            await database.close()
            right[name] += found.accuracy
            paid[name] += found.answers - GOLD * wanted["overlap"]
    assert right["beside"] >= right["alone"]
    assert paid["beside"] <= 0.4 * paid["alone"]


def test_a_weak_crowd_does_not_lower_what_an_overlap_promises(now: Moment) -> None:
    asked = {"models": ("",), "confidence": as_sure_as(5), **overlap(5)}

    def wanted(accuracy: float) -> float | None:
        known = changed(live.opened(2), machines=newcomers(("",), 2))
        newcomer = replace(known.newcomer, skill=Skill(accuracy, 100.0))
        return consensus.wanted(a_project(PersonId(1), now, **asked), changed(known, answers=100, newcomer=newcomer))

    assert wanted(0.6) == as_sure_as(5)
    assert wanted(0.9) == as_sure_as(5, 0.9) > as_sure_as(5)


async def test_beside_a_model_that_is_worth_nothing_every_task_has_its_overlap(
    sqlite_template: Path, tmp_path: Path, now: Moment
) -> None:
    truth = a_truth(Random(12))
    contrary = {at: (MachineAnswer("", other(right)),) for at, right in truth.items()}
    models = {"ai": contrary, "models": ("",), "confidence": as_sure_as(BESIDE)}
    database = await opened(sqlite_template, tmp_path, "contrary")
    found = await campaign(database, now, truth, Random(1012), **models, **overlap(BESIDE))
    await database.close()
    assert found.answers == BESIDE * (TASKS + GOLD)


def overlap(people: int) -> dict[str, Any]:
    return {"overlap": people, "max_overlap": people}
