"""What is a question, what is an answer, and how many a day."""

import pytest

from domain.fairness.questions import (
    DEADLINE,
    LONGEST,
    LONGEST_ANSWER,
    PER_DAY,
    REMINDER,
    SHORTEST,
    answer_of,
    due_at,
    may_ask,
    question_of,
    reminder_at,
)
from domain.moments import HOUR, Moment

NOON = Moment(1_790_000_000_000)


@pytest.mark.parametrize("said", ["", "   ", "Why?", "?!?!?!?!", "x" * (LONGEST + 1)])
def test_what_says_nothing_or_too_much_is_no_question(said: str) -> None:
    assert question_of(said) is None


def test_a_question_is_one_line() -> None:
    assert question_of("  Is the\n writer pleased? ") == "Is the writer pleased?"
    assert question_of("Правда?") == "Правда?"
    assert question_of("x" * SHORTEST) is not None
    assert question_of("x" * LONGEST) is not None


def test_an_answer_may_be_one_word() -> None:
    assert answer_of("No.") == "No."
    assert answer_of("\n7 ") == "7"
    assert answer_of("…") is None
    assert answer_of("x" * LONGEST_ANSWER) is not None
    assert answer_of("x" * (LONGEST_ANSWER + 1)) is None


def test_a_worker_asks_a_few_questions_a_day() -> None:
    assert may_ask(PER_DAY - 1)
    assert not may_ask(PER_DAY)


def test_an_answer_is_owed_in_two_days_with_a_reminder_after_one() -> None:
    assert (REMINDER, DEADLINE) == (24 * HOUR, 48 * HOUR)
    assert reminder_at(NOON) == NOON + REMINDER
    assert due_at(NOON) == NOON + DEADLINE
