"""Bounds of an answer to a form's question: how many options, how many characters, which numbers, of which form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import re2

from domain.answers import measure_of
from domain.refusals import AnswerUnfit

JOINT = "|"  # between the options of an answer
LONGEST_PATTERN = 500  # characters


@dataclass(frozen=True, slots=True)
class Bounds:
    """`fewest` and `most` options; `shortest` and `longest` in characters; `least` and `greatest` of a number;
    `pattern` is found in the words, or `expected` is said (empty: something of ours)."""

    fewest: int = 0
    most: int = 0
    shortest: int = 0
    longest: int = 0
    least: int | None = None
    greatest: int | None = None
    pattern: str = ""
    expected: str = ""

    def packed(self) -> dict[str, Any]:
        """What is as usual is left out."""
        usual = Bounds()
        return {name: value for name, value in asdict(self).items() if value != getattr(usual, name)}

    def check(self, kind: str, answer: str, options: bool) -> None:
        """Raises AnswerUnfit."""
        if options:
            self._count(answer.count(JOINT) + 1)
        elif measure_of(kind) is not None:
            self._measure(float(answer))
        else:
            self._read(answer)

    def _count(self, chosen: int) -> None:
        if chosen < self.fewest:
            raise AnswerUnfit(what="too_few", limit=self.fewest)
        if self.most and chosen > self.most:
            raise AnswerUnfit(what="too_many", limit=self.most)

    def _measure(self, value: float) -> None:
        if self.least is not None and value < self.least:
            raise AnswerUnfit(what="too_small", limit=self.least)
        if self.greatest is not None and value > self.greatest:
            raise AnswerUnfit(what="too_great", limit=self.greatest)

    def _read(self, words: str) -> None:
        if len(words) < self.shortest:
            raise AnswerUnfit(what="too_short", limit=self.shortest)
        if self.longest and len(words) > self.longest:
            raise AnswerUnfit(what="too_long", limit=self.longest)
        if self.pattern and not is_found(self.pattern, words):
            raise AnswerUnfit(what="pattern", words=self.expected)


def is_found(pattern: str, words: str) -> bool:
    """In linear time: patterns come from strangers."""
    return compiled(pattern).search(words) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """Raises ValueError for what is no pattern, or one that is not found in linear time."""
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"longer than {LONGEST_PATTERN} characters")
    options = re2.Options()
    options.log_errors, options.max_mem = False, 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise ValueError(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from None
