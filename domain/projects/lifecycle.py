"""Messages about the end of a project: complete, stopped, deleted, and the questions before."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class ProjectComplete(Message):
    """`returned` was not needed and is free again. `to_review` answers wait for a decision; silence pays them from
    `until` on."""

    number: int
    title: str
    returned: int
    currency: str
    to_review: int = 0
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class ProjectStopped(Message):
    """`in_hand` tasks may still be answered, the pay of `undecided` answers is still to be decided."""

    number: int
    title: str
    returned: int
    in_hand: int
    undecided: int
    currency: str


@dataclass(frozen=True, slots=True)
class ConfirmStop(Message):
    """Question before a project is stopped: `closed` of `tasks` are done, `held` is in its budget."""

    number: int
    title: str
    closed: int
    tasks: int
    held: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class ConfirmDelete(Message):
    """Question before a draft is deleted."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class DraftDeleted(Message):
    number: int
    title: str
