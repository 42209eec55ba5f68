"""Messages of workers who exchange contacts. Their names begin with Board, as those of `board.py`."""

from dataclasses import dataclass

from domain.fairness.board import PostId
from domain.messages import Message


@dataclass(frozen=True, slots=True)
class BoardContactAsked(Message):
    """To the person who would like to exchange contacts."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardContact(Message):
    """To both: the other's @username, without the @."""

    post: PostId
    username: str
