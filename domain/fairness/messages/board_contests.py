"""Messages of hidden posts that their writers contest. All of their names begin with Board, as those of `board.py`."""

from dataclasses import dataclass

from domain.fairness.board import ContestState, PostId
from domain.messages import Message
from domain.moments import Moment


@dataclass(frozen=True, slots=True)
class ContestShown:
    """Of a tombstone: until `due`, or why it stays, or the post as which it is shown again."""

    state: ContestState
    due: Moment
    reason: str
    again: PostId | None


@dataclass(frozen=True, slots=True)
class BoardContestWanted(Message):
    """To the holder of the pen: the next words are the text of the hidden post."""

    post: PostId
    name: str


@dataclass(frozen=True, slots=True)
class BoardContested(Message):
    """To the same: it is decided by `due`; `another`: by another admin than the one who hid it; `silence`: it is shown
    again where nobody decides."""

    post: PostId
    due: Moment
    another: bool
    silence: bool


@dataclass(frozen=True, slots=True)
class BoardContestToRule(Message):
    """To an admin: a text that was hidden by `rule` by admin `hider`; `alone`: that is the reader."""

    post: PostId
    title: str
    name: str
    body: str
    rule: int
    hider: int
    due: Moment
    alone: bool
    silence: bool


@dataclass(frozen=True, slots=True)
class BoardContestReasonWanted(Message):
    """To the admin: the next words are why it stays hidden."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardContestRuled(Message):
    """To the admin: it is back as post `again`, or stays hidden (0) for a reason."""

    post: PostId
    again: int
    reason: str
