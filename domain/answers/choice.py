"""One of the options. Handed in as the option's number on its button."""

from collections.abc import Sequence

from domain.answers import Wants
from domain.normalization import folded
from domain.refusals import AnswerUnknown

WANTS = Wants.PRESS
OPTIONS: tuple[str, ...] = ()


def read(handed_in: str, options: Sequence[str]) -> str:
    if not handed_in.isdecimal() or int(handed_in) >= len(options):
        raise AnswerUnknown(expected=list(options))
    return options[int(handed_in)]


def is_right(answer: str | None, gold: Sequence[str]) -> bool:
    return answer in gold


def gold(written: str, options: Sequence[str]) -> str | None:
    return next((option for option in options if folded(option) == folded(written)), None)


def known(gold: Sequence[str]) -> str:
    return gold[0]


def accepted(answer: str) -> tuple[str, ...]:
    return (answer,)
