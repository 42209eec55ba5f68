"""Messages about petitions. Their names begin with Board, as those of `board.py`."""

from dataclasses import dataclass

from domain.fairness.board import PostId
from domain.messages import Message


@dataclass(frozen=True, slots=True)
class BoardPetitionTakenBack(Message):
    """To whoever was asked for an answer: its writer took it back, or an admin has `hidden` it."""

    post: PostId
    title: str
    hidden: bool = False
