"""Which process takes up which updates, and who of one person's comes first."""

import pytest

from domain.moments import Moment
from storage.boxes import inbox
from storage.boxes.inbox import EarlierUpdateWaits, ReceivedUpdate
from storage.database import Database
from storage.unit import UnitOfWork


async def test_of_one_person_none_ends_before_an_earlier_one(
    database: Database, database_url: str, now: Moment
) -> None:
    other = Database(database_url)
    await database.transact(lambda unit: unit.inbox.store([ReceivedUpdate(n, n % 2, {}) for n in range(6)]), now)
    await other.transact(lambda unit: unit.inbox.finish(0), now)
    for late in (4, 5):
        with pytest.raises(EarlierUpdateWaits):
            await other.transact(lambda unit, late=late: unit.inbox.finish(late), now)
    ended = [
        await each.transact(lambda unit, n=n: unit.inbox.finish(n), now)
        for n in (1, 2, 3, 4)
        for each in (database, other)
    ]
    assert ended == [True, False] * 4
    assert await other.transact(lambda unit: [unit.inbox.is_first(n) for n in (3, 5)], now) == [False, True]
    await other.close()


async def test_one_that_was_first_when_it_was_stored_waits_for_an_earlier_one_that_comes_late(
    database: Database, now: Moment
) -> None:
    await database.transact(lambda unit: unit.inbox.store([ReceivedUpdate(5, 7, {}), ReceivedUpdate(6, 8, {})]), now)
    await database.transact(lambda unit: unit.inbox.store([ReceivedUpdate(3, 7, {})]), now)
    with pytest.raises(EarlierUpdateWaits):
        await database.transact(lambda unit: unit.inbox.finish(5), now)
    ended = [await database.transact(lambda unit, n=n: unit.inbox.finish(n), now) for n in (6, 3, 5, 5)]
    assert ended == [True, True, True, False]


async def test_of_two_stored_together_the_second_waits_for_the_first(database: Database, now: Moment) -> None:
    def store(unit: UnitOfWork) -> None:
        unit.inbox.store([ReceivedUpdate(2, 7, {}), ReceivedUpdate(1, 7, {}), ReceivedUpdate(3, 8, {})])

    def store_and_finish(unit: UnitOfWork, number: int) -> bool:
        store(unit)
        return unit.inbox.finish(number)

    with pytest.raises(EarlierUpdateWaits):
        await database.transact(store_and_finish, now, 2)
    await database.transact(store, now)
    with pytest.raises(EarlierUpdateWaits):
        await database.transact(lambda unit: unit.inbox.finish(2), now)
    ended = [await database.transact(lambda unit, n=n: unit.inbox.finish(n), now) for n in (1, 3, 2)]
    assert ended == [True, True, True]


async def test_one_that_another_process_has_ended_since_it_was_stored_is_not_ended_again(
    database: Database, database_url: str, now: Moment
) -> None:
    other = Database(database_url)
    await database.transact(lambda unit: unit.inbox.store([ReceivedUpdate(1, 7, {})]), now)
    assert await other.transact(lambda unit: unit.inbox.finish(1), now) is True
    assert await database.transact(lambda unit: unit.inbox.finish(1), now) is False
    await other.close()


async def test_what_was_stored_just_now_is_ended_without_a_look(
    sqlite_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url)
    await database.transact(lambda unit: unit.inbox.store([ReceivedUpdate(1, 7, {}), ReceivedUpdate(2, 7, {})]), now)
    monkeypatch.setattr(inbox, "SELECT_IS_FIRST", "SELECT missing FROM inbox")
    assert await database.transact(lambda unit: unit.inbox.finish(1), now) is True
    await database.close()


async def test_a_persons_updates_stay_with_one_process_and_are_taken_over_when_it_is_gone(
    database: Database, now: Moment
) -> None:
    def come(unit: UnitOfWork, number: int, person: int, to: str) -> None:
        unit.inbox.store([ReceivedUpdate(number, person, {})], lambda person: to)

    def held(unit: UnitOfWork) -> dict[str, list[int]]:
        pages = {name: unit.inbox.list_waiting([(0, 99)], 9, holder=name)[0] for name in ("a", "b", "c")}
        return {name: [update.update_id for update in page.records] for name, page in pages.items()}

    for number, person, to in ((1, 7, "a"), (2, 8, "b"), (3, 7, "b"), (4, 9, "a"), (5, 9, "b")):
        await database.transact(come, now, number, person, to)
    assert await database.transact(held, now) == {"a": [1, 3, 4, 5], "b": [2], "c": []}
    assert await database.transact(lambda unit: unit.inbox.adopt("c", {"b"}, people=1), now) == 2
    assert await database.transact(held, now) == {"a": [4, 5], "b": [2], "c": [1, 3]}
    assert await database.transact(lambda unit: unit.inbox.adopt("c", {"b", "c"}, people=9), now) == 2
    assert await database.transact(held, now) == {"a": [], "b": [2], "c": [1, 3, 4, 5]}
