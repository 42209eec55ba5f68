"""The book: a key moves money once, the same key with another content is refused, histories are whole."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Account, Entry, Movement, Transfer, fees_account
from domain.projects.projects import ProjectId
from domain.refusals import KeyReused
from storage.database import Database
from storage.unit import UnitOfWork

A, B = "requester:1:available", "requester:2:available"
DEPOSIT = Transfer("deposit:1", "deposit", BANK, A, Millionths(100), "EUR")


def book(unit: UnitOfWork) -> int | None:
    unit.ledger.open((BANK, FEES, A, B), "EUR")
    return unit.ledger.post(DEPOSIT)


async def test_a_transfer_moves_both_balances(database: Database, now: Moment) -> None:
    assert await database.transact(book, now) is not None
    accounts = await database.transact(lambda unit: unit.ledger.list_accounts(), now)
    assert {a.name: (a.balance, a.version) for a in accounts} == {BANK: (-100, 1), FEES: (0, 0), A: (100, 1), B: (0, 0)}


async def test_the_same_key_moves_money_once(database: Database, database_url: str, now: Moment) -> None:
    await database.transact(book, now)
    move = replace(DEPOSIT, key="move", debit=A, credit=B, amount=Millionths(7))
    others = [Database(database_url) for _ in range(3)]
    posted = await asyncio.gather(
        *(other.transact(lambda unit: unit.ledger.post(move), now) for other in others for _ in range(5))
    )
    assert len([one for one in posted if one is not None]) == 1
    assert await database.transact(lambda unit: unit.ledger.balance(B), now) == 7
    await asyncio.gather(*(other.close() for other in others))


@pytest.mark.parametrize(
    "change",
    [
        *({"amount": 101}, {"credit": B}, {"currency": "USD"}, {"debit": FEES}),
        *({"kind": "gift"}, {"memo": "another"}, {"project": 1}, {"submission": 1}, {"reverses": 1}),
    ],
)
async def test_the_same_key_with_another_content_is_refused(
    database: Database, now: Moment, change: dict[str, Any]
) -> None:
    await database.transact(book, now)
    with pytest.raises(KeyReused):
        await database.transact(lambda unit: unit.ledger.post(replace(DEPOSIT, **change)), now)
    assert await database.transact(lambda unit: unit.ledger.balance(A), now) == 100


async def test_nobody_spends_what_they_have_not(database: Database, database_url: str, now: Moment) -> None:
    await database.transact(book, now)
    others = [Database(database_url) for _ in range(4)]
    spend = [Transfer(f"spend:{n}", "bonus", A, B, Millionths(30), "EUR") for n in range(12)]
    outcomes = await asyncio.gather(
        *(others[n % 4].transact(lambda unit, t=t: unit.ledger.post(t), now) for n, t in enumerate(spend)),
        return_exceptions=True,
    )
    assert len([one for one in outcomes if isinstance(one, int)]) == 3
    assert await database.transact(lambda unit: (unit.ledger.balance(A), unit.ledger.balance(B)), now) == (10, 90)
    await asyncio.gather(*(other.close() for other in others))


async def test_rings_of_transfers_end_with_nothing_made_or_lost(
    database: Database, database_url: str, now: Moment
) -> None:
    names = [f"requester:{n}:available" for n in range(4)]

    def fund(unit: UnitOfWork) -> None:
        unit.ledger.open((BANK, *names), "EUR")
        for name in names:
            unit.ledger.post(replace(DEPOSIT, key=f"deposit:{name}", credit=name))

    await database.transact(fund, now)
    others = [Database(database_url) for _ in range(4)]
    pairs = [(names[n % 4], names[(n * 3 + 1 + n // 4) % 4]) for n in range(60)]
    ring = [
        Transfer(f"r{n}", "bonus", *pair, Millionths(1), "EUR") for n, pair in enumerate(pairs) if len(set(pair)) == 2
    ]
    await asyncio.gather(
        *(others[n % 4].transact(lambda unit, t=t: unit.ledger.post(t), now) for n, t in enumerate(ring))
    )
    accounts = await database.transact(lambda unit: unit.ledger.list_accounts(), now)
    assert sum(account.balance for account in accounts) == 0
    assert sum(account.version for account in accounts) == 2 * (len(ring) + 4)
    await asyncio.gather(*(other.close() for other in others))


async def test_an_account_tells_its_history_both_ways(database: Database, now: Moment) -> None:
    def fill(unit: UnitOfWork) -> None:
        book(unit)
        for n in range(5):
            unit.ledger.post(Transfer(f"fee:{n}", "fee", A, FEES, Millionths(n + 1), "EUR", memo=f"number {n}"))

    await database.transact(fill, now)
    newest = await database.transact(lambda unit: unit.ledger.entries(A, 2), now)
    assert [(entry.key, entry.amount, entry.balance, entry.version) for entry in newest] == [
        ("fee:4", -5, 85, 6),
        ("fee:3", -4, 90, 5),
    ]
    oldest = await database.transact(lambda unit: list(unit.ledger.iterate_entries(A)), now)
    assert [entry.version for entry in oldest] == [1, 2, 3, 4, 5, 6]
    assert (oldest[1].memo, oldest[1].made_at) == ("number 0", now)


async def test_fees_on_many_accounts_are_shown_as_one(database: Database, now: Moment) -> None:
    def fill(unit: UnitOfWork) -> None:
        book(unit)
        for n in (1, 2, 17):
            unit.ledger.post(Transfer(f"fee:{n}", "fee", A, fees_account(ProjectId(n)), Millionths(n), "EUR"))
        unit.ledger.post(Transfer("old", "fee", A, FEES, Millionths(30), "EUR"))

    def look(unit: UnitOfWork) -> tuple[list[Entry], list[Entry], list[Account], list[str], list[Movement]]:
        ledger = unit.ledger
        shown = [account for account in ledger.iterate_accounts() if account.name.startswith(FEES)]
        assert [account for account in ledger.list_accounts() if account.name.startswith(FEES)] == shown
        assert (ledger.balance(FEES), ledger.version(FEES), ledger.find(FEES)) == (50, 4, shown[0])
        return (
            list(ledger.iterate_entries(FEES)),
            ledger.entries(FEES, 3),
            shown,
            ledger.list_account_names(),
            list(ledger.iterate_movements()),
        )

    await database.transact(fill, now)
    oldest, newest, shown, names, movements = await database.transact(look, now)
    assert [(entry.key, entry.amount, entry.balance, entry.version) for entry in oldest] == [
        *(("fee:1", 1, 1, 1), ("fee:2", 2, 3, 2), ("fee:17", 17, 20, 3), ("old", 30, 50, 4))
    ]
    assert newest == oldest[:0:-1]
    assert (len(shown), names) == (1, [BANK, FEES, A, B])
    assert {each.credit for each in movements if each.kind == "fee"} == {FEES}


async def test_accounts_are_found_by_name_or_not_at_all(database: Database, now: Moment) -> None:
    def look(unit: UnitOfWork) -> tuple[object, ...]:
        book(unit)
        unit.ledger.open((A,), "EUR")
        known = [account.name for account in unit.ledger.iterate_accounts()]
        return (
            known == unit.ledger.list_account_names(),
            unit.ledger.find("nobody"),
            unit.ledger.balance("nobody"),
            unit.ledger.version(A),
        )

    assert await database.transact(look, now) == (True, None, 0, 1)


async def test_a_locked_balance_stays_until_the_end(postgresql_url: str, now: Moment) -> None:
    one, two = Database(postgresql_url), Database(postgresql_url)
    await one.transact(book, now)
    spend = Transfer("spend", "bonus", A, B, Millionths(60), "EUR")

    def careful(unit: UnitOfWork, key: str) -> bool:
        enough = unit.ledger.locked_balance(A) >= 60
        if enough:
            unit.ledger.post(replace(spend, key=key))
        return enough

    assert sorted(await asyncio.gather(one.transact(careful, now, "a"), two.transact(careful, now, "b"))) == [
        False,
        True,
    ]
    await asyncio.gather(one.close(), two.close())
