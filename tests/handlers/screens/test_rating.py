"""Asking for marks: each press answers a question that stands above it."""

import pytest

from domain.fairness.ratings import MarkWanted, RatingAsked
from domain.messages import Message
from domain.projects.projects import ProjectId
from handlers.screen import render
from tests.handlers.screens.samples import stored

SEVEN = ProjectId(7)


@pytest.mark.parametrize("asks", [RatingAsked(SEVEN, "Anna", "Reviews"), MarkWanted(SEVEN, "Anna", ())])
def test_the_first_mark_has_its_question_and_what_the_marks_mean(asks: Message) -> None:
    shown = str(render(asks.stored_as, stored(asks), "en").text)
    assert "1 of 4 · <b>Is the pay right for the work?</b>" in shown
    assert "1 is bad, 5 is very good." in shown
