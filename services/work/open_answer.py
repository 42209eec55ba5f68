"""An answer that takes several presses: chosen, undone and done alike, wherever its draft is kept.

A worker answers a task, changes an answer, or a requester makes gold: each says where the draft stands, how it is kept
and who takes the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.work.answer_pad import AnswerPad

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class OpenAnswer(Generic[R]):
    """`keep` remembers a draft and shows it; `hand_in` takes what was pressed, as the kind reads it."""

    pad: AnswerPad
    keep: Callable[[tuple[int, ...]], None]
    hand_in: Callable[[str], R]

    def choose(self, option: int) -> None:
        """One press of several."""
        self.keep(self.pad.choose(option))

    def undo(self) -> None:
        """Takes the last press back."""
        self.keep(self.pad.undo())

    def done(self) -> R:
        """What was pressed is the answer."""
        return self.hand_in(self.pad.done())
