"""Messages about bonuses: one bonus, or a file of them before and after it is paid. Amounts are whole millionths."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class BonusesListed(Message):
    """Message to a requester: preview of a file of bonuses, of which nothing is booked yet. `file` is the number
    that the button carries, `count` and `total` leave out the `before` rows that were paid already, `available` is
    the requester's free money."""

    file: int
    count: int
    people: int
    total: int
    currency: str
    available: int
    before: int


@dataclass(frozen=True, slots=True)
class BonusesBooked(Message):
    """Message to a requester: a file of bonuses was paid; `left` is the requester's free money now."""

    count: int
    total: int
    currency: str
    left: int


@dataclass(frozen=True, slots=True)
class BonusAsked(Message):
    """Message to a requester: asks for the amount and reason of a bonus; `worker` is a pseudonym."""

    worker: str
    available: int
    currency: str


@dataclass(frozen=True, slots=True)
class BonusGiven(Message):
    """Message to a requester: a bonus was paid; `left` is the requester's free money now, `operation` the transfer's
    number."""

    worker: str
    amount: int
    currency: str
    left: int
    operation: int | None


@dataclass(frozen=True, slots=True)
class BonusReceived(Message):
    """Message to a worker: a requester gave a bonus; `operation` is the transfer's number."""

    amount: int
    currency: str
    reason: str
    operation: int | None
