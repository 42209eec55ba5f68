"""A row becomes a message."""

from domain.projects.tasks import fill


def test_placeholders_become_the_rows_values_once():
    assert fill("{a} and {b}", {"a": "{b}", "b": "x"}) == "{b} and x"


def test_an_unknown_name_stays_as_it_is():
    assert fill("{a} {nobody} {}", {"a": "x"}) == "x {nobody} {}"
