"""A photo, sent in the chat: `file_id file_unique_id`. Nobody knows beforehand which one it will be."""

from collections.abc import Sequence

from domain.answers import Wants
from domain.refusals import AnswerUnfit

WANTS = Wants.PHOTO
OPTIONS: tuple[str, ...] = ()


def read(handed_in: str, options: Sequence[str]) -> str:
    if len(handed_in.split()) != 2:
        raise AnswerUnfit(what=WANTS.value)
    return handed_in


def is_right(answer: str | None, gold: Sequence[str]) -> bool:
    return answer in gold


def gold(written: str, options: Sequence[str]) -> str | None:
    return None


def known(gold: Sequence[str]) -> str:
    return gold[0]


def accepted(answer: str) -> tuple[str, ...]:
    return (answer,)
