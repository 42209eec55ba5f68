"""The database itself refuses to have its book rewritten, whoever asks."""

import pytest

from domain.ledger import FEES, Transfer, requester_account
from domain.moments import Moment
from domain.money import Millionths
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
    (
        "(?i)foreign key",
        f"{TRANSFER} VALUES ('x', 'x', 1, 2, 1, 'USD', 1)",
    ),
)


def settle(unit: UnitOfWork) -> None:
    house = furnish(unit)
    unit.audit.note(house.requester, "deposit", "person:1", amount=1)


@pytest.mark.parametrize(("says", "statement"), REWRITES, ids=lambda value: str(value)[:60])
def test_the_database_refuses(says: str, statement: str, database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        settle(unit)
    with pytest.raises(Exception, match=says), one_transaction(database_url, now) as unit:
        unit.connection.changed(statement)


def test_no_account_goes_below_zero(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        target = requester_account(unit.people.get(furnish(unit).requester))
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.ledger.post(Transfer("theft", "bonus", FEES, target, Millionths(1), "EUR"))
