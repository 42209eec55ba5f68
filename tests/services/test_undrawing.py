"""Withdrawn answers leave every task's consensus, which is computed again from the others."""

import csv

import pytest

from domain.moments import HOUR, Moment, later
from domain.people.accounts import PersonId
from jobs import exports
from services.people import personal_data
from services.work import submit
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

HERS = {"text": "I am Ann of Lyon", "location": "45.764000,4.835700"}
THEIRS = {"text": "a red cat", "location": "48.858370,2.294480"}
DRAWN = "SELECT consensus, live FROM tasks ORDER BY position"


def answer(unit: UnitOfWork, worker: PersonId, said: str, most: int = 9) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    for _ in range(most):
        in_hand = unit.assignments.active_for(worker)
        if in_hand is not None:
            submit.submit_answer(unit, person, in_hand.id, said, None)


async def told(database: Database, now: Moment, kind: str) -> House:
    """She alone answered the second task; the first one another answered, too. Both have closed, or not."""
    fields = {"kind": kind, "options": (), "tasks": 2, "overlap": 2, "max_overlap": 2, "workers": 2}
    house: House = await database.transact(lambda unit: furnish(unit, **fields), now)
    await database.transact(answer, now, house.workers[0], HERS[kind])
    await database.transact(answer, now, house.workers[1], THEIRS[kind], 1)
    return house


async def found(database: Database, now: Moment, house: House) -> list[str]:
    made = await exports.make_results_file(database, {"number": house.project, "format": "csv"}, now)
    text = made.path.read_text("utf-8-sig")
    made.path.unlink()
    return [f"{row['consensus']} {row['live']}" for row in csv.DictReader(text.splitlines())]


def erase(unit: UnitOfWork, house: House) -> None:
    unit.erasure.erase(unit.people.get(house.workers[0]))


def withdraw(unit: UnitOfWork, house: House) -> None:
    personal_data.withdraw_consent(act_of(unit, house.workers[0]), house.project, sure=True)


@pytest.mark.usefixtures("tasks_in_file_order")
@pytest.mark.parametrize("leave", [erase, withdraw])
@pytest.mark.parametrize("kind", ["text", "location"])
async def test_what_they_wrote_is_in_no_result(kind: str, leave, database: Database, now: Moment) -> None:
    house = await told(database, now, kind)
    assert any(HERS[kind][:6] in row for row in await found(database, now, house))
    await database.transact(leave, now, house)
    assert [tuple(row) async for row in database.rows(DRAWN)] == [(None, None)] * 2  # at once
    await database.transact(personal_data.redraw_consensus, later(now, HOUR))
    assert [tuple(row) async for row in database.rows(DRAWN)] == [(THEIRS[kind], THEIRS[kind]), (None, None)]
    rows = await found(database, now, house)
    assert THEIRS[kind] in rows[0]
    assert not any(HERS[kind][:6] in row for row in rows)
    assert [row async for row in database.rows("SELECT task FROM redraws")] == []
    assert await database.transact(invariants.find_violations, now) == []


async def test_an_option_says_nothing_about_who_pressed_it(database: Database, now: Moment) -> None:
    house: House = await database.transact(lambda unit: furnish(unit, tasks=2, overlap=2, max_overlap=2), now)
    await database.transact(answer, now, house.workers[0], "0")
    before = [tuple(row) async for row in database.rows(DRAWN)]
    await database.transact(erase, now, house)
    assert [tuple(row) async for row in database.rows(DRAWN)] == before != [(None, None)] * 2
    assert [row async for row in database.rows("SELECT task FROM redraws")] == []
