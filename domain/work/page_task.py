"""A task as a page of the Mini App shows it, and what came of an answer that was given there."""

from dataclasses import dataclass
from enum import StrEnum

from domain.money.amounts import Millionths
from domain.work.assignments import AssignmentId


@dataclass(frozen=True, slots=True)
class PageTask:
    """`media` are how each of its files is shown, in order; `answer` is the one that is being changed, as it is stored.

    `pay` is for one answer.
    """

    assignment: AssignmentId
    kind: str
    title: str
    instructions: tuple[str, ...]
    options: tuple[str, ...]
    text: str
    media: tuple[str, ...]
    pay: Millionths
    currency: str
    answer: str | None = None


class HandedIn(StrEnum):
    """`AGAIN`: it had been received before."""

    RECEIVED = "received"
    CHANGED = "changed"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """`held`: the pay is pending; `right`: what a known answer says of it, None where there is none."""

    state: HandedIn
    pay: Millionths
    currency: str
    held: bool = False
    right: bool | None = None
