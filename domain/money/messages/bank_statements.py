"""Messages about a bank's statement that an admin sent: what would be booked, and what was."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class StatementDeposit:
    """A credit whose reference is `who`'s; `booked` before or not."""

    who: str
    amount: int
    reference: str
    booked: bool


@dataclass(frozen=True, slots=True)
class UnmatchedCredit:
    """What the bank says of a credit that nobody can be given; `why`: number, amount, reference, reversal, currency,
    typed."""

    amount: int
    currency: str
    payer: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class StatementRead(Message):
    """Nothing is booked yet; `statement` is the number its button carries."""

    statement: int
    currency: str
    deposits: tuple[StatementDeposit, ...]
    unmatched: tuple[UnmatchedCredit, ...]


@dataclass(frozen=True, slots=True)
class StatementBooked(Message):
    """`count` deposits, `amount` in all; `before` were booked already."""

    count: int
    amount: int
    currency: str
    before: int
