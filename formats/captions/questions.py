"""The questions of a form, as a caption writes them: `KIND | text | options | if …`, a line each, or as JSON.

A line may also say `name=…` and `optional`; without a name the questions are q1, q2, …
"""

from __future__ import annotations

import json
import re
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise, product
from typing import Any

from domain.answers import kind_of, kinds
from domain.handing_in import Wants
from domain.normalization import folded, same
from domain.projects.form_questions import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_QUESTIONS,
    ORDERED,
    Comparison,
    Condition,
    FormQuestion,
    is_ordered,
    pack_questions,
    place_on_scale,
)
from formats.captions.conditions import (
    Flaw,
    Flawed,
    flaws,
    separated,
)
from locales.languages import caption_words, words

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
CONDITION_EXAMPLE = "if q1 = yes"


def read_condition(written: str, before: Sequence[FormQuestion]) -> Condition:
    """Raises Flawed. A question may depend on earlier ones only."""
    for sign in _SIGN.finditer(written):
        question = _named(written[: sign.start()].strip(), before)
        if question is not None:
            return _condition(question, _SIGNS[sign[1].lower()], written[sign.end() :].strip(), written)
    for question in reversed(before):
        if question.options and _value(question, written.strip()) is not None:
            return _condition(question, Comparison.IS, written.strip(), written)
    raise Flawed((written, "question_condition", {"example": CONDITION_EXAMPLE}))


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


def is_never_asked(question: FormQuestion, before: Sequence[FormQuestion]) -> bool:
    """Answers to different questions are free of each other, so it is enough to look at each one by itself."""
    by_name = {each.name: each for each in before}
    wanted: dict[str, list[Condition]] = {}
    for condition in _needed(question, by_name):
        wanted.setdefault(condition.question, []).append(condition)
    return not all(_can_hold(tuple(each), by_name) for each in wanted.values())


def _needed(question: FormQuestion, by_name: Mapping[str, FormQuestion]) -> Iterator[Condition]:
    """Of the question, and of all those that must be asked before it."""
    seen: set[str] = set()
    todo = [question]
    while todo:
        conditions = todo.pop().conditions
        yield from conditions
        new = {each.question for each in conditions} - seen
        seen |= new
        todo.extend(by_name[name] for name in new)


def _can_hold(conditions: tuple[Condition, ...], by_name: Mapping[str, FormQuestion]) -> bool:
    asked = by_name[conditions[0].question]
    probe = FormQuestion(asked.name, asked.kind, asked.text, conditions=conditions)
    possible = tuple(_possible(asked, conditions))
    return not possible or any(probe.is_asked({asked.name: answer}, by_name) for answer in possible)


def _possible(asked: FormQuestion, conditions: Sequence[Condition]) -> Iterator[str]:
    """Answers that stand for all others; none where there are too many to tell."""
    if asked.answered_by.wants is Wants.PRESS:
        yield from (asked.answered_by.read(str(at), asked.options) for at in range(len(asked.options)))
    elif is_ordered(asked):
        yield from _around(conditions)


def _around(conditions: Sequence[Condition]) -> Iterator[str]:
    """The numbers named, one between each two of them, and one beyond either end."""
    try:
        named = sorted({Decimal(value) for each in conditions for value in each.values})
    except InvalidOperation:  # ranges and tolerances
        return
    beyond = [named[0] - 1, *named, named[-1] + 1]
    yield from (f"{each:f}" for each in beyond)
    yield from (f"{(low + high) / 2:f}" for low, high in pairwise(beyond))


QUESTION_EXAMPLE = "choice | Is there a car? | yes, no"
PARTS = ("kind", "text", "options", "name", "required", "if")  # of a question in JSON
AI = "ai"
VALUES = caption_words("values")
HOLDS = tuple(kind for kind in kinds() if kind_of(kind).fits_form)
_IF = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(words('if'))))})[\s:\uff1a]+(.+)", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(words('name'))))})\s*[=:\uff1a]\s*(.+)", re.IGNORECASE)
_PREFIX = re.compile(r"\s*(?:question\s*\d*\s*[:\uff1a]|\d{1,2}\s?(?:\)|\.(?!\d)))\s*", re.IGNORECASE)
_NAME = re.compile(rf"[^\W_][\w-]{{0,{LONGEST_NAME - 1}}}")


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """One question before it is checked; `line` is what an error shows."""

    line: str
    kind: str
    text: str
    options: tuple[str, ...] = ()
    name: str = ""
    required: bool = True
    conditions: tuple[str, ...] = ()


def read_lines(raw: str) -> tuple[str, ...]:
    """A line each → the packed questions. Raises Flawed."""
    lines = [_unnumbered(line) for line in raw.splitlines() if line.strip()]
    return _checked([*_numbered(_written, lines)])


def _unnumbered(line: str) -> str:
    """Without the number before it; numbers within a line, and a decimal that begins it, are the question's own."""
    found = _PREFIX.match(line)
    return line[found.end() if found else 0 :].strip()


def read_json(raw: str) -> tuple[str, ...]:
    """An array of objects with `kind`, `text`, `options`, `name`, `required` and `if`. Raises Flawed."""
    try:
        found = json.loads(raw)
    except json.JSONDecodeError as broken:
        raise Flawed((_question_around(raw, broken.pos), "form_json_broken", {"first": broken.lineno})) from None
    except (ValueError, RecursionError):
        raise Flawed((raw.strip(), "form_json", {})) from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Flawed((raw.strip(), "form_json", {}))
    return _checked([*_numbered(_from_json, found)])


