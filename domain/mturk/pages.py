"""Pages of a list: a token stands on every page that is not empty, the last one too; the empty page behind it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
NEWEST = 1 << 62  # before every row, where the newest come first
USUAL = 10  # rows where a program asks for no number


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`last` is the number of the last row, behind which the next page begins; 0 on an empty page."""

    rows: Sequence[T]
    last: int = 0
