"""A qualification as its requester types it: what it is, and a line for each question of its test.

The test becomes the QuestionForm and the AnswerKey that programs would send: one engine asks and scores all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from domain.normalization import folded, named
from domain.people.qualifications import MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_PLACES
from domain.projects.form_questions import MOST_QUESTIONS
from formats.captions.caption import positive_amount
from formats.captions.conditions import Flawed
from formats.errors import (
    Fact,
    FormError,
    FormErrors,
    shortened,
)
from formats.mturk.question import LONGEST_QUESTION, LONGEST_SELECTION
from locales.languages import words

MOST_OPTIONS, LONGEST_MINUTES, LONGEST_HOURS = 20, 24 * 60, 366 * 24
USUAL_MINUTES = 15
_LINE = re.compile(r"\s*([^:\uff1a|\n]{1,30}?)\s*[:\uff1a]\s*(.*?)\s*")
_PART = re.compile(r"\s*([^=|]{1,20}?)\s*=\s*(.+?)\s*")


class KeyedQuestion(NamedTuple):
    """`right` are options: one is chosen among them, several are all that apply."""

    text: str
    options: tuple[str, ...]
    right: tuple[str, ...]


class WrittenQualification(NamedTuple):
    """`again_hours` None: its test is taken once. `pay` of an attempt in millionths, for at most so many `people`; None
    where it is not paid."""

    name: str
    description: str
    minutes: int
    again_hours: int | None
    questions: tuple[KeyedQuestion, ...]
    pay: int | None = None
    people: int = 0


class _Wrong(Exception):
    def __init__(self, key: str, value: str, expected: str, **facts: Fact) -> None:
        super().__init__(key, value, expected)
        self.error = FormError(key, shortened(value), expected, facts)


def read_qualification(text: str, currency: str) -> WrittenQualification:
    """Raises FormErrors with all that is wrong."""
    told: dict[str, str] = {}
    questions, errors = list[KeyedQuestion](), list[FormError]()
    for line in filter(str.strip, text.splitlines()):
        try:
            key, said = _key(line)
            if key == "question":
                questions.append(_question(said))
            else:
                told[key] = " ".join(said.split())
        except _Wrong as wrong:
            errors.append(wrong.error)
    try:
        found = _checked(told, tuple(questions), currency)
    except _Wrong as wrong:
        errors.append(wrong.error)
    if errors:
        raise FormErrors(tuple(errors))
    return found


def _key(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    word = folded(found[1]) if found else ""
    own = (each for each in ("name", "again", "people") if word in words(each))
    known = ("question", "description", "minutes", "pay", *own)
    key = next((each for each in known if word == each or word in words(each)), None)
    if found is None or key is None:
        raise _Wrong("", line, "qualification_line")
    return key, found[2]


def _question(said: str) -> KeyedQuestion:
    text, *parts = (each.strip() for each in said.split("|"))
    options: tuple[str, ...] = ()
    right = list[str]()
    for part in parts:
        found = _PART.fullmatch(part)
        if found is not None and folded(found[1]) in words("right"):
            right += [each.strip() for each in found[2].split(",") if each.strip()]
        else:
            options = tuple(dict.fromkeys(filter(None, (each.strip() for each in part.split(",")))))
    named_right = tuple(dict.fromkeys(named(each, options) or "" for each in right))
    fits = 0 < len(text) <= LONGEST_QUESTION and 2 <= len(options) <= MOST_OPTIONS
    if not fits or not right or not all(named_right) or max(map(len, options)) > LONGEST_SELECTION:
        raise _Wrong("question", said, "qualification_question", limit=MOST_OPTIONS)
    return KeyedQuestion(text, options, named_right)


def _checked(told: dict[str, str], questions: tuple[KeyedQuestion, ...], currency: str) -> WrittenQualification:
    name, about = told.get("name", ""), told.get("description", "")
    if not 0 < len(name) <= MAX_NAME_CHARS or set("=<>,;\n") & set(name):
        raise _Wrong("name", name, "qualification_name", limit=MAX_NAME_CHARS)
    if not 0 < len(about) <= MAX_DESCRIPTION_CHARS:
        raise _Wrong("description", about, "qualification_description", limit=MAX_DESCRIPTION_CHARS)
    if len(questions) > MOST_QUESTIONS:
        raise _Wrong("question", str(len(questions)), "questions_at_most", limit=MOST_QUESTIONS)
    minutes = _whole("minutes", told.get("minutes", str(USUAL_MINUTES)), LONGEST_MINUTES)
    again = _whole("again", told["again"], LONGEST_HOURS) if told.get("again") else None
    return WrittenQualification(name, about, minutes, again, questions, *_pay(told, bool(questions), currency))


def _pay(told: dict[str, str], has_test: bool, currency: str) -> tuple[int | None, int]:
    """(pay of an attempt, for at most so many people): both are said, or neither."""
    said, people = told.get("pay", ""), told.get("people", "")
    if not said and not people:
        return None, 0
    if not has_test:
        raise _Wrong("pay", said, "qualification_pay_no_test")
    if not said or not people:
        raise _Wrong("pay" if people else "people", "", "qualification_pay", limit=MAX_PLACES)
    try:
        pay = positive_amount(said, currency)
    except Flawed as flawed:
        value, expected, facts = flawed.flaws[0]
        raise _Wrong("pay", value, expected, **facts) from None
    return pay, _whole("people", people, MAX_PLACES)


def _whole(key: str, said: str, most: int) -> int:
    digits = said.split(" ")[0]
    if not digits.isdecimal() or len(digits) > 6 or not 1 <= int(digits) <= most:
        raise _Wrong(key, said, "row_number", limit=most)
    return int(digits)


def form_and_key(questions: Sequence[KeyedQuestion]) -> tuple[str, str]:
    """(QuestionForm, AnswerKey): the share of right answers in percent is the value."""
    asked, known = "".join(_asked(questions)), "".join(_known(questions))
    scale = f"<PercentageMapping><MaximumSummedScore>{len(questions)}</MaximumSummedScore></PercentageMapping>"
    mapping = f"<QualificationValueMapping>{scale}</QualificationValueMapping>"
    return f"<QuestionForm>{asked}</QuestionForm>", f"<AnswerKey>{known}{mapping}</AnswerKey>"


def _asked(questions: Sequence[KeyedQuestion]) -> Iterator[str]:
    for number, each in enumerate(questions, 1):
        selections = "".join(
            f"<Selection><SelectionIdentifier>{at}</SelectionIdentifier><Text>{escape(option)}</Text></Selection>"
            for at, option in enumerate(each.options)
        )
        style = "<StyleSuggestion>checkbox</StyleSuggestion>" if len(each.right) > 1 else ""
        yield (
            f"<Question><QuestionIdentifier>q{number}</QuestionIdentifier><IsRequired>true</IsRequired>"
            f"<QuestionContent><Text>{escape(each.text)}</Text></QuestionContent><AnswerSpecification>"
            f"<SelectionAnswer>{style}<Selections>{selections}</Selections></SelectionAnswer>"
            "</AnswerSpecification></Question>"
        )


def _known(questions: Sequence[KeyedQuestion]) -> Iterator[str]:
    for number, each in enumerate(questions, 1):
        ids = "".join(
            f"<SelectionIdentifier>{each.options.index(option)}</SelectionIdentifier>" for option in each.right
        )
        yield (
            f"<Question><QuestionIdentifier>q{number}</QuestionIdentifier>"
            f"<AnswerOption>{ids}<AnswerScore>1</AnswerScore></AnswerOption></Question>"
        )
