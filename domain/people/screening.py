"""Screening questions: what some projects ask workers about themselves, once and by consent."""

from dataclasses import dataclass
from typing import NewType

from domain.messages import Message
from domain.normalization import folded

ScreeningId = NewType("ScreeningId", int)

LONGEST_QUESTION, LONGEST_OPTION, MOST_OPTIONS = 200, 30, 8
NO_ANSWER = 99  # the button “rather not say”


@dataclass(frozen=True, slots=True)
class ScreeningQuestion:
    id: ScreeningId
    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreeningAsked(Message):
    """To a worker, once; nobody has to answer."""

    question: ScreeningId
    words: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreeningSaid(Message):
    """`answer` None: they would rather not say, or took it back."""

    question: ScreeningId
    words: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class ScreeningList(Message):
    """What somebody has said, to be changed or deleted."""

    said: tuple[ScreeningSaid, ...]


def plain_question(words: str, options: tuple[str, ...]) -> str:
    """The same for the same question, whatever its case and spaces."""
    return "\n".join(" ".join(folded(each).split()) for each in (words, *options))
