"""A voice message, sent in the chat: `file_id file_unique_id`, like a photo."""

from collections.abc import Sequence

from domain.answers import Wants
from domain.answers.photo import OPTIONS, accepted, gold, is_right, known
from domain.refusals import AnswerUnfit

__all__ = ["OPTIONS", "WANTS", "accepted", "gold", "is_right", "known", "read"]

WANTS = Wants.VOICE


def read(handed_in: str, options: Sequence[str]) -> str:
    if len(handed_in.split()) != 2:
        raise AnswerUnfit(what=WANTS.value)
    return handed_in
