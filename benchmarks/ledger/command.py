"""`python -m benchmarks ledger`: transfers a second, and how long a large ledger takes to seal and to verify."""

import argparse
import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import count, islice
from random import Random
from typing import Any

from benchmarks.databases import fresh
from benchmarks.ledger import bare
from benchmarks.tables import WRITE, keep
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer, topup_account
from domain.projects.projects import ProjectId
from storage.database import Database, one_transaction
from storage.drivers.dialects import dialect_of
from storage.invariants import iter_findings
from storage.money.ledger import INSERT_TRANSFER
from storage.unit import UnitOfWork
from tests.conftest import BOTH

MANY = 50_000  # sealed at once: each time what is left is looked through again
PEOPLE, FEW = 1_000, 8
WAITING = 64  # transfers that wait at once for one writer
NOW = Moment(1_800_000_000_000)


HEAD = ("| database | | transfers/s | bare writes/s | share |", "| --- | --- | --: | --: | --: |")


@dataclass(frozen=True, slots=True)
class Case:
    """Who writes: so many databases (a writer each), so many transfers that wait at once, between which accounts."""

    name: str
    writers: int
    waiting: int
    few: bool = False
    hot: bool = False

    @property
    def together(self) -> int:
        return self.waiting // self.writers

    def pairs(self) -> bare.Pairs:
        chance, accounts = Random(7), FEW if self.few else PEOPLE

        def pair() -> tuple[int, int]:
            debit = 0 if self.hot else chance.randrange(accounts)
            return debit, (debit + chance.randrange(1, accounts)) % accounts

        return pair


CASES = (
    Case("one after another", 1, 1),
    Case("64 waiting, 1,000 accounts", 1, WAITING),
    Case("64 waiting, all from one account", 1, WAITING, hot=True),
    Case("4 writers, all from one account", 4, WAITING, hot=True),
    Case("4 writers, rings over 8 accounts", 4, WAITING, few=True),
)


def name_of(number: int) -> str:
    return topup_account(ProjectId(number))


def _bonus(key: str, debit: str, credit: str) -> Transfer:
    return Transfer(key, "bonus", debit=debit, credit=credit, amount=Millionths(1), currency="EUR")


def fund(unit: UnitOfWork) -> None:
    unit.ledger.open((BANK, FEES), "EUR")
    for number in range(PEOPLE):
        amount = Millionths(1_000_000_000)
        unit.ledger.post(Transfer(f"deposit:{number}", "deposit", BANK, name_of(number), amount=amount, currency="EUR"))


async def rate(url: str, case: Case, seconds: float, numbers: Iterator[int]) -> float:
    """Transfers a second, each durable before it counts."""
    databases = [Database(url) for _ in range(case.writers)]
    pair, done = case.pairs(), 0
    end = time.monotonic() + seconds

    async def one(database: Database) -> None:
        nonlocal done
        while time.monotonic() < end:
            debit, credit = map(name_of, pair())
            move = _bonus(f"bench:{next(numbers)}", debit, credit)
            await database.transact(lambda unit: unit.ledger.post(move), NOW)  # noqa: B023 (awaited in its turn)
            done += 1

    await asyncio.gather(*(one(databases[at % case.writers]) for at in range(case.waiting)))
    await asyncio.gather(*(database.close() for database in databases))
    return done / seconds


def looked_through(url: str, entries: int) -> str:
    """How long it takes to seal so many entries, and to look through them: by the clock, and of this process."""
    rows = filling(entries // 2)
    while some := list(islice(rows, 5_000)):  # PostgreSQL crawls along a row's versions of one long transaction
        with one_transaction(url, NOW) as unit:
            unit.connection.many(INSERT_TRANSFER, some)
    with one_transaction(url, NOW) as unit:
        clock = time.monotonic()
        while unit.hash_chain.seal(MANY):
            pass
        sealing = time.monotonic() - clock
    with one_transaction(url, NOW, read_only=True) as unit:
        count_ = unit.connection.all("SELECT count(*) FROM entries")[0][0]
        clock, own = time.monotonic(), time.process_time()
        broken = sum(finding.count for finding in iter_findings(unit) if finding.invariant.rule < 15)
    verifying, own = time.monotonic() - clock, time.process_time() - own
    return (
        f"{count_:,} entries: sealed in {sealing:.1f} s, verified in {verifying:.1f} s ({own:.1f} s of CPU here), "
        f"{broken} broken"
    )


def filling(transfers: int) -> Iterator[dict[str, Any]]:
    for number in range(transfers):
        move = _bonus(f"fill:{number}", name_of(number % PEOPLE), name_of((number + 1 + number % 7) % PEOPLE))
        yield {
            **{field.name: getattr(move, field.name) for field in fields(move)},
            "digest": move.digest_of_request,
            "now": NOW,
        }


def main(arguments: list[str]) -> int:
    options = argparse.ArgumentParser(prog="benchmarks ledger")
    options.add_argument("--databases", default=",".join(BOTH))
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--only-entries", action="store_true", help="no table of transfers")
    options.add_argument("--entries", type=int, default=0, help="of a ledger to be sealed and looked through")
    options.add_argument("--write", action="store_true", help=WRITE)
    chosen = options.parse_args(arguments)
    rows, notes = [*HEAD], []
    for database in chosen.databases.split(","):
        with fresh(database) as found:
            with one_transaction(found.url, NOW) as unit:
                fund(unit)
            if not chosen.only_entries:
                rows += _measure(database, found.url, chosen.seconds)
            if chosen.entries:
                notes.append(f"{database}, {looked_through(found.url, chosen.entries)}")
    text = "\n\n".join(["\n".join(rows), *notes])
    print(text)
    if chosen.write:
        keep("ledger", "The ledger", f"ledger --seconds {chosen.seconds:g} --entries {chosen.entries}", text)
    return 0


def _measure(database: str, url: str, seconds: float) -> Iterator[str]:
    numbers = count()
    bare.lay(dialect_of(url), PEOPLE)
    for case in CASES:
        ours = asyncio.run(rate(url, case, seconds, numbers))
        raw = bare.rate(dialect_of(url), case, numbers, seconds)
        yield f"| {database} | {case.name} | {ours:,.0f} | {raw:,.0f} | {ours / raw:.0%} |"
