"""The database itself refuses changes to ledger rows."""

import pytest

from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, Transfer, requester_account
from services.money import ledger
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.house import furnish

TRANSFER = "INSERT INTO transfers (key, kind, debit, credit, amount, currency, made_at)"
REWRITES = (
    ("append-only", "UPDATE transfers SET amount = 1"),
    ("append-only", "DELETE FROM transfers"),
    ("append-only", "UPDATE entries SET amount = 1"),
    ("append-only", "DELETE FROM entries"),
    ("append-only", "UPDATE audit SET action = 'nothing'"),
    ("append-only", "DELETE FROM audit"),
    ("deleted|append-only", "DELETE FROM accounts"),
    ("one entry at a time", "UPDATE accounts SET balance = balance + 1"),
    ("one entry at a time", "UPDATE accounts SET version = version + 2"),
    (
        "belongs to its transfer",
        "INSERT INTO entries (account, version, transfer, amount, balance) SELECT id, version + 1, 1, 5, balance + 5 "
        "FROM accounts WHERE name = 'platform:fees'",
    ),
    ("(?i)check", "INSERT INTO accounts (name, currency, overdraft) VALUES ('worker:1:available', 'EUR', 1)"),
    ("(?i)unique", "INSERT INTO accounts (name, currency) VALUES ('platform:fees', 'EUR')"),
    (
        "(?i)check",
        f"{TRANSFER} VALUES ('x', 'x', 1, 1, 1, 'EUR', 1)",
    ),
    (
        "(?i)check",
        f"{TRANSFER} VALUES ('x', 'x', 1, 2, 0, 'EUR', 1)",
    ),
    ("stays what it is", "UPDATE accounts SET name = 'worker:1:available' WHERE name = 'platform:fees'"),
    ("stays what it is", "UPDATE accounts SET currency = 'USD'"),
    ("append-only", "UPDATE hash_chain SET hash = hash"),
    ("append-only", "DELETE FROM chain_heads"),
    (
        "follows the last",
        "INSERT INTO hash_chain SELECT position + 7, transfer, hash FROM hash_chain WHERE position = 1",
    ),
    ("one a day", "INSERT INTO chain_heads SELECT '2099-01-01', position, 'x' FROM chain_heads"),
    (
        "(?i)foreign key",
        f"{TRANSFER} VALUES ('x', 'x', 1, 2, 1, 'USD', 1)",
    ),
)


REFUSED = r"append-only|stays|follows|one a day"
REPLACED = (
    "accounts (id, name, currency) VALUES (1, 'worker:1:available', 'EUR')",
    "accounts (name, currency) VALUES ('platform:fees', 'EUR')",
    f"{TRANSFER[12:]} VALUES ('deposit:1', 'deposit', 1, 2, 5, 'EUR', 1)",
    "entries SELECT account, version, transfer, amount, balance FROM entries",
    "audit (id, action, subject, facts, at) VALUES (1, 'nothing', '', '', 1)",
    "hash_chain (position, transfer, hash) "
    "SELECT position + 1, transfer, hash FROM hash_chain ORDER BY position DESC LIMIT 1",
    "chain_heads (day, position, hash) SELECT day, position, hash FROM chain_heads",
)


def settle(unit: UnitOfWork) -> None:
    house = furnish(unit)
    ledger.seal_recent(unit)
    ledger.seal_recent(UnitOfWork(unit.connection, Moment(unit.now + DAY)))
    unit.audit.note(house.requester, "deposit", "person:1", amount=1)


@pytest.mark.parametrize(("says", "statement"), REWRITES, ids=lambda value: str(value)[:60])
def test_the_database_refuses(says: str, statement: str, database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        settle(unit)
    with pytest.raises(Exception, match=says), one_transaction(database_url, now) as unit:
        unit.connection.changed(statement)


@pytest.mark.parametrize("row", REPLACED, ids=lambda row: row[:30])
def test_nothing_is_replaced(row: str, sqlite_url: str, now: Moment) -> None:
    """SQLite's OR REPLACE takes away what is in its way, and asks no trigger of DELETE."""
    with one_transaction(sqlite_url, now) as unit:
        settle(unit)
    with (
        pytest.raises(Exception, match=REFUSED),
        one_transaction(sqlite_url, now) as unit,
    ):
        unit.connection.changed(f"INSERT OR REPLACE INTO {row}")


@pytest.mark.parametrize("table", ["accounts", "transfers", "entries", "audit", "hash_chain", "chain_heads"])
def test_nothing_is_emptied(table: str, postgresql_url: str, now: Moment) -> None:
    with one_transaction(postgresql_url, now) as unit:
        settle(unit)
    with pytest.raises(Exception, match="append-only"), one_transaction(postgresql_url, now) as unit:
        unit.connection.changed(f"TRUNCATE {table} CASCADE")


def test_no_account_goes_below_zero(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        target = requester_account(unit.people.get(furnish(unit).requester))
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.ledger.post(Transfer("theft", "bonus", FEES, target, Millionths(1), "EUR"))
