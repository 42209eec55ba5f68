"""Messages about deposits of requesters and refunds of unused money.

Amounts are whole millionths of the currency; an `operation` is the number of a transfer, explained by `/why`."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class DepositRecorded(Message):
    """Message to the admin who recorded a deposit; `met` is whether the requester has ever written to the bot."""

    who: str
    met: bool
    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class FundsDeposited(Message):
    """Message to the requester: a deposit arrived; `team` is the team's name if the account is a team's."""

    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None
    team: str = ""


@dataclass(frozen=True, slots=True)
class RefundRecorded(Message):
    """Message to the admin who recorded a refund."""

    who: str
    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class FundsRefunded(Message):
    """Message to the requester: unused money was sent back; `team` is the team's name if the account is a team's."""

    amount: int
    available: int
    currency: str
    reference: str
    operation: int | None
    team: str = ""
