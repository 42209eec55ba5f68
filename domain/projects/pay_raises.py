"""Messages about raises of a project's pay."""

from dataclasses import dataclass

from domain.messages import Message
from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class OfferedRaise:
    """A pay, and how much more would be set aside for it."""

    pay: Millionths
    more: Millionths


@dataclass(frozen=True, slots=True)
class RaiseOffer(Message):
    """Suggested raises of a project's pay. Of a `draft` nothing is set aside yet, and its pay may go down, too."""

    number: int
    title: str
    currency: str
    pay: Millionths
    offered: tuple[OfferedRaise, ...]
    draft: bool = False


@dataclass(frozen=True, slots=True)
class PayRaised(Message):
    """`held` more is set aside, fee included, for the answers still to come."""

    number: int
    title: str
    currency: str
    pay: Millionths
    before: Millionths
    held: Millionths


@dataclass(frozen=True, slots=True)
class PayRaiseNews(Message):
    """Notice of a raise to a worker who has a task of the project in hand."""

    title: str
    currency: str
    pay: Millionths
    before: Millionths
