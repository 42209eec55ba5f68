"""What is said once answers were taken back fits one answer and many."""

import re

import pytest

from domain.messages import Message
from domain.people.personal_data import AnswersTakenBack, ConsentEnded
from domain.projects.projects import ProjectId
from handlers.screen import render
from tests.handlers.screens.samples import stored

ONE, MANY = re.compile(r"\b(it|la|elle)\b"), re.compile(r"\b(them|les contient|elles)\b")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("told", "other"),
    [
        (ConsentEnded("Streets", 1), MANY),
        (ConsentEnded("Streets", 2), ONE),
        (AnswersTakenBack(ProjectId(7), "Streets", "w-abcdef", 1), MANY),
        (AnswersTakenBack(ProjectId(7), "Streets", "w-abcdef", 2), ONE),
    ],
)
def test_no_word_speaks_of_another_number_of_answers(told: Message, other: re.Pattern[str], language: str) -> None:
    (line,) = [
        row
        for row in str(render(told.stored_as, stored(told), language).text).splitlines()
        if "recalcul" in row or "computed" in row
    ]
    assert other.search(line) is None
