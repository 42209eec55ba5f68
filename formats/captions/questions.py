"""Parser of a form's questions in captions: `KIND | text | options | if …`, a line each, or JSON.

A line may also say `name=…` and `optional`; without a name the questions are q1, q2, …"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise, product
from typing import Any

from domain.answers import kind_of, list_kinds
from domain.handing_in import Wants
from domain.normalization import fold_case, fold_case_and_accents
from domain.projects.form_questions import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_QUESTIONS,
    ORDERED,
    Comparison,
    FormQuestion,
    QuestionCondition,
    is_ordered,
    pack_questions,
    place_on_scale,
)
from formats.captions.conditions import Flaw, FlawedValue, find_option_flaws, split_options
from locales.languages import caption_words, words_for

_SIGNS = {
    "<=": Comparison.AT_MOST, "≤": Comparison.AT_MOST, ">=": Comparison.AT_LEAST, "≥": Comparison.AT_LEAST,
    "!=": Comparison.IS_NOT, "≠": Comparison.IS_NOT, "is not": Comparison.IS_NOT, "n'est pas": Comparison.IS_NOT,
    "==": Comparison.IS, "=": Comparison.IS, "is": Comparison.IS, "est": Comparison.IS, ":": Comparison.IS,
    "\uff1a": Comparison.IS,
    "<": Comparison.BELOW, ">": Comparison.ABOVE,
}  # fmt: skip
_SIGN = re.compile(r"\s*(<=|>=|!=|==|≤|≥|≠|=|<|>|[:\uff1a]|(?<=\s)(?:is not|n'est pas|is|est)(?=\s))\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:q|question)?\s*(\d{1,2})", re.IGNORECASE)
_VALUE_SEPARATOR = re.compile(r"\s*(?:[,/]|\s(?:or|ou)\s)\s*", re.IGNORECASE)
CONDITION_EXAMPLE = "if q1 = yes"


def read_condition(text: str, earlier_questions: Sequence[FormQuestion]) -> QuestionCondition:
    """Return the condition that `text` states about one of the earlier questions; a value alone is compared with the
    nearest earlier question that has it as an option. Raise FlawedValue if no earlier question and value fit."""
    for sign in _SIGN.finditer(text):
        question = _find_question(text[: sign.start()].strip(), earlier_questions)
        if question is not None:
            return _to_condition(question, _SIGNS[sign[1].lower()], text[sign.end() :].strip(), text)
    for question in reversed(earlier_questions):
        if question.options and _normalized_value(question, text.strip()) is not None:
            return _to_condition(question, Comparison.IS, text.strip(), text)
    raise FlawedValue((text, "question_condition", {"example": CONDITION_EXAMPLE}))


def _find_question(reference: str, earlier_questions: Sequence[FormQuestion]) -> FormQuestion | None:
    """Return the earlier question with this name, text or number, or None; accents are ignored only if no exact
    spelling matches."""
    for spelling, question in product((fold_case, fold_case_and_accents), earlier_questions):
        if spelling(reference) in (spelling(question.name), spelling(question.text)):
            return question
    number = _NUMBER.fullmatch(reference)
    return earlier_questions[int(number[1]) - 1] if number and 0 < int(number[1]) <= len(earlier_questions) else None


def _to_condition(
    question: FormQuestion, comparison: Comparison, value_text: str, condition_text: str
) -> QuestionCondition:
    """Return the condition. Raise FlawedValue if a value is no answer of the question, or if it cannot be ordered."""
    if comparison in ORDERED:
        ordered_value = _normalized_value(question, value_text)
        if not is_ordered(question) or ordered_value is None or place_on_scale(question, ordered_value) is None:
            raise FlawedValue((condition_text, "question_order", {}))
        return QuestionCondition(question.name, comparison, (ordered_value,))
    single_value = _normalized_value(question, value_text)
    values = (
        (single_value,)
        if single_value is not None
        else tuple(_normalized_value(question, value) for value in _VALUE_SEPARATOR.split(value_text))
    )
    valid_values = tuple(value for value in values if value is not None)
    if not valid_values or len(valid_values) < len(values):
        raise FlawedValue(
            (condition_text, "question_value", {"wanted": question.name, "options": _example_values(question)})
        )
    return QuestionCondition(question.name, comparison, valid_values)


def _normalized_value(question: FormQuestion, text: str) -> str | None:
    """Return the answer in its stored form, or None if the question cannot have it."""
    return question.answered_by.parse_gold(text, question.options)


def _example_values(question: FormQuestion) -> tuple[str, ...]:
    return question.options or (question.answered_by.gold_example(question.options) or "…",)


def is_never_asked(question: FormQuestion, earlier_questions: Sequence[FormQuestion]) -> bool:
    """Return whether the question's conditions, and those of the questions it depends on, contradict each other.
    Answers to different questions are independent, so the conditions on each question are checked by themselves."""
    by_name = {conditions.name: conditions for conditions in earlier_questions}
    conditions_by_question: dict[str, list[QuestionCondition]] = {}
    for condition in _iter_required_conditions(question, by_name):
        conditions_by_question.setdefault(condition.question, []).append(condition)
    return not all(_can_all_hold(tuple(conditions), by_name) for conditions in conditions_by_question.values())


def _iter_required_conditions(
    question: FormQuestion, by_name: Mapping[str, FormQuestion]
) -> Iterator[QuestionCondition]:
    """Yield the conditions of the question and of all questions that must be asked before it."""
    visited: set[str] = set()
    pending = [question]
    while pending:
        conditions = pending.pop().conditions
        yield from conditions
        unvisited = {condition.question for condition in conditions} - visited
        visited |= unvisited
        pending.extend(by_name[name] for name in unvisited)


def _can_all_hold(conditions: tuple[QuestionCondition, ...], by_name: Mapping[str, FormQuestion]) -> bool:
    """Return whether some answer meets all conditions on one question; True if its answers cannot be enumerated."""
    question = by_name[conditions[0].question]
    probe = FormQuestion(question.name, question.kind, question.text, conditions=conditions)
    answers = tuple(_representative_answers(question, conditions))
    return not answers or any(probe.is_asked({question.name: answer}, by_name) for answer in answers)


def _representative_answers(question: FormQuestion, conditions: Sequence[QuestionCondition]) -> Iterator[str]:
    """Yield answers that represent all possible ones; none if the question's answers cannot be enumerated."""
    if question.answered_by.wants is Wants.PRESS:
        yield from (
            question.answered_by.parse_answer(str(index), question.options) for index in range(len(question.options))
        )
    elif is_ordered(question):
        yield from _numbers_around(conditions)


