"""A HIT's question: the content that is shown, and what is asked; or a page that is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.answers import (
    Learns,
    default_kind,
    find_measured_kind,
    kind_of,
    list_kinds,
)
from domain.handing_in import Wants
from domain.projects.form_questions import (
    JOINT,
    ON_PAGE,
    Bounds,
    Comparison,
    Condition,
    FormQuestion,
)

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
        kind = _chosen(self.several) if self.selections else _typed(self.is_number)
        yield FormQuestion(self.identifier, kind, self.text, self.options, self.required, (), self.bounds)
        if self.other:
            chosen = Condition(self.identifier, Comparison.IS, (OTHER,))
            yield FormQuestion(self.identifier + AFTER, _typed(False), f"{self.text} – {OTHER}", (), True, (chosen,))


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """`text` and `media` (addresses by their kind) stand above the questions."""

    text: str
    media: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]

    @property
    def asked(self) -> tuple[FormQuestion, ...]:
        return tuple(each for question in self.questions for each in question.asked())


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A page of the requester's: its HTML, or the address of one of their own. `height` in pixels, 0 fits."""

    html: str
    url: str
    height: int

    @property
    def asked(self) -> tuple[FormQuestion, ...]:
        """One question that stands for all that the page asks."""
        return (FormQuestion(ON_PAGE, _typed(False), "", ()),)


def _chosen(several: bool) -> str:
    if not several:
        return default_kind()
    return next(name for name in list_kinds() if kind_of(name).options_are_apart)


def _typed(number: bool) -> str:
    """The kind of words, or of numbers, that are typed."""
    typed = [
        name for name in list_kinds() if kind_of(name).wants is Wants.TEXT and kind_of(name).learns is Learns.AGREEMENT
    ]
    return next(name for name in typed if (find_measured_kind(name) is not None) is number)
