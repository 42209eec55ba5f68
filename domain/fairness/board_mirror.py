"""The mirror of the boards in a Telegram group with topics: one way, named by an admin.

A post is shown there once its day is over, in the order of the hashes: the group's clock would otherwise keep the hour
of a post, which the board does not.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.fairness.board import PostId, PostShown
from domain.messages import Message
from domain.moments import Moment

NAME = re.compile(r"(?:https?://)?(?:t\.me/|telegram\.me/|@)([A-Za-z]\w{3,31})(?:/\d+)*/?")
PRIVATE = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/c/(\d{5,13})(?:/\d+)*/?")
NUMBER = re.compile(r"-100\d{5,13}")


class MirrorState(StrEnum):
    NAMED = "named"  # to be looked at
    ON = "on"
    STOPPED = "stopped"  # Telegram refuses; goes on when an admin names it again
    OFF = "off"


class MirrorTrouble(StrEnum):
    """Why it stopped."""

    KICKED = "kicked"  # the bot is not in the group
    RIGHTS = "rights"  # it may not write, or manage topics
    FORUM = "forum"  # the group has no topics
    MISSING = "missing"  # Telegram knows no such group


@dataclass(frozen=True, slots=True)
class Mirror:
    """`place` as it was named: @username or number; `chat` is Telegram's number of the group, None where workers were
    told of none. Posts after `after`, of days since `since` that are over, belong there."""

    place: str
    chat: int | None
    title: str
    language: str
    after: PostId
    since: Moment
    state: MirrorState
    trouble: str
    held_until: Moment


def read_place(word: str) -> str | None:
    """@username or number of a group: of its name, its link, or the link to a message in it."""
    word = word.strip()
    if found := PRIVATE.fullmatch(word):
        return f"-100{found[1]}"
    if NUMBER.fullmatch(word):
        return word
    found = NAME.fullmatch(word)
    return f"@{found[1]}" if found else None


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