def _numbers_around(conditions: Sequence[QuestionCondition]) -> Iterator[str]:
    """Yield the numbers of the conditions, one between each two neighbours, and one beyond either end; nothing for
    ranges and tolerances."""
    try:
        numbers = sorted({Decimal(value) for element in conditions for value in element.values})
    except InvalidOperation:  # ranges and tolerances
        return
    boundaries = [numbers[0] - 1, *numbers, numbers[-1] + 1]
    yield from (f"{element:f}" for element in boundaries)
    yield from (f"{(low + high) / 2:f}" for low, high in pairwise(boundaries))


QUESTION_EXAMPLE = "choice | Is there a car? | yes, no"
JSON_PARTS = ("kind", "text", "options", "name", "required", "if")  # of a question in JSON
AI = "ai"
VALUES = caption_words("values")
QUESTION_KINDS = tuple(kind for kind in list_kinds() if kind_of(kind).fits_form)
_IF_PART = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(words_for('if'))))})[\s:\uff1a]+(.+)", re.IGNORECASE | re.DOTALL
)
_NAME_PART = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(words_for('name'))))})\s*[=:\uff1a]\s*(.+)", re.IGNORECASE
)
_PREFIX = re.compile(r"\s*(?:question\s*\d*\s*[:\uff1a]|\d{1,2}\s?(?:\)|\.(?!\d)))\s*", re.IGNORECASE)
_NAME = re.compile(rf"[^\W_][\w-]{{0,{LONGEST_NAME - 1}}}")


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question before it is checked; `line` is what an error shows."""

    line: str
    kind: str
    text: str
    options: tuple[str, ...] = ()
    name: str = ""
    required: bool = True
    conditions: tuple[str, ...] = ()


def read_lines(raw: str) -> tuple[str, ...]:
    """Return the packed questions, a line each. Raise FlawedValue with the question's number in each flaw."""
    lines = [_without_number(line) for line in raw.splitlines() if line.strip()]
    return _to_packed_questions([*_read_each(_read_line, lines)])


