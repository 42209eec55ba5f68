"""Several questions on one task, each of a kind of its own, one after the other in one message.

The answer is a mapping from the questions' names to their answers, as JSON in the questions' order; gold maps names to
accepted answers, of as many questions as are known. Each question has its own consensus, by the models of its own kind;
the confidence of the whole is that of the least certain question that everybody has to answer. Which questions count is
decided by the consensus of those before them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from domain.answers import AnswerKind, Learns, gold_of, kind_of
from domain.handing_in import SEVERAL, AnswerType, Draft, ExportType, FormType, Wants, round_estimate
from domain.money.pricing import DECISION_SECONDS, reading_seconds
from domain.projects.form_questions import (
    BACK,
    DONE,
    LEAVE_OUT,
    LEFT_OUT,
    NOT_ASKED,
    SPAN,
    UNDO,
    DraftPlace,
    FormQuestion,
    accepted_by_question,
    answers_by_question,
    gold_from,
    meets,
    pack_answers,
    place_of,
    questions_of,
)
from domain.projects.tasks import compared_labels, is_unnamed, relabel_answer, with_names
from domain.quality.aggregation import Agreement, Vote
from domain.refusals import AnswerUnfit, AnswerUnknown

PIECE = 1_900  # characters of questions and answers that are read in one message


class Form(AnswerKind):
    """Right is an answer of which all that is known is right."""

    order = 110
    wants = Wants.PRESSES
    asks_questions = completes_gold = True
    fits_form = False
    learns = Learns.QUESTIONS
    gold_expected = ai_expected = "no_gold"

    @property
    def is_own(self) -> bool:
        return True

    def get_next_input(self, draft: Draft, options: Sequence[str]) -> Wants:
        question = _place(draft, options).question
        return self.wants if question is None else question.answered_by.wants

    def list_inputs(self, options: Sequence[str]) -> frozenset[Wants]:
        return frozenset(question.answered_by.wants for question in questions_of(options))

    def add_step(self, draft: Draft, option: int, options: Sequence[str]) -> Draft:
        """Return the draft after a press; a press that belongs to another step changes nothing."""
        place = _place(draft, options)
        step, pressed = divmod(option, SPAN)
        if step != place.step or place.question is None:
            return draft
        answers_before = tuple(step_answer for step_answer in draft if isinstance(step_answer, str))
        if pressed == BACK:
            return answers_before[:-1]
        if pressed == LEAVE_OUT:
            return (*answers_before, _left_out(place.question))
        if pressed == UNDO:
            return (*answers_before, *place.presses[:-1])
        return (*answers_before, *_after(place, place.question, pressed))

    def add_words(self, draft: Draft, words: str, options: Sequence[str]) -> Draft:
        place = _place(draft, options)
        if place.question is None:
            return draft
        answers_before = (step_answer for step_answer in draft if isinstance(step_answer, str))
        return (
            *answers_before,
            place.question.fit(place.question.answered_by.parse_answer(words, place.question.options)),
        )

    def is_complete(self, draft: Draft, options: Sequence[str]) -> bool:
        return _place(draft, options).question is None

    def get_compared_labels(self, options: Sequence[str]) -> tuple[str, ...]:
        """Return the labels of what is compared, if all questions that compare do so with the same things; else ()."""
        return compared_labels(questions_of(options))

    def needs_names(self, options: Sequence[str] | None) -> bool:
        return any(map(is_unnamed, questions_of(options or ())))

    def name_options(self, options: Sequence[str] | None, labels: Sequence[str]) -> tuple[str, ...]:
        return with_names(questions_of(options or ()), labels)

    def relabel(self, answer: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
        kinds = {question.name: question for question in questions_of(options)}
        return pack_answers(
            {
                name: relabel_answer(kinds[name], question_answer, labels)
                for name, question_answer in json.loads(answer).items()
            }
        )

    def encode_draft(self, draft: Draft, options: Sequence[str]) -> str:
        return json.dumps(draft)

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        """Return the canonical answer from the steps of a draft. Raise AnswerUnfit if a question is left to ask."""
        place = _place(tuple(json.loads(handed_in or "[]")), options)
        if place.question is not None or not place.answers:
            raise AnswerUnfit(what="nothing_chosen")
        return pack_answers(place.answers)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        return answer is not None and any(meets(answer, accepted) for accepted in gold)

    def gold_example(self, options: Sequence[str]) -> str:
        return ", ".join(f"gold:{question.name}" for question in questions_of(options))

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        accepted: dict[str, list[str]] = json.loads(gold[0])
        return pack_answers(
            {name: kind_of(kind).answer_of_gold(answers) for name, (kind, *answers) in accepted.items() if kind}
        )

    def list_accepted(self, answer: str) -> tuple[str, ...]:
        """Exactly this answer: equivalents need the questions' kinds (`as_gold`)."""
        return (pack_answers({name: ["", answer_part] for name, answer_part in answers_by_question(answer).items()}),)

    def parse_form_gold(self, gold_text: str, options: Sequence[str]) -> tuple[str, ...] | None:
        """Return gold from an object of accepted answers by name, several separated by `|`; None if invalid."""
        try:
            written_by_name = json.loads(gold_text)
        except ValueError:
            return None
        kinds = {question.name: question for question in questions_of(options)}
        if not isinstance(written_by_name, dict) or not written_by_name or not written_by_name.keys() <= kinds.keys():
            return None
        golds_by_name = {
            name: gold_of(kinds[name].kind, str(written_gold), kinds[name].options)
            for name, written_gold in written_by_name.items()
        }
        return (
            gold_from({name: question for name, question in golds_by_name.items() if question}, options)
            if all(golds_by_name.values())
            else None
        )

    def to_gold(self, answer: str, options: Sequence[str]) -> tuple[str, ...]:
        answers = answers_by_question(answer)
        answered = ((question.name, question) for question in questions_of(options) if question.name in answers)
        return gold_from(
            {name: question.answered_by.list_accepted(answers[name]) for name, question in answered}, options
        )

    def to_display(self, answer: str, options: Sequence[str]) -> str:
        """Return the questions' texts and kinds beside the answers, as JSON."""
        answers = json.loads(answer)
        rows = [
            (question.text, question.kind, answers[question.name])
            for question in questions_of(options)
            if question.name in answers
        ]
        return json.dumps(
            [
                (text, kind, stored_answer[1:] if isinstance(stored_answer, list) else [stored_answer])
                for text, kind, stored_answer in rows
            ]
        )

    def split_for_messages(self, display: str) -> tuple[str, ...]:
        """Return the answer in parts, each with as many questions as a message has room for."""
        parts, room = list[list[Any]](), 0
        for row in json.loads(display):
            if (length := sum(map(len, (row[0], *row[2])))) > room:
                parts.append([])
                room = PIECE
            parts[-1].append(row)
            room -= length
        return tuple(map(json.dumps, parts))

    def list_options(self, options: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            f"{question.text} ({' / '.join(question.options)})" if question.options else question.text
            for question in questions_of(options)
        )

    def get_input_seconds(self, options: Sequence[str]) -> float:
        """Return the seconds beyond one press: every question is read, decided and handed in, asked or not."""
        questions = questions_of(options)
        seconds_by_question = (
            reading_seconds(question.text)
            + DECISION_SECONDS
            + question.answered_by.estimate_input_seconds(len(question.options))
            for question in questions
        )
        return sum(seconds_by_question) - DECISION_SECONDS

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """Return the consensus before anything was learnt of the form's questions."""
        from domain.quality.learners import AnswerSpec, get_learner  # here: files are read without numpy
        from domain.quality.live import WorkerModel

        learner = get_learner(self.name)
        own = [(WorkerModel.from_vote(vote), vote.answer) for vote in votes]
        return learner.find_consensus(AnswerSpec(self.name, tuple(options)), learner.initial_model(0, ()), own)

    def answer_type(self, options: Sequence[str]) -> ExportType:
        types = (
            (question.name, question.answered_by.answer_type(question.options)) for question in questions_of(options)
        )
        return FormType({name: part_type for name, part_type in types if isinstance(part_type, AnswerType)})

    def list_voted_options(self, options: Sequence[str]) -> tuple[str, ...]:
        return ()

    def to_gold_cell(self, gold: Sequence[str], options: Sequence[str]) -> str:
        return pack_answers({name: SEVERAL.join(answers) for name, answers in accepted_by_question(gold[0]).items()})

    def list_part_cells(self, answer: str | None, gold: Sequence[str], options: Sequence[str]) -> list[str | None]:
        answers = answers_by_question(answer or "{}")
        gold_answers = answers_by_question(self.to_gold_cell(gold, options)) if gold else {}
        return [
            cell
            for question in questions_of(options)
            for cell in (answers.get(question.name), gold_answers.get(question.name))
        ]

    def score_cells(
        self, consensus: str | None, scores: Sequence[float] | None, options: Sequence[str]
    ) -> list[str | float | None]:
        """Return the consensus of each question and its confidence."""
        answers, questions = answers_by_question(consensus or "{}"), questions_of(options)
        sure = [None if item == NOT_ASKED else round_estimate(item) for item in scores or [NOT_ASKED] * len(questions)]
        pairs = zip((answers.get(item.name) for item in questions), sure, strict=True)
        return [cell for pair in pairs for cell in pair]

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        names = [question.name for question in questions_of(options)]
        return tuple(f"{column}:{name}" for name in names for column in ("consensus", "confidence"))

    def complete_gold_result(self, gold_answer: str, crowd: Agreement, options: Sequence[str]) -> Agreement:
        """Return gold's answers to the questions that it knows, and the crowd's to the others."""
        answers = answers_by_question(gold_answer)
        whole = {**answers_by_question(crowd.answer or "{}"), **answers}
        questions = questions_of(options)
        sure = [
            1.0 if question.name in answers else score
            for question, score in zip(questions, crowd.scores or [NOT_ASKED] * len(questions), strict=True)
        ]
        counted = [
            score for question, score in zip(questions, sure, strict=True) if question.required and score != NOT_ASKED
        ]
        ordered = {question.name: whole[question.name] for question in questions if question.name in whole}
        return Agreement(pack_answers(ordered), min(counted, default=None), tuple(sure))


def _left_out(question: FormQuestion) -> str:
    if question.required:
        raise AnswerUnfit(what="nothing_chosen")
    return LEFT_OUT


def _after(place: DraftPlace, question: FormQuestion, pressed: int) -> Draft:
    """Return the part of the draft behind the answered questions, after a press on an option or on Done."""
    kind, options = question.answered_by, question.options
    if pressed == DONE:
        return (question.fit(kind.parse_answer(kind.encode_draft(place.presses, options), options)),)
    if kind.wants is Wants.PRESS:
        return (kind.parse_answer(str(pressed), options),)
    if kind.wants is not Wants.PRESSES:
        raise AnswerUnknown(expected=[])
    return kind.add_press(place.presses, pressed, options)


def _place(draft: Draft, options: Sequence[str]) -> DraftPlace:
    return place_of(questions_of(options), draft)


KIND = Form()
