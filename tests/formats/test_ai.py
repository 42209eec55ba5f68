"""Columns of models' answers: read in every format, checked cell by cell, never a part of what workers see."""

from __future__ import annotations

from tempfile import TemporaryFile

import pytest

from domain.quality.machine import MachineAnswer
from formats.captions.caption import ProjectForm, read_caption, read_value
from formats.errors import FormErrors
from formats.tables import sandbox
from formats.tables.columns import AiWish
from formats.tables.reading import read_tasks
from formats.tables.sandbox import ReadRequest
from tests.formats.given import found, problems, read, workbook

CSV = "text,gold,ai,ai_confidence\na,positive,Positive,0.93\nb,,negative,\nc,,,0.5\n"
EXPECTED = [
    (MachineAnswer("", "positive", 0.93),),
    (MachineAnswer("", "negative", None),),
    (),
]
JSONL = (
    '{"text": "a", "gold": "positive", "ai": "positive", "ai_confidence": 0.93}\n'
    '{"text": "b", "ai": "negative"}\n{"text": "c", "ai": null, "ai_confidence": "50 %"}\n'
)
TOLOKA = "INPUT:text\tGOLDEN:a\tai\tai_confidence\na\tpositive\tpositive\t0,93\nb\t\tnegative\t\nc\t\t\t\n"
XLSX = workbook(
    ["text", "gold", "AI", "AI_confidence"], ["a", "positive", "positive", 0.93], ["b", None, "negative"], ["c"]
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (CSV.encode(), "a.csv"),
        (CSV.replace(",", "\t").encode(), "a.tsv"),
        (JSONL.encode(), "a.jsonl"),
        (f"[{','.join(JSONL.splitlines())}]".encode(), "a.json"),
        (TOLOKA.encode(), "a.tsv"),
        (XLSX, "a.xlsx"),
    ],
)
def test_every_format_of_tables_brings_them(data: bytes, name: str) -> None:
    file = read_tasks(data, name, ("positive", "negative"))
    assert [row.ai for row in file.rows] == EXPECTED
    assert file.models == ("",)
    assert file.columns == ("text",)
    assert all(row.content.keys() == {"text"} for row in file.rows)


def test_several_models_and_columns_that_the_caption_names() -> None:
    text = "text,ai:gpt,ai_confidence:gpt,guess,guess_confidence\na,positive,0.9,negative,0.6\n"
    file = read(text, ai=AiWish(("guess",)))
    assert file.models == ("gpt", "guess")
    assert file.rows[0].ai == (MachineAnswer("gpt", "positive", 0.9), MachineAnswer("guess", "negative", 0.6))
    assert file.columns == ("text",)


async def test_they_come_through_the_sandbox() -> None:
    text, question = "text,ai:x,guess\na,yes,no\n", ReadRequest("a.csv", ("yes", "no"), "choice", None)
    with TemporaryFile() as place, TemporaryFile() as rows:
        place.write(text.encode())
        place.flush()
        asked = ReadRequest(question.filename, question.options, question.kind, None, ai=AiWish(("guess",)))
        file = await sandbox.read_in_sandbox(place, rows, asked)  # type: ignore[arg-type]
        assert file.rows[0].ai == (MachineAnswer("x", "yes"), MachineAnswer("guess", "no"))
        assert file.models == ("x", "guess")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text,ai\na,positive\nb,neutral\n", (3, "ai", "neutral", "one_of")),
        ("text,AI:gpt\na,neutral\n", (2, "AI:gpt", "neutral", "one_of")),
        ("text,ai,ai_confidence\na,positive,1.01\n", (2, "ai_confidence", "1.01", "decimal")),
        ("text,ai,ai_confidence\na,positive,-0.1\n", (2, "ai_confidence", "-0.1", "decimal")),
        ("text,ai,ai_confidence\na,positive,93\n", (2, "ai_confidence", "93", "decimal")),
        ("text,ai,ai_confidence\na,positive,nan\n", (2, "ai_confidence", "nan", "decimal")),
        ("text,ai,ai_confidence\na,positive,sure\n", (2, "ai_confidence", "sure", "decimal")),
        ("text,ai_confidence\na,0.5\n", (1, "ai_confidence", "ai_confidence", "ai_column")),
        ("text,ai:x,AI:X\na,positive,positive\n", (1, "3", "AI:X", "column_name_once")),
        ("ai,gold\npositive,positive\n", (1, "", "ai, gold", "content_column")),
        ("text,ai,gold\na,neutral,positive\nb,,negative\n", (2, "ai", "neutral", "one_of")),
    ],
)
def test_each_problem_is_named(text: str, expected: tuple[int, str, str, str]) -> None:
    assert found(problems(text)) == [expected]


