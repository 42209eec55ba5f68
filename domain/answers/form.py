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

from domain.answers import (
    AnswerKind,
    Learns,
    gold_of,
    kind_of,
)
from domain.handing_in import (
    SEVERAL,
    AnswerType,
    Draft,
    ExportType,
    FormType,
    Wants,
    digits,
)
from domain.money.pricing import DECISION_SECONDS, reading_seconds
from domain.projects.form_questions import (
    BACK,
    DONE,
    LEAVE_OUT,
    LEFT_OUT,
    NOT_ASKED,
    SPAN,
    UNDO,
    FormQuestion,
    Place,
    accepted_by_question,
    answers_by_question,
    gold_from,
    meets,
    pack_answers,
    place_of,
    questions_of,
)
from domain.projects.tasks import (
    compared_labels,
    is_unnamed,
    relabel_answer,
    with_names,
)
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

    def wants_now(self, draft: Draft, options: Sequence[str]) -> Wants:
        at = _place(draft, options).question
        return self.wants if at is None else at.answered_by.wants

    def ways(self, options: Sequence[str]) -> frozenset[Wants]:
        return frozenset(each.answered_by.wants for each in questions_of(options))

    def stepped(self, draft: Draft, option: int, options: Sequence[str]) -> Draft:
        """A press that belongs to another step changes nothing."""
        place = _place(draft, options)
        step, pressed = divmod(option, SPAN)
        if step != place.step or place.question is None:
            return draft
        given = tuple(each for each in draft if isinstance(each, str))
        if pressed == BACK:
            return given[:-1]
        if pressed == LEAVE_OUT:
            return (*given, _left_out(place.question))
        if pressed == UNDO:
            return (*given, *place.presses[:-1])
        return (*given, *_after(place, place.question, pressed))

    def with_words(self, draft: Draft, words: str, options: Sequence[str]) -> Draft:
        place = _place(draft, options)
        if place.question is None:
            return draft
        given = (each for each in draft if isinstance(each, str))
        return (*given, place.question.fit(place.question.answered_by.parse_answer(words, place.question.options)))

    def is_complete(self, draft: Draft, options: Sequence[str]) -> bool:
        return _place(draft, options).question is None

    def compared(self, options: Sequence[str]) -> tuple[str, ...]:
        """Where all questions that compare do so with the same things."""
        return compared_labels(questions_of(options))

    def lacks_names(self, options: Sequence[str] | None) -> bool:
        return any(map(is_unnamed, questions_of(options or ())))

    def name_options(self, options: Sequence[str] | None, labels: Sequence[str]) -> tuple[str, ...]:
        return with_names(questions_of(options or ()), labels)

    def relabelled(self, answer: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
        kinds = {each.name: each for each in questions_of(options)}
        return pack_answers(
            {name: relabel_answer(kinds[name], said, labels) for name, said in json.loads(answer).items()}
        )

    def handed_in(self, draft: Draft, options: Sequence[str]) -> str:
        return json.dumps(draft)

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        """The steps of a draft, every question of which was answered or left out."""
        place = _place(tuple(json.loads(handed_in or "[]")), options)
        if place.question is not None or not place.answers:
            raise AnswerUnfit(what="nothing_chosen")
        return pack_answers(place.answers)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        return answer is not None and any(meets(answer, each) for each in gold)

    def gold_example(self, options: Sequence[str]) -> str:
        return ", ".join(f"gold:{each.name}" for each in questions_of(options))

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        accepted: dict[str, list[str]] = json.loads(gold[0])
        return pack_answers(
            {name: kind_of(kind).answer_of_gold(answers) for name, (kind, *answers) in accepted.items() if kind}
        )

    def accepted(self, answer: str) -> tuple[str, ...]:
        """Exactly this answer: equivalents need the questions' kinds (`as_gold`)."""
        return (pack_answers({name: ["", each] for name, each in answers_by_question(answer).items()}),)

    def golds(self, written: str, options: Sequence[str]) -> tuple[str, ...] | None:
        """From an object of accepted answers by name, several separated by `|`."""
        try:
            found = json.loads(written)
        except ValueError:
            return None
        kinds = {each.name: each for each in questions_of(options)}
        if not isinstance(found, dict) or not found or not found.keys() <= kinds.keys():
            return None
        known = {name: gold_of(kinds[name].kind, str(said), kinds[name].options) for name, said in found.items()}
        return gold_from({name: each for name, each in known.items() if each}, options) if all(known.values()) else None

    def as_gold(self, answer: str, options: Sequence[str]) -> tuple[str, ...]:
        answers = answers_by_question(answer)
        known = ((each.name, each) for each in questions_of(options) if each.name in answers)
        return gold_from({name: each.answered_by.accepted(answers[name]) for name, each in known}, options)

    def to_display(self, answer: str, options: Sequence[str]) -> str:
        """The questions' texts and kinds beside what was answered."""
        answers = json.loads(answer)
        rows = [(each.text, each.kind, answers[each.name]) for each in questions_of(options) if each.name in answers]
        return json.dumps([(text, kind, said[1:] if isinstance(said, list) else [said]) for text, kind, said in rows])

    def pieces(self, shown: str) -> tuple[str, ...]:
        """As many questions as a message has room for."""
        found, room = list[list[Any]](), 0
        for row in json.loads(shown):
            if (length := sum(map(len, (row[0], *row[2])))) > room:
                found.append([])
                room = PIECE
            found[-1].append(row)
            room -= length
        return tuple(map(json.dumps, found))

    def list_options(self, options: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            f"{each.text} ({' / '.join(each.options)})" if each.options else each.text for each in questions_of(options)
        )

    def seconds(self, options: Sequence[str]) -> float:
        """Beyond one press: every question is read, decided and handed in, asked or not."""
        asked = questions_of(options)
        each = (
            reading_seconds(one.text) + DECISION_SECONDS + one.answered_by.handing_in(len(one.options)) for one in asked
        )
        return sum(each) - DECISION_SECONDS

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """Where nothing was learnt of its questions."""
        from domain.quality.learners import AnswerSpec, get_learner  # here: files are read without numpy
        from domain.quality.live import WorkerModel

        learner = get_learner(self.name)
        own = [(WorkerModel.from_vote(vote), vote.answer) for vote in votes]
        return learner.find_consensus(AnswerSpec(self.name, tuple(options)), learner.initial_model(0, ()), own)

    def answer_type(self, options: Sequence[str]) -> ExportType:
        types = ((each.name, each.answered_by.answer_type(each.options)) for each in questions_of(options))
        return FormType({name: found for name, found in types if isinstance(found, AnswerType)})

    def voted(self, options: Sequence[str]) -> tuple[str, ...]:
        return ()

    def gold_cell(self, gold: Sequence[str], options: Sequence[str]) -> str:
        return pack_answers({name: SEVERAL.join(answers) for name, answers in accepted_by_question(gold[0]).items()})

    def parts(self, answer: str | None, gold: Sequence[str], options: Sequence[str]) -> list[str | None]:
        answers = answers_by_question(answer or "{}")
        known = answers_by_question(self.gold_cell(gold, options)) if gold else {}
        return [cell for each in questions_of(options) for cell in (answers.get(each.name), known.get(each.name))]

    def score_cells(
        self, consensus: str | None, scores: Sequence[float] | None, options: Sequence[str]
    ) -> list[str | float | None]:
        """Of each question what it came to, and how sure that is."""
        answers, questions = answers_by_question(consensus or "{}"), questions_of(options)
        sure = [None if each == NOT_ASKED else digits(each) for each in scores or [NOT_ASKED] * len(questions)]
        pairs = zip((answers.get(each.name) for each in questions), sure, strict=True)
        return [cell for pair in pairs for cell in pair]

    def score_columns(self, options: Sequence[str]) -> tuple[str, ...]:
        names = [each.name for each in questions_of(options)]
        return tuple(f"{column}:{name}" for name in names for column in ("consensus", "confidence"))

    def completed(self, known: str, found: Agreement, options: Sequence[str]) -> Agreement:
        """What gold knows of some questions, and what the crowd says of the others."""
        answers = answers_by_question(known)
        whole = {**answers_by_question(found.answer or "{}"), **answers}
        questions = questions_of(options)
        sure = [
            1.0 if each.name in answers else score
            for each, score in zip(questions, found.scores or [NOT_ASKED] * len(questions), strict=True)
        ]
        counted = [score for each, score in zip(questions, sure, strict=True) if each.required and score != NOT_ASKED]
        ordered = {each.name: whole[each.name] for each in questions if each.name in whole}
        return Agreement(pack_answers(ordered), min(counted, default=None), tuple(sure))


def _left_out(question: FormQuestion) -> str:
    if question.required:
        raise AnswerUnfit(what="nothing_chosen")
    return LEFT_OUT


def _after(place: Place, question: FormQuestion, pressed: int) -> Draft:
    """What the answered questions are followed by after a press on an option, or on Done."""
    kind, options = question.answered_by, question.options
    if pressed == DONE:
        return (question.fit(kind.parse_answer(kind.handed_in(place.presses, options), options)),)
    if kind.wants is Wants.PRESS:
        return (kind.parse_answer(str(pressed), options),)
    if kind.wants is not Wants.PRESSES:
        raise AnswerUnknown(expected=[])
    return kind.pressed(place.presses, pressed, options)


def _place(draft: Draft, options: Sequence[str]) -> Place:
    return place_of(questions_of(options), draft)


KIND = Form()
