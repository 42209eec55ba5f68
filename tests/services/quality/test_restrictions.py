"""A restriction, from its notice to its end, as any door sees it: in both databases."""

import pytest

from domain.moments import DAY, HOUR, Moment, later
from domain.quality.messages.contests import Contestable, NotedBefore
from domain.quality.messages.restrictions import (
    Restricted,
    RestrictionAppealed,
    RestrictionConfirmed,
    RestrictionLifted,
    RestrictionOver,
    RestrictionToDecide,
)
from domain.quality.restrictions import Evidence, RestrictionId
from domain.refusals import NotFound
from services.quality import contestable, restrictions
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import REQUESTER, House, furnish

ADMINS = frozenset({REQUESTER})
TOLD = "SELECT screen FROM outbox WHERE person = :person ORDER BY id"


async def restricted(database: Database, now: Moment) -> House:
    """The first worker, on evidence of twenty thousand to one."""
    house = await database.transact(lambda unit: furnish(unit, workers=2), now)

    def weigh(unit: UnitOfWork) -> None:
        worker = house.workers[0]
        unit.enrolments.enrol(worker, house.project)
        found = [Evidence(worker, "random", 10.0, 40, 5, 0.8, 0.5)]
        restrictions.weigh(unit, unit.projects.get(house.project), worker, found)

    await database.transact(weigh, now)
    return house


def told(unit: UnitOfWork, house: House, worker: int = 0) -> list[str]:
    return [row[0] for row in unit.connection.all(TOLD, person=house.workers[worker])]


def only(unit: UnitOfWork, house: House) -> RestrictionId:
    (known,) = unit.evidence.restrictions_of(house.workers[0], 9)
    return known.id


async def test_it_is_told_listed_and_appealed_once(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def appeal(unit: UnitOfWork) -> None:
        assert told(unit, house) == [Restricted.stored_as]
        act, number = act_of(unit, house.workers[0], ADMINS), only(unit, house)
        (listed,) = contestable.listed(act).restrictions
        assert (listed.restriction, listed.until) == (number, now + 7 * DAY)
        assert restrictions.appeal(act, number) == RestrictionAppealed(listed.title, later(now, 72 * HOUR))
        assert restrictions.appeal(act, number) == NotedBefore()
        assert contestable.listed(act) == Contestable((), (), (), 0, ())
        letters = [row[0] for row in unit.connection.all(TOLD, person=house.requester)]
        assert letters == [RestrictionToDecide.stored_as]

    await database.transact(appeal, now)


async def test_nobody_appeals_for_another(database: Database, now: Moment) -> None:
    house = await restricted(database, now)

    def forged(unit: UnitOfWork) -> None:
        for number in (only(unit, house), RestrictionId(10**9)):
            with pytest.raises(NotFound):
                restrictions.appeal(act_of(unit, house.workers[1], ADMINS), number)

    await database.transact(forged, now)


@pytest.mark.parametrize(
    ("lift", "state", "message"), [(True, "lifted", RestrictionLifted), (False, "standing", RestrictionConfirmed)]
)
async def test_an_admin_decides_once(
    database: Database, now: Moment, lift: bool, state: str, message: type[RestrictionLifted | RestrictionConfirmed]
) -> None:
    house = await restricted(database, now)

    def decide(unit: UnitOfWork) -> None:
        act, number = act_of(unit, house.requester, ADMINS), only(unit, house)
        decided = [restrictions.decide(act, number, lift).of for _ in range(2)]
        assert [(each.state, each.decided) for each in decided] == [(state, True)] * 2
        assert told(unit, house) == [Restricted.stored_as, message.stored_as]

    await database.transact(decide, now)


async def test_it_ends_on_its_day(database: Database, now: Moment) -> None:
    house = await restricted(database, now)
    await database.transact(restrictions.end_due, later(now, 7 * DAY - 1))
    assert await database.transact(lambda unit: told(unit, house), now) == [Restricted.stored_as]
    await database.transact(restrictions.end_due, later(now, 7 * DAY))
    ended = await database.transact(lambda unit: told(unit, house), now)
    assert ended == [Restricted.stored_as, RestrictionOver.stored_as]
