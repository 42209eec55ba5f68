"""`if` of a form's question: `q1 = yes`, `2 >= 3`, `How many? is not 0`; or `yes`, of the latest question with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from domain.normalization import folded, same
from domain.projects.form_questions import ORDERED, Comparison, Condition, FormQuestion, is_ordered, place_on_scale
from formats.captions.flawed import Flawed

_SIGNS = {
    "<=": Comparison.AT_MOST, "≤": Comparison.AT_MOST, ">=": Comparison.AT_LEAST, "≥": Comparison.AT_LEAST,
    "!=": Comparison.IS_NOT, "≠": Comparison.IS_NOT, "is not": Comparison.IS_NOT, "n'est pas": Comparison.IS_NOT,
    "==": Comparison.IS, "=": Comparison.IS, "is": Comparison.IS, "est": Comparison.IS, ":": Comparison.IS,
    "\uff1a": Comparison.IS,
    "<": Comparison.BELOW, ">": Comparison.ABOVE,
}  # fmt: skip
_SIGN = re.compile(r"\s*(<=|>=|!=|==|≤|≥|≠|=|<|>|[:\uff1a]|(?<=\s)(?:is not|n'est pas|is|est)(?=\s))\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:q|question)?\s*(\d{1,2})", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:[,/]|\s(?:or|ou)\s)\s*", re.IGNORECASE)
EXAMPLE = "if q1 = yes"


def read_condition(written: str, before: Sequence[FormQuestion]) -> Condition:
    """Raises Flawed. A question may depend on earlier ones only."""
    for sign in _SIGN.finditer(written):
        question = _named(written[: sign.start()].strip(), before)
        if question is not None:
            return _condition(question, _SIGNS[sign[1].lower()], written[sign.end() :].strip(), written)
    for question in reversed(before):
        if question.options and _value(question, written.strip()) is not None:
            return _condition(question, Comparison.IS, written.strip(), written)
    raise Flawed((written, "question_condition", {"example": EXAMPLE}))


def _named(reference: str, before: Sequence[FormQuestion]) -> FormQuestion | None:
    """By name, text or number; ignoring accents, where none is written so."""
    for spelling, question in product((same, folded), before):
        if spelling(reference) in (spelling(question.name), spelling(question.text)):
            return question
    number = _NUMBER.fullmatch(reference)
    return before[int(number[1]) - 1] if number and 0 < int(number[1]) <= len(before) else None


def _condition(question: FormQuestion, comparison: Comparison, written: str, whole: str) -> Condition:
    if comparison in ORDERED:
        value = _value(question, written)
        if not is_ordered(question) or value is None or place_on_scale(question, value) is None:
            raise Flawed((whole, "question_order", {}))
        return Condition(question.name, comparison, (value,))
    found = _value(question, written)
    values = (found,) if found is not None else tuple(_value(question, each) for each in _SEVERAL.split(written))
    known = tuple(each for each in values if each is not None)
    if not known or len(known) < len(values):
        raise Flawed((whole, "question_value", {"wanted": question.name, "options": _examples(question)}))
    return Condition(question.name, comparison, known)


def _value(question: FormQuestion, written: str) -> str | None:
    return question.answered_by.gold(written, question.options)


def _examples(question: FormQuestion) -> tuple[str, ...]:
    return question.options or (question.answered_by.gold_example(question.options) or "…",)
