"""A missed check question of a form: what was answered otherwise, not the beginning of the first question twice."""

import pytest

from domain.answers import kind_of
from domain.projects.form_questions import FormQuestion, gold_from, pack_answers
from domain.projects.form_questions import pack_questions as questions_packed
from domain.work.assignments import SubmissionId
from domain.work.messages import Miss
from handlers.screen import CAPTION, MESSAGE
from handlers.work.answer_messages import explain_miss
from locales import translator
from tests.handlers.screens.form_samples import FORM

OPTIONS = questions_packed(
    (
        FormQuestion("q1", "choice", "Is there a car in it?", ("yes", "no")),
        FormQuestion("q2", "choice", "Which one of these colours?", ("red", "blue")),
    )
)
GOLD = gold_from({"q1": ("yes",), "q2": ("red",)}, OPTIONS)


@pytest.mark.parametrize("room", [CAPTION, MESSAGE])
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"q1": "no", "q2": "red"}, "Is there a car in it? → yes, not no. You"),
        ({"q1": "yes", "q2": "blue"}, "Which one of these colours? → red, not blue. You"),
        ({"q1": "no"}, "Is there a car in it? → yes"),
    ],
)
def test_the_answers_are_named_that_were_wrong(said: dict[str, str], shown: str, room: int) -> None:
    kind = kind_of(FORM)
    known = tuple(kind.to_display(pack_answers({"q1": "yes", "q2": "red"}), OPTIONS) for _ in GOLD)
    miss = Miss(FORM, kind.to_display(pack_answers(said), OPTIONS), known, None, SubmissionId(5))
    assert shown in str(explain_miss(miss, translator("en"), room))


def test_options_that_begin_alike_are_told_apart_below_a_picture() -> None:
    said, right = "The writer is pleased with the price", "The writer is pleased with the quality"
    told = str(explain_miss(Miss("choice", said, (right,), None, SubmissionId(5)), translator("en"), CAPTION - 120))
    assert f"{right}, not {said}." in told
