"""Captions, conditions, columns and files that a project is made of."""

import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from domain.answers import list_offered_kinds
from domain.projects.form_questions import questions_of
from domain.quality.machine import MachineAnswer
from formats.captions.caption import ProjectForm, read_caption
from formats.tables.reading import read_tasks
from tests.formats.given import OPTIONS, read, workbook

FILES = Path(__file__).parents[1] / "formats" / "files"
KINDS = ("choice", "choices", "rating", "number", "text", "compare", "rank", "photo", "voice", "location")
EXAMPLE = """/newproject
title: Is the review positive?
instructions: Read the review. Is the writer pleased?
kind: choice
options: positive, negative
pay: 0.05
overlap: 3
"""
KEYS = {
    "title: Pleased?": {"title": "Pleased?"},
    "instructions: Read.": {"instructions": ("Read.",)},
    "kind: rating": {"kind": "rating"},
    "options: a, b": {"options": ("a", "b")},
    "pay: 0.000001": {"pay": 1},
    "overlap: 5\nmax_overlap: 7": {"overlap": 5, "max_overlap": 7},
    "confidence: 0.9": {"confidence": 0.9},
    "accept: auto": {"accept": "auto"},
    "accept: review": {"accept": "review"},
    "template: Review: {text}": {"template": "Review: {text}"},
    "languages: en, fr": {"languages": ("en", "fr")},
    "minutes: 20": {"minutes": 20},
    "purpose: To train a filter": {"purpose": "To train a filter"},
    "ai: guess": {"ai": ("guess",)},
    "header: no": {"header": False},
    "confidence: none": {"confidence": None},
    "languages: all": {"languages": ()},
    "who: everybody": {"who": ()},
    "who: tout le monde": {"who": ()},
}
WHO = ("country=FR", "qualified=Spelling test", "good in=7", "not in=7", "at most=50", "invited")
ROWS = [{"id": "a1", "text": "Lovely, again!", "gold": "positive"}, {"id": "a2", "text": "Awful"}]


def form(*lines: str) -> ProjectForm:
    """The shortest caption, with these lines in place of its own."""
    named = {line.partition(":")[0] for each in lines for line in each.splitlines()}
    kept = [line for line in ("title: T", "instructions: I", "pay: 1") if line.partition(":")[0] not in named]
    return read_caption("\n".join(("/newproject", *kept, *lines)))


def test_the_example_is_read_and_what_is_not_said_has_its_default() -> None:
    found = read_caption(EXAMPLE)
    assert (found.pay, found.options, found.overlap, found.kind) == (50_000, ("positive", "negative"), 3, "choice")
    bare = form()
    assert (bare.kind, bare.options, bare.overlap, bare.max_overlap, bare.confidence) == ("choice", None, 3, 3, None)
    assert (bare.accept, bare.languages, bare.minutes, bare.purpose, bare.who) == ("auto", (), 10, "", ())


@pytest.mark.parametrize("line", KEYS)
def test_every_key_of_a_caption(line: str) -> None:
    found = form(line)
    assert {name: getattr(found, name) for name in KEYS[line]} == KEYS[line]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer(kind: str) -> None:
    assert form(f"kind: {kind}").kind == kind
    assert kind in list_offered_kinds()


@pytest.mark.parametrize("condition", WHO)
def test_every_condition_of_who_is_asked(condition: str) -> None:
    assert form(f"who: {condition}").who == (condition,)


def test_a_question_line_makes_a_form() -> None:
    found = form("question: choice | Is there a car? | yes, no", "question: number | How many? | if yes")
    first, second = questions_of(found.options or ())
    assert (first.kind, first.text, first.options) == ("choice", "Is there a car?", ("yes", "no"))
    assert (second.kind, second.conditions[0].values) == ("number", ("yes",))


def test_every_reserved_column_and_no_other_is_left_out_of_the_task() -> None:
    file = read(
        "id,text,gold,reason,overlap,ai,ai_confidence\n"
        "a1,Lovely,positive|negative,It says so,5,negative,0.8\na2,Awful,,,,,\n"
    )
    first = file.rows[0]
    assert file.columns == ("text",)
    assert (first.key, first.gold, first.reason, first.overlap) == ("a1", OPTIONS, "It says so", 5)
    assert first.ai == (MachineAnswer("", "negative", 0.8),)
    assert read("text,ai:gpt\nLovely,negative\n").models == ("gpt",)


def as_parquet() -> bytes:
    """By the test: it loads pandas, which no process needs to collect."""
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([{"gold": None, **row} for row in ROWS]), file)
    return file.getvalue()


LINES = [["id", "text", "gold"], *([row["id"], row["text"], row.get("gold", "")] for row in ROWS)]
QUOTED = [[f'"{cell}"' if "," in cell else cell for cell in line] for line in LINES]
STUDIO = [
    {"id": "a1", "data": {"text": "Lovely, again!", "gold": "positive"}},
    {
        "id": "a2",
        "data": {"text": "Awful"},
        "predictions": [{"score": 0.8, "result": [{"type": "choices", "value": {"choices": ["negative"]}}]}],
    },
]
GIVEN = {
    "comma.csv": "\n".join(map(",".join, QUOTED)).encode(),
    "semicolon.csv": "\r\n".join(map(";".join, QUOTED)).encode("cp1252"),
    "utf-16.csv": "\n".join(map(",".join, QUOTED)).encode("utf-16"),
    "tab.tsv": "\n".join(map("\t".join, LINES)).encode(),
    "lines.jsonl": "\n".join(map(json.dumps, ROWS)).encode(),
    "array.json": json.dumps(ROWS, indent=1).encode(),
    "studio.json": json.dumps(STUDIO).encode(),
    "toloka.tsv": b"id\tINPUT:text\tGOLDEN:result\tHINT:text\tTASK:overlap\n"
    b"a1\tLovely, again!\tpositive\tIt says so\t2\na2\tAwful\t\t\t2\n",
    "book.xlsx": workbook(*LINES),
}


@pytest.mark.parametrize("name", [*GIVEN, "table.parquet"])
def test_every_format_brings_the_same_tasks(name: str) -> None:
    file = read_tasks(GIVEN[name] if name in GIVEN else as_parquet(), name, OPTIONS)
    assert file.columns == ("text",)
    assert [(row.key, row.content["text"], row.gold) for row in file.rows] == [
        ("a1", "Lovely, again!", ("positive",)),
        ("a2", "Awful", ()),
    ]
    if name == "toloka.tsv":
        assert (file.rows[0].reason, file.rows[0].overlap) == ("It says so", 2)
    if name == "studio.json":
        assert file.rows[1].ai == (MachineAnswer("", "negative", 0.8),)


@pytest.mark.parametrize("name", ["reviews.xls", "reviews.ods"])
def test_older_and_open_workbooks_are_read(name: str) -> None:
    file = read_tasks((FILES / name).read_bytes(), name, OPTIONS, template="{text}")
    assert [row.key for row in file.rows] == ["a1", "a2", "a3", "a5"]
