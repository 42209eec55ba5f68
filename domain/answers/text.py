"""Words, typed. Gold is met whatever the case, the accents and the white space."""

import unicodedata
from collections.abc import Sequence

from domain.answers import Wants
from domain.normalization import folded
from domain.refusals import AnswerUnfit

WANTS = Wants.TEXT
OPTIONS: tuple[str, ...] = ()
LONGEST = 2000  # characters


def read(handed_in: str, options: Sequence[str]) -> str:
    text = unicodedata.normalize("NFC", handed_in.replace("\0", "")).strip()
    if not folded(text) or len(text) > LONGEST:
        raise AnswerUnfit(what="text_length", limit=LONGEST)
    return text


def is_right(answer: str | None, gold: Sequence[str]) -> bool:
    return answer is not None and folded(answer) in map(folded, gold)


def gold(written: str, options: Sequence[str]) -> str | None:
    return written.strip() if folded(written) and len(written) <= LONGEST else None


def known(gold: Sequence[str]) -> str:
    return gold[0]


def accepted(answer: str) -> tuple[str, ...]:
    return (answer,)
