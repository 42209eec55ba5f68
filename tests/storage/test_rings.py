"""Sixteen concurrent writers move money in rings: conflicts are retried, and nothing is lost."""

import asyncio
from random import Random

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Transfer
from storage.database import Database, one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork

WRITERS, RINGS, PEOPLE = 16, 6, 5
NAMES = [f"requester:{n}:available" for n in range(PEOPLE)]
SOON = "&options=-c%20deadlock_timeout%3D20ms"  # PostgreSQL looks for a circle after a second otherwise


def fund(unit: UnitOfWork) -> None:
    for name in NAMES:
        unit.ledger.post(Transfer(f"deposit:{name}", "deposit", BANK, name, Millionths(1_000), "EUR"))


def ring(unit: UnitOfWork, number: int) -> int:
    """Three accounts in an order of chance, each paying the next, in one transaction; how many transfers were new."""
    three = Random(number).sample(NAMES, 3)
    pairs = zip(three, [*three[1:], three[0]], strict=True)
    keyed = [Transfer(f"ring:{number}:{at}", "bonus", *pair, Millionths(1), "EUR") for at, pair in enumerate(pairs)]
    return len([one for one in keyed if unit.ledger.post(one) is not None])


async def test_rings_of_transfers_lose_nothing(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        fund(unit)
    writers = [Database(database_url + (SOON if database_url.startswith("postgresql") else "")) for _ in range(WRITERS)]
    twice = [*range(WRITERS * RINGS)] * 2  # each ring is asked for by two writers
    made = await asyncio.gather(
        *(writers[at * 7 % WRITERS].transact(ring, now, number) for at, number in enumerate(twice))
    )
    await asyncio.gather(*(writer.close() for writer in writers))
    assert sum(made) == 3 * WRITERS * RINGS
    with one_transaction(database_url, now) as unit:
        accounts = unit.ledger.list_accounts()
        assert {account.name: account.balance for account in accounts} == {BANK: -5_000, **dict.fromkeys(NAMES, 1_000)}
        assert sum(account.version for account in accounts) == 2 * (3 * WRITERS * RINGS + PEOPLE)
        assert [broken for broken in find_violations(unit) if broken.rule <= 3] == []
