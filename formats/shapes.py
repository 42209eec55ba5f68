"""What a table of answers holds: results have a row a task, submissions a row a submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RESULTS = ("consensus", "confidence", "submissions", "state")
SUBMISSIONS = ("worker", "answer", "gold", "seconds", "state", "submitted_at")
_CONTENT = "INPUT:"


@dataclass(frozen=True, slots=True)
class Shape:
    """`content` names the columns between `task` and the fixed ones."""

    of_results: bool
    content: tuple[str, ...]


def results_columns(content: Sequence[str]) -> tuple[str, ...]:
    """`task`, the content, then consensus, confidence, submissions, state."""
    return ("task", *_apart(content, RESULTS), *RESULTS)


def submissions_columns(content: Sequence[str] = ()) -> tuple[str, ...]:
    """`task`, the content if it is wanted, then worker, answer, gold, seconds, state, submitted_at."""
    return ("task", *_apart(content, SUBMISSIONS), *SUBMISSIONS)


def shape_of(columns: Sequence[str]) -> Shape:
    """Raises ValueError for columns that neither of the two functions above made."""
    for fixed in (RESULTS, SUBMISSIONS):
        content = columns[1 : -len(fixed)]
        if (columns[0], *columns[-len(fixed) :]) == ("task", *fixed):
            return Shape(fixed is RESULTS, tuple(name.removeprefix(_CONTENT) for name in content))
    raise ValueError(f"neither results nor submissions: {', '.join(columns)}")


def _apart(content: Sequence[str], fixed: tuple[str, ...]) -> tuple[str, ...]:
    """Content columns that would be mistaken for ours are written as Toloka writes them: `INPUT:state`."""
    taken = {"task", *fixed}
    return tuple(f"{_CONTENT}{name}" if name.casefold() in taken else name for name in content)
