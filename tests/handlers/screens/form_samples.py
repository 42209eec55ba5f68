"""A form and its answers, for the samples of screens; and the kinds of one question."""

from dataclasses import replace

from domain.answers import kind_of, list_kinds, list_offered_kinds
from domain.projects.form_questions import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_QUESTIONS,
    Comparison,
    FormQuestion,
    QuestionCondition,
    gold_from,
    pack_answers,
)
from domain.projects.form_questions import pack_questions as questions_packed

FORM = next(kind for kind in list_kinds() if kind_of(kind).asks_questions)
ALONE = tuple(kind for kind in list_offered_kinds() if kind != FORM)


def said_in(kind: str, words: str = "negative|positive") -> str:
    """An answer of the kind; drawn on a page it is no words."""
    known = kind_of(kind)
    return known.parse_answer(known.gold_example(("<cat>",)), ("<cat>",)) if known.takes_labels else words


CAR = FormQuestion("q1", "choice", "A <car>", ("yes", "no"))
QUESTIONS = (
    CAR,
    FormQuestion("q2", "number", "How many", conditions=(QuestionCondition("q1", Comparison.IS, ("yes",)),)),
    FormQuestion(
        "q3",
        "choices",
        "Colours",
        ("red", "blue"),
        conditions=(
            QuestionCondition("q1", Comparison.IS_NOT, ("no",)),
            QuestionCondition("q2", Comparison.AT_LEAST, ("2",)),
        ),
    ),
    FormQuestion("q4", "rating", "Sharpness", ("1", "2", "3", "4", "5")),
    FormQuestion("remark", "text", "Remark", required=False),
)
OPTIONS = questions_packed(QUESTIONS)
GIVEN = {"q1": "yes", "q2": "2", "q3": "red|blue", "q4": "4"}
ANSWER = kind_of(FORM).to_display(pack_answers(GIVEN), OPTIONS)
GOLD = tuple(
    kind_of(FORM).to_display(each, OPTIONS) for each in gold_from({"q1": ("yes", "no"), "q3": ("red", "blue")}, OPTIONS)
)
DRAFTS = ((), ("no",), ("yes", "2"), ("yes", "2", 0), ("yes", "2", "red|blue", "4"), ("yes", "2", "red|blue", "4", ""))

LONG = FormQuestion("q1", "choices", "é" * LONGEST_TEXT, tuple(f"{at:<100}".replace(" ", "<") for at in range(50)))
LONG_OPTIONS = questions_packed(replace(LONG, name=f"{at:0>{LONGEST_NAME}}") for at in range(MOST_QUESTIONS))
LONG_DRAFT = (*["|".join(LONG.options)] * (MOST_QUESTIONS - 1), *range(50))
