"""Once a day requesters hear how their projects went, in the morning of their zone, until they press that off."""

from datetime import UTC, datetime

from domain.moments import DAY, Moment
from domain.projects.preflight import RequesterDigest
from handlers.projects.progress import SetDigest
from services.projects import progress
from services.projects.lifecycle import stop_project
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn

TOLD = "SELECT count(*) FROM outbox WHERE person = :who AND screen = :screen"
DUE = "SELECT next_at FROM requester_digests WHERE person = :who"


def count(unit: UnitOfWork, house: House) -> int:
    found = unit.connection.one(TOLD, who=house.requester, screen=RequesterDigest.stored_as)
    return int(found[0]) if found else 0


def begun(unit: UnitOfWork) -> House:
    house = furnish(unit, tasks=6)
    progress.begin_digests(unit, house.requester)
    return house


async def sweep(database: Database, house: House, at: int) -> int:
    await database.transact(progress.send_digests, Moment(at))
    return await database.transact(lambda unit: count(unit, house), Moment(at))


async def test_one_a_day_in_the_morning_and_only_where_something_happened(database: Database, now: Moment):
    house = await database.transact(begun, now)
    due = await database.transact(lambda unit: unit.connection.all(DUE, who=house.requester)[0][0], now)
    assert 0 < due - now <= DAY
    assert datetime.fromtimestamp(due / 1000, UTC).hour == progress.DIGEST_HOUR  # English: no zone is guessed
    assert await sweep(database, house, due - 1) == 0
    assert await sweep(database, house, due) == 0  # nobody has answered
    await database.transact(lambda unit: turn(unit, house.workers[0]), Moment(due + 1))
    assert await sweep(database, house, due + DAY - 1) == 0
    assert await sweep(database, house, due + DAY) == 1
    assert await sweep(database, house, due + DAY + 1) == 1
    assert await sweep(database, house, due + 2 * DAY) == 1  # nothing new


async def test_a_press_ends_it_and_another_brings_it_back(database: Database, now: Moment):
    house = await database.transact(begun, now)
    for on, told in ((False, 0), (True, 1)):

        def choose(unit: UnitOfWork, on: bool = on) -> None:
            press(act_of(unit, house.requester), SetDigest(on=on))
            press(act_of(unit, house.requester), SetDigest(on=on))
            progress.begin_digests(unit, house.requester)  # a later launch does not bring it back
            turn(unit, house.workers[0])

        await database.transact(choose, Moment(now + 1))
        assert await sweep(database, house, now + 2 * DAY) == told


async def test_it_ends_with_the_last_project(database: Database, now: Moment):
    house = await database.transact(begun, now)
    await database.transact(lambda unit: stop_project(act_of(unit, house.requester), house.project, True), now)
    assert await sweep(database, house, now + 2 * DAY) == 0
    assert await database.transact(lambda unit: unit.connection.all(DUE, who=house.requester), now) == []
