"""The chain over the book: what was committed is sealed once, in an order of its own; anybody can compute it again."""

import asyncio
import re
from pathlib import Path

import pytest

from domain.moments import DAY, Moment, day_of
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, EMPTY_HEAD, FEES, Transfer
from jobs import hash_chain
from services.money import ledger
from storage.database import Database, one_transaction
from storage.drivers.dialects import dialect_of
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.invariants.flows import a_day

MANUAL = Path(__file__).parents[2] / "docs/reference/ledger-chain.md"


def pay_in(unit: UnitOfWork, key: str) -> None:
    unit.ledger.post(Transfer(key, "deposit", BANK, FEES, Millionths(5), "EUR"))


def test_an_empty_book_has_a_head_too(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        ledger.seal_recent(unit)
        assert unit.hash_chain.head() == EMPTY_HEAD
        assert unit.hash_chain.list_day_heads(5) == []


def test_every_transfer_is_sealed_once(database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        count = unit.connection.all("SELECT count(*) FROM transfers")[0][0]
        assert [
            unit.hash_chain.seal(5),
            unit.hash_chain.seal(1_000),
            unit.hash_chain.seal(1_000),
        ] == [*(5, count - 5, 0)]
        assert unit.hash_chain.head().position == count
        assert find_violations(unit) == []


def test_a_transfer_that_is_committed_late_is_sealed_late(postgresql_url: str, now: Moment) -> None:
    slow = dialect_of(postgresql_url).open()  # a writer that takes no turn
    slow.changed("BEGIN")
    pay_in(UnitOfWork(slow, now), "slow")
    with one_transaction(postgresql_url, now) as quick:
        quick.ledger.open((BANK,), "USD")
        quick.ledger.post(Transfer("quick", "deposit", BANK, FEES, Millionths(5), "USD"))
    with one_transaction(postgresql_url, now) as unit:
        assert unit.hash_chain.seal(10) == 1
    slow.changed("COMMIT")
    slow.close()
    with one_transaction(postgresql_url, now) as unit:
        assert unit.hash_chain.seal(10) == 1
        order = unit.connection.all(
            "SELECT t.key FROM hash_chain s JOIN transfers t ON t.id = s.transfer ORDER BY position"
        )
        assert [key for (key,) in order] == ["quick", "slow"]
        assert find_violations(unit) == []


async def test_what_was_left_far_behind_is_found_when_a_day_ends(
    database_url: str, database: Database, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        for key in ("a", "b"):
            pay_in(unit, key)
        unit.hash_chain.seal(10)
        missed = unit.connection.all("SELECT max(id) + 20000 FROM transfers")[0][0]
        unit.connection.changed(
            "INSERT INTO transfers (id, key, kind, debit, credit, amount, currency, made_at) "
            "SELECT :missed, 'far', kind, debit, credit, amount, currency, made_at FROM transfers WHERE key = 'b'",
            missed=missed,
        )
        unit.hash_chain.seal(10)
        pay_in(unit, "c")  # its id is far below the newest that is sealed
    with one_transaction(database_url, now) as unit:
        below = unit.connection.all("SELECT min(id) FROM transfers WHERE key = 'c'")[0][0] < missed
        assert unit.hash_chain.seal(10) == (0 if below else 1)
    await hash_chain.seal_ledger(database, lambda: Moment(now + DAY))
    with one_transaction(database_url, Moment(now + DAY)) as unit:
        assert unit.hash_chain.head().position == 4
        assert len(unit.hash_chain.list_day_heads(5)) == 1


async def test_many_transfers_are_sealed_in_steps_between_which_others_pass(
    database_url: str, database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MAX_SEALED_AT_ONCE", 5)
    with one_transaction(database_url, now) as unit:
        for number in range(17):
            pay_in(unit, f"many:{number}")
    sealed = asyncio.create_task(hash_chain.seal_ledger(database, lambda: now))
    seen = {0}
    while not sealed.done():
        seen.add(await database.transact(lambda unit: unit.hash_chain.head().position, now))
    await sealed
    assert sorted(seen)[:4] == [0, 5, 10, 15]
    with one_transaction(database_url, now) as unit:
        assert unit.hash_chain.head().position == 17


def test_a_days_head_is_noted_once(database_url: str, now: Moment) -> None:
    heads = []
    for moment in (now, now + 1_000, now + DAY, now + DAY + 1_000, now + 3 * DAY):
        with one_transaction(database_url, Moment(moment)) as unit:
            pay_in(unit, f"at:{moment}")
            ledger.seal_recent(unit)
            heads.append(unit.hash_chain.head())
    with one_transaction(database_url, now) as unit:
        assert unit.hash_chain.list_day_heads(9) == [(day_of(Moment(now + 2 * DAY)), heads[3]), (day_of(now), heads[1])]


def test_the_manuals_lines_compute_the_head(sqlite_url: str, now: Moment) -> None:
    a_day(sqlite_url, now)
    with one_transaction(sqlite_url, now) as unit:
        ledger.seal_recent(unit)
        head = unit.hash_chain.head()
    lines = re.search(r"```python\n(.*?)```", MANUAL.read_text(), re.DOTALL)
    assert lines
    here: dict[str, object] = {}
    exec(lines[1].replace("pouce.db", sqlite_url.removeprefix("sqlite:///")), here)
    assert (here["position"], here["head"]) == (head.position, head.hash)
