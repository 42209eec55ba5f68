"""Forms in files: questions in a caption, gold of each question, and results in every format, opened by its tool."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest

from domain.answers import kind_of
from domain.projects.form_questions import (
    Comparison,
    FormQuestion,
    QuestionCondition,
    gold_from,
    pack_answers,
    questions_of,
)
from domain.quality.machine import MachineAnswer
from formats.captions.caption import ProjectForm, read_caption, read_keys
from formats.captions.conditions import FlawedValue
from formats.captions.questions import read_lines
from formats.errors import FileErrors, FormErrors
from formats.result_columns import results_columns, submissions_columns
from formats.tables.columns import AiWish
from formats.tables.reading import read_tasks
from formats.writing import WRITERS

KIND = kind_of("form")
HEAD = "/newproject\ntitle: T\ninstructions: Look.\npay: 0.05\n"
LINES = """question: choice | A car? | yes, no | name=car
question 2: number | How many? | if car = yes
Question: choices | Colours | red | blue, or green | if 2 >= 2 | optional
question: texte | Et encore ? | facultatif | si yes
question: rating | Sharp? | if how many? is not 0 / 1"""
NAMES = ("car", "q2", "q3", "q4", "q5")


def form(lines: str) -> ProjectForm:
    return read_caption(HEAD + lines)


def flaws(lines: str) -> list[tuple[str, str]]:
    with pytest.raises(FormErrors) as found:
        form(lines)
    return [(error.key, error.expected) for error in found.value.errors]


def test_question_lines_make_a_form():
    questions = questions_of(form(LINES).options or ())
    assert form(LINES).kind == "form"
    assert tuple(each.name for each in questions) == NAMES
    assert [each.kind for each in questions] == ["choice", "number", "choices", "text", "rating"]
    assert questions[2].options == ("red", "blue, or green")
    assert [each.required for each in questions] == [True, True, False, False, True]
    assert [each.conditions for each in questions[1:]] == [
        (QuestionCondition("car", Comparison.IS, ("yes",)),),
        (QuestionCondition("q2", Comparison.AT_LEAST, ("2",)),),
        (QuestionCondition("car", Comparison.IS, ("yes",)),),
        (QuestionCondition("q2", Comparison.IS_NOT, ("0", "1")),),
    ]
    assert questions[4].options == ("1", "2", "3", "4", "5")


def test_only_the_number_before_a_question_is_dropped():
    lines = (
        "question: choice | Which dose? | 0.5 mg, 1.5 mg",
        "question: rating | How good is it (1 to 5)? | 1, 2, 3, 4, 5",
        "1. choice | Since 1998. Still so? | yes, no",
        "2) text | Why 3)?",
        " 3.text | In 4. place?",
        "question 10: number | Of 12. how many?",
    )
    said = [(each.text, each.options) for each in map(read_form_question, lines)]
    assert said == [
        ("Which dose?", ("0.5 mg", "1.5 mg")),
        ("How good is it (1 to 5)?", ("1", "2", "3", "4", "5")),
        ("Since 1998. Still so?", ("yes", "no")),
        ("Why 3)?", ()),
        ("In 4. place?", ()),
        ("Of 12. how many?", ()),
    ]
    for line in ("0.5 mg | Which dose?", "10.5 | Which dose?"):
        with pytest.raises(FlawedValue) as found:
            read_lines(line)
        assert found.value.flaws[0][:2] == (line.split(" |")[0], "question_kind")


def read_form_question(line: str) -> FormQuestion:
    (question,) = questions_of(read_lines(line))
    return question


def test_a_condition_names_the_question_that_is_written_so():
    lines = "question: text | Ou ?\nquestion: text | Où ?\nquestion: text | Et ? | if Où ? = x"
    asked = questions_of(form(lines).options or ())
    assert [each.question for each in asked[2].conditions] == ["q2"]


def test_the_same_form_as_json():
    asked = [
        {"kind": "choice", "text": "A car?", "options": ["yes", "no"], "name": "car"},
        {"kind": "number", "text": "How many?", "if": "car = yes"},
        {
            "kind": "choices",
            "text": "Colours",
            "options": ["red", "blue, or green"],
            "if": ["2 >= 2"],
            "required": False,
        },
        {"kind": "text", "text": "Et encore ?", "required": False, "if": ["yes"]},
        {"kind": "rating", "text": "Sharp?", "if": "q2 != 0 / 1"},
    ]
    for indent in (None, 1):
        assert form("form: " + json.dumps(asked, indent=indent)).options == form(LINES).options
    keys = {"title": "T", "instructions": "Look.", "pay": "0.05", "form": json.dumps(asked)}
    assert read_keys(keys).options == form(LINES).options


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("question: choice", "question_line"),
        ("question:", "question_line"),
        ("question: photo | Of it", "question_kind"),
        ("question: form | More", "question_kind"),
        ("question: choice | ", "question_text"),
        (f"question: text | {'x' * 301}", "question_text"),
        ("question: choice | A car?", "question_options"),
        ("question: choice | A car? | yes", "options_at_least"),
        ("question: choices | A car? | a, A", "option_once"),
        ("question: rank | Which? | a > b | c", "option_without"),
        ('form: [{"kind": "choices", "text": "Which?", "options": ["a|b", "c"]}]', "option_without"),
        ("question: number | How many? | 1, 2", "question_no_options"),
        ("question: text | A | name=a b", "question_name"),
        ("question: text | A\nquestion: text | B | name=Q1", "question_name"),
        ("question: text | A | if q1 = x", "question_condition"),
        ("question: choice | A | a, b\nquestion: text | B | if", "question_condition"),
        ("question: choice | A | a, b\nquestion: choice | B | c, d | Si :", "question_condition"),
        ("question: text | A | if B = x\nquestion: text | B", "question_condition"),
        ("question: choice | A | a, b\nquestion: text | B | if q1 = c", "question_value"),
        ("question: choice | A | a, b\nquestion: text | B | if q1 > a", "question_order"),
        ("question: number | A\nquestion: text | B | if q1 > many", "question_order"),
        ("\n".join(["question: text | A"] * 21), "questions_at_most"),
        ("form: [1]", "form_json"),
        ('form: [{"kind": "text", "text": "A", "wehn": "x"}]', "question_parts"),
        ("form: " + "[" * 100_000, "form_json"),
    ],
)
def test_each_flaw_of_a_question_is_named(lines: str, expected: str):
    assert flaws(lines) == [("form" if lines.startswith("form") else "question", expected)]


@pytest.mark.parametrize(
    ("conditions", "is_asked"),
    [
        ("if q1 = yes | if q1 = no", False),
        ("if q1 != yes | if q1 != no", False),
        ("if q1 = yes | if q2 >= 1", True),
        ("if q1 = no | if q2 >= 1", False),  # q2 is asked after yes alone
        ("if q2 > 5 | if q2 < 3", False),
        ("if q2 >= 3 | if q2 < 4", True),
        ("if q2 > 3 | if q2 < 4", True),
        ("if q2 = 3..5 | if q2 != 7", True),
        ("if q3 > 4 | if q3 != 5", False),
        ("if q4 = red | if q4 = blue", True),  # several may be chosen
    ],
)
def test_conditions_that_exclude_each_other_are_refused(conditions: str, is_asked: bool):
    lines = (
        "question: choice | A? | yes, no\nquestion: number | B? | if q1 = yes\nquestion: rating | C?\n"
        f"question: choices | D? | red, blue\nquestion: text | E? | {conditions}"
    )
    if is_asked:
        assert len(form(lines).options or ()) == 5
    else:
        assert flaws(lines) == [("question", "question_never")]


def test_options_may_stand_between_semicolons_where_nothing_else_separates_them():
    assert form("options: a; b").options == ("a", "b")
    assert form("options: a; or b, c").options == ("a; or b", "c")
    assert questions_of(form("question: choice | A? | yes; no").options or ())[0].options == ("yes", "no")
    assert not questions_of(form("question: texte | A ? | optionnel").options or ())[0].required


def test_all_flaws_are_named_at_once_and_a_form_has_no_kind_and_no_options_of_its_own():
    three = flaws("question: foto | A\nquestion: choice | B\nquestion: text | C | if q1 = x")
    assert [expected for _, expected in three] == ["question_kind", "question_options", "question_value"]
    assert flaws("question: text | A\nkind: choice\noptions: a, b") == [
        ("kind", "form_alone"),
        ("options", "form_alone"),
    ]
    assert flaws("kind: form") == [("kind", "form_questions")]
    assert form("kind: form\nquestion: text | A").kind == "form"


OPTIONS = form(LINES).options or ()


def read(rows: str) -> list[tuple[str, ...]]:
    found = read_tasks(rows.encode(), "a.csv", OPTIONS, "form")
    return [tuple(row.gold) for row in found.rows]


def test_each_question_has_its_own_gold_column():
    found = read("text,gold:car,GOLD:Q2,reason\nstreet,YES,2..3|7,seen\nlane,,,\n")
    assert found == [(pack_answers({"car": ["choice", "yes"], "q2": ["number", "2..3", "7"]}),), ()]
    with pytest.raises(FileErrors) as problems:
        read("text,gold:car,gold:q2\nstreet,maybe,many\n")
    assert [(each.line, each.column, each.expected) for each in problems.value.errors] == [
        (2, "gold:car", "one_of"), (2, "gold:q2", "number")
    ]  # fmt: skip
    options = form("question: choices | Which? | none, cat, dog").options or ()
    for gold, expected in (("dog|cat", None), ("none|cat", "none_alone"), ("none|cow", "one_of")):
        written = f"text,gold:q1\nstreet,{gold}\n".encode()
        if expected is None:
            (row,) = read_tasks(written, "a.csv", options, "form").rows
            assert row.gold == gold_from({"q1": ("cat", "dog")}, options)
        else:
            with pytest.raises(FileErrors) as problems:
                read_tasks(written, "a.csv", options, "form")
            assert [(each.value, each.expected) for each in problems.value.errors] == [(gold, expected)]
    for header in ("text,gold", "text,gold:colour"):
        with pytest.raises(FileErrors) as problems:
            read(f"{header}\nstreet,yes\n")
        assert problems.value.errors[0].expected == "gold_column"


def test_each_question_has_its_own_columns_of_models_answers():
    file = read_tasks(
        b"text,ai:CAR,ai_confidence:car,ai:q2,ai:gpt:car,AI:GPT:Q2\nstreet,Yes,90 %,\"1 234,50\",no,\nlane,,,,,3\n",
        "a.csv", OPTIONS, "form",
    )  # fmt: skip
    assert file.models == ("", "gpt")
    assert file.columns == ("text",)  # no worker sees the others
    assert [row.ai for row in file.rows] == [
        (
            MachineAnswer("", "yes", 0.9, "car"),
            MachineAnswer("", "1234.5", None, "q2"),
            MachineAnswer("gpt", "no", None, "car"),
        ),
        (MachineAnswer("gpt", "3", None, "q2"),),
    ]


def test_models_answers_to_a_form_in_json_and_as_the_caption_names_them():
    row = b'{"text": "street", "guess:car": "yes", "guess_confidence:car": 0.8, "ai:q2": 2}'
    file = read_tasks(row, "a.jsonl", OPTIONS, "form", ai=AiWish(("guess",)))
    assert file.rows[0].ai == (MachineAnswer("guess", "yes", 0.8, "car"), MachineAnswer("", "2", None, "q2"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("text,ai:car\nstreet,maybe\n", (2, "ai:car", "maybe", "one_of")),
        ("text,ai:gpt:q2\nstreet,2\nlane,many\n", (3, "ai:gpt:q2", "many", "plain_number")),
        ("text,ai:car,ai_confidence:car\nstreet,yes,2\n", (2, "ai_confidence:car", "2", "decimal")),
        ("text,ai\nstreet,yes\n", (1, "ai", "ai", "ai_questions")),
        ("text,ai:gpt\nstreet,yes\n", (1, "ai:gpt", "ai:gpt", "ai_questions")),
        ("text,ai_confidence:car\nstreet,0.5\n", (1, "ai_confidence:car", "ai_confidence:car", "ai_column")),
        ("text,ai:car,ai : car\nstreet,yes,no\n", (1, "ai : car", "ai : car", "column_name_once")),
    ],
)
def test_each_problem_of_a_models_answer_to_a_form_is_named(rows: str, expected: tuple[int, str, str, str]):
    with pytest.raises(FileErrors) as problems:
        read_tasks(rows.encode(), "a.csv", OPTIONS, "form")
    assert [(each.line, each.column, each.value, each.expected) for each in problems.value.errors] == [expected]
    assert str(problems.value)


TWO = read_lines("choice | A car? | yes, no\nnumber | How many? | if yes\nchoices | Colours | red, blue | optional")
RESULTS = results_columns(["text"], KIND.score_columns(TWO), KIND.list_voted_options(TWO))
SUBMISSIONS = submissions_columns((), ("q1", "q2", "q3"))
SAID, GOLD = pack_answers({"q1": "yes", "q2": "2.5", "q3": "red|blue"}), gold_from({"q1": ("yes", "no")}, TWO)
RESULT = (
    "t1",
    "street",
    SAID,
    0.8,
    3,
    "closed",
    *KIND.score_cells(SAID, (0.9, 0.8, -1.0), TWO),
    None,
    None,
    None,
    None,
    0,
)
SUBMISSION = (
    *("t1", "w1", SAID, KIND.to_gold_cell(GOLD, TWO), 3.5, "accepted", None),
    *KIND.list_part_cells(SAID, GOLD, TWO),
)


def written(form: str, results: bool) -> bytes:
    return as_file(form, *((RESULTS, RESULT) if results else (SUBMISSIONS, SUBMISSION)))


def as_file(form: str, columns: Sequence[str], row: Sequence[Any]) -> bytes:
    file = io.BytesIO()
    WRITERS[form].write(file, columns, [row], KIND.answer_type(TWO))
    return file.getvalue()


def table(form: str, results: bool, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(form, results).decode("utf-8-sig")), delimiter=delimiter))


def test_spreadsheets_and_lines_of_json_have_a_question_each():
    (row,) = table("csv", results=True)
    assert (row["consensus:q2"], row["confidence:q2"], row["confidence:q3"]) == ("2.5", "0.8", "")
    (given,) = table("csv", results=False)
    assert (given["answer:q3"], given["gold:q1"], given["gold:q2"]) == ("red|blue", "yes|no", "")
    told, said = json.loads(written("jsonl", True)), json.loads(written("jsonl", False))
    assert told["consensus"] == said["answer"] == {"q1": "yes", "q2": "2.5", "q3": "red|blue"}
    assert told["confidences"] == {"q1": 0.9, "q2": 0.8, "q3": None}
    assert said["gold"] == {"q1": "yes|no"}
    assert not [name for name in (*told, *said) if ":" in name]


@pytest.mark.parametrize("text", ["Is it?", "12", "", '{"a": 1}'])
def test_what_a_requester_calls_an_answer_stays_their_text(text: str):
    """Their columns keep their names where a table has none of ours so called."""
    names = ("answer", "confidence:q1", "Confidences")
    columns = results_columns(names, KIND.score_columns(TWO), KIND.list_voted_options(TWO))
    assert columns[1:4] == ("answer", "INPUT:confidence:q1", "Confidences")
    told = json.loads(as_file("jsonl", columns, (RESULT[0], text, text, text, *RESULT[2:])))
    assert [told[name] for name in ("answer", "INPUT:confidence:q1", "INPUT:Confidences")] == [text] * 3
    assert (told["confidences"]["q1"], told["consensus"]["q1"]) == (0.9, "yes")
    columns = ("id", *submissions_columns(("confidence:q1", "crowd"), ("q1", "q2", "q3")))
    told = json.loads(as_file("jsonl", columns, (7, SUBMISSION[0], text, text, *SUBMISSION[1:])))
    assert (told["confidence:q1"], told["crowd"], told["answer"]["q1"]) == (text, text, "yes")
    columns = ("position", "task", "answer", "gold", "overlap", "state", "submissions")
    told = json.loads(as_file("jsonl", columns, (1, "t1", text, KIND.to_gold_cell(GOLD, TWO), 3, "open", 0)))
    assert (told["answer"], told["gold"]) == (text, {"q1": "yes|no"})


def test_pandas_opens_it_with_numbers_as_numbers():
    import pyarrow.parquet as parquet

    (row,) = parquet.read_table(io.BytesIO(written("parquet", True))).to_pylist()
    assert (row["consensus:q2"], row["confidence:q1"], row["consensus:q1"]) == (2.5, 0.9, "yes")
    (row,) = parquet.read_table(io.BytesIO(written("parquet", False))).to_pylist()
    assert (row["answer:q2"], row["answer:q1"]) == (2.5, "yes")


def test_toloka_has_an_output_and_crowdkit_a_row_for_each_question():
    (row,) = table("toloka", True, "\t")
    assert (row["INPUT:text"], row["OUTPUT:q2"], row["CONFIDENCE:q1"], row["TASK:id"]) == ("street", "2.5", "0.9", "t1")
    (row,) = table("toloka", False, "\t")
    assert (row["OUTPUT:q1"], row["GOLDEN:q1"], row["ASSIGNMENT:worker_id"]) == ("yes", "yes|no", "w1")
    rows = table("crowdkit", False)
    assert [(row["task"], row["worker"], row["question"], row["label"]) for row in rows] == [
        ("t1", "w1", "q1", "yes"), ("t1", "w1", "q2", "2.5"), ("t1", "w1", "q3", "red|blue")
    ]  # fmt: skip


def test_label_studio_has_a_control_for_each_question():
    (task,) = json.loads(written("labelstudio", True))
    found = {each["from_name"]: each for each in task["predictions"][0]["result"]}
    assert found["q1"]["value"] == {"choices": ["yes"]}
    assert found["q2"]["value"] == {"number": 2.5}
    assert found["q3"]["value"] == {"choices": ["red", "blue"]}
    (task,) = json.loads(written("labelstudio", False))
    assert [each["from_name"] for each in task["annotations"][0]["result"]] == ["q1", "q2", "q3"]
