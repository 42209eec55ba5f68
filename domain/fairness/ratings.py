"""Ratings of requesters by those who worked for them: four marks from 1 to 5.

Figures are shown from SHOWN_FROM ratings on, and move only when as many ratings are new, changed or gone: no figure,
and no difference of two figures, is about one person.
"""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import HOUR
from domain.projects.projects import ProjectId

AXES = ("pay", "fairness", "clarity", "speed")
LOWEST, HIGHEST = 1, 5
LEAST_TASKS = 3  # decided answers of a worker for a requester
SHOWN_FROM = 5  # ratings from which figures are shown, and by which they move
ASKED_AT = 50  # answers in a project after which its worker is asked, where it goes on
ASKED_AFTER = 1 * HOUR  # so long after that answer: not between two tasks
MAX_REPLY_CHARS = 300

Marks = tuple[int, ...]  # in the order of AXES; fewer while they are being given


@dataclass(frozen=True, slots=True)
class RequesterRating:
    """Means of `count` ratings, in the order of AXES; the requester's `reply` stands beside them, empty for none."""

    count: int
    means: tuple[float, ...]
    reply: str = ""


@dataclass(frozen=True, slots=True)
class RateableRequester:
    """`project` is the newest the worker did tasks of; `rated`: they gave marks already."""

    project: ProjectId
    name: str
    rated: bool


@dataclass(frozen=True, slots=True)
class MarkWanted(Message):
    """The next mark is asked for; `given` so far."""

    project: ProjectId
    name: str
    given: Marks


@dataclass(frozen=True, slots=True)
class RatingKept(Message):
    """Reply to the worker: all four marks are stored; nobody is told whose they are."""

    project: ProjectId
    name: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class RatingAsked(Message):
    """Question to a worker how it was to work for a requester, once for each; `title` is the project's."""

    project: ProjectId
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class RequestersToRate(Message):
    """The requesters a worker did enough tasks for, and how many tasks that is."""

    requesters: tuple[RateableRequester, ...]
    least: int = LEAST_TASKS


@dataclass(frozen=True, slots=True)
class ReplyWanted(Message):
    """The requester's next words are their one reply to their ratings."""

    longest: int = MAX_REPLY_CHARS


@dataclass(frozen=True, slots=True)
class ReplyToSend(Message):
    """The words as workers will read them, before they are sent."""

    words: str


@dataclass(frozen=True, slots=True)
class ReplyShown(Message):
    """The reply stands beside the ratings from now on."""

    words: str


@dataclass(frozen=True, slots=True)
class ReplyDropped(Message):
    """Reply to the requester: nothing was sent."""


def marks_from_number(number: int) -> Marks | None:
    """Return the marks that a button carries as digits: 53 is 5, then 3; 0 is none. Return None if the number is no
    such marks."""
    digits = tuple(map(int, str(number))) if number else ()
    fits = len(digits) <= len(AXES) and all(LOWEST <= digit <= HIGHEST for digit in digits)
    return digits if fits else None


def number_from_marks(marks: Marks) -> int:
    return int("".join(map(str, marks)) or 0)


def clean_reply(words: str) -> str:
    """A reply in one line, cut to its length."""
    return " ".join(words.split())[:MAX_REPLY_CHARS].rstrip()
