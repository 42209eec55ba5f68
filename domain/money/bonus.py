"""Messages about a file of bonuses: what would be paid, and what was. Amounts are whole millionths."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class BonusesListed(Message):
    """Nothing is booked yet; `file` is the number its button carries. `before` of its rows were paid already;
    `available` is free."""

    file: int
    count: int
    people: int
    total: int
    currency: str
    available: int
    before: int


@dataclass(frozen=True, slots=True)
class BonusesBooked(Message):
    """`left` is what they have free."""

    count: int
    total: int
    currency: str
    left: int


@dataclass(frozen=True, slots=True)
class BonusAsked(Message):
    """Amount and reason of a bonus are to be typed; `worker` is a pseudonym."""

    worker: str
    available: int
    currency: str


@dataclass(frozen=True, slots=True)
class BonusGiven(Message):
    """To the requester; `left` is what they have free."""

    worker: str
    amount: int
    currency: str
    left: int
    operation: int | None


@dataclass(frozen=True, slots=True)
class BonusReceived(Message):
    amount: int
    currency: str
    reason: str
    operation: int | None
