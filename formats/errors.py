"""Problems of a file or a caption, as keys and facts; the translator has the words.

FormatProblem
├── FileErrors   a file of tasks: every problem names line, column, value and what was expected
└── FormErrors   a /newproject caption: every problem names key, value and what was expected
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from errno import EDQUOT, ENOSPC

from formats import english

Fact = str | int | tuple[str, ...]
SHOWN = 50
EMPTY = "not_empty"
SHOWN_CHARACTERS = 80
FULL = (ENOSPC, EDQUOT)  # errors of a full disk


@dataclass(frozen=True, slots=True)
class RowError:
    """One problem of a file. `line` is the editor's; `expected` is a key of `english.EXPECTED`."""

    line: int
    column: str
    value: str
    expected: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        found = f"found {self.value!r}, " if self.value or self.column else ""
        return f"{where}: {found}expected {english.expected(self.expected, self.facts)}"


@dataclass(frozen=True, slots=True)
class FormError:
    """One problem of a caption; `expected` is a key of `english.EXPECTED`."""

    key: str
    value: str
    expected: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.key}: found {self.value!r}, expected {english.expected(self.expected, self.facts)}"


class FormatProblem(Exception):
    """The file or caption sent cannot be used."""


class FileErrors(FormatProblem):
    """The file's first 50 problems in the order of its lines, how many there are, and how many of them are rows with
    an empty cell in a column that workers see."""

    def __init__(self, errors: tuple[RowError, ...], total: int, empty: int = 0) -> None:
        super().__init__(errors, total, empty)
        self.errors = errors
        self.total = total
        self.empty = empty

    def __str__(self) -> str:
        more = self.total - len(self.errors)
        return "\n".join([*map(str, self.errors), *([f"… and {more} more"] if more else [])])


class FormErrors(FormatProblem):
    """Every problem of a caption, in the order of its lines; what is missing comes last."""

    def __init__(self, errors: tuple[FormError, ...]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


def shortened(value: str) -> str:
    """A value fit to be shown in a message."""
    return value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"


def problem(line: int, column: str, value: str, expected: str, **facts: Fact) -> RowError:
    return RowError(line, column, shortened(value), expected, facts)


def refused(line: int, column: str, value: str, expected: str, **facts: Fact) -> FileErrors:
    """The exception for a file that one problem makes unreadable."""
    return FileErrors((problem(line, column, value, expected, **facts),), 1)


class Findings:
    """Collects problems: counts all, keeps those that will be shown."""

    def __init__(self) -> None:
        self._kept: list[RowError] = []
        self.total = self.empty = 0

    def add(self, *found: RowError) -> None:
        self.total += len(found)
        self.empty += sum(error.expected == EMPTY for error in found)
        self._kept.extend(found)
        if len(self._kept) > 4 * SHOWN:
            self._kept = sorted(self._kept, key=_line)[:SHOWN]

    def raise_if_any(self) -> None:
        if self.total:
            raise FileErrors(tuple(sorted(self._kept, key=_line)[:SHOWN]), self.total, self.empty)


def _line(error: RowError) -> int:
    return error.line


def is_full(error: BaseException) -> bool:
    """Return whether the error, or one that it was raised from, says that there is no room on a disk."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in FULL:
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def raise_if_full(error: BaseException) -> None:
    """Raise the error anew where a disk is full: what was being read is not to blame."""
    if is_full(error):
        raise error
