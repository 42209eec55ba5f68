"""A form: the named questions of one task, some of which are asked only where an earlier answer calls for them.

A project keeps its questions as its options, each packed into a line of JSON. The answer is a mapping from names to
canonical answers of the questions' own kinds: of those that were asked and not left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import re2

from domain.answers import AnswerKind, find_measured_kind, kind_of
from domain.handing_in import Draft
from domain.projects.projects import Project
from domain.quality.machine import MachineAnswer
from domain.refusals import AnswerUnfit

JOINT = "|"  # between the options of an answer
LONGEST_PATTERN = 500  # characters


@dataclass(frozen=True, slots=True)
class Bounds:
    """`fewest` and `most` options; `shortest` and `longest` in characters; `least` and `greatest` of a number;
    `pattern` is found in the words, or `expected` is said (empty: something of ours)."""

    fewest: int = 0
    most: int = 0
    shortest: int = 0
    longest: int = 0
    least: int | None = None
    greatest: int | None = None
    pattern: str = ""
    expected: str = ""

    def packed(self) -> dict[str, Any]:
        """Return the bounds that differ from the defaults, for JSON."""
        usual = Bounds()
        return {name: value for name, value in asdict(self).items() if value != getattr(usual, name)}

    def check(self, kind: str, answer: str, options: bool) -> None:
        """Raise AnswerUnfit if the canonical answer is outside these bounds."""
        if options:
            self._count(answer.count(JOINT) + 1)
        elif find_measured_kind(kind) is not None:
            self._check_number(float(answer))
        else:
            self._require_text_fits(answer)

    def _count(self, chosen: int) -> None:
        if chosen < self.fewest:
            raise AnswerUnfit(what="too_few", limit=self.fewest)
        if self.most and chosen > self.most:
            raise AnswerUnfit(what="too_many", limit=self.most)

    def _check_number(self, value: float) -> None:
        if self.least is not None and value < self.least:
            raise AnswerUnfit(what="too_small", limit=self.least)
        if self.greatest is not None and value > self.greatest:
            raise AnswerUnfit(what="too_great", limit=self.greatest)

    def _require_text_fits(self, words: str) -> None:
        if len(words) < self.shortest:
            raise AnswerUnfit(what="too_short", limit=self.shortest)
        if self.longest and len(words) > self.longest:
            raise AnswerUnfit(what="too_long", limit=self.longest)
        if self.pattern and not is_found(self.pattern, words):
            raise AnswerUnfit(what="pattern", words=self.expected)


def is_found(pattern: str, words: str) -> bool:
    """Return whether the pattern occurs in the text, searched in linear time since patterns come from strangers."""
    return compiled(pattern).search(words) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """Return the compiled pattern. Raise ValueError if it is no pattern, is too long, or cannot be searched in linear
    time."""
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"longer than {LONGEST_PATTERN} characters")
    options = re2.Options()
    options.log_errors, options.max_mem = False, 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        message = error.args[0] if error.args else ""
        raise ValueError(message.decode(errors="replace") if isinstance(message, bytes) else str(message)) from None


MOST_QUESTIONS = 20
LONGEST_TEXT = 300  # characters of a question
LONGEST_NAME = 40

LEFT_OUT = ""  # in a draft: no kind has an empty answer
SPAN = 100  # a press is step × SPAN + option, so that a second tap does not answer the next question
IN_TASK = "questions"  # of a task's content: those that it brings along
ON_PAGE = "\u241fpage"  # names the question that stands for a page
UNDO, BACK, LEAVE_OUT, DONE = range(SPAN - 4, SPAN)

Answers = Mapping[str, str]


class Comparison(StrEnum):
    """Comparisons of an earlier answer with the values of a condition."""

    IS = "="
    IS_NOT = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


ORDERED = (Comparison.BELOW, Comparison.AT_MOST, Comparison.ABOVE, Comparison.AT_LEAST)


@dataclass(frozen=True, slots=True)
class QuestionCondition:
    """A condition on an earlier `question`: it was answered with one of these `values` (any of several chosen options);
    with IS_NOT, with none of them."""

    question: str
    comparison: Comparison
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """`name` stands in columns and conditions, `text` is what a worker reads; asked where all `conditions` hold. One
    that is not `required` may be left out. `bounds` narrow what its kind takes."""

    name: str
    kind: str
    text: str
    options: tuple[str, ...] = ()
    required: bool = True
    conditions: tuple[QuestionCondition, ...] = ()
    bounds: Bounds | None = None

    @property
    def answered_by(self) -> AnswerKind:
        return kind_of(self.kind)

    def fit(self, answer: str) -> str:
        """Return the answer. Raise AnswerUnfit if it is out of bounds."""
        if self.bounds is not None:
            self.bounds.check(self.kind, answer, bool(self.options))
        return answer

    def is_asked(self, answers: Answers, questions: Mapping[str, FormQuestion]) -> bool:
        return all(_holds(condition, answers, questions[condition.question]) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Progress of an answer: `answers` to the questions before, the `question` that is asked now (None at the end), and
    the options pressed for it."""

    questions_before: tuple[FormQuestion, ...]
    answers: Answers
    question: FormQuestion | None
    presses: tuple[int, ...]

    @property
    def step(self) -> int:
        return len(self.questions_before)


