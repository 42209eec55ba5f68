"""Violations of the chain to be planted: a sealed ledger rewritten with the database's password."""

from collections.abc import Callable

from domain.moments import DAY, HOUR, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer
from services.money import ledger
from storage.money.ledger import Ledger
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant, run

CHAIN, SEALED, HEADS, STAMPED = (
    "the chain over the book recomputes",
    "every transfer is sealed within the hour",
    "every day's head is in the chain",
    "every time-stamp is of its head",
)


def after_sealing(*statements: str) -> Callable[[UnitOfWork, House], None]:
    def breaks(unit: UnitOfWork, house: House) -> None:
        ledger.seal_recent(unit)
        next_day = UnitOfWork(unit.connection, Moment(unit.now + DAY))
        ledger.seal_recent(next_day)
        assert next_day.hash_chain.head().position > 5
        run(*statements)(unit, house)

    return breaks


def leave_one_out(unit: UnitOfWork, house: House) -> None:
    """A transfer of two hours ago comes to light when all after it are sealed."""
    ledger.seal_recent(unit)
    Ledger(unit.connection, Moment(unit.now - 2 * HOUR)).post(
        Transfer("late", "deposit", BANK, FEES, Millionths(1), "EUR")
    )


CHAINED = (
    Plant(
        "a time-stamp is made up",
        *(10, STAMPED, "head of"),
        after_sealing(
            "INSERT INTO head_timestamps (day, answer, root, stamped_at) SELECT day, 'AAAA', 'AAAA', 1 FROM chain_heads"
        ),
        asleep=True,
    ),
    Plant(
        "the key of a sealed transfer is edited",
        *(10, CHAIN, "transfer 1"),
        after_sealing("UPDATE transfers SET key = 'deposit:2' WHERE kind = 'deposit'"),
        asleep=True,
    ),
    Plant(
        "a deposit is said to be of another day",
        *(10, CHAIN, "transfer 1"),
        after_sealing("UPDATE transfers SET made_at = made_at - 1 WHERE kind = 'deposit'"),
        asleep=True,
    ),
    Plant(
        "the memo of a sealed transfer is edited",
        *(10, CHAIN, "transfer 2"),
        after_sealing("UPDATE transfers SET memo = 'a present' WHERE id = 2"),
        asleep=True,
    ),
    Plant(
        "the account of the bank is renamed",
        *(10, CHAIN, "transfer"),
        after_sealing("UPDATE accounts SET name = 'external:bench' WHERE name = 'external:bank'"),
        asleep=True,
    ),
    Plant(
        "the book is sealed anew",
        *(10, HEADS, "head of"),
        after_sealing("UPDATE chain_heads SET hash = '0' || substr(hash, 2, 62) || 'x'"),
        asleep=True,
    ),
    Plant(
        "a seal is lost",
        *(10, HEADS, "seal"),
        after_sealing("DELETE FROM hash_chain WHERE position = 3"),
        asleep=True,
    ),
    Plant("a transfer stays unsealed", *(10, SEALED, "transfer"), leave_one_out),
)
