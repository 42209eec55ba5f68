"""The questions of a HIT: a form whose questions each task brings along. Nothing is learnt from the answers here: their
requester's program reads each of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from domain.answers import Learns, default_kind
from domain.answers.form import Form
from domain.handing_in import AnswerType, Draft, ExportType, Wants
from domain.projects.form_questions import answers_by_question, asked_in_task, is_on_page, pack_answers
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Vote
from domain.refusals import AnswerUnfit

MOST_FIELDS, LONGEST_NAME, LARGEST = 500, 500, 64 << 10  # fields of a page's form; characters, bytes of all


class Questionnaire(Form):
    order = 900
    is_offered = False
    is_of_programs = True
    learns = Learns.AGREEMENT
    has_gold = False
    claims_confidence = False
    is_aggregated = False

    def get_task_options(self, content: Mapping[str, str], options: Sequence[str]) -> tuple[str, ...]:
        return asked_in_task(content)

    def get_next_input(self, draft: Draft, options: Sequence[str]) -> Wants:
        return Wants.PAGE if is_on_page(options) else super().get_next_input(draft, options)

    def list_inputs(self, options: Sequence[str]) -> frozenset[Wants]:
        return frozenset({Wants.PAGE}) if is_on_page(options) else super().list_inputs(options)

    def add_step(self, draft: Draft, option: int, options: Sequence[str]) -> Draft:
        return draft if is_on_page(options) else super().add_step(draft, option, options)

    def add_words(self, draft: Draft, words: str, options: Sequence[str]) -> Draft:
        return draft if is_on_page(options) else super().add_words(draft, words, options)

    def is_complete(self, draft: Draft, options: Sequence[str]) -> bool:
        return not is_on_page(options) and super().is_complete(draft, options)

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        """Return the canonical answer; of a page, the fields of its form."""
        return _fields(handed_in) if is_on_page(options) else super().parse_answer(handed_in, options)

    def to_display(self, answer: str, options: Sequence[str]) -> str:
        if not is_on_page(options):
            return super().to_display(answer, options)
        return json.dumps([[name, default_kind(), [value]] for name, value in answers_by_question(answer).items()])

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        return False

    def agree(self, answer: str, other_answer: str) -> bool:
        return answer == other_answer

    def list_accepted(self, answer: str) -> tuple[str, ...]:
        return (answer,)

    def are_alike(self, answer: str, other_answer: str) -> bool:
        """Two people may well answer a few questions alike."""
        return False

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        return NO_CONSENSUS

    def answer_type(self, options: Sequence[str]) -> ExportType:
        return AnswerType.WORDS

    def list_part_cells(self, answer: str | None, gold: Sequence[str], options: Sequence[str]) -> list[str | None]:
        return []

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        return ()


def _fields(handed_in: str) -> str:
    """Return the fields of a page's form. Raise AnswerUnfit for too many or too long ones. No field at all is an
    answer, since a page's own server may keep what was answered there."""
    fields = json.loads(handed_in)
    if not isinstance(fields, dict) or len(fields) > MOST_FIELDS:
        raise AnswerUnfit(what="nothing_chosen")
    if not all(isinstance(value, str) for value in fields.values()) or len(handed_in.encode()) > LARGEST:
        raise AnswerUnfit(what="text_length", limit=LARGEST)
    return pack_answers({name[:LONGEST_NAME]: value for name, value in fields.items()})


KIND = Questionnaire()
