"""Results in every format, read back by the field's own readers."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from datetime import UTC, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.answers import kind_of
from domain.handing_in import AnswerType
from formats.delimited import safe
from formats.result_columns import results_columns, submissions_columns
from formats.tables.reading import read_tasks
from formats.writing import DEFAULT, WRITERS, formats_of

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
RESULTS = results_columns(["text", "state"])
DONE = ("t1", "It’s good", "new", "positive", 0.975, 3, "closed", "negative", 0.6)
OPEN = ("t2", "=1+1", "old", None, None, 0, "open", None, None)
MEASURED = results_columns(["text"], kind_of("number").score_columns(()))
SUBMISSIONS = submissions_columns()
RIGHT = ("t1", "w7", "positive", "positive", 4.5, "accepted", NOON)
LATE = ("t1", "w8", "-5", None, 61, "rejected", None)
ILLUSTRATED = submissions_columns(["text"])


def written(name, columns, *rows, kind="choice"):
    file = io.BytesIO()
    WRITERS[name].write(file, columns, iter(rows), kind_of(kind).answer_type(()))
    assert not file.closed
    return file.getvalue()


def table(data, delimiter=","):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_columns_that_would_be_mistaken_for_ours_are_set_apart():
    promised = ("consensus", "confidence", "submissions", "state")
    assert ("task", "text", "INPUT:state", *promised, "live", "live_confidence") == RESULTS
    assert ("task", "text", *promised, "low", "high", "live", "live_confidence") == MEASURED
    assert results_columns(["low", "live"], ("low", "high"))[1:3] == ("INPUT:low", "INPUT:live")
    assert SUBMISSIONS == ("task", "worker", "answer", "gold", "seconds", "state", "submitted_at")


def test_models_stand_last_and_other_tools_leave_them_out():
    columns = results_columns(["text"], options=("yes", "no"), models=("", "gpt"))
    last = ("ai", "ai_confidence", "ai_agrees", "ai:gpt", "ai_confidence:gpt", "ai_agrees:gpt")
    assert columns[-7:] == ("votes: no", *last)
    assert results_columns(["text"], models=("guess",))[-3:] == last[:3]  # of one model, whatever its column
    row = ("t1", "a", "yes", 0.9, 1, "closed", "yes", 0.9, None, None, 0, 1, 0, "yes", 0.75, True, None, None, None)
    assert table(written("csv", columns, row))[1][-6:] == ["yes", "0.75", "true", "", "", ""]
    assert table(written("toloka", columns, row), "\t")[0] == [
        *("INPUT:text", "OUTPUT:result", "CONFIDENCE:result", "TASK:id", "TASK:state")
    ]
    assert table(written("crowdkit", columns, row))[1] == ["t1", "yes"]
    typed = pq.read_table(io.BytesIO(written("parquet", columns, row))).to_pylist()[0]
    assert (typed["ai"], typed["ai_confidence"], typed["ai_agrees"], typed["ai_agrees:gpt"]) == (
        "yes",
        0.75,
        True,
        None,
    )


def test_csv_is_the_default_and_opens_in_excel():
    data = written(DEFAULT, RESULTS, DONE, OPEN)
    assert data.startswith(b"\xef\xbb\xbftask,text,")
    assert data.endswith(b"\r\n")
    assert table(data)[1:] == [
        ["t1", "It’s good", "new", "positive", "0.975", "3", "closed", "negative", "0.6"],
        ["t2", "'=1+1", "old", "", "", "0", "open", "", ""],
    ]


def test_csv_writes_times_in_iso_8601():
    assert table(written("csv", SUBMISSIONS, RIGHT))[1][-1] == "2026-05-01T12:00:00+00:00"


@pytest.mark.parametrize(
    "cell",
    ["=1", "+x", "-x", "@SUM", "\tx", "\r=x", "\n=x", "-1+2", "+1-2", "-", "-1,5", " =x", "\u3000@x", "＝1", "＠k2"],
)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(cell):
    assert table(written("csv", ["a", cell], ["x", cell]))[1:] == [["x", "'" + cell]]
    assert table(written("csv", ["a", cell]))[0][1] == "'" + cell


@pytest.mark.parametrize("cell", ["-5", "+3.25", "-1e9", "a=b", "", "1-2", " x", "'"])
def test_other_cells_stay_as_they_are(cell):
    assert table(written("csv", ["a", "b"], ["x", cell]))[1] == ["x", cell]


@pytest.mark.parametrize("cell", ["@k2", "=1", " =x", "＝1"])
def test_raw_csv_leaves_every_cell_as_it_is(cell):
    data = written("csv raw", ["a", cell], ["x", cell])
    assert data.decode().splitlines() == [f"a,{cell}", f"x,{cell}"]


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1", "-1", "+", "@", '"', "\n"]
)


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_csv_says_exactly_what_was_meant(rows):
    assert table(written("csv", ["a", "b"], *rows))[1:] == [[safe(cell) for cell in row] for row in rows]


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, st.none() | st.booleans() | st.integers(-(2**53), 2**53)), max_size=5))
def test_json_lines_say_exactly_what_was_meant(rows):
    lines = written("jsonl", ["a", "b"], *rows).decode().split("\n")[:-1]
    assert [tuple(json.loads(line).values()) for line in lines] == rows


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)


@settings(max_examples=40)
@given(st.lists(WORDS, min_size=1, max_size=5), st.sampled_from(["jsonl", "csv"]))
def test_what_we_write_we_read(texts, name):
    data = written(name, ["text", "note"], *[(text, "é") for text in texts])
    rows = read_tasks(data, f"a.{name}", ("x", "y")).rows
    assert [row.content["text"] for row in rows] == [safe(text) if name == "csv" else text for text in texts]


def test_excel_gets_text_as_text_and_numbers_as_numbers():
    data = written("xlsx", RESULTS, DONE, OPEN, ("t3", "#N/A", "a\x00b", "=x", 1.0, 2, "closed", "", 1.0))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[:3] == [RESULTS, DONE, OPEN]
    assert rows[3][:4] == ("t3", "#N/A", "a�b", "=x")
    assert {sheet["B3"].data_type, sheet["B4"].data_type, sheet["D4"].data_type} <= {"s", "inlineStr"}


def test_excel_gets_times_in_utc():
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", SUBMISSIONS, RIGHT, LATE))).active
    assert sheet["G2"].value == NOON.replace(tzinfo=None)


def test_excel_gets_answers_that_are_numbers_as_numbers():
    rows = [("t1", "a", "4.5", 0.9, 3, "closed", 4, 4.9, "5", 0.6), ("t2", "12", None, None, 0, "open", *[None] * 4)]
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", MEASURED, *rows, kind="number"))).active
    told = [dict(zip(MEASURED, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [(row["consensus"], row["live"], row[MEASURED[1]]) for row in told] == [(4.5, 5, "a"), (None, None, "12")]


def test_excel_shows_times_whole_and_keeps_the_heads_in_sight():
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", SUBMISSIONS, RIGHT))).active
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["G"].width >= len("2026-11-29 12:00:00")


def test_parquet_has_types_and_row_groups():
    data = written("parquet", SUBMISSIONS, RIGHT, LATE, *[RIGHT] * 20_000)
    file = pq.ParquetFile(io.BytesIO(data))
    assert file.num_row_groups == 2
    assert file.schema_arrow.field("seconds").type == pa.float64()
    assert file.schema_arrow.field("submitted_at").type == pa.timestamp("us", "UTC")
    assert file.read().slice(0, 2).to_pylist() == [dict(zip(SUBMISSIONS, row, strict=True)) for row in (RIGHT, LATE)]


def test_parquet_has_numbers_for_kinds_of_numbers():
    rows = [("t1", "a", "4.5", 0.9, 3, "closed", 4, 4.9, "5", 0.6), ("t2", "b", None, None, 0, "open", *[None] * 4)]
    read = pq.read_table(io.BytesIO(written("parquet", MEASURED, *rows, kind="number"))).to_pylist()
    told = ("consensus", "low", "high", "live", "live_confidence")
    assert [[row[name] for name in told] for row in read] == [[4.5, 4.0, 4.9, 5.0, 0.6], [None] * 5]


def test_parquet_leaves_what_a_requester_wrote_as_text():
    """Whatever the name of its column is ours for in another table."""
    content = ("answer", "seconds", "submitted_at", "low", "ai_agrees", "votes: x", "cant_tell", "live")
    told = ("Is it?", "5 s", "yesterday", "low", "true", "3", "no", "1")
    columns = results_columns(content)
    row = ("t1", *told, "4", 0.9, 3, "closed", "5", 0.6)
    (read,) = pq.read_table(io.BytesIO(written("parquet", columns, row, kind="rating"))).to_pylist()
    assert [read[name] for name in columns[1:9]] == list(told)
    assert (read["consensus"], read["live"]) == (4.0, 5.0)
    columns = ("position", "task", *content, "gold", "overlap", "state", "submissions")
    (read,) = pq.read_table(io.BytesIO(written("parquet", columns, (1, "t1", *told, None, 3, "open", 2)))).to_pylist()
    assert [read[name] for name in (*content, "submissions")] == [*told, 2]
    columns = ("id", *submissions_columns(("confidence",)))
    (read,) = pq.read_table(io.BytesIO(written("parquet", columns, (7, "t1", "low", *RIGHT[1:])))).to_pylist()
    assert (read["confidence"], read["submitted_at"]) == ("low", NOON)


@pytest.mark.parametrize("name", ["toloka", "labelstudio", "crowdkit"])
def test_other_tools_get_what_they_expect_and_no_columns_of_ours(name):
    row = ("t1", "a", "4.5", 0.9, 3, "closed", 4.25, 4.75, "5", 0.6)
    data = written(name, MEASURED, row, kind="number").decode()
    assert "4.5" in data
    assert not any(ours in data for ours in ("live", "low", "high", "4.25", "4.75", "0.6"))


def test_parquet_reads_times_written_as_text():
    data = written("parquet", SUBMISSIONS, (*RIGHT[:-1], NOON.isoformat()))
    assert pq.read_table(io.BytesIO(data))["submitted_at"].to_pylist() == [NOON]


def test_toloka_gets_its_assignments():
    header, first, _ = table(written("toloka", ILLUSTRATED, ("t1", "Hi", *RIGHT[1:]), ("t1", "Hi", *LATE[1:])), "\t")
    assert dict(zip(header, first, strict=True)) == {
        "INPUT:text": "Hi",
        "OUTPUT:result": "positive",
        "GOLDEN:result": "positive",
        "ASSIGNMENT:task_id": "t1",
        "ASSIGNMENT:worker_id": "w7",
        "ASSIGNMENT:status": "ACCEPTED",
        "ASSIGNMENT:submitted": "2026-05-01T12:00:00+00:00",
        "ASSIGNMENT:seconds": "4.5",
    }


def test_toloka_gets_its_aggregation_that_can_be_asked_again():
    data = written("toloka", RESULTS, DONE, OPEN)
    assert table(data, "\t") == [
        ["INPUT:text", "INPUT:state", "OUTPUT:result", "CONFIDENCE:result", "TASK:id", "TASK:state"],
        ["It’s good", "new", "positive", "0.975", "t1", "closed"],
        ["=1+1", "old", "", "", "t2", "open"],
    ]
    assert read_tasks(data, "pool.tsv", ("a", "b")).rows[1].key == "t2"


def test_crowdkit_gets_what_its_aggregations_take():
    data = written("crowdkit", SUBMISSIONS, RIGHT, LATE, ("t2", "w7", None, None, 1, "skipped", NOON))
    assert table(data) == [["task", "worker", "label"], ["t1", "w7", "positive"], ["t1", "w8", "-5"]]


def test_crowdkit_results_are_an_aggregated_series():
    assert table(written("crowdkit", RESULTS, DONE, OPEN)) == [["task", "label"], ["t1", "positive"]]


def test_label_studio_gets_predictions_of_results():
    done, still_open = json.loads(written("labelstudio", RESULTS, DONE, OPEN))
    assert done["data"] == {"task": "t1", "text": "It’s good", "state": "new"} | {
        "submissions": 3,
        "task_state": "closed",
    }
    (prediction,) = done["predictions"]
    assert prediction["score"] == 0.975
    assert prediction["result"] == [
        {"from_name": "answer", "to_name": "text", "type": "choices", "value": {"choices": ["positive"]}}
    ]
    assert still_open["predictions"] == []


def test_label_studio_gets_annotations_of_submissions():
    (task,) = json.loads(written("labelstudio", ILLUSTRATED, ("t1", "Hi", *RIGHT[1:]), ("t1", "Hi", *LATE[1:])))
    assert task["data"] == {"task": "t1", "text": "Hi"}
    first, second = task["annotations"]
    assert (first["lead_time"], first["created_at"]) == (4.5, "2026-05-01T12:00:00+00:00")
    assert first["result"][0]["meta"]["text"] == ["worker w7", "state accepted"]
    assert second["result"][0]["value"] == {"choices": ["-5"]}


@pytest.mark.parametrize(
    ("kind", "answer", "control", "value"),
    [
        ("choices", "a|b", "choices", {"choices": ["a", "b"]}),
        ("rating", "4", "rating", {"rating": 4}),
        ("number", 2.5, "number", {"number": 2.5}),
        ("number", "can't tell", "textarea", {"text": ["can't tell"]}),
        ("text", "Hello", "textarea", {"text": ["Hello"]}),
    ],
)
def test_label_studio_has_a_control_for_each_kind(kind, answer, control, value):
    row = ("t1", "Hi", "w7", answer, None, 1, "accepted", NOON)
    (task,) = json.loads(written("labelstudio", ILLUSTRATED, row, kind=kind))
    result = task["annotations"][0]["result"][0]
    assert (result["type"], result["value"]) == (control, value)


@pytest.mark.parametrize("name", formats_of(AnswerType.OPTION, of_results=True))
@pytest.mark.parametrize("columns", [RESULTS, SUBMISSIONS])
def test_a_project_without_answers_has_a_file_too(name, columns):
    data = written(name, columns)
    assert name == "jsonl" or data


@pytest.mark.parametrize("name", ["toloka", "labelstudio", "crowdkit"])
def test_other_tables_are_a_bug(name):
    with pytest.raises(ValueError, match="neither results nor submissions"):
        written(name, ["a", "b"], ("x", "y"))


@pytest.mark.parametrize("name", ["csv", "jsonl", "toloka", "crowdkit", "labelstudio"])
def test_memory_stays_flat(name):
    class Nowhere(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            return len(data)

    rows = ((f"t{n}", *RIGHT[1:]) for n in range(30_000))
    tracemalloc.start()
    WRITERS[name].write(Nowhere(), SUBMISSIONS, rows)
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


def test_how_the_answers_fell_stands_behind_all_else_and_other_tools_never_see_it():
    columns = results_columns(["text", "votes: yes", "Crowd"], (), ["yes", "no"])
    assert columns[1:4] == ("text", "INPUT:votes: yes", "INPUT:Crowd")
    assert columns[-5:] == ("gold", "crowd", "cant_tell", "votes: yes", "votes: no")
    row = ("t1", "a", "b", "c", "yes", 0.9, 3, "closed", "yes", 0.9, "yes", "no", 0, 1, 2)
    assert table(written("csv", columns, row))[1] == [str(cell) for cell in row]
    assert table(written("toloka", columns, row), "\t")[1] == ["a", "b", "c", "yes", "0.9", "t1", "closed"]
    assert table(written("crowdkit", columns, row))[1] == ["t1", "yes"]
    assert json.loads(written("labelstudio", columns, row))[0]["data"]["task_state"] == "closed"
    read = pq.read_table(io.BytesIO(written("parquet", columns, row, row)))
    assert read.column("votes: no").to_pylist() == [2, 2]
