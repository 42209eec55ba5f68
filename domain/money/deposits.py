"""Messages about a requester's money: funds, deposits, refunds, bonuses, missing money for the wage floor.

Amounts are whole millionths of the currency; an `operation` is the number of a transfer, explained by `/why`.
"""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class DepositRecorded(Message):
    """To the admin who recorded it; `met` is whether the person has ever written to the bot."""

    who: str
    met: bool
    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class FundsDeposited(Message):
    """To the requester; `team` is the name of the account, where it is one's."""

    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None
    team: str = ""


@dataclass(frozen=True, slots=True)
class RefundRecorded(Message):
    """To the admin who recorded it."""

    who: str
    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class FundsRefunded(Message):
    """To the requester; `team` is the name of the account, where it is one's."""

    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None
    team: str = ""
