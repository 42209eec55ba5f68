"""The questions of a HIT: a form whose questions each task brings along. Nothing is learnt from the answers here: their
requester's program reads each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.answers import Learns
from domain.answers.form import Form
from domain.handing_in import AnswerType, ExportType
from domain.projects.form_answers import given
from domain.projects.form_questions import asked_in_task
from domain.quality.aggregation import NOTHING, Agreement, Prior, Vote


class Questionnaire(Form):
    order = 900
    is_offered = False
    is_of_programs = True
    learns = Learns.AGREEMENT
    has_gold = False
    claims_confidence = False
    is_aggregated = False

    def options_of(self, content: Mapping[str, str], options: Sequence[str]) -> tuple[str, ...]:
        return asked_in_task(content)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        return False

    def agree(self, one: str, other: str) -> bool:
        return one == other

    def accepted(self, answer: str) -> tuple[str, ...]:
        return (answer,)

    def are_alike(self, one: str, other: str) -> bool:
        """Two people may well answer a few questions alike."""
        return False

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        return NOTHING

    def drawn(self, votes: Sequence[Vote], options: Sequence[str], usual: Prior | None) -> Agreement:
        return NOTHING

    def units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        return dict(given(answer))

    def answer_type(self, options: Sequence[str]) -> ExportType:
        return AnswerType.WORDS

    def parts(self, answer: str | None, gold: Sequence[str], options: Sequence[str]) -> list[str | None]:
        return []

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        return ()


KIND = Questionnaire()
