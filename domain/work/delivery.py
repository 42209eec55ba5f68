"""What Telegram did not take: when a project pauses because its tasks cannot be shown, whether its file or a button of
the bot is the cause, and the messages about it."""

import re
from dataclasses import dataclass

from domain.messages import Message
from domain.projects.projects import ProjectId

PAUSE = "undelivered"  # the reason to pause: texts or pictures of the file
BUTTONS = "buttons"  # the reason to pause: buttons, which the requester cannot change
FEW = 3  # tasks that can't be shown from which it does
# How Telegram words the refusal of a button, in codes ("BUTTON_URL_INVALID") and in sentences ("inline keyboard button
# Web App URL is invalid").
_OF_BUTTONS = re.compile(r"button|keyboard|reply[ _]?markup|web_?app|domain_invalid", re.IGNORECASE)


def is_too_many(found: int, seen: int) -> bool:
    """Whether to rest: at a few, and, once its requester wanted to go on all the same, each time they have doubled."""
    return found - seen >= max(FEW, seen)


def is_about_buttons(reason: str) -> bool:
    """Return whether Telegram refused a message for one of its buttons, by the reason it gave."""
    return _OF_BUTTONS.search(reason) is not None


@dataclass(frozen=True, slots=True)
class MessageLost(Message):
    """Telegram did not take a message for this reader."""


@dataclass(frozen=True, slots=True)
class FileWaits(Message):
    """The disk has no room for a file: one that this reader is to get, or (`theirs`) one that they sent. It is tried
    again."""

    theirs: bool = False


@dataclass(frozen=True, slots=True)
class DiskFull(Message):
    """To admins: files cannot be made, or read, until there is room on the disk."""


@dataclass(frozen=True, slots=True)
class MessageRefused(Message):
    """To admins: Telegram refuses messages of the kind `screen` for good, and why; `button`: because of a button."""

    screen: str
    reason: str
    button: bool = False


@dataclass(frozen=True, slots=True)
class TasksUnshown(Message):
    """To the requester: so many of a project's `tasks` could not be shown (`found`), or their `pictures`.

    `linked`: workers have a link in their place; `paused`: nothing is given out until the requester decides. `button`:
    the words in which Telegram refused a button of the tasks; empty where their content was refused.
    """

    project: ProjectId
    title: str
    found: int
    tasks: int
    pictures: bool
    linked: bool
    paused: bool
    button: str = ""
