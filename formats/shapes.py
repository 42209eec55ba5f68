"""What a table of answers holds: results have a row a task, submissions a row a submission.

Behind the promised columns of results stand ours, which other tools' formats leave out: the interval of numbers and
ratings, and what the live engine said while the task was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RESULTS = ("consensus", "confidence", "submissions", "state")
INTERVAL = ("low", "high")
MEASURED = ("rating", "number")
LIVE = ("live", "live_confidence")
SUBMISSIONS = ("worker", "answer", "gold", "seconds", "state", "submitted_at")
MEDIA = ("worker", "file", "note", "seconds", "state", "submitted_at")
_CONTENT = "INPUT:"


@dataclass(frozen=True, slots=True)
class TableShape:
    """`content` names the columns between `task` and the fixed ones; `more` columns of ours follow those."""

    of_results: bool
    content: tuple[str, ...]
    more: int = 0


def results_columns(content: Sequence[str], kind: str = "choice") -> tuple[str, ...]:
    """`task`, the content, then consensus, confidence, submissions, state; low and high of numbers; live ones."""
    fixed = (*RESULTS, *(INTERVAL if kind in MEASURED else ()), *LIVE)
    return ("task", *_apart(content, fixed), *fixed)


def submissions_columns(content: Sequence[str] = ()) -> tuple[str, ...]:
    """`task`, the content if it is wanted, then worker, answer, gold, seconds, state, submitted_at."""
    return ("task", *_apart(content, SUBMISSIONS), *SUBMISSIONS)


def media_columns(content: Sequence[str]) -> tuple[str, ...]:
    """`task`, the content, then worker, file, note, seconds, state, submitted_at."""
    return ("task", *_apart(content, MEDIA), *MEDIA)


def shape_of(columns: Sequence[str]) -> TableShape:
    """Raises ValueError for columns that neither of the two functions above made."""
    for fixed, more in (((*RESULTS, *INTERVAL, *LIVE), 4), ((*RESULTS, *LIVE), 2), (SUBMISSIONS, 0)):
        content = columns[1 : -len(fixed)]
        if (columns[0], *columns[-len(fixed) :]) == ("task", *fixed):
            return TableShape(fixed is not SUBMISSIONS, tuple(name.removeprefix(_CONTENT) for name in content), more)
    raise ValueError(f"neither results nor submissions: {', '.join(columns)}")


def _apart(content: Sequence[str], fixed: tuple[str, ...]) -> tuple[str, ...]:
    """Content columns that would be mistaken for ours are written as Toloka writes them: `INPUT:state`."""
    taken = {"task", *fixed}
    return tuple(f"{_CONTENT}{name}" if name.casefold() in taken else name for name in content)
