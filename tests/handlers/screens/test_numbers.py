"""A number that was typed with a comma is read back with one."""

import pytest

from domain.answers import kind_of
from domain.projects.form_questions import FormQuestion, pack_answers
from domain.projects.form_questions import pack_questions as questions_packed
from domain.work.assignments import SubmissionId
from domain.work.messages import AnswerStands, Miss
from handlers.answers import screen_of
from handlers.screen import MESSAGE, render
from handlers.work.answer_messages import explain_miss
from locales import translator
from tests.handlers.screens.form_samples import FORM
from tests.handlers.screens.samples import stored

NUMBER = "number"


@pytest.mark.parametrize(("language", "said"), [("en", "✓ 1234.5"), ("fr", "✓ 1234,5")])
def test_an_answer_stands_as_its_reader_writes_numbers(language: str, said: str) -> None:
    stands = AnswerStands("a street", NUMBER, kind_of(NUMBER).parse_answer("1 234,50", ()), 50_000, "EUR")
    assert str(render(stands.stored_as, stored(stands), language).text).startswith(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "from 12.4 to 12.6, from 10 to 14 or 7, not 12.75"),
        ("fr", "de 12,4 à 12,6, de 10 à 14 ou 7, et non 12,75"),
    ],
)
def test_gold_is_said_in_words_with_the_same_mark(language: str, said: str) -> None:
    """“12.5±0.1” and “10..14” are how a file writes it: workers may not know the signs."""
    miss = Miss(NUMBER, "12.75", ("12.5±0.1", "10..14", "7"), None, SubmissionId(5))
    assert said in str(explain_miss(miss, translator(language), MESSAGE))


def test_numbers_of_a_form_have_it_too() -> None:
    options = questions_packed((FormQuestion("q1", NUMBER, "Combien ?", ()),))
    answer = kind_of(FORM).to_display(pack_answers({"q1": "3.5"}), options)
    assert screen_of(FORM).describe(answer, translator("fr")) == "Combien ? → 3,5"
