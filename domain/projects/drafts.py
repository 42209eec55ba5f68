"""Limits of unlaunched drafts: rows, size, age."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import DAY


@dataclass(frozen=True, slots=True)
class FileArriving(Message):
    """Progress of a large file: rows `checked`, then rows `written`, out of `of` rows; `done` once all are written."""

    name: str
    checked: int
    written: int
    of: int
    done: bool


@dataclass(frozen=True, slots=True)
class DraftLetGo(Message):
    """Notice that a draft, or tasks that were to be added to a project (`whole` is False), was deleted: not launched
    for `days`."""

    number: int
    title: str
    days: int
    whole: bool


@dataclass(frozen=True, slots=True)
class CloneOffer(Message):
    """Offer to copy a project into a new draft, with its `gold` rows (check questions), all rows, or none; at most
    `most` rows are copied."""

    number: int
    title: str
    tasks: int
    gold: int
    most: int


@dataclass(frozen=True, slots=True)
class MediumNamed(Message):
    """The file id by which Telegram knows a picture, sound or video that a requester sent."""

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
