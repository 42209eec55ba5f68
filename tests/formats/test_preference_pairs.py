"""Preferences: asked for in a caption, and handed out for training as Hugging Face's TRL reads them."""

import io
from pathlib import Path
from typing import Any

import pytest

from domain.answers import kind_of
from domain.moments import Moment
from domain.projects.form_questions import questions_of
from formats.captions.caption import read_caption
from formats.errors import FileErrors, FormErrors
from formats.tables.reading import read_tasks
from formats.writing import WRITERS, formats_of
from jobs.exports import get_export_type, get_result_columns
from tests.house import a_project

FORM = "/newproject\ntitle: Which answer is better?\ninstructions: Read both.\npay: 0.05\n"
FILE = b"prompt,answer_a,answer_b,gold\nWhy?,Because.,No idea.,A\nWhen?,Now.,Later.,tie\n"
FIVE = ("A>>B", "A>B", "A=B", "B>A", "B>>A")
LAID = "{prompt}\n\nA: {answer_a}\n\nB: {answer_b}"


def read(lines: str, file: bytes = FILE) -> tuple[str, tuple[str, ...], str, list[tuple[str, ...]]]:
    """Kind, options, template and gold."""
    form = read_caption(FORM + lines)
    found = read_tasks(file, "pairs.csv", form.options, form.kind, form.template)
    return form.kind, found.options, found.template, [row.gold for row in found.rows]


@pytest.mark.parametrize(
    ("lines", "kind", "options", "gold"),
    [
        ("compare: ties, margins", "preference", FIVE, [("A>B",), ("A=B",)]),
        ("kind: preference", "preference", FIVE, [("A>B",), ("A=B",)]),
        ("comparer: égalités", "preference", ("A>B", "A=B", "B>A"), [("A>B",), ("A=B",)]),
        ("compare: ties, margins\noptions: A, B", "preference", FIVE, [("A>B",), ("A=B",)]),
    ],
)
def test_ties_and_margins_are_asked_for_in_the_caption(lines, kind, options, gold):
    assert read(lines) == (kind, options, LAID, gold)


def test_two_texts_may_be_longer_than_a_message():
    long, longer = b"a" * 10_000, b"b" * 10_001
    known = b"prompt,answer_a,answer_b\nWhy?,%b,%b\n"
    assert read("compare: ties", known % (long, long))[3] == [()]
    other = "kind: choice\noptions: A, B"
    for kind, file in (("compare: ties", known % (long, longer)), (other, known % (long, b"b"))):
        with pytest.raises(FileErrors) as refused:
            read(f"{kind}\ntemplate: {LAID}".replace("\n\n", "\n"), file)
        assert [each.expected for each in refused.value.errors] == ["length"]


def test_labels_are_those_of_the_template():
    template = "template: {prompt}\nLeft: {answer_a}\nRight: {answer_b}"
    without_gold = FILE.replace(b",gold", b"").replace(b",A\n", b"\n").replace(b",tie\n", b"\n")
    assert read(f"compare: ties\n{template}", without_gold)[1] == ("Left>Right", "Left=Right", "Right>Left")


def test_criteria_and_a_reason_make_a_form():
    file = b"prompt,answer_a,answer_b,gold:more_honest\nWhy?,Because.,No idea.,tie\n"
    lines = "compare: ties\ncriteria: More helpful?, More honest?\nreason: Why? | optional"
    kind, options, template, gold = read(lines, file)
    questions = questions_of(options)
    assert (kind, template) == ("form", LAID)
    assert [(each.name, each.kind, each.text, each.required) for each in questions] == [
        ("more_helpful", "preference", "More helpful?", True),
        ("more_honest", "preference", "More honest?", True),
        ("reason", "text", "Why?", False),
    ]
    assert questions[0].options == ("A>B", "A=B", "B>A")
    assert gold == [('{"more_honest":["preference","A=B"]}',)]
    file = file.replace(b":more_honest", b":better").replace(b"tie", b"B")
    alone = questions_of(read("kind: compare\nreason: Why?", file)[1])
    assert [(each.name, each.kind, each.text) for each in alone] == [
        ("better", "compare", "Which answer is better?"),
        ("reason", "text", "Why?"),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("compare: sometimes", "compare_words"),
        ("compare: ties\nkind: choice\noptions: A, B", "compare_alone"),
        ("compare: ties\nquestion: text | Why?", "compare_alone"),
        ("criteria: same, Same", "criteria"),
        ("criteria: " + ", ".join(f"better {n}" for n in range(11)), "criteria"),
        ("reason: Why? | perhaps", "reason_text"),
        ("question: preference | Which? | A, B, C", "two_compared"),
    ],
)
def test_what_cannot_be_meant_is_refused(lines, expected):
    with pytest.raises(FormErrors) as refused:
        read_caption(FORM + lines)
    assert [error.expected for error in refused.value.errors] == [expected]


