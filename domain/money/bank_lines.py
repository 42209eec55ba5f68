"""Booked lines of the house's bank account, and what a person may say that a waiting one is."""

from dataclasses import dataclass

from domain.money.amounts import Millionths
from domain.money.payouts import BankFileId, PayoutId
from domain.people.people import PersonId

UNEXPLAINED = "external:unexplained"  # money that left or came, until a person says what it was
# Why a line waits although its money is not on UNEXPLAINED: it may be in the book already, or can't be.
NOT_POSTED = ("typed", "currency")
CHARGE, OWN, PAYOUT, DEPOSIT, RECORDED = "charge", "own", "payout", "deposit", "recorded"
CODE_DIGITS = 15  # of a key, in hexadecimal: below 2**60
LARGEST_NUMBER = 10**9  # what a person types; greater ones are codes
EXPLANATIONS = (CHARGE, OWN, PAYOUT, DEPOSIT, RECORDED)


@dataclass(frozen=True, slots=True)
class BankLine:
    """One booked movement of the account: a statement's entry, or a part of one.

    `key` tells it from all others: of the bank's reference, else of its content and its position among equal ones.
    `view` is statement, advice or table: each movement is in one of a kind once. `entry` is a key of the bank's
    reference of the whole entry, empty without one. `amount` is 0 where `written`, the bank's words, is no amount."""

    key: str
    view: str
    entry: str
    debit: bool
    amount: int
    currency: str
    written: str
    booked_on: str
    reference: str
    party: str
    said: str
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class StatementBalance:
    """What a statement says was on the account before and after it; in millionths, below zero where overdrawn."""

    currency: str
    opening: int
    closing: int
    day: str


@dataclass(frozen=True, slots=True)
class BankRecord:
    """A line as it is kept. `debit`: money left. `why` it waits, or what it was explained as; `suspense` is the
    movement from or to UNEXPLAINED; `transfer` the movement that it is, or may be while it waits as typed."""

    id: int
    key: str
    view: str
    debit: bool
    amount: Millionths
    currency: str
    written: str
    booked_on: str
    reference: str
    payout: PayoutId | None
    file: BankFileId | None
    person: PersonId | None
    party: str
    state: str
    why: str
    suspense: int | None
    transfer: int | None

    @property
    def code(self) -> int:
        """The number by which buttons name the line: of its key, so that no other line ever has it."""
        return int(self.key[:CODE_DIGITS], 16)
