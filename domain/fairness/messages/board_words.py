"""Words that were perhaps meant for a board, and went nowhere."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class BoardWordsLate(Message):
    """Words that came after the hour in which a text for a board may be sent; nothing was done with them."""


@dataclass(frozen=True, slots=True)
class BoardWordsUnasked(Message):
    """Words that came after a board was opened, while a task waits for words; nothing was done with them."""
