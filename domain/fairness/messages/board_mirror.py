"""Messages of the boards' mirror in a Telegram group. Their names begin with Board, as those of `board.py`."""

from dataclasses import dataclass

from domain.fairness.board_mirror import MirrorState
from domain.fairness.messages.board import PostShown
from domain.messages import Message


@dataclass(frozen=True, slots=True)
class BoardMirrored(Message):
    """A post as the group reads it; `hider` is the admin's number on a tombstone, `digest` the hash of what was
    written."""

    post: PostShown
    hider: int
    digest: str


@dataclass(frozen=True, slots=True)
class BoardTopic(Message):
    """What stands first in a board's topic; `title` is the project's, empty for the house."""

    title: str


@dataclass(frozen=True, slots=True)
class BoardMirror(Message):
    """To admins: where the boards are mirrored, or why not any more. `title` is the group's, empty where it was not
    found yet; `trouble` is a MirrorTrouble or nothing; without a `place` none was ever named."""

    place: str
    title: str
    state: MirrorState
    trouble: str


@dataclass(frozen=True, slots=True)
class BoardMirrorRefused(Message):
    """To admins: a new group was refused, and the one of that `title` goes on, if any did. `trouble` is a
    MirrorTrouble."""

    place: str
    title: str
    trouble: str
