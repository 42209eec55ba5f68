"""Answers that are given in several steps: choose, write, undo and done, for every place where the draft is kept.

Three uses share it: answering a task, correcting an answer, making gold. Each gives the draft, how to keep it, and
the function that takes the finished answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.answers import Draft
from domain.work.answer_pad import AnswerPad

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class OpenAnswer(Generic[R]):
    """`keep` stores a draft and shows it; `hand_in` takes the finished answer, encoded as its kind reads it."""

    pad: AnswerPad
    keep: Callable[[Draft], None]
    hand_in: Callable[[str], R]

    def choose(self, option: int) -> R | None:
        """One press of several; the last one of a form hands it in."""
        return self._moved(self.pad.choose(option))

    def write(self, words: str) -> R | None:
        """The same of words."""
        return self._moved(self.pad.write(words))

    def undo(self) -> None:
        """Takes the last press back."""
        self.keep(self.pad.undo().draft)

    def done(self) -> R:
        """Hands in the presses so far."""
        return self.hand_in(self.pad.done())

    def _moved(self, pad: AnswerPad) -> R | None:
        if pad.is_complete:
            return self.hand_in(pad.done())
        self.keep(pad.draft)
        return None