def _without_number(line: str) -> str:
    """Return the line without the number before it; numbers within a line, and a decimal that begins it, belong to the
    question."""
    match = _PREFIX.match(line)
    return line[match.end() if match else 0 :].strip()


def read_json(raw: str) -> tuple[str, ...]:
    """Return the packed questions of a JSON array of objects with `kind`, `text`, `options`, `name`, `required` and
    `if`. Raise FlawedValue."""
    try:
        objects = json.loads(raw)
    except json.JSONDecodeError as error:
        raise FlawedValue((_question_around(raw, error.pos), "form_json_broken", {"first": error.lineno})) from None
    except (ValueError, RecursionError):
        raise FlawedValue((raw.strip(), "form_json", {})) from None
    if not isinstance(objects, list) or not all(isinstance(element, dict) for element in objects):
        raise FlawedValue((raw.strip(), "form_json", {}))
    return _to_packed_questions([*_read_each(_read_object, objects)])


def _read_line(line: str) -> WrittenQuestion:
    """Return the question of a line. Raise FlawedValue if it has no text or an `if` without a condition."""
    kind, *parts = (part.strip() for part in line.split("|"))
    if not parts:
        raise FlawedValue((line, "question_line", {"example": QUESTION_EXAMPLE}))
    text, *settings = parts
    name, required = "", True
    options, conditions = list[str](), list[str]()
    for part in filter(None, settings):
        if fold_case_and_accents(part).rstrip(":\uff1a") in words_for("if"):
            raise FlawedValue((line, "question_condition", {"example": CONDITION_EXAMPLE}))
        if match := _IF_PART.fullmatch(part):
            conditions.append(match[1])
        elif match := _NAME_PART.fullmatch(part):
            name = match[1].strip()
        elif fold_case_and_accents(part) in words_for("optional") | words_for("required"):
            required = fold_case_and_accents(part) in words_for("required")
        else:
            options.append(part)
    all_options = (
        tuple(options) if len(options) > 1 else tuple(option for part in options for option in split_options(part))
    )
    return WrittenQuestion(
        line=line, kind=kind, text=text, options=all_options, name=name, required=required, conditions=tuple(conditions)
    )


def _read_object(fields: dict[str, Any]) -> WrittenQuestion:
    """Return the question of a JSON object. Raise FlawedValue for unknown parts and for values of another type."""
    line = json.dumps(fields, ensure_ascii=False)
    if unknown_parts := set(fields) - set(JSON_PARTS):
        names_models = AI in {fold_case_and_accents(element).partition(":")[0] for element in unknown_parts}
        expected = "question_no_ai" if names_models else "question_parts"
        raise FlawedValue((", ".join(sorted(unknown_parts)), expected, {"options": JSON_PARTS}))
    options, conditions = fields.get("options") or [], fields.get("if") or []
    conditions = [conditions] if isinstance(conditions, str) else conditions
    texts = {part: fields.get(part, "") for part in ("kind", "text", "name")}
    for part, value in {"options": options, "if": conditions}.items():
        if not isinstance(value, list) or not all(isinstance(element, str | int | float) for element in value):
            raise FlawedValue((f"{part}: {json.dumps(value, ensure_ascii=False)}", "question_list", {}))
    for part, value in texts.items():
        if not isinstance(value, str | int | float):
            raise FlawedValue((f"{part}: {json.dumps(value, ensure_ascii=False)}", "question_word", {}))
    kind, text, name = map(str, texts.values())
    required = fields.get("required", True) is not False
    return WrittenQuestion(
        line=line,
        kind=kind,
        text=text,
        options=tuple(map(str, options)),
        name=name,
        required=required,
        conditions=tuple(map(str, conditions)),
    )


def _read_each(read: Callable[[Any], WrittenQuestion], items: Iterable[Any]) -> Iterator[WrittenQuestion]:
    """Yield each question that `read` makes of an item. Raise FlawedValue with the question's number added."""
    for number, item in enumerate(items, 1):
        try:
            yield read(item)
        except FlawedValue as flaw:
            raise FlawedValue(*_with_question_number(number, flaw)) from None


