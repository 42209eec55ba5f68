"""A qualification as its requester types it: name, description and settings, and a line for each question of its test.

The test becomes the QuestionForm and the AnswerKey that programs would send: one engine asks and scores all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from domain.normalization import find_option, fold_case_and_accents
from domain.people.qualifications import MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_PLACES
from domain.projects.form_questions import MOST_QUESTIONS
from formats.captions.caption import read_positive_amount
from formats.captions.conditions import FlawedValue
from formats.errors import Fact, FormError, FormErrors, shortened
from formats.question_forms import LONGEST_SELECTION, MAX_QUESTION_CHARS
from locales.languages import words_for

MOST_OPTIONS, LONGEST_MINUTES, LONGEST_HOURS = 20, 24 * 60, 366 * 24
USUAL_MINUTES = 15
_LINE = re.compile(r"\s*([^:\uff1a|\n]{1,30}?)\s*[:\uff1a]\s*(.*?)\s*")
_PART = re.compile(r"\s*([^=|]{1,20}?)\s*=\s*(.+?)\s*")


class KeyedQuestion(NamedTuple):
    """A question of a test with its right options: with one, the worker chooses one; with several, all that apply."""

    text: str
    options: tuple[str, ...]
    right: tuple[str, ...]


class WrittenQualification(NamedTuple):
    """A qualification as typed. `again_hours` None: its test can be taken only once. `pay` of an attempt is in
    millionths, for at most `people` workers; None if attempts are not paid."""

    name: str
    description: str
    minutes: int
    again_hours: int | None
    questions: tuple[KeyedQuestion, ...]
    pay: int | None = None
    people: int = 0


class _QualificationFlaw(Exception):
    """One line or value that cannot be used; `error` is what its requester reads."""

    def __init__(self, key: str, value: str, expected: str, **facts: Fact) -> None:
        super().__init__(key, value, expected)
        self.error = FormError(key, shortened(value), expected, facts)


def read_qualification(text: str, currency: str) -> WrittenQualification:
    """Return the qualification that the text describes. Raise FormErrors with all problems."""
    values: dict[str, str] = {}
    questions, errors = list[KeyedQuestion](), list[FormError]()
    for line in filter(str.strip, text.splitlines()):
        try:
            key, value = _split_line(line)
            if key == "question":
                questions.append(_read_question(value))
            else:
                values[key] = " ".join(value.split())
        except _QualificationFlaw as flaw:
            errors.append(flaw.error)
    try:
        qualification = _to_qualification(values, tuple(questions), currency)
    except _QualificationFlaw as flaw:
        errors.append(flaw.error)
    if errors:
        raise FormErrors(tuple(errors))
    return qualification


def _split_line(line: str) -> tuple[str, str]:
    """Return the line's key in English and its value. Raise _QualificationFlaw if it has no known key."""
    match = _LINE.fullmatch(line)
    word = fold_case_and_accents(match[1]) if match else ""
    named_keys = (name for name in ("name", "again", "people") if word in words_for(name))
    keys = ("question", "description", "minutes", "pay", *named_keys)
    key = next((name for name in keys if word == name or word in words_for(name)), None)
    if match is None or key is None:
        raise _QualificationFlaw("", line, "qualification_line")
    return key, match[2]


def _read_question(value: str) -> KeyedQuestion:
    text, *parts = (item.strip() for item in value.split("|"))
    options: tuple[str, ...] = ()
    right = list[str]()
    for part in parts:
        match = _PART.fullmatch(part)
        if match is not None and fold_case_and_accents(match[1]) in words_for("right"):
            right += [item.strip() for item in match[2].split(",") if item.strip()]
        else:
            options = tuple(dict.fromkeys(filter(None, (item.strip() for item in part.split(",")))))
    named_right = tuple(dict.fromkeys(find_option(item, options) or "" for item in right))
    fits = 0 < len(text) <= MAX_QUESTION_CHARS and 2 <= len(options) <= MOST_OPTIONS
    if not fits or not right or not all(named_right) or max(map(len, options)) > LONGEST_SELECTION:
        raise _QualificationFlaw("question", value, "qualification_question", limit=MOST_OPTIONS)
    return KeyedQuestion(text, options, named_right)


