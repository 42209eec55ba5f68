"""A file without a row of names: no row is lost unseen."""

from typing import Any

import pytest

from formats.errors import FileErrors
from formats.tables.reading import FIRST_ROW_TASK, NAMED_HEADERS, TaskFile, read_tasks
from tests.formats.given import OPTIONS, workbook


def read(data: bytes, name: str = "a.csv", options: tuple[str, ...] | None = OPTIONS, **more: Any) -> TaskFile:
    return read_tasks(data, name, options, **more)


def notes(file: TaskFile) -> list[str]:
    return [each.key for each in file.warnings]


def tasks(file: TaskFile) -> list[dict[str, str]]:
    return [row.content for row in file.rows]


@pytest.mark.parametrize("name", ["I loved it.", "Awful", "The film of the year", "12", "Bonjour", "lovely-film"])
def test_the_only_cell_of_a_first_row_that_names_nothing_known_is_told(name: str) -> None:
    told = read(f"{name}\nBad.\n".encode())
    assert tasks(told) == [{name: "Bad."}]
    (warning,) = told.warnings
    assert (warning.key, warning.facts) == (NAMED_HEADERS, {"row": (name,)})
    assert name in str(warning)


@pytest.mark.parametrize(
    "name", ["text", "review", "review_text", "Reviews", "tweet", "URL", "texte", "question", "ai"]
)
def test_a_name_that_columns_have_is_no_matter(name: str) -> None:
    head, cell = ("text,ai", "Bad.,") if name == "ai" else (name, "Bad.")
    assert notes(read(f"{head}\n{cell}\n".encode())) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("message lettre colis", True),
        ("Message Lettre Colis", True),
        ("Review", False),  # nothing below
        ("message lettre 12", False),
        ("review Good Bad", False),  # a name in small letters above words with capitals
        ("word apple pear", False),
        ("mots pomme poire", False),
        ("text good bad", False),
        ("image good bad", False),
    ],
)
def test_a_word_that_columns_have_is_told_above_words_of_its_kind(rows: str, told: bool) -> None:
    """Of a list of words it may be the first; one word is lost unseen otherwise."""
    file = rows.replace(" ", "\n").encode() + b"\n"
    try:
        found = notes(read(file, kind="text", options=None))
    except FileErrors:
        found = []
    assert (NAMED_HEADERS in found) is told
    assert NAMED_HEADERS not in notes(read(b"message\nYour letter came.\ncolis\n"))


@pytest.mark.parametrize("template", ["{Great film}", "{Great film}!"])
def test_a_template_in_braces_says_that_it_is_a_name(template: str) -> None:
    assert notes(read(b"Great film\nBad.\n", template=template)) == []
    assert notes(read(b"Great film\nBad.\n", template="Great film")) == [NAMED_HEADERS]


def test_several_cells_are_told_where_none_is_known_and_one_is_no_name() -> None:
    pair = b'"It is cold, too.",It is not.\nYes.,No.\n'
    assert notes(read(pair, kind="compare", options=None)) == [NAMED_HEADERS]
    assert notes(read(b"left side,right side\nYes.,No.\n", kind="compare", options=None)) == []
    assert notes(read(b"prompt,Yes it is!,No.\na,b,c\n", kind="compare", options=None)) == []


def test_without_a_header_the_first_row_is_the_first_task() -> None:
    for data, name in ((b"I loved it.\nBad.\n", "a.csv"), (workbook(["I loved it."], ["Bad."]), "a.xlsx")):
        file = read(data, name, header=False)
        assert tasks(file) == [{"text": "I loved it."}, {"text": "Bad."}]
        assert [row.line for row in file.rows] == [1, 2]
        assert (notes(file), file.template) == ([FIRST_ROW_TASK], "{text}")
    pair = read(b"Yes!,No!\nA,B\n", kind="compare", options=None, header=False)
    assert tasks(pair) == [{"column_1": "Yes!", "column_2": "No!"}, {"column_1": "A", "column_2": "B"}]
    assert pair.options == ("A", "B")


def test_a_first_row_that_is_a_task_may_be_long_and_alone() -> None:
    long = "It was a long evening, " * 9
    with pytest.raises(FileErrors) as refused:
        read(f'"{long}"\n"Bad."\n'.encode())
    assert [error.expected for error in refused.value.errors] == ["column_name_plain"]
    assert tasks(read(f'"{long}"\n'.encode(), header=False)) == [{"text": long}]
    assert tasks(read(b"Hm\nHm\n", header=False)) == [{"text": "Hm"}, {"text": "Hm"}]


def test_formats_that_name_their_columns_have_no_row_of_names() -> None:
    for header in (True, False):
        file = read(b'{"I loved it.": "x"}\n', "a.jsonl", header=header)
        assert (tasks(file), notes(file)) == ([{"I loved it.": "x"}], [])


def test_a_cell_of_the_first_row_is_checked_like_any_other() -> None:
    with pytest.raises(FileErrors) as refused:
        read(b",Yes!\nA,B\n", kind="compare", options=None, header=False)
    assert [(error.line, error.expected) for error in refused.value.errors] == [(1, "not_empty")]