def place_of(questions: Sequence[FormQuestion], draft: Draft) -> DraftPlace:
    """Replays a draft: the answers in the order of the questions that were asked, then presses."""
    answers_given = [step for step in draft if isinstance(step, str)]
    answers: dict[str, str] = {}
    asked_questions: list[FormQuestion] = []
    open_question = None
    for question in _iterate_asked(questions, answers):
        if len(asked_questions) == len(answers_given):
            open_question = question
            break
        if (answer := answers_given[len(asked_questions)]) != LEFT_OUT:
            answers[question.name] = answer
        asked_questions.append(question)
    return DraftPlace(
        tuple(asked_questions), answers, open_question, tuple(step for step in draft if isinstance(step, int))
    )


def count_remaining_questions(questions: Sequence[FormQuestion], place: DraftPlace) -> int:
    """Return the number of questions that may still come, the open one included."""
    if place.question is None:
        return 0
    begin = questions.index(place.question)
    by_name, open_ = (
        {question.name: question for question in questions},
        {question.name for question in questions[begin:]},
    )
    return sum(
        all(
            condition.question in open_ or _holds(condition, place.answers, by_name[condition.question])
            for condition in question.conditions
        )
        for question in questions[begin:]
    )


def steps_of(questions: Sequence[FormQuestion], answers: Answers) -> Draft:
    """Return the draft that a whole answer was built from."""
    return tuple(answers.get(question.name, LEFT_OUT) for question in _iterate_asked(questions, dict(answers)))


def _iterate_asked(questions: Sequence[FormQuestion], answers: Answers) -> Iterator[FormQuestion]:
    """Yield the questions in order, each only if its conditions hold for what `answers` holds at its turn."""
    by_name = {question.name: question for question in questions}
    return (question for question in questions if question.is_asked(answers, by_name))


def _holds(condition: QuestionCondition, answers: Answers, question: FormQuestion) -> bool:
    answer = answers.get(condition.question)
    if answer is None:
        return False
    if condition.comparison in ORDERED:
        return _compares(condition, answer, question)
    chosen_options = set(question.answered_by.list_named_options(answer))
    accepted_options = set(condition.values)
    meets = (
        bool(chosen_options & accepted_options)
        if chosen_options
        else question.answered_by.is_right(answer, condition.values)
    )
    return meets is (condition.comparison is Comparison.IS)


def _compares(condition: QuestionCondition, answer: str, question: FormQuestion) -> bool:
    value, limit = place_on_scale(question, answer), place_on_scale(question, condition.values[0])
    if value is None or limit is None:
        return False
    return {
        Comparison.BELOW: value < limit,
        Comparison.AT_MOST: value <= limit,
        Comparison.ABOVE: value > limit,
        Comparison.AT_LEAST: value >= limit,
    }[condition.comparison]


def is_ordered(question: FormQuestion) -> bool:
    return find_measured_kind(question.kind) is not None


def place_on_scale(question: FormQuestion, answer: str) -> float | None:
    """The step's place, or the number; None where the answer is neither."""
    measure, foretold = (
        find_measured_kind(question.kind),
        question.answered_by.parse_model_answer(answer, question.options),
    )
    return None if measure is None or foretold is None else measure.to_numbers((foretold,), question.options)[0][0]


def pack_questions(questions: Iterable[FormQuestion]) -> tuple[str, ...]:
    """Return the questions as lines of JSON, defaults left out."""
    return tuple(json.dumps(_facts(question), ensure_ascii=False) for question in questions)


@lru_cache(maxsize=256)
def _unpacked(options: tuple[str, ...]) -> tuple[FormQuestion, ...]:
    return tuple(_question(json.loads(option)) for option in options)


def questions_of(options: Sequence[str]) -> tuple[FormQuestion, ...]:
    """The questions of a project of a form."""
    return _unpacked(tuple(options))


def questions_in(kind: str, options: Sequence[str] | None) -> tuple[FormQuestion, ...]:
    """The questions of a project of this kind; () where it is no form."""
    return questions_of(options or ()) if kind_of(kind).asks_questions else ()


def is_on_page(options: Sequence[str]) -> bool:
    """Return whether a web page of the requester asks instead of the form's own questions."""
    return len(options) == 1 and questions_of(options)[0].name == ON_PAGE


def asked_in_task(content: Mapping[str, str]) -> tuple[str, ...]:
    """The questions that a task brings along, packed. JSON escapes "\n", but no other end of a line."""
    return tuple(filter(None, content.get(IN_TASK, "").split("\n")))