def test_fixed_order_is_a_wish():
    assert not read_caption(FORM + "compare: ties, fixed order").shuffled
    assert read_caption(FORM + "compare: ties").shuffled


def written(tmp_path: Path, form: str, cells: dict[str, Any], **fields: Any) -> Path:
    """A file of results of one task, with these cells."""
    columns = ("prompt", "answer_a", "answer_b")
    project = a_project(1, Moment(0), columns=columns, template=LAID, **fields)
    names, _ = get_result_columns(project)
    task = {"task": "t1", "prompt": "Why?", "answer_a": "Because.", "answer_b": "No idea."} | cells
    tie = {**task, **dict.fromkeys((name for name in names if name.startswith("consensus")), None)}
    rows = [[row.get(name) for name in names] for row in (task, tie)]
    file = io.BytesIO()
    WRITERS[form].write(file, names, rows, get_export_type(project, form))
    path = tmp_path / f"{form}.jsonl"
    path.write_bytes(file.getvalue())
    return path


def test_pairs_are_opened_by_datasets_as_trl_wants_them(tmp_path: Path):
    cells = {"consensus": "B>>A", "confidence": 0.9}
    asked: dict[str, Any] = {"kind": "preference", "options": FIVE}
    dpo = opened(written(tmp_path, "dpo", cells, **asked), tmp_path)
    assert dpo.features["prompt"].dtype == dpo.features["chosen"].dtype == dpo.features["rejected"].dtype == "string"
    assert list(dpo) == [
        {"prompt": "Why?", "chosen": "No idea.", "rejected": "Because.", "task": "t1", "confidence": 0.9}
    ]
    (chat,) = opened(written(tmp_path, "dpo chat", cells, **asked), tmp_path)
    assert [chat[name] for name in ("prompt", "chosen", "rejected")] == [
        [{"role": role, "content": text}]
        for role, text in (("user", "Why?"), ("assistant", "No idea."), ("assistant", "Because."))
    ]
    (reward,) = opened(written(tmp_path, "reward", cells, **asked), tmp_path)
    assert reward["chosen"] == [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "No idea."}]
    assert reward["rejected"][1]["content"] == "Because."
    assert reward["margin"] == 1.0


def test_each_question_of_a_form_has_its_pair_and_words_have_none(tmp_path: Path):
    options = read_caption(FORM + "options: A, B\ncompare: ties\ncriteria: Helpful?, Honest?\nreason: Why?").options
    cells = {"consensus": "{}", "consensus:helpful": "A>B", "confidence:helpful": 0.8, "consensus:honest": "A=B"}
    pairs = list(opened(written(tmp_path, "dpo", cells, kind="form", options=options), tmp_path))
    assert [(each["chosen"], each["question"], each["confidence"]) for each in pairs] == [("Because.", "helpful", 0.8)]


def test_only_results_of_what_is_compared_come_so():
    type_ = kind_of("compare").answer_type(("A", "B"))
    assert {"dpo", "dpo chat", "reward"} <= set(formats_of(type_, of_results=True, is_compared=True))
    assert not {"dpo", "dpo chat", "reward"} & set(formats_of(type_, of_results=False, is_compared=True))
    assert not {"dpo", "dpo chat", "reward"} & set(formats_of(type_, of_results=True))


def opened(path: Path, cache: Path) -> Any:
    import datasets  # here: it takes half a second, which every process that collects tests would spend

    return datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(cache / "cache"))
