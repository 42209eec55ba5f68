"""A row becomes a message."""

from typing import Any

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.progress import base_of
from domain.projects.tasks import (
    BEGINNING,
    OPENING,
    PART,
    LongText,
    Task,
    TaskContent,
    TaskId,
    beginning_of,
    candidate_parts,
    content_of,
    fill,
    telegram_length,
)
from tests.house import a_project


def test_placeholders_become_the_rows_values_once():
    assert fill("{a} and {b}", {"a": "{b}", "b": "x"}) == "{b} and x"


def test_an_unknown_name_stays_as_it_is():
    assert fill("{a} {nobody} {}", {"a": "x"}) == "x {nobody} {}"


def test_a_long_task_is_named_by_a_beginning_that_shows_that_more_follows():
    project = a_project(PersonId(1), Moment(0), template="{text}")
    row = {"text": "Le produit est arrivé en retard mais il marche très bien et je suis plutôt content de lui"}
    task = Task(TaskId(1), project.id, 1, "t1", row, None, None, 1, "open", 0, None, None)
    begins = beginning_of(project, task)
    assert begins.endswith("…")
    assert len(begins) <= BEGINNING


@pytest.mark.parametrize(("question", "begins"), [("Which is sharper?", "Which is sharper?"), ("", "Photos")])
def test_a_task_is_not_named_by_the_addresses_of_pictures_that_are_compared(question: str, begins: str):
    shown = {"kind": "compare", "options": ("A", "B"), "template": "{text}\n\nA: {a}\nB: {b}", "title": "Photos"}
    row = {"text": question, "a": "https://example.com/1.jpg", "b": "https://example.com/2.jpg"}
    project = a_project(PersonId(1), Moment(0), **shown)
    task = Task(TaskId(1), project.id, 1, "t1", row, None, None, 1, "open", 0, None, None)
    assert beginning_of(project, task) == begins


def test_columns_without_a_value_leave_no_empty_lines_at_the_end():
    project = a_project(PersonId(1), Moment(0), template="{text}\n{image}\n{audio}")
    row = {"text": "  A cat\n\nsleeps", "image": "", "audio": ""}
    task = Task(TaskId(1), project.id, 1, "t1", row, None, None, 1, "open", 0, None, None)
    assert content_of(project, task).text == "  A cat\n\nsleeps"


PAIR = {"columns": ("prompt", "answer_a", "answer_b"), "template": "{prompt}\n\nA: {answer_a}\n\nB: {answer_b}"}


def compared(kind: str = "compare", **row: str) -> TaskContent:
    project = a_project(PersonId(1), Moment(0), kind=kind, options=("A", "B"), **PAIR)
    task = Task(TaskId(1), project.id, 1, "t1", row, None, None, 1, "open", 0, None, None)
    return content_of(project, task)


@pytest.mark.parametrize("letter", ["a", "é", "😀"])  # one and two UTF-16 units
def test_two_long_texts_share_the_room_and_are_named_to_be_read(letter: str):
    shown = compared(prompt="Why?", answer_a=letter * 9_000, answer_b=letter * 4_000)
    assert shown.cut == (LongText("A", 1), LongText("B", 2))
    assert OPENING - 20 < telegram_length(shown.text) <= OPENING
    first, second = (line for line in shown.text.split("\n") if line[:2] in ("A:", "B:"))
    assert abs(len(first) - len(second)) <= 1
    assert first.endswith("…")


def test_what_is_short_is_whole_and_leaves_its_room():
    shown = compared(prompt="Why? " * 100, answer_a="no", answer_b="b" * 9_000)
    assert shown.cut == (LongText("B", 2),)
    assert "Why? " * 99 in shown.text
    assert telegram_length(shown.text) == OPENING
    assert compared(prompt="Why?", answer_a="a" * 1_700, answer_b="b" * 1_700).cut == ()
    assert compared("choice", prompt="Why?", answer_a="a" * 9_000, answer_b="b").cut == ()


@pytest.mark.parametrize("text", ["word " * 2_000, "x" * 10_000, "😀" * 5_000, "line\n\n" * 1_500, "", "short"])
def test_a_text_in_parts_is_all_of_it(text: str):
    parts = candidate_parts(text)
    assert all(telegram_length(part) <= PART for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_the_time_of_a_long_text_is_that_of_all_of_it():
    """The least pay rests on it: who compares two long texts reads both, not how they begin."""
    project = a_project(PersonId(1), Moment(0), kind="compare", options=("A", "B"), **PAIR)

    def seconds(words: int) -> float:
        row = {"prompt": "Why?", "answer_a": "word " * words, "answer_b": "word " * words}
        return base_of(project, [Task(TaskId(1), project.id, 1, "t1", row, None, None, 1, "open", 0, None, None)])[0]

    assert seconds(2_000) - seconds(1_000) == pytest.approx(2 * 1_000 * (seconds(200) - seconds(100)) / 200)


def test_a_requester_who_states_less_than_the_estimate_is_not_believed() -> None:
    def base(**changes: Any) -> tuple[float, str]:
        project = a_project(PersonId(1), Moment(0), **changes)
        row = {"text": "word " * 400}
        return base_of(project, [Task(TaskId(1), project.id, 1, "t1", row, None, None, 1, "open", 0, None, None)])

    assert base(seconds=3)[0] == base()[0] > 100
    assert base(seconds=3, title="One hour survey")[0] == 3_600
    assert base(seconds=7_200, title="One hour survey")[0] == 7_200
    link = {"template": "{text} https://example.org/survey"}
    assert base(**link)[1] == "link"
    assert base(**link, instructions=("It takes 10 minutes.",)) == (600, "")
    assert base(**link, seconds=3)[0] == base()[0] + 10  # a page behind a link takes that at least
