"""Limits of unlaunched drafts: rows, size, age."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import DAY


@dataclass(frozen=True, slots=True)
class FileArriving(Message):
    """How far a large file is: rows `checked`, then `written` of so many."""

    name: str
    checked: int
    written: int
    of: int
    done: bool


@dataclass(frozen=True, slots=True)
class DraftLetGo(Message):
    """A draft was not launched for `days`, or tasks that were to be added to a project, and was deleted."""

    number: int
    title: str
    days: int
    whole: bool


@dataclass(frozen=True, slots=True)
class CloneOffer(Message):
    """What of a project may come along into a new draft: `gold` of its rows are check questions, `tasks` the others; at
    most `most` rows are copied."""

    number: int
    title: str
    tasks: int
    gold: int
    most: int


@dataclass(frozen=True, slots=True)
class MediumNamed(Message):
    """The id by which Telegram knows a picture, a sound or a video that a requester sent."""

    file: str


MOST_ROWS = 1_000_000  # as many as one file may have
MOST_BYTES = 64 << 20  # of rows; a file of 20 MB, the largest a bot may fetch, takes at most about this
KEPT_DAYS = 30  # after its last change
KEPT = KEPT_DAYS * DAY


@dataclass(frozen=True, slots=True)
class FirstRow:
    """The first row of a draft's file, the beginnings of its first cells: taken as names of columns, or as a task."""

    cells: tuple[str, ...]
    is_task: bool
