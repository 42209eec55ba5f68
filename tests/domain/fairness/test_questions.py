"""What is a question, what is an answer, and how many a day."""

import pytest

from domain.fairness.questions import (
    ANSWER_LIMIT_CHARS,
    DEADLINE,
    MAX_QUESTIONS_PER_DAY,
    MIN_QUESTION_CHARS,
    QUESTION_LIMIT_CHARS,
    REMINDER,
    due_at,
    may_ask,
    parse_answer,
    parse_question,
    reminder_at,
)
from domain.moments import HOUR, Moment

NOON = Moment(1_790_000_000_000)


@pytest.mark.parametrize("said", ["", "   ", "Why?", "?!?!?!?!", "x" * (QUESTION_LIMIT_CHARS + 1)])
def test_what_says_nothing_or_too_much_is_no_question(said: str) -> None:
    assert parse_question(said) is None


def test_a_question_is_one_line() -> None:
    assert parse_question("  Is the\n writer pleased? ") == "Is the writer pleased?"
    assert parse_question("Правда?") == "Правда?"
    assert parse_question("x" * MIN_QUESTION_CHARS) is not None
    assert parse_question("x" * QUESTION_LIMIT_CHARS) is not None


def test_an_answer_may_be_one_word() -> None:
    assert parse_answer("No.") == "No."
    assert parse_answer("\n7 ") == "7"
    assert parse_answer("…") is None
    assert parse_answer("x" * ANSWER_LIMIT_CHARS) is not None
    assert parse_answer("x" * (ANSWER_LIMIT_CHARS + 1)) is None


def test_a_worker_asks_a_few_questions_a_day() -> None:
    assert may_ask(MAX_QUESTIONS_PER_DAY - 1)
    assert not may_ask(MAX_QUESTIONS_PER_DAY)


def test_an_answer_is_owed_in_two_days_with_a_reminder_after_one() -> None:
    assert (REMINDER, DEADLINE) == (24 * HOUR, 48 * HOUR)
    assert reminder_at(NOON) == NOON + REMINDER
    assert due_at(NOON) == NOON + DEADLINE