def put_in_task(questions: Iterable[FormQuestion]) -> dict[str, str]:
    """Return the questions as a part of a task's content."""
    return {IN_TASK: "\n".join(pack_questions(questions))}


def _facts(question: FormQuestion) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": question.name, "kind": question.kind, "text": question.text}
    if question.options:
        facts["options"] = question.options
    if not question.required:
        facts["required"] = False
    if question.bounds is not None:
        facts["bounds"] = question.bounds.packed()
    if question.conditions:
        facts["if"] = [
            [condition.question, condition.comparison.value, *condition.values] for condition in question.conditions
        ]
    return facts


def _question(facts: dict[str, Any]) -> FormQuestion:
    conditions = tuple(
        QuestionCondition(name, Comparison(how), tuple(values)) for name, how, *values in facts.get("if", ())
    )
    options = tuple(facts.get("options", ()))
    bounds = Bounds(**facts["bounds"]) if "bounds" in facts else None
    required = facts.get("required", True)
    return FormQuestion(
        name=facts["name"],
        kind=facts["kind"],
        text=facts["text"],
        options=options,
        required=required,
        conditions=conditions,
        bounds=bounds,
    )


NOT_ASKED = -1.0  # in place of the confidence of a question


def answers_by_question(answer: str) -> dict[str, str]:
    """Return the answers of a packed form answer, by the questions' names."""
    answers: dict[str, str] = json.loads(answer)
    return answers


def pack_answers(answers: Mapping[str, object]) -> str:
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"))


def gold_from(accepted_answers: Mapping[str, Sequence[str]], options: Sequence[str]) -> tuple[str, ...]:
    """Accepted answers by question, as gold; () where nothing is known."""
    if not accepted_answers:
        return ()
    kinds = {question.name: question.kind for question in questions_of(options)}
    return (pack_answers({name: [kinds[name], *answers] for name, answers in accepted_answers.items()}),)


def gold_flaw(question: FormQuestion, written: str) -> tuple[str, Mapping[str, Any]]:
    """Return why this text is no gold answer to the question: a key of formats/errors.py and its facts."""
    kind, options = question.answered_by, question.options
    golds = [kind.parse_gold(alternative, options) for alternative in kind.split_gold(written)]
    if golds and all(golds):
        return "none_alone", {}
    return ("one_of", {"options": options}) if options else kind.gold_flaw(written, options)


def meets(answer: str, accepted: str) -> bool:
    """Return whether the form answer is right on every question that the gold knows."""
    answers = answers_by_question(answer)
    return all(_is_met(answers.get(name), *accepted_answers) for name, accepted_answers in json.loads(accepted).items())


def _is_met(answer: str | None, kind: str, *accepted: str) -> bool:
    return kind_of(kind).is_right(answer, accepted) if kind else answer in accepted


def accepted_by_question(accepted: str) -> dict[str, Sequence[str]]:
    """The accepted answers of each question that gold knows."""
    return {name: answers for name, (_, *answers) in json.loads(accepted).items()}


def draft_of_answer(project: Project, answer: str | None) -> Draft:
    """Return the draft at which a submitted answer is reopened: of a form everything but the last question, since Back
    leads to the others; empty for other kinds."""
    if not kind_of(project.kind).asks_questions or answer is None:
        return ()
    return steps_of(questions_of(project.options), answers_by_question(answer))[:-1]


@dataclass(frozen=True, slots=True)
class FormPart:
    """One question of a form, or all of a task of another kind (`question` is empty): what models `said`, what people
    have given: `people_answers`."""

    question: str
    kind: AnswerKind
    model_answers: tuple[MachineAnswer, ...]
    people_answers: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Return whether a person's answer differs from a model's."""
        return any(
            not self.kind.agree(answer, machine_answer.answer)
            for machine_answer in self.model_answers
            for answer in self.people_answers
        )

    def find_accepted(self, gold: Sequence[str]) -> Sequence[str]:
        """Return the accepted answers; empty if the gold does not cover this question."""
        return accepted_by_question(gold[0]).get(self.question, ()) if self.question and gold else gold


def answers_to_question(said: Sequence[MachineAnswer], question: str) -> tuple[MachineAnswer, ...]:
    """Return the models' answers to one question."""
    return tuple(machine_answer for machine_answer in said if machine_answer.question == question)


def parts_of(
    kind: str, options: Sequence[str], said: Sequence[MachineAnswer], answers: Sequence[str] = ()
) -> tuple[FormPart, ...]:
    """Return the answers of models and people to each question of a form; one part for every other kind."""
    questions = questions_in(kind, options)
    if not questions:
        return (FormPart("", kind_of(kind), tuple(said), tuple(answers)),)
    by_name = [answers_by_question(answer) for answer in answers]
    return tuple(
        FormPart(
            e.name,
            e.answered_by,
            answers_to_question(said, e.name),
            tuple(own[e.name] for own in by_name if e.name in own),
        )
        for e in questions
    )
