"""Where people and a model differ on many tasks, the requester is asked for check questions, once."""

from typing import Any

from domain.moments import Moment, later
from domain.quality.machine import MachineAnswer
from jobs import refits
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import House, furnish

TOLD = "SELECT facts FROM outbox WHERE person = :person AND screen LIKE '%GoldWouldHelp%'"
ASKED: dict[str, Any] = {"models": ("",), "confidence": 0.9, "tasks": 60}


async def told(database: Database, now: Moment, said: str, rounds: int = 12) -> list[Any]:
    ai = {n: (MachineAnswer("", "positive"),) for n in range(1, 61)}
    house = await database.transact(lambda unit: furnish(unit, ai=ai, **ASKED), now)

    def answer(unit: UnitOfWork) -> None:
        person = unit.people.get(house.workers[0])
        if unit.assignments.active_for(person.id) is None:
            submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        submit.submit_answer(unit, person, in_hand.id, said, None)

    for _ in range(rounds):
        await database.transact(answer, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    for turn in range(2):
        await refits.refit(database, project, lambda turn=turn: later(now, turn))  # type: ignore[misc]
    return await database.transact(lambda unit: heard(unit, house), now)


def heard(unit: UnitOfWork, house: House) -> list[Any]:
    return list(unit.connection.all(TOLD, person=house.requester))


async def test_many_contested_tasks_are_told_once(database: Database, now: Moment) -> None:
    assert len(await told(database, now, "1")) == 1


async def test_agreement_is_not_told(database: Database, now: Moment) -> None:
    assert await told(database, now, "0") == []


async def test_a_few_contested_tasks_are_not_either(database: Database, now: Moment) -> None:
    assert await told(database, now, "1", rounds=9) == []
