"""People who are known see the menu of their roles after a start with other admins, requesters or commands."""

from dataclasses import replace
from typing import Any

import pytest

from domain.moments import Moment, later
from domain.people.onboarding import Command, CommandMenu
from services.act import House
from services.people.menus import MENUS_PER_STEP, PEOPLE_PER_STEP, ChangedMenus
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import FIRST_WORKER, REQUESTER, settle_requester, settle_worker
from tests.letters import due_letters
from tests.web.asker import house_of

COMMANDS = tuple(Command(role, role or "help", "", "what it does") for role in ("", "worker", "requester", "admin"))
WORKERS = 3 * MENUS_PER_STEP
Menus = dict[int, list[str]]


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    return replace(house_of(database, later(now, 1)), commands=COMMANDS)


async def menus(database: Database, house: House, steps: int = 9) -> list[Menus]:
    """What each step of one process shows, by the chats; the letters are taken out of the way."""

    sweep, found = ChangedMenus(house), list[Menus]()

    def step(unit: UnitOfWork) -> Menus:
        sweep(unit)
        letters = [each for each in due_letters(unit, 1_000) if each.screen == CommandMenu.stored_as]
        unit.connection.changed("DELETE FROM outbox")
        return {each.chat: [named["name"] for named in each.facts["commands"]] for each in letters if each.chat}

    for _ in range(steps):
        found.append(await database.transact(step, house.clock()))
    return found


async def people(database: Database, now: Moment, house: House) -> list[Menus]:
    def settle(unit: UnitOfWork) -> None:
        settle_requester(unit)
        for number in range(WORKERS):
            settle_worker(unit, number)

    await database.transact(settle, now)
    return await menus(database, house)


def together(found: list[Menus]) -> Menus:
    return {chat: menu for each in found for chat, menu in each.items()}


async def test_the_first_start_shows_everybody_theirs_a_few_at_a_time(database: Database, now: Moment, house: House):
    found = await people(database, now, house)
    assert max(map(len, found)) == MENUS_PER_STEP
    assert len(together(found)) == sum(map(len, found)) == WORKERS + 1
    assert together(found)[REQUESTER] == ["help", "requester"]
    assert together(await menus(database, house)) == {}


@pytest.mark.parametrize(
    ("changed", "seen"),
    [
        ({"admins": frozenset({FIRST_WORKER + 5})}, {FIRST_WORKER + 5: ["help", "worker", "requester", "admin"]}),
        ({"commands": COMMANDS[:-1]}, {}),  # there is no admin
        (
            {"commands": (*COMMANDS, Command("requester", "new", "", "what is new"))},
            {REQUESTER: ["help", "requester", "new"]},
        ),
        (
            {"open_requesters": True},
            {FIRST_WORKER + number: ["help", "worker", "requester"] for number in range(WORKERS)},
        ),
    ],
    ids=["admin", "admins' command", "requesters' command", "open"],
)
async def test_only_whom_a_change_concerns_sees_another(
    database: Database, now: Moment, house: House, changed: dict[str, Any], seen: Menus
):
    await people(database, now, house)
    assert together(await menus(database, replace(house, **changed))) == seen
    back = together(await menus(database, house))
    assert back.keys() == seen.keys()
    assert all(
        menu == (["help", "requester"] if chat == REQUESTER else ["help", "worker"]) for chat, menu in back.items()
    )


async def test_a_change_goes_on_after_a_restart_and_one_that_meets_another_reaches_all(
    database: Database, now: Moment, house: House
):
    await people(database, now, house)
    opened = replace(house, open_requesters=True)
    before = together(await menus(database, opened, steps=1))
    after = together(await menus(database, opened))
    assert (len(before), len(after)) == (MENUS_PER_STEP, WORKERS - MENUS_PER_STEP)
    assert before.keys().isdisjoint(after)
    await menus(database, house, steps=1)
    assert len(together(await menus(database, opened))) == WORKERS + 1


async def test_who_is_gone_or_has_come_since_is_not_written_to(database: Database, now: Moment, house: House):
    await people(database, now, house)

    def change(unit: UnitOfWork) -> None:
        unit.connection.changed("UPDATE people SET reachable = 0 WHERE telegram_id < :last", last=FIRST_WORKER + 2)
        settle_worker(unit, WORKERS)

    await database.transact(change, house.clock())
    found = together(await menus(database, replace(house, commands=COMMANDS[:1])))
    assert found.keys() == {FIRST_WORKER + number for number in range(2, WORKERS)}
    assert PEOPLE_PER_STEP > WORKERS
