"""Limits of unlaunched drafts: rows, size, age."""

from dataclasses import dataclass

from domain.moments import DAY

MOST_ROWS = 1_000_000  # as many as one file may have
MOST_BYTES = 64 << 20  # of rows; a file of 20 MB, the largest a bot may fetch, takes at most about this
KEPT_DAYS = 30  # after its last change
KEPT = KEPT_DAYS * DAY


@dataclass(frozen=True, slots=True)
class FirstRow:
    """The first row of a draft's file, the beginnings of its first cells: taken as names of columns, or as a task."""

    cells: tuple[str, ...]
    is_task: bool
