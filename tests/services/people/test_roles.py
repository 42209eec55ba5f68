"""An admin grants the requester's role and takes it away, also where everybody has it, and from who comes back."""

import json
from dataclasses import replace

from domain.moments import HOUR, Moment, later
from domain.people.accounts import PersonId
from services.act import Act
from services.people import accounts, onboarding, personal_data
from storage.database import Database
from storage.invariants import find_violations
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
            accounts.set_role(act_of(unit, admin), "@worker1", "requester", state)
        return ["requester" in act(unit, ann).roles for act in (in_an_open_house, act_of)]

    assert await database.transact(switched, now, "") == [True, False]
    assert await database.transact(switched, now, "off") == [False, False]
    assert await database.transact(switched, now, "on") == [True, True]
    assert await database.transact(switched, now, "off") == [False, False]


async def test_an_audit_note_says_who_changed_a_role_and_how(database: Database, now: Moment) -> None:
    def switch_twice(unit: UnitOfWork) -> list[bool]:
        worker, admin = (settle_worker(unit, number).id for number in (1, 2))
        for state in ("on", "off"):
            accounts.set_role(act_of(unit, admin), "@worker1", "requester", state)
        rows = unit.connection.all("SELECT actor, subject, facts FROM audit WHERE action = 'role' ORDER BY id")
        assert [(row[0], row[1]) for row in rows] == [(admin, f"person:{worker}")] * 2
        return [json.loads(row[2])["requester"] for row in rows]

    assert await database.transact(switch_twice, now) == [True, False]


BEN, CAT, ADMIN = 901, 902, 903


def arrive(unit: UnitOfWork, telegram_id: int) -> PersonId:
    return onboarding.store_sender(unit, telegram_id, f"user{telegram_id}", f"User {telegram_id}", "en").id


def may_ask(unit: UnitOfWork, telegram_id: int) -> bool:
    return "requester" in in_an_open_house(unit, arrive(unit, telegram_id)).roles


def switch(unit: UnitOfWork, telegram_id: int, state: str) -> None:
    accounts.set_role(act_of(unit, arrive(unit, ADMIN)), str(telegram_id), "requester", state)


async def forgotten(database: Database, telegram_id: int, now: Moment) -> Moment:
    """When it is done."""
    gone = later(now, 2 * HOUR)
    await database.transact(lambda unit: personal_data.begin_erasure(act_of(unit, arrive(unit, telegram_id))), now)
    await database.transact(personal_data.finish_erasures, gone)
    assert await database.transact(lambda unit: unit.people.find_by_telegram_id(telegram_id), gone) is None
    return gone


async def test_who_is_barred_stays_so_after_forget_until_an_admin_lifts_it(database: Database, now: Moment) -> None:
    await database.transact(lambda unit: [arrive(unit, BEN), arrive(unit, CAT)], now)
    await database.transact(switch, now, BEN, "off")
    at = await forgotten(database, BEN, await forgotten(database, CAT, now))
    assert [await database.transact(may_ask, at, each) for each in (BEN, CAT)] == [False, True]
    at = await forgotten(database, BEN, at)
    assert not await database.transact(may_ask, at, BEN)
    await database.transact(switch, at, BEN, "on")
    assert await database.transact(may_ask, at, BEN)
    at = await forgotten(database, BEN, at)
    assert await database.transact(may_ask, at, BEN)
    assert await database.transact(find_violations, at) == []


async def test_an_admin_can_lift_it_before_they_are_back(database: Database, now: Moment) -> None:
    await database.transact(arrive, now, BEN)
    await database.transact(switch, now, BEN, "off")
    at = await forgotten(database, BEN, now)
    await database.transact(switch, at, BEN, "on")
    assert await database.transact(may_ask, at, BEN)
