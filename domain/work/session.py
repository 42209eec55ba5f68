"""Session mode: one message in which the next task takes the place of the answered one."""

from enum import StrEnum

from domain.answers import kind_of
from domain.moments import Moment
from domain.projects.tasks import TaskContent

# A press so soon after its task appeared is the second one of a double tap: nobody has read the task by then.
QUICK = 700  # milliseconds
UNNOTED = 2_000  # milliseconds after it was written, at most, a message is taken to appear before that is noted
EARLY = 10_000  # milliseconds by which a message may have come before its task; more is a clock that was set back
UNSEEN = 2_000  # milliseconds after an edit: a press of what stood there before tells that it was not made


class Form(StrEnum):
    """What a task's message consists of: Telegram turns none of these into another."""

    TEXT = "text"
    PICTURE = "picture"
    ALBUM = "album"  # pictures in messages of their own above the text


def form_of(kind: str, content: TaskContent) -> Form:
    if content.picture:
        return Form.PICTURE
    if content.media:
        return Form.ALBUM
    pictures = kind_of(kind).options_are_columns or kind_of(kind).asks_questions
    return Form.ALBUM if pictures and "://" in content.text else Form.TEXT


def is_double_tap(pressed: Moment, written: Moment, shown: Moment | None) -> bool:
    """Whether a press came before anybody could have read what had taken the message; `shown` None: not noted yet."""
    return pressed - (written + UNNOTED if shown is None else shown) < QUICK


def is_sent_before(sent: Moment, written: Moment) -> bool:
    """Whether a message came before the task that it would answer was written: at the same moment, where both are of
    one commit."""
    return 0 <= written - sent <= EARLY
