"""A launch that a program asks its owner for: its key may not spend so much, so a person decides in the chat."""

from dataclasses import dataclass
from typing import NewType

from domain.messages import Message
from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId

LaunchRequestId = NewType("LaunchRequestId", int)
PATIENCE = 24 * HOUR
MOST = 20  # that the programs of one person may ask within a day
WAITING, LAUNCHED, REFUSED, REPLACED = "waiting", "launched", "refused", "replaced"
EXPIRED = "expired"  # as it is told: nobody decided in time


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """`price` is what the launch holds at most, as its owner was shown it. REPLACED: the program asked again."""

    id: int
    person: PersonId
    api_key: int
    project: ProjectId
    price: Millionths
    asked_at: Moment
    until: Moment
    state: str = WAITING
    decided_at: Moment | None = None

    def at(self, now: Moment) -> str:
        """Its state as it is told."""
        return EXPIRED if self.state == WAITING and now >= self.until else self.state


@dataclass(frozen=True, slots=True)
class LaunchWanted(Message):
    """To the owner of the key that ends in `hint`: `price` is set aside by the first button, until then."""

    number: int
    project: ProjectId
    title: str
    hint: str
    tasks: int
    price: Millionths
    currency: str
    until: Moment


@dataclass(frozen=True, slots=True)
class LaunchAsked:
    """To the program. `state`: waiting, launched, refused, expired, or replaced by a later request."""

    number: int
    project: ProjectId
    state: str
    price: Millionths
    currency: str
    until: Moment


@dataclass(frozen=True, slots=True)
class LaunchDeclined(Message):
    project: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class LaunchRequestOver(Message):
    """The button launches nothing any more. `why`: decided, expired, replaced, key or price."""

    project: ProjectId
    title: str
    why: str
