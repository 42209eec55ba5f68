"""Files that are right."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest

from formats.delimited import predicted_cells
from formats.errors import FileErrors
from formats.tables.columns import render
from formats.tables.reading import read_tasks
from tests.formats.given import OPTIONS, read, workbook


def test_reserved_columns_leave_the_content():
    file = read("id,text,Gold,REASON,overlap\na1,Lovely,positive,It says so,5\na2,Awful,,,\n")
    first, second = file.rows
    assert file.columns == ("text",)
    assert (first.key, first.content, first.gold) == ("a1", {"text": "Lovely"}, ("positive",))
    assert (first.reason, first.overlap, first.line) == ("It says so", 5, 2)
    assert (second.gold, second.reason, second.overlap, second.line) == ((), None, None, 3)


def test_gold_takes_the_options_spelling_and_several_answers():
    file = read("text,gold\na, POSITIVE | negative|positive\n")
    assert file.rows[0].gold == ("positive", "negative")


def test_options_are_the_gold_columns_values_in_order_of_first_appearance():
    file = read("text,gold\na,No\nb,\nc,Yes|no\nd,YES\n", options=None)
    assert file.options == ("No", "Yes")
    assert [row.gold for row in file.rows] == [("No",), (), ("Yes", "No"), ("Yes",)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a"])
def test_the_separator_is_found_out(separator, name):
    file = read(f"text{separator}note\nHello{separator}you\n", name, template="{text}")
    assert file.rows[0].content == {"text": "Hello", "note": "you"}


def test_commas_in_a_semicolon_file_are_text():
    file = read("text, long;note\nHello, you, and, me;x\nOne, two;y\n", template="{note}")
    assert file.rows[0].content == {"text, long": "Hello, you, and, me", "note": "x"}


def test_excels_separator_line_is_obeyed_and_counted():
    file = read("sep=;\r\ntext;note\r\na,b;c\r\n", template="{text}")
    assert (file.rows[0].content["text"], file.rows[0].line) == ("a,b", 3)


def test_last_columns_that_are_empty_from_their_name_on_are_none():
    file = read("text;gold;;\na;positive;;\nb;; ;\n")
    assert (file.columns, [row.gold for row in file.rows]) == (("text",), [("positive",), ()])


def saved(table: Any, name: str, **how: Any) -> bytes:
    if name.endswith(".xlsx"):
        file = io.BytesIO()
        table.to_excel(file, **how)
        return file.getvalue()
    return str(table.to_csv(sep="\t" if name.endswith(".tsv") else ",", **how)).encode()


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx"])
@pytest.mark.parametrize("first", [0, 1])
def test_an_index_without_a_name_that_numbers_the_rows_is_left_out(name: str, first: int):
    import pandas  # half a second that other processes save

    rows = {"text": [f"text {at}" for at in range(9)], "gold": ["positive", *[None] * 8]}
    table = pandas.DataFrame(rows, index=range(first, first + 9))
    file = read_tasks(saved(table, name), name, OPTIONS)
    assert file.columns == ("text",)
    assert [row.content for row in file.rows] == [{"text": f"text {at}"} for at in range(9)]
    assert file.rows[0].gold == ("positive",)
    assert [each.key for each in file.warnings] == ["row_numbers_ignored"]


def test_a_first_row_that_is_a_task_keeps_its_empty_cell():
    file = read(",Lovely\n0,Awful\n", header=False, template="{column_2}")
    assert [row.content["column_1"] for row in file.rows] == ["", "0"]


def test_an_overlap_may_be_written_as_table_programs_do():
    file = read("text,overlap\na,5.0\nb,\n")
    assert [row.overlap for row in file.rows] == [5, None]


def test_a_plain_list_of_sentences_needs_no_quotes():
    file = read("text\nWell, well\nOh, no\nNo\n")
    assert [row.content["text"] for row in file.rows] == ["Well, well", "Oh, no", "No"]


def test_lines_are_an_editors_lines():
    file = read('text,gold\n"one\ntwo\n\nthree",positive\n\n  ,\nlast,\n')
    assert [row.line for row in file.rows] == [2, 8]


def test_quotes_line_breaks_and_formulas_are_data():
    file = read('text\r\n"He said ""no"",\r\nthen"\r\n=1+1\r\n')
    assert [row.content["text"] for row in file.rows] == ['He said "no",\r\nthen', "=1+1"]


def test_json_lines_may_leave_keys_out():
    lines = [
        {"text": "a", "n": 1.5},
        {"text": "b", "gold": ["positive", "negative"]},
        {"text": "c", "n": True, "gold": None},
    ]
    file = read("\n\n".join(map(json.dumps, lines)), "a.jsonl")
    assert file.columns == ("text", "n")
    assert [row.content["n"] for row in file.rows] == ["1.5", "", "true"]
    assert [(row.line, row.gold) for row in file.rows] == [(1, ()), (3, ("positive", "negative")), (5, ())]


def test_a_workbooks_first_sheet_is_read():
    data = workbook(["text", "overlap", "gold"], ["a", 3, "positive"], [], [7.0, None, None], more_sheets=["Notes"])
    file = read_tasks(data, "a.xlsx", ("positive", "negative"))
    assert [(row.line, row.content["text"], row.overlap) for row in file.rows] == [(2, "a", 3), (4, "7", None)]
    assert [warning.key for warning in file.warnings] == ["sheets_ignored"]


def test_tolokas_columns_are_understood():
    file = read(
        "INPUT:image\tGOLDEN:result\tHINT:text\tTASK:overlap\tINPUT:note\tAl:latitude\n"
        "http://a\tcat\tLook at the ears\t7\tx\t1\n\n"
        "http://b\t\t\t\ty\t2\n",
        "pool.tsv",
        ("cat", "dog"),
    )
    first, second = file.rows
    assert (file.columns, file.template) == (("image", "note"), "{image}")
    assert (first.gold, first.reason, first.overlap) == (("cat",), "Look at the ears", 7)
    assert second.line == 4
    assert file.warnings[0].facts == {"columns": ("Al:latitude",)}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lies.csv", workbook(["text"], ["a"])),
        ("lies.csv", b'{"text": "a"}\n'),
        ("lies.xlsx", b"text\na\n"),
        ("lies.jsonl", b"text\na\n"),
    ],
)
def test_the_content_decides_when_the_extension_lies(name, data):
    file = read_tasks(data, name, ("x", "y"))
    assert file.rows[0].content == {"text": "a"}
    assert file.warnings[0].key == "other_format"
    assert str(file.warnings[0])


@pytest.mark.parametrize(
    ("header", "template", "chosen"),
    [
        ("question", None, "{question}"),
        ("a,text", None, "{text}"),
        ("a,Image", None, "{Image}"),
        ("a,b", "B", "{b}"),
        ("a,b", "{ A } or {b}?", "{a} or {b}?"),
    ],
)
def test_a_template_is_given_or_needs_no_saying(header, template, chosen):
    assert read(f"{header}\n{'x,' * header.count(',')}https://example.org/y\n", template=template).template == chosen


def test_a_template_makes_the_message():
    assert render("{a} → {b} {c}", {"a": "{b}", "b": "2"}) == "{b} → 2 {c}"


def test_rows_can_be_read_again_and_picked():
    file = read("text\n" + "\n".join(f"t{n}" for n in range(9)))
    texts = [row.content["text"] for row in file.rows]
    assert texts == [row.content["text"] for row in file.rows] == [f"t{n}" for n in range(9)]
    assert len(file.rows) == 9
    assert [row.content["text"] for row in file.rows[-1:1:-3]] == texts[-1:1:-3]
    assert file.rows[-2].content == {"text": "t7"}
    with pytest.raises(IndexError):
        file.rows[9]


def test_a_binary_file_serves_several_passes_at_once():
    data = ("text\n" + "word\n" * 50_000).encode()
    with io.BytesIO(data) as binary:
        file = read_tasks(binary, "a.csv", ("x", "y"))
        assert sum(1 for _ in zip(file.rows, file.rows, strict=True)) == 50_000
        assert not binary.closed
    assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_a_workbook_can_come_as_a_file():
    with io.BytesIO(workbook(["text"], ["a"])) as binary:
        assert len(read_tasks(binary, "a.xlsx", ("x", "y")).rows) == 1


@pytest.mark.parametrize(("kind", "gold"), [("text", "anything"), ("number", "3,5"), ("photo", "")])
def test_kinds_without_options_need_none(kind, gold):
    file = read(f'text,gold\na,"{gold}"\n', options=None, kind=kind)
    assert file.options == ()
    assert file.rows[0].gold == ((gold,) if gold else ())


@pytest.mark.parametrize("column", ["image", "audio", "Image"])
@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("https://example.org/1.jpg", True),
        (" http://127.0.0.1:8080/a%20b.png?x=1#y ", True),
        ("HTTPS://example.org", True),
        ("pictures/1.jpg", False),
        ("example.org/1.jpg", False),
        ("ftp://example.org/1.jpg", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https:///1.jpg", False),
        ("https://example.org/a b.jpg", False),
        ("https://example.org:99999/1.jpg", False),
        ("https://[::1/1.jpg", False),
        ("https://example.org/" + "a" * 2050, False),
        ("AgACAgQAAx0", False),
        ("AgACAgQ" + "a-_9" * 12, True),
        ("https://example.org/1.jpg|https://example.org/2.jpg https://example.org/3.jpg", True),
        ("https://example.org/1.jpg|2.jpg", False),
    ],
)
def test_a_picture_or_a_sound_is_named_by_its_address(column: str, value: str, fits: bool):
    if fits:
        assert len(read(f"{column}\n{value}\n").rows) == 1
        return
    with pytest.raises(FileErrors) as refused:
        read(f"{column}\n{value}\n")
    [error] = refused.value.errors
    assert (error.line, error.column, error.expected) == (2, column, "address")
    assert error.value.removesuffix("…") in value


ARRAY = """[
  {"text": "a", "number": 123456789012345678901234567890},
  {"text": "b\\nc", "number": 1.5, "note": null}
]
"""


def test_an_array_of_objects_is_read_object_by_object():
    file = read(ARRAY, "tasks.json", template="{text}")
    assert [(row.line, row.content) for row in file.rows] == [
        (2, {"text": "a", "number": "123456789012345678901234567890", "note": ""}),
        (3, {"text": "b\nc", "number": "1.5", "note": ""}),
    ]
    assert [row.content for row in read(ARRAY, "tasks.csv", template="{text}").rows] == [
        row.content for row in file.rows
    ]


def test_whole_numbers_beyond_64_bits_stay_exact():
    numbers = (2**63, 2**64, -(2**70), 10**40)
    lines = "".join(f'{{"text": "a", "number": {number}}}\n' for number in numbers)
    file = read(lines, "tasks.jsonl", template="{text}")
    assert [row.content["number"] for row in file.rows] == [str(number) for number in numbers]


def test_label_studios_tasks_are_read_by_their_data():
    tasks = '[{"id": 7, "data": {"text": "a"}, "annotations": []}, {"id": 8, "data": {"text": "b"}}]'
    file = read(tasks, "tasks.json")
    assert [(row.key, row.content) for row in file.rows] == [("7", {"text": "a"}), ("8", {"text": "b"})]
    assert [(found.key, found.facts) for found in file.warnings] == [("columns_ignored", {"columns": ("annotations",)})]


def test_label_studios_predictions_are_models_answers():
    def predicted(label: str, **more: object) -> dict[str, object]:
        region = {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
        return {"result": [region], **more}

    tasks = [
        {"id": 1, "data": {"text": "a"}, "predictions": [predicted("positive", model_version="bert", score=0.93)]},
        {
            "id": 2,
            "data": {"text": "b"},
            "predictions": [
                predicted("negative", model_version="bert", score=17),
                predicted("positive", model_version="bert", score=0.2),
                predicted("positive", model_version="gpt 4", score=0.6),
                predicted("positive", model_version="sdk", score=0.0),
            ],
        },
        {"id": 3, "data": {"text": "c"}, "predictions": [{"result": []}, "?", {"result": [{"value": {"x": 1}}]}]},
        {"id": 4, "data": {"text": "d"}},
    ]
    file = read(json.dumps(tasks), "tasks.json")
    assert [[(e.model, e.answer, e.probability) for e in row.ai] for row in file.rows] == [
        [("bert", "positive", 0.93)],
        [("bert", "negative", None), ("gpt 4", "positive", 0.6), ("sdk", "positive", None)],
        [],
        [],
    ]
    assert [row.content for row in file.rows] == [{"text": letter} for letter in "abcd"]
    assert list(file.warnings) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"choices": ["a", "b"]}, {"ai": "a|b"}),
        ({"rating": 4}, {"ai": "4"}),
        ({"number": 12.5}, {"ai": "12.5"}),
        ({"text": ["two", "lines"]}, {"ai": "two lines"}),
        ({"text": "one"}, {"ai": "one"}),
        ({"choices": [{"no": "words"}]}, {}),
        ({"rating": True}, {}),
        ("no object", {}),
    ],
)
def test_each_control_of_a_prediction_is_an_answer(value, expected):
    assert predicted_cells([{"result": [{"value": value}]}]) == expected


def test_toloka_leaves_out_the_empty_cells_at_a_rows_end():
    rows = "INPUT:text\tGOLDEN:answer\tHINT:text\nLovely\nAwful\tnegative\nFine\tpositive\tit says so\n"
    file = read(rows, "tasks.tsv")
    assert [(row.content["text"], row.gold, row.reason) for row in file.rows] == [
        ("Lovely", (), None),
        ("Awful", ("negative",), None),
        ("Fine", ("positive",), "it says so"),
    ]


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("question,left,right", ["left", "right"]),
        ("topic,answer_a,answer_b", ["answer_a", "answer_b"]),
        ("style,photo1,photo2,photo3", ["photo1", "photo2", "photo3"]),
        ("left,right", ["left", "right"]),
    ],
)
def test_what_is_asked_is_no_candidate(header, shown):
    row = ",".join(f"w{at}" for at in range(header.count(",") + 1))
    file = read(f"{header}\n{row}\n", options=None, kind="rank")
    assert file.options == tuple("ABC"[: len(shown)])
    assert all(f"{letter}: {{{name}}}" in file.template for letter, name in zip("ABC", shown, strict=False))
    assert file.template.count(": {") == len(shown)
