"""An admin grants the requester's role and takes it away, also where everybody has it."""

from dataclasses import replace

from domain.moments import Moment
from domain.people.people import PersonId
from services.act import Act
from services.people import roles
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import settle_worker


def in_an_open_house(unit: UnitOfWork, person: PersonId) -> Act:
    act = act_of(unit, person)
    return replace(act, house=replace(act.house, open_requesters=True))


async def test_whom_the_role_is_taken_from_has_none_in_an_open_house_either(database: Database, now: Moment) -> None:
    ann, admin = await database.transact(lambda unit: [settle_worker(unit, number).id for number in (1, 2)], now)

    def switched(unit: UnitOfWork, state: str) -> list[bool]:
        if state:
            roles.set_role(act_of(unit, admin), "@worker1", "requester", state)
        return ["requester" in act(unit, ann).roles for act in (in_an_open_house, act_of)]

    assert await database.transact(switched, now, "") == [True, False]
    assert await database.transact(switched, now, "off") == [False, False]
    assert await database.transact(switched, now, "on") == [True, True]
    assert await database.transact(switched, now, "off") == [False, False]