def _to_qualification(
    values: dict[str, str], questions: tuple[KeyedQuestion, ...], currency: str
) -> WrittenQualification:
    """Return the qualification of these values. Raise _QualificationFlaw with the first one that cannot be used."""
    name, description = values.get("name", ""), values.get("description", "")
    if not 0 < len(name) <= MAX_NAME_CHARS or set("=<>,;\n") & set(name):
        raise _QualificationFlaw("name", name, "qualification_name", limit=MAX_NAME_CHARS)
    if not 0 < len(description) <= MAX_DESCRIPTION_CHARS:
        raise _QualificationFlaw("description", description, "qualification_description", limit=MAX_DESCRIPTION_CHARS)
    if len(questions) > MOST_QUESTIONS:
        raise _QualificationFlaw("question", str(len(questions)), "questions_at_most", limit=MOST_QUESTIONS)
    minutes = _read_integer("minutes", values.get("minutes", str(USUAL_MINUTES)), LONGEST_MINUTES)
    again_hours = _read_integer("again", values["again"], LONGEST_HOURS) if values.get("again") else None
    pay, people = _read_pay(values, bool(questions), currency)
    return WrittenQualification(name, description, minutes, again_hours, questions=questions, pay=pay, people=people)


def _read_pay(values: dict[str, str], has_test: bool, currency: str) -> tuple[int | None, int]:
    """Return (pay of an attempt, how many people are paid at most), or (None, 0) if neither was given. Raise
    _QualificationFlaw if only one was given or there is no test to pay for."""
    pay_text, people_text = values.get("pay", ""), values.get("people", "")
    if not pay_text and not people_text:
        return None, 0
    if not has_test:
        raise _QualificationFlaw("pay", pay_text, "qualification_pay_no_test")
    if not pay_text or not people_text:
        raise _QualificationFlaw("pay" if people_text else "people", "", "qualification_pay", limit=MAX_PLACES)
    try:
        amount = read_positive_amount(pay_text, currency)
    except FlawedValue as flawed:
        value, expected, facts = flawed.flaws[0]
        raise _QualificationFlaw("pay", value, expected, **facts) from None
    return amount, _read_integer("people", people_text, MAX_PLACES)


def _read_integer(key: str, value: str, maximum: int) -> int:
    """Return the number at the value's beginning. Raise _QualificationFlaw if it is not between 1 and `maximum`."""
    digits = value.split(" ")[0]
    if not digits.isdecimal() or len(digits) > 6 or not 1 <= int(digits) <= maximum:
        raise _QualificationFlaw(key, value, "row_number", limit=maximum)
    return int(digits)


def form_and_key(questions: Sequence[KeyedQuestion]) -> tuple[str, str]:
    """Return (QuestionForm, AnswerKey) as XML; the qualification's value is the share of right answers in percent."""
    questions_xml, keys_xml = "".join(_question_elements(questions)), "".join(_answer_key_elements(questions))
    scale = f"<PercentageMapping><MaximumSummedScore>{len(questions)}</MaximumSummedScore></PercentageMapping>"
    mapping = f"<QualificationValueMapping>{scale}</QualificationValueMapping>"
    return f"<QuestionForm>{questions_xml}</QuestionForm>", f"<AnswerKey>{keys_xml}{mapping}</AnswerKey>"


def _question_elements(questions: Sequence[KeyedQuestion]) -> Iterator[str]:
    for number, question in enumerate(questions, 1):
        selections = "".join(
            f"<Selection><SelectionIdentifier>{index}</SelectionIdentifier><Text>{escape(option)}</Text></Selection>"
            for index, option in enumerate(question.options)
        )
        style = "<StyleSuggestion>checkbox</StyleSuggestion>" if len(question.right) > 1 else ""
        yield (
            f"<Question><QuestionIdentifier>q{number}</QuestionIdentifier><IsRequired>true</IsRequired>"
            f"<QuestionContent><Text>{escape(question.text)}</Text></QuestionContent><AnswerSpecification>"
            f"<SelectionAnswer>{style}<Selections>{selections}</Selections></SelectionAnswer>"
            "</AnswerSpecification></Question>"
        )


def _answer_key_elements(questions: Sequence[KeyedQuestion]) -> Iterator[str]:
    for number, question in enumerate(questions, 1):
        ids = "".join(
            f"<SelectionIdentifier>{question.options.index(option)}</SelectionIdentifier>" for option in question.right
        )
        yield (
            f"<Question><QuestionIdentifier>q{number}</QuestionIdentifier>"
            f"<AnswerOption>{ids}<AnswerScore>1</AnswerScore></AnswerOption></Question>"
        )
