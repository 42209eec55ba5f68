"""The bytes of SQLite's log for one answer."""

import sqlite3
from pathlib import Path

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import furnish

ANSWERS = 20
LARGEST = 80 * 1024  # bytes an answer: 65 kB as measured, where pages of 4 kB made twice as much


def answer(unit: UnitOfWork, worker: PersonId) -> None:
    person, in_hand = unit.people.get(worker), unit.assignments.active_for(worker)
    if in_hand is None:
        submit.show_work(unit, person)
    else:
        submit.submit_answer(unit, person, in_hand.id, "0", 77)


async def test_an_answer_writes_little_into_the_log(sqlite_url: str, now: Moment) -> None:
    database, place = Database(sqlite_url), sqlite_url.removeprefix("sqlite:///")
    house = await database.transact(lambda unit: furnish(unit, tasks=100, gold=5, overlap=3), now)
    await database.transact(answer, now, house.workers[0])
    other = sqlite3.connect(place)
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.execute("BEGIN")
    other.execute("SELECT 1 FROM people").fetchone()  # whoever reads keeps the log from beginning anew
    before = _size(place)
    for turn in range(ANSWERS):
        await database.transact(answer, later(now, turn * 3_000), house.workers[0])
    written = _size(place) - before
    other.close()
    await database.close()
    assert 0 < written / ANSWERS < LARGEST


def _size(place: str) -> int:
    return Path(f"{place}-wal").stat().st_size
