"""A file as a header and rows of text: the common output of the format readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from formats import errors
from formats.errors import Fact, RowError

MAX_COLUMNS = 100
MAX_ROWS = 1_000_000
SAMPLE_ROWS = 5  # first rows whose numbers say that a column without a name is an index

Row = tuple[int, list[str]]
"""The row's first line, and as many cells as the header has."""


@dataclass(frozen=True, slots=True)
class FileWarning:
    """Something the requester should know that stops nothing; `key` is a key of WARNINGS."""

    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        return errors.warning(self.key, self.facts)


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file as a header and rows. `rows()` reads the file again from its start; an invalid row appears as its
    problem. `named_apart`: the format names the columns; otherwise the first row does."""

    header: tuple[str, ...]
    line: int
    rows: Callable[[], Iterator[Row | RowError]]
    warnings: tuple[FileWarning, ...] = ()
    named_apart: bool = False


def may_be_index(table: FileTable) -> bool:
    """Return whether the first column has no name and holds whole numbers, as pandas and R write their index."""
    if len(table.header) < 2 or table.header[0].strip():
        return False
    rows = [row for row in islice(table.rows(), SAMPLE_ROWS) if not isinstance(row, RowError)]
    return bool(rows) and all(row[1][0].strip().isdecimal() for row in rows)
