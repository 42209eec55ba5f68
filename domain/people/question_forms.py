"""A form of questions that is asked in the chat, such as a qualification's test, and the key that scores its answers.

Programs write both as XML (formats/question_forms.py); what a requester types becomes the same form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.answers import Learns, default_kind, find_measured_kind, kind_of, list_kinds
from domain.handing_in import Wants
from domain.projects.form_questions import JOINT, Bounds, Comparison, FormQuestion, QuestionCondition

OTHER = "Other…"  # the option that is followed by words of one's own
AFTER = "\u241fother"  # ends the name of the question for these words


@dataclass(frozen=True, slots=True)
class Selection:
    identifier: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form. Workers choose one of `selections`, or `several`; with `has_other` they may type something
    else. Without selections they type words, or a number if `is_number`. `bounds` limit what is typed or how many are
    chosen."""

    identifier: str
    text: str
    required: bool
    selections: tuple[Selection, ...] = ()
    several: bool = False
    has_other: bool = False
    is_number: bool = False
    bounds: Bounds | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The selections as texts of buttons: each text once, without the sign that joins several."""
        texts: list[str] = []
        for selection in self.selections:
            text = selection.text.replace(JOINT, "¦")
            repetitions = sum(text_before == text or text_before.startswith(f"{text} (") for text_before in texts)
            texts.append(f"{text} ({repetitions + 1})" if text in texts else text)
        return (*texts, OTHER) if self.has_other else tuple(texts)

    def to_form_questions(self) -> Iterator[FormQuestion]:
        """Yield the question as it is asked in the chat, and, if it has an option for others, one for the worker's own
        words."""
        kind = _get_chosen_kind(self.several) if self.selections else get_typed_kind(self.is_number)
        yield FormQuestion(
            self.identifier, kind, self.text, self.options, self.required, conditions=(), bounds=self.bounds
        )
        if self.has_other:
            chosen = QuestionCondition(self.identifier, Comparison.IS, (OTHER,))
            yield FormQuestion(
                self.identifier + AFTER,
                kind=get_typed_kind(False),
                text=f"{self.text} – {OTHER}",
                options=(),
                required=True,
                conditions=(chosen,),
            )


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """A form: its text, its media as (kind, address), and its questions."""

    text: str
    media: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]

    @property
    def form_questions(self) -> tuple[FormQuestion, ...]:
        """All questions as they are asked in the chat."""
        return tuple(form_question for question in self.questions for form_question in question.to_form_questions())


def _get_chosen_kind(several: bool) -> str:
    if not several:
        return default_kind()
    return next(name for name in list_kinds() if kind_of(name).options_are_apart)


def get_typed_kind(number: bool) -> str:
    """Return the answer kind of typed words, or of typed numbers."""
    typed = [
        name for name in list_kinds() if kind_of(name).wants is Wants.TEXT and kind_of(name).learns is Learns.AGREEMENT
    ]
    return next(name for name in typed if (find_measured_kind(name) is not None) is number)


Chosen = Mapping[str, frozenset[str]]  # selections by question


@dataclass(frozen=True, slots=True)
class Option:
    """Score of exactly these selections."""

    selections: frozenset[str]
    score: int


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    options: Sequence[Option]
    default: int = 0

    def score(self, chosen: frozenset[str]) -> int:
        return next((option.score for option in self.options if option.selections == chosen), self.default)


@dataclass(frozen=True, slots=True)
class PercentageMapping:
    maximum: int

    def value(self, total: int) -> int:
        return 100 * total // self.maximum


@dataclass(frozen=True, slots=True)
class ScaleMapping:
    """Value as the score times a decimal number, in millionths."""

    millionths: int

    def value(self, total: int) -> int:
        return total * self.millionths // 1_000_000


@dataclass(frozen=True, slots=True)
class RangeMapping:
    """Value by the first range (lowest, highest, value) that holds the score, both bounds included; `beyond` outside
    all."""

    ranges: Sequence[tuple[int, int, int]]
    beyond: int

    def value(self, total: int) -> int:
        return next((value for low, high, value in self.ranges if low <= total <= high), self.beyond)


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Scores by question; without a mapping the value is the sum of the scores."""

    questions: Mapping[str, KeyQuestion]
    mapping: PercentageMapping | ScaleMapping | RangeMapping | None = None

    def value(self, chosen: Chosen) -> int:
        total = sum(key_question.score(chosen.get(name, frozenset())) for name, key_question in self.questions.items())
        return total if self.mapping is None else self.mapping.value(total)
