"""A task as a page of the Mini App shows it, and what came of an answer that was given there."""

from dataclasses import dataclass
from enum import StrEnum

from domain.money.amounts import Millionths
from domain.work.assignments import AssignmentId


@dataclass(frozen=True, slots=True)
class PageTask:
    """`media` are how each of its files is shown, in order; `answer` is the one that is being changed, as it is stored.

    `pay` is for one answer, 0 for a requester's own; `frame`: a page of its requester's asks. `beside`: the words of
    each picture that stands with the instructions; their files follow the task's.
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
    frame: "HitFrame | None" = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HitFrame:
    """A requester's page. `url` is that of their own server, empty where the page is kept here; `height` in pixels,
    0 fits; the ids are those that the requester knows. Who has the `ticket` may read the page and hand its form in. An
    admin's preview (`for_admin`) shows the page to an admin: it takes no answer and stores nothing."""

    ticket: str
    url: str
    height: int
    assignment_id: str
    hit_id: str
    worker_id: str
    for_admin: bool = False


class HandedIn(StrEnum):
    """`AGAIN`: it had been received before. `KNOWN`: a requester's, for a check question; `TRIED`: their own
    try."""

    RECEIVED = "received"
    CHANGED = "changed"
    AGAIN = "again"
    KNOWN = "known"
    TRIED = "tried"


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """`held`: the pay is pending; `missed`: it missed a check question. A right answer to one is the same as an
    ordinary answer."""

    state: HandedIn
    pay: Millionths
    currency: str
    held: bool = False
    missed: bool = False
