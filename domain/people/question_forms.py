"""A form of questions that is asked in the chat, such as a qualification's test, and the key that scores its answers.

Programs write both as XML (formats/question_forms.py); what a requester types becomes the same form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.answers import Learns, default_kind, find_measured_kind, kind_of, list_kinds
from domain.handing_in import Wants
from domain.projects.form_questions import JOINT, Bounds, Comparison, Condition, FormQuestion

OTHER = "Other…"  # the option that is followed by words of one's own
AFTER = "\u241fother"  # ends the name of the question for these words


@dataclass(frozen=True, slots=True)
class Selection:
    identifier: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """`selections` are chosen among, `several` of them or one, or with `other` said otherwise; without any, words are
    typed, a number where `is_number`. `bounds` narrow either."""

    identifier: str
    text: str
    required: bool
    selections: tuple[Selection, ...] = ()
    several: bool = False
    other: bool = False
    is_number: bool = False
    bounds: Bounds | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The selections as buttons: each another text, none with the sign that joins several."""
        seen: list[str] = []
        for selection in self.selections:
            text = selection.text.replace(JOINT, "¦")
            again = sum(each == text or each.startswith(f"{text} (") for each in seen)
            seen.append(f"{text} ({again + 1})" if text in seen else text)
        return (*seen, OTHER) if self.other else tuple(seen)

    def asked(self) -> Iterator[FormQuestion]:
        """In the chat: one question, and behind an option for others one for their words."""
        kind = _get_chosen_kind(self.several) if self.selections else get_typed_kind(self.is_number)
        yield FormQuestion(
            self.identifier, kind, self.text, self.options, self.required, conditions=(), bounds=self.bounds
        )
        if self.other:
            chosen = Condition(self.identifier, Comparison.IS, (OTHER,))
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
    """`text` and `media` (addresses by their kind) stand above the questions."""

    text: str
    media: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]

    @property
    def asked(self) -> tuple[FormQuestion, ...]:
        return tuple(each for question in self.questions for each in question.asked())


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
    """All of these selections and no others are worth `score`."""

    selections: frozenset[str]
    score: int


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    options: Sequence[Option]
    default: int = 0

    def score(self, chosen: frozenset[str]) -> int:
        return next((each.score for each in self.options if each.selections == chosen), self.default)


@dataclass(frozen=True, slots=True)
class PercentageMapping:
    maximum: int

    def value(self, total: int) -> int:
        return 100 * total // self.maximum


@dataclass(frozen=True, slots=True)
class ScaleMapping:
    """Times a decimal number of millionths."""

    millionths: int

    def value(self, total: int) -> int:
        return total * self.millionths // 1_000_000


@dataclass(frozen=True, slots=True)
class RangeMapping:
    """(lowest, highest, value), both bounds included; the first that holds."""

    ranges: Sequence[tuple[int, int, int]]
    beyond: int

    def value(self, total: int) -> int:
        return next((value for low, high, value in self.ranges if low <= total <= high), self.beyond)


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Without a mapping the value is the sum of the scores."""

    questions: Mapping[str, KeyQuestion]
    mapping: PercentageMapping | ScaleMapping | RangeMapping | None = None

    def value(self, chosen: Chosen) -> int:
        total = sum(each.score(chosen.get(name, frozenset())) for name, each in self.questions.items())
        return total if self.mapping is None else self.mapping.value(total)
