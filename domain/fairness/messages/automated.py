"""Messages of `/automated`: the register of automated decisions, and what touched one person."""

from dataclasses import dataclass

from domain.conduct.evidence import Evidence
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.quality.messages.restrictions import KnownRestriction


@dataclass(frozen=True, slots=True)
class AutomatedSystems(Message):
    """The register's first page; `touched`: how many decisions touched the reader lately."""

    touched: int


@dataclass(frozen=True, slots=True)
class AutomatedDecision(Message):
    """One decision of the register, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class TouchingRestriction:
    """`may_object` with one press; `lapsed`: no human confirmed it; `words`: an admin's reason to let it stand."""

    of: KnownRestriction
    cause: Evidence
    may_object: bool
    lapsed: bool
    words: str


@dataclass(frozen=True, slots=True)
class TouchingMeasure:
    """`kind`: later, checks or held; `ended_at` None: it goes on."""

    project: int
    title: str
    kind: str
    since: Moment
    ended_at: Moment | None


@dataclass(frozen=True, slots=True)
class TouchingTopup:
    """A top-up of a project's pay; `number` is its operation's."""

    number: int
    project: int
    title: str
    amount: Millionths
    currency: str
    at: Moment


@dataclass(frozen=True, slots=True)
class Touched(Message):
    """To the worker: what machines decided about them in the last `days`, the newest first of each."""

    days: int
    restrictions: tuple[TouchingRestriction, ...]
    measures: tuple[TouchingMeasure, ...]
    topups: tuple[TouchingTopup, ...]
