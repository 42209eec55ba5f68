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

GROUP_NAME_PATTERN = re.compile(r"(?:https?://)?(?:t\.me/|telegram\.me/|@)([A-Za-z]\w{3,31})(?:/\d+)*/?")
PRIVATE_LINK_PATTERN = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/c/(\d{5,13})(?:/\d+)*/?")
GROUP_NUMBER_PATTERN = re.compile(r"-100\d{5,13}")


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
    """Return the @username or number of a group, from its name, its link or the link to a message in it; None for
    another text."""
    word = word.strip()
    if match := PRIVATE_LINK_PATTERN.fullmatch(word):
        return f"-100{match[1]}"
    if GROUP_NUMBER_PATTERN.fullmatch(word):
        return word
    match = GROUP_NAME_PATTERN.fullmatch(word)
    return f"@{match[1]}" if match else None


@dataclass(frozen=True, slots=True)
class BoardMirrored(Message):
    """A post as the group reads it; `hider` is the admin's number on a tombstone, `digest` the hash of what was
    written."""

    post: PostShown
    hider: int
    digest: str


@dataclass(frozen=True, slots=True)
class BoardTopic(Message):
    """First message of a board's topic; `title` is the project's, empty for the house."""

    title: str


@dataclass(frozen=True, slots=True)
class BoardMirror(Message):
    """State of the mirror for admins: where the boards are mirrored, or why not. `title` is the group's, empty if it
    was not found yet; `trouble` is a MirrorTrouble or ""; without a `place` no group was ever named."""

    place: str
    title: str
    state: MirrorState
    trouble: str


@dataclass(frozen=True, slots=True)
class BoardMirrorRefused(Message):
    """Notice to admins: a new group was refused for a MirrorTrouble, and the present one of that `title` goes on, if
    any did."""

    place: str
    title: str
    trouble: str
