"""Invalid files: every problem names line, column, value and expectation."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

import formats
from domain import answers, shapes
from domain.money import amounts
from formats import errors
from formats.errors import FileErrors
from formats.tables.reading import read_tasks
from tests.formats.given import OPTIONS, found, problems, workbook


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, "", "", "file_not_empty")),
        ("\ufeff \n\n", (1, "", "", "file_not_empty")),
        ("text,gold\n\n,\n", (1, "", "", "rows")),
        ("text,,gold\na,b,c\n", (1, "2", "", "column_name")),
        (",text\n3,a\n1,b\n", (1, "1", "", "column_name_index")),
        (",text\n0,a\n2,b\n", (1, "1", "", "column_name_index")),
        (",text\n0,a\nb,b\n", (1, "1", "", "column_name")),
        ("text,Gold,GOLD\na,b,c\n", (1, "3", "GOLD", "column_name_once")),
        ("text,{x}\na,b\n", (1, "2", "{x}", "column_name_plain")),
        ("gold,id\npositive,1\n", (1, "", "gold, id", "content_column")),
        ("a,b\n1,2\n", (1, "template", "", "template")),
        ("text,gold\na\n", (2, "", "a", "cells")),
        ("text,gold\na,positive,x\n", (2, "", "a · positive · x", "cells")),
        ('text,gold\na,positive\n"b\nc,positive\n', (3, "", '"', "closing_quote")),
        ('text,gold\n"a" b,positive\n', (2, "", '"', "quote_doubled")),
        ("text,gold\na,Neutral\n", (2, "gold", "Neutral", "one_of")),
        ("text,overlap\na,0\n", (2, "overlap", "0", "integer")),
        ("text,overlap\na,1001\n", (2, "overlap", "1001", "integer")),
        ("text,Overlap\na,2.5\n", (2, "Overlap", "2.5", "integer")),
        ("text,id\na,1\nb,2\nc,1\n", (4, "id", "1", "id_once")),
        ("text,note\n  ,x\n", (2, "text", "", "not_empty")),
        ("text\na\0b\n", (2, "text", "a␀b", "no_nul")),
        ("INPUT:text\tGOLDEN:a\tGOLDEN:b\nx\ty\tz\n", (1, "GOLDEN:b", "GOLDEN:b", "one_gold_column")),
        ("INPUT:text\tGOLDEN:a\nx\ty\n", (2, "GOLDEN:a", "y", "one_of")),
    ],
)
def test_each_problem_is_named(text, expected):
    assert expected in found(problems(text))


@pytest.mark.parametrize("options", [("cat", "dog", "none"), None])
def test_gold_of_several_options_is_a_set_that_workers_can_hand_in(options):
    """With options of the caption, or those that gold brings up."""
    rows = "text,gold\na,cat\nb,dog\nc,none\nd,dog|cat|dog\n"
    assert [row.gold for row in read_tasks(rows.encode(), "a.csv", options, "choices").rows][3] == ("cat", "dog")
    with pytest.raises(FileErrors) as why:
        read_tasks(f"{rows}e,none|cat\n".encode(), "a.csv", options, "choices")
    assert [(each.line, each.value, each.expected) for each in why.value.errors] == [(6, "none|cat", "none_alone")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('{"text": "a"}\n[1]\n', (2, "", "[1]", "json_columns")),
        ('{"text": "a"}\n\n{"text": \n', (3, "", '{"text":', "json_object")),
        ('{"text": "a"}\n{"text": {"b": 1}}\n', (2, "text", '{"b":1}', "flat_value")),
        ('{"text": "a"}\n{"text": ["b"]}\n', (2, "text", '["b"]', "flat_value")),
        ('{"text": "a"}\n{"txt": "b"}\n', (2, "text", "", "not_empty")),
        ('[{"text": "a"}, 5]\n', (1, "", "5", "json_element")),
        ('[{"text": "a"},\n {"text": "b"', (2, "", '{"text": "b"', "json_object")),
    ],
)
def test_json_lines_are_flat_objects(lines, expected):
    assert expected in found(problems(lines, "a.jsonl"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            '["Lovely", "So so"]',
            [
                "line 1: found '\"Lovely\"', expected an object that names its columns as element 1 of the list, like"
                ' {"text": "Lovely"}',
                "line 1: found '\"So so\"', expected an object that names its columns as element 2 of the list, like"
                ' {"text": "So so"}',
            ],
        ),
        (
            '[{"text": "a"},\n ["b"],\n null]',
            [
                "line 2: found '[\"b\"]', expected an object that names its columns as element 2 of the list, like"
                ' {"text": "…"}',
                "line 3: found 'null', expected an object that names its columns as element 3 of the list, like"
                ' {"text": "…"}',
            ],
        ),
    ],
)
def test_each_element_of_a_list_that_names_no_columns_is_counted(written: str, expected: list[str]):
    assert [str(each) for each in problems(written, "a.json")] == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("a",), "options_at_least"),
        ((), "options_at_least"),
        (("a", " A"), "option_once"),
        (("a", ""), "option_text"),
        (("a", "b" * 101), "option_length"),
        (tuple(map(str, range(51))), "options_at_most"),
        (None, "options_or_gold"),
    ],
)
def test_options_have_limits(options, expected):
    assert expected in [error.expected for error in problems("text\na\n", options=options)]


@pytest.mark.parametrize(
    ("gold", "expected"),
    [(["", ""], "options_or_gold"), (["a", "A"], "options_at_least"), (list(map(str, range(60))), "options_at_most")],
)
def test_options_found_in_gold_have_the_same_limits(gold, expected):
    rows = "".join(f"t,{answer}\n" for answer in gold)
    assert [error.expected for error in problems(f"text,gold\n{rows}", options=None)] == [expected]


@pytest.mark.parametrize(
    ("template", "expected"),
    [("{text} {txet}", (1, "template", "{txet}", "known_column")), ("Look!", (1, "template", "Look!", "placeholder"))],
)
def test_a_template_names_the_files_columns(template, expected):
    errors = problems("text,note\na,b\n", template=template)
    assert found(errors) == [expected]
    assert errors[0].facts["columns"] == ("text", "note")


def test_a_task_fits_a_telegram_message():
    assert not read_tasks(f"text\n{'é' * 3500}\n".encode(), "a.csv", OPTIONS).warnings
    for text, template in [("é" * 3501, None), ("🎉" * 1751, None), ("a" * 1200, "{text}{text}{text}")]:
        (error,) = problems(f"text\n{text}\n", template=template)
        assert (error.line, error.column, error.expected, error.facts["limit"]) == (2, "text", "length", 3500)
        assert len(error.value) == 80


@pytest.mark.parametrize(("column", "size"), [("id", 101), ("reason", 1001), ("note", 10_001)])
def test_other_cells_have_limits_too(column, size):
    (error,) = problems(f"text,{column}\na,{'x' * size}\n", template="{text}")
    assert (error.line, error.column, error.expected) == (2, column, "length")


def test_huge_cells_are_refused_without_reading_on():
    quoted = 'text\n"' + "word\n" * 40_000
    assert [error.expected for error in problems(quoted)] == ["closing_quote"]
    assert [error.expected for error in problems("text\n" + "x" * 200_000)] == ["length"]


def test_the_first_fifty_problems_are_shown_in_order_and_all_are_counted():
    rows = "".join(f"{n % 100},{'positive' if n % 2 else 'maybe'}\n" for n in range(1000))
    with pytest.raises(FileErrors) as refusal:
        read_tasks(f"id,gold,text\n{rows.replace(chr(10), ',a' + chr(10))}".encode(), "a.csv", OPTIONS)
    assert [error.line for error in refusal.value.errors] == list(range(2, 102, 2))
    assert refusal.value.total == 500 + 900
    assert "… and 1350 more" in str(refusal.value)


def test_a_file_has_at_most_a_million_rows():
    (error,) = problems("t\n" + "a\n" * 1_000_001)
    assert (error.line, error.expected) == (1_000_002, "rows_at_most")


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-1.7", "pdf"), (b"\n <html><table><tr><td>text", "html/xml")],
)
def test_other_files_are_called_by_their_name(data, kind):
    (error,) = problems(data)
    assert (error.expected, error.facts["found"]) == ("file_kind", kind)


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_a_zip_that_is_no_workbook_is_refused():
    assert [error.expected for error in problems(packed(a=b"b"))] == ["file_kind"]
    assert [error.expected for error in problems(b"PK\x03\x04 cut short")] == ["file_readable"]
    whole = workbook(["text"], ["a"])
    assert [error.expected for error in problems(whole[: len(whole) // 2], "a.xlsx")] == ["file_readable"]


def test_zip_bombs_are_refused_unopened():
    bomb = packed(**{"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"\0" * (32 << 20)})
    started = time.process_time()
    assert [error.expected for error in problems(bomb)] == ["file_size"]
    assert time.process_time() - started < 0.5


def test_xml_bombs_are_refused():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><workbook>&e9;</workbook>'.encode()
    book = io.BytesIO(workbook(["text"], ["a"]))
    parts = {info.filename: zipfile.ZipFile(book).read(info) for info in zipfile.ZipFile(book).infolist()}
    assert [error.expected for error in problems(packed(**parts | {"xl/workbook.xml": bomb}))] == ["file_readable"]


def test_a_workbooks_header_and_cells_are_checked():
    assert (2, "overlap", "2.5", "integer") in found(problems(workbook(["text", "overlap"], ["a", 2.5]), "a.xlsx"))
    assert (3, "", "a · b", "sheet_cells") in found(problems(workbook(["text"], ["x"], ["a", "b"]), "a.xlsx"))
    assert found(problems(workbook(), "a.xlsx")) == [(1, "", "", "file_not_empty")]


def test_each_key_has_english_for_its_facts():
    words = (
        "found kind limit first wanted options minimum maximum columns example number thousands units seconds megabytes"
    )
    facts = dict.fromkeys((*words.split(), "suggestion", "currency", "status", "times"), "?")
    facts |= {"keys": ("?",), "sheets": ("?",)}
    assert all(errors.expected(key, facts) for key in errors.EXPECTED)


def test_no_key_is_left_over():
    room = Path(formats.__file__).parent
    folders = (
        room,
        room.parent / "jobs",
        room.parent / "services",
        Path(answers.__file__).parent,
        Path(shapes.__file__).parent,
    )
    files = [*(file for folder in folders for file in folder.rglob("*.py")), Path(amounts.__file__)]
    code = "".join(file.read_text() for file in files if file.name != "english.py")
    assert [key for key in (*errors.EXPECTED, *errors.WARNINGS) if f'"{key}"' not in code] == []


def test_a_workbook_cut_short_is_called_what_its_name_says() -> None:
    cut = workbook(["text"], ["Lovely"])[:300]
    kinds = [problems(cut, name)[0].facts["kind"] for name in ("a.xlsx", "a.ods", "a.zip", "a")]
    assert kinds == ["xlsx", "ods", "zip", "zip"]


def test_a_million_columns_are_not_looked_at_one_by_one() -> None:
    header = ",".join(f"c{number}" for number in range(200_000)).encode()
    assert [error.expected for error in problems(header + b"\n1\n")] == ["columns_at_most"]


@pytest.mark.parametrize("size", [200_000, 1_000_000])
def test_a_huge_cell_is_refused_by_its_column_and_length(size):
    errors = problems(f"text,note\na,b\nc,{'x' * size}\nd,e\n", template="{text}")
    assert [(error.line, error.column, error.facts["found"]) for error in errors] == [(3, "note", size)]


def test_a_cell_over_two_limits_is_one_problem():
    (error,) = problems(f"text\n{'x' * 20_000}\n")
    assert (error.expected, error.facts["limit"], error.facts["found"]) == ("length", 3500, 20_000)


def test_a_nameless_last_column_with_anything_in_it_is_refused():
    assert found(problems("text,gold,\na,positive,\nb,,x\n")) == [(1, "3", "", "column_name")]