def test_options_that_come_from_gold_are_known_before_models_are_checked() -> None:
    """A model brings up no option of its own."""
    assert found(problems("text,ai,gold\na,neutral,\nb,,yes\nc,,no\n", options=None)) == [
        (2, "ai", "neutral", "one_of")
    ]
    file = read("text,ai,gold\na,No,\nb,,yes\nc,,no\n", options=None)
    assert file.options == ("yes", "no")
    assert file.rows[0].ai == (MachineAnswer("", "no"),)


@pytest.mark.parametrize(
    ("kind", "options", "written", "read_as"),
    [
        ("number", None, "1 234,50", "1234.5"),
        ("rating", None, "4", "4"),
        ("choices", ("a", "b", "none"), "b | A", "a|b"),
        ("choices", ("a", "b", "none"), "None", "none"),
        ("rank", ("a", "b", "c"), "c > a > b", "c>a>b"),
        ("text", None, " Some words ", "Some words"),
    ],
)
def test_kinds_read_models_as_they_read_people(
    kind: str, options: tuple[str, ...] | None, written: str, read_as: str
) -> None:
    file = read(f'text,ai\nx,"{written}"\n', options=options, kind=kind, template="{text}")
    assert file.rows[0].ai[0].answer == read_as


@pytest.mark.parametrize(
    ("kind", "options", "written", "expected"),
    [
        ("number", None, "12±1", "plain_number"),
        ("rating", None, "6", "one_of"),
        ("choices", ("a", "b", "none"), "a|none", "one_of"),
        ("rank", ("a", "b", "c"), "c>a", "ranking"),
        ("photo", None, "x", "no_gold"),
    ],
)
def test_what_is_no_answer_of_its_kind_is_refused(
    kind: str, options: tuple[str, ...] | None, written: str, expected: str
) -> None:
    text = f'text,ai\nx,"{written}"\n'
    assert found(problems(text, options=options, kind=kind, template="{text}")) == [(2, "ai", written, expected)]


def test_workers_cannot_be_shown_them() -> None:
    """A template that names a model's column names nothing that is there."""
    assert [error.expected for error in problems("text,ai\na,positive\n", template="{text} {ai}")] == ["known_column"]


def test_a_named_column_that_is_missing() -> None:
    wish = AiWish(("guess",))
    assert found(problems("text\na\n", ai=wish)) == [(1, "ai", "guess", "known_column")]
    assert read("text\na\n", ai=AiWish(("guess",), adds=True)).models == ()  # more gold for a project, by hand


def form(line: str) -> ProjectForm:
    return read_caption(f"/newproject\ntitle: T\ninstructions: I\npay: 0.05\n{line}")


@pytest.mark.parametrize(
    ("line", "named", "decides"),
    [
        ("ai: guess", ("guess",), False),
        ("ai: may decide", (), True),
        ("AI: guess, may decide", ("guess",), True),
        ("ia : peut décider | gpt | bert", ("gpt", "bert"), True),
    ],
)
def test_the_caption_names_columns_and_lets_models_decide(line: str, named: tuple[str, ...], decides: bool) -> None:
    assert (form(line).ai, form(line).ai_decides) == (named, decides)
    assert not form("").ai_decides


def test_an_empty_wish_is_refused() -> None:
    with pytest.raises(FormErrors):
        read_value("ai", " , ")
