"""A row becomes a message."""

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.tasks import Task, TaskId, content_of, fill
from tests.house import a_project


def test_placeholders_become_the_rows_values_once():
    assert fill("{a} and {b}", {"a": "{b}", "b": "x"}) == "{b} and x"


def test_an_unknown_name_stays_as_it_is():
    assert fill("{a} {nobody} {}", {"a": "x"}) == "x {nobody} {}"


def test_columns_without_a_value_leave_no_empty_lines_at_the_end():
    project = a_project(PersonId(1), Moment(0), template="{text}\n{image}\n{audio}")
    row = {"text": "  A cat\n\nsleeps", "image": "", "audio": ""}
    task = Task(TaskId(1), project.id, 1, "t1", row, None, None, 1, "open", 0, None, None)
    assert content_of(project, task).text == "  A cat\n\nsleeps"
