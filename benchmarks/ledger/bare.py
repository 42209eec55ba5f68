"""The same rows written by hand: a transfer, two balances, two entries; no trigger, nothing proved."""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Protocol

from storage.drivers.connection import Connection
from storage.drivers.dialects import PostgreSQL, SQLite

TABLES = (
    "CREATE TABLE bare_accounts (id INTEGER PRIMARY KEY, balance BIGINT NOT NULL, version BIGINT NOT NULL)",
    "CREATE TABLE bare_transfers (key TEXT PRIMARY KEY, debit BIGINT NOT NULL, credit BIGINT NOT NULL, "
    "amount BIGINT NOT NULL, made_at BIGINT NOT NULL)",
    "CREATE TABLE bare_entries (account BIGINT, version BIGINT, key TEXT, amount BIGINT, balance BIGINT, "
    "PRIMARY KEY (account, version))",
)
TRANSFER = "INSERT INTO bare_transfers (key, debit, credit, amount, made_at) VALUES (:key, :debit, :credit, 1, 1)"
MOVE = """
UPDATE bare_accounts SET balance = balance + :amount, version = version + 1 WHERE id = :id RETURNING version, balance"""
ENTRY = (
    "INSERT INTO bare_entries (account, version, key, amount, balance) VALUES (:id, :version, :key, :amount, :balance)"
)

Pairs = Callable[[], tuple[int, int]]


def lay(dialect: SQLite | PostgreSQL, accounts: int) -> None:
    connection = dialect.open()
    for statement in TABLES:
        connection.changed(statement)
    rows = ({"id": number} for number in range(accounts))
    connection.many("INSERT INTO bare_accounts (id, balance, version) VALUES (:id, 1000000000, 0)", rows)
    connection.close()


class Writers(Protocol):
    """So many connections, so many transfers a commit, between accounts of chance."""

    @property
    def writers(self) -> int: ...
    @property
    def together(self) -> int: ...
    def pairs(self) -> Pairs: ...


def rate(dialect: SQLite | PostgreSQL, case: Writers, numbers: Iterator[int], seconds: float) -> float:
    """Transfers a second; the two accounts of one are locked in one order."""
    done, pairs = [0] * case.writers, case.pairs()
    end = time.monotonic() + seconds

    def work(at: int) -> None:
        connection = dialect.open()
        while time.monotonic() < end:
            done[at] += _commit(dialect, connection, pairs, islice(numbers, case.together), end)
        connection.close()

    threads = [threading.Thread(target=work, args=(at,)) for at in range(case.writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def _commit(
    dialect: SQLite | PostgreSQL, connection: Connection, pairs: Pairs, numbers: Iterator[int], end: float
) -> int:
    """One transaction; what loses against another is begun again."""
    wanted = [(number, *pairs()) for number in numbers]
    while True:
        try:
            connection.changed(dialect.begin())
            for number, debit, credit in wanted:
                _write(connection, f"bare:{number}", debit, credit)
            connection.changed("COMMIT")
            return len(wanted)
        except Exception as error:
            if not dialect.may_retry(error):
                raise
            if connection.dialect == "postgresql":
                connection.changed("ROLLBACK")
            if time.monotonic() > end:
                return 0


def _write(connection: Connection, key: str, debit: int, credit: int) -> None:
    connection.changed(TRANSFER, key=key, debit=debit, credit=credit)
    for number, amount in sorted(((debit, -1), (credit, 1))):
        row = connection.one(MOVE, id=number, amount=amount)
        assert row is not None
        connection.changed(ENTRY, id=number, version=row[0], key=key, amount=amount, balance=row[1])