def _with_question_number(question_number: int, flaw: FlawedValue) -> Iterator[Flaw]:
    return ((value, expected, {**facts, "question": question_number}) for value, expected, facts in flaw.flaws)


def _question_around(raw: str, position: int) -> str:
    """Return the 40 characters around the place where the JSON breaks off."""
    return raw[max(0, position - 20) : position + 20].strip()


def _to_packed_questions(written_questions: Sequence[WrittenQuestion]) -> tuple[str, ...]:
    """Return the packed questions. Raise FlawedValue with all flaws, or if there are none or too many."""
    if not written_questions:
        raise FlawedValue(("", "question_line", {"example": QUESTION_EXAMPLE}))
    if len(written_questions) > MOST_QUESTIONS:
        raise FlawedValue((str(len(written_questions)), "questions_at_most", {"limit": MOST_QUESTIONS}))
    questions: list[FormQuestion] = []
    found_flaws: list[Flaw] = []
    for number, written in enumerate(written_questions, 1):
        try:
            questions.append(_to_question(number, written, questions))
        except FlawedValue as flaw:
            found_flaws.extend(_with_question_number(number, flaw))
            questions.append(
                FormQuestion(written.name or f"q{number}", QUESTION_KINDS[0], written.text)
            )  # later lines may name it
    if found_flaws:
        raise FlawedValue(*found_flaws)
    return pack_questions(questions)


def _to_question(number: int, written: WrittenQuestion, earlier_questions: Sequence[FormQuestion]) -> FormQuestion:
    """Return the checked question. Raise FlawedValue with its first group of flaws: kind, text, name, options, or
    conditions that can never hold."""
    kind = VALUES.get(fold_case_and_accents(written.kind), fold_case_and_accents(written.kind)).replace(" ", "_")
    if kind not in QUESTION_KINDS:
        raise FlawedValue((written.kind, "question_kind", {"options": QUESTION_KINDS}))
    if not written.text or len(written.text) > LONGEST_TEXT or "\0" in written.text:
        raise FlawedValue((written.line, "question_text", {"limit": LONGEST_TEXT}))
    name = written.name or f"q{number}"
    if not _NAME.fullmatch(name) or fold_case_and_accents(name) in [
        fold_case_and_accents(text.name) for text in earlier_questions
    ]:
        raise FlawedValue((name, "question_name", {"limit": LONGEST_NAME}))
    if option_flaws := tuple(_find_flaws(kind, written)):
        raise FlawedValue(*option_flaws)
    options = kind_of(kind).arrange_options(written.options or kind_of(kind).usual_options)
    conditions = tuple(read_condition(text, earlier_questions) for text in written.conditions)
    question = FormQuestion(
        name=name, kind=kind, text=written.text, options=options, required=written.required, conditions=conditions
    )
    if is_never_asked(question, earlier_questions):
        raise FlawedValue((" | ".join(written.conditions), "question_never", {}))
    return question


def _find_flaws(kind: str, written: WrittenQuestion) -> Iterator[Flaw]:
    """Yield the flaws of the question's options: missing, superfluous, too many or too few, or with a character that
    separates answers."""
    answer_kind = kind_of(kind)
    if not answer_kind.has_options:
        if written.options:
            yield ", ".join(written.options), "question_no_options", {"kind": kind}
    elif written.options or not (answer_kind.usual_options or answer_kind.options_are_columns):
        if not written.options:
            yield written.line, "question_options", {"example": QUESTION_EXAMPLE}
        else:
            arranged = answer_kind.arrange_options(written.options)
            if answer_kind.is_graded and not (
                answer_kind.get_compared_labels(arranged) or answer_kind.needs_names(arranged)
            ):
                yield ", ".join(written.options), "two_compared", {}
            for value, expected, facts in find_option_flaws(
                written.options, answer_kind.fewest_options, answer_kind.most_options
            ):
                yield value, expected, dict(facts)
            forbidden_option = next(
                (option for option in written.options if answer_kind.forbidden and answer_kind.forbidden in option),
                None,
            )
            if forbidden_option is not None:
                yield forbidden_option, "option_without", {"example": answer_kind.forbidden}
