"""One of the options. Handed in as the option's number on its button."""

from collections.abc import Sequence

from domain.answers import AnswerKind, Learns
from domain.handing_in import AnswerType, Wants
from domain.normalization import find_option
from domain.quality.aggregation import Scale
from domain.refusals import AnswerUnknown


class Choice(AnswerKind):
    order = 10
    is_default = True
    wants = Wants.PRESS
    options_in_gold = True
    learns = Learns.CLASSES
    most_votes_win = True
    scale = Scale.NOMINAL

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        return chosen(handed_in, options)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        return find_option(gold_text, options)

    def list_named_options(self, answer: str) -> tuple[str, ...]:
        return (answer,)

    def answer_type(self, options: Sequence[str]) -> AnswerType:
        return AnswerType.OPTION


def chosen(number: str, options: Sequence[str]) -> str:
    """The option that stands at a number; raises AnswerUnknown."""
    if not number.isdecimal() or int(number) >= len(options):
        raise AnswerUnknown(expected=list(options))
    return options[int(number)]


KIND = Choice()