def _written(line: str) -> WrittenQuestion:
    kind, *rest = (part.strip() for part in line.split("|"))
    if not rest:
        raise Flawed((line, "question_line", {"example": QUESTION_EXAMPLE}))
    text, *more = rest
    name, required = "", True
    options, conditions = list[str](), list[str]()
    for part in filter(None, more):
        if folded(part).rstrip(":\uff1a") in words("if"):
            raise Flawed((line, "question_condition", {"example": CONDITION_EXAMPLE}))
        if found := _IF.fullmatch(part):
            conditions.append(found[1])
        elif found := _NAMED.fullmatch(part):
            name = found[1].strip()
        elif folded(part) in words("optional") | words("required"):
            required = folded(part) in words("required")
        else:
            options.append(part)
    chosen = tuple(options) if len(options) > 1 else tuple(each for part in options for each in separated(part))
    return WrittenQuestion(line, kind, text, chosen, name, required, tuple(conditions))


def _from_json(facts: dict[str, Any]) -> WrittenQuestion:
    line = json.dumps(facts, ensure_ascii=False)
    if unknown := set(facts) - set(PARTS):
        of_models = AI in {folded(each).partition(":")[0] for each in unknown}
        expected = "question_no_ai" if of_models else "question_parts"
        raise Flawed((", ".join(sorted(unknown)), expected, {"options": PARTS}))
    options, conditions = facts.get("options") or [], facts.get("if") or []
    conditions = [conditions] if isinstance(conditions, str) else conditions
    texts = {part: facts.get(part, "") for part in ("kind", "text", "name")}
    for part, found in {"options": options, "if": conditions}.items():
        if not isinstance(found, list) or not all(isinstance(each, str | int | float) for each in found):
            raise Flawed((f"{part}: {json.dumps(found, ensure_ascii=False)}", "question_list", {}))
    for part, found in texts.items():
        if not isinstance(found, str | int | float):
            raise Flawed((f"{part}: {json.dumps(found, ensure_ascii=False)}", "question_word", {}))
    kind, text, name = map(str, texts.values())
    required = facts.get("required", True) is not False
    return WrittenQuestion(line, kind, text, tuple(map(str, options)), name, required, tuple(map(str, conditions)))


def _numbered(read: Callable[[Any], WrittenQuestion], given: Iterable[Any]) -> Iterator[WrittenQuestion]:
    """Raises Flawed, which says in which question."""
    for number, each in enumerate(given, 1):
        try:
            yield read(each)
        except Flawed as flaw:
            raise Flawed(*_at(number, flaw)) from None


def _at(number: int, flaw: Flawed) -> Iterator[Flaw]:
    return ((value, expected, {**facts, "question": number}) for value, expected, facts in flaw.flaws)


def _question_around(raw: str, at: int) -> str:
    """What stands where the JSON breaks off."""
    return raw[max(0, at - 20) : at + 20].strip()


def _checked(written: Sequence[WrittenQuestion]) -> tuple[str, ...]:
    if not written:
        raise Flawed(("", "question_line", {"example": QUESTION_EXAMPLE}))
    if len(written) > MOST_QUESTIONS:
        raise Flawed((str(len(written)), "questions_at_most", {"limit": MOST_QUESTIONS}))
    questions: list[FormQuestion] = []
    problems: list[Flaw] = []
    for number, each in enumerate(written, 1):
        try:
            questions.append(_question(number, each, questions))
        except Flawed as flaw:
            problems.extend(_at(number, flaw))
            questions.append(FormQuestion(each.name or f"q{number}", HOLDS[0], each.text))  # later lines may name it
    if problems:
        raise Flawed(*problems)
    return pack_questions(questions)


def _question(number: int, of: WrittenQuestion, before: Sequence[FormQuestion]) -> FormQuestion:
    kind = VALUES.get(folded(of.kind), folded(of.kind)).replace(" ", "_")
    if kind not in HOLDS:
        raise Flawed((of.kind, "question_kind", {"options": HOLDS}))
    if not of.text or len(of.text) > LONGEST_TEXT or "\0" in of.text:
        raise Flawed((of.line, "question_text", {"limit": LONGEST_TEXT}))
    name = of.name or f"q{number}"
    if not _NAME.fullmatch(name) or folded(name) in [folded(each.name) for each in before]:
        raise Flawed((name, "question_name", {"limit": LONGEST_NAME}))
    if unfit := tuple(_flaws(kind, of)):
        raise Flawed(*unfit)
    options = kind_of(kind).arranged(of.options or kind_of(kind).usual_options)
    conditions = tuple(read_condition(each, before) for each in of.conditions)
    question = FormQuestion(name, kind, of.text, options, of.required, conditions)
    if is_never_asked(question, before):
        raise Flawed((" | ".join(of.conditions), "question_never", {}))
    return question


def _flaws(kind: str, of: WrittenQuestion) -> Iterator[Flaw]:
    """What is wrong with its options."""
    known = kind_of(kind)
    if not known.has_options:
        if of.options:
            yield ", ".join(of.options), "question_no_options", {"kind": kind}
    elif of.options or not (known.usual_options or known.options_are_columns):
        if not of.options:
            yield of.line, "question_options", {"example": QUESTION_EXAMPLE}
        else:
            arranged = known.arranged(of.options)
            if known.is_graded and not (known.compared(arranged) or known.lacks_names(arranged)):
                yield ", ".join(of.options), "two_compared", {}
            for value, expected, facts in flaws(of.options, known.fewest_options, known.most_options):
                yield value, expected, dict(facts)
            joint = next((each for each in of.options if known.forbidden and known.forbidden in each), None)
            if joint is not None:
                yield joint, "option_without", {"example": known.forbidden}
