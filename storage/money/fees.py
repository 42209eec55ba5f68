"""The accounts of fees, read as one: the sum of their balances, and their entries in the order of the transfers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import islice

from domain.money.ledger import FEES, FEES_ACCOUNTS, Account, Entry

ALL = ", ".join(f"'{name}'" for name in FEES_ACCOUNTS)
SHARDS = ", ".join(f"'{name}'" for name in FEES_ACCOUNTS if name != FEES)


def summed(column: str) -> str:
    """A column of `accounts`, as SQL; of the fees the sum over all their accounts."""
    return f"""CASE WHEN name = '{FEES}' THEN (SELECT CAST(sum(s.{column}) AS BIGINT) FROM accounts s
  WHERE s.name IN ({ALL}) AND s.currency = accounts.currency) ELSE {column} END"""


def named(column: str) -> str:
    """An account's name, as SQL, under which it is shown."""
    return f"CASE WHEN {column} IN ({SHARDS}) THEN '{FEES}' ELSE {column} END"


def newest(accounts: Iterable[Sequence[Entry]], sums: Account, limit: int) -> list[Entry]:
    """The newest entries of all of them, each with what they held together after it. Of each as many must be given."""
    balance, version, found = sums.balance, sums.version, []
    for entry in islice(merge(*accounts, key=lambda entry: -entry.transfer), limit):
        found.append(replace(entry, account=FEES, balance=balance, version=version))
        balance, version = balance - entry.amount, version - 1
    return found


def oldest(accounts: Iterable[Iterable[Entry]]) -> Iterator[Entry]:
    """All entries of all of them, oldest first, each with what they held together after it."""
    balance = 0
    for version, entry in enumerate(merge(*accounts, key=lambda entry: entry.transfer), 1):
        balance += entry.amount
        yield replace(entry, account=FEES, balance=balance, version=version)
