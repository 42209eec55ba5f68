"""Files and captions of projects in which something is drawn."""

import json

import pytest

from domain.answers import gold_of, kind_of
from formats.captions.caption import FormErrors, read_caption
from formats.tables.reading import read_tasks
from tests.formats.given import problems

BOX = {"label": "cat", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}
RESULT = {"type": "rectanglelabels", "value": {"x": 10, "y": 20, "width": 30, "height": 40, "rectanglelabels": ["cat"]}}
COCO = {"width": 640, "height": 480, "annotations": [{"bbox": [64, 96, 192, 192], "category": "cat"}]}
PICTURE = "https://example.org/1.jpg"
CAPTION = "/newproject\ntitle: Cats\ninstructions: Look.\npay: 0.1\nkind: {}\noptions: {}"


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def read(*rows, kind="boxes", options=("cat", "dog"), **more):
    return read_tasks(lines(*rows), "tasks.jsonl", options, kind, **more)


def test_one_label_is_enough_to_draw_with_and_not_to_choose():
    assert read_caption(CAPTION.format("boxes", "face")).options == ("face",)
    assert read_caption(CAPTION.format("cadres", "visage, main")).kind == "boxes"
    with pytest.raises(FormErrors) as why:
        read_caption(CAPTION.format("choice", "yes"))
    assert [(each.key, each.expected) for each in why.value.errors] == [("options", "options_at_least")]


@pytest.mark.parametrize("gold", [[BOX], {"shapes": [BOX], "threshold": 0.7}, [RESULT], COCO, []])
def test_gold_is_our_json_or_label_studios_or_like_cocos(gold):
    kind = kind_of("boxes")
    for written in (gold, json.dumps(gold)) if gold else ("[]",):  # as JSON of the line, or as a text
        [row] = read({"image": PICTURE, "gold": written}).rows
        assert kind.drawing(kind.answer_of_gold(row.gold)).shapes == (
            kind.drawing(json.dumps([BOX])).shapes if gold else ()
        )
        assert kind.is_right(kind.answer_of_gold(row.gold), row.gold)


def test_labels_that_differ_by_an_accent_are_told_apart():
    shapes = [{**BOX, "label": label} for label in ("pêché", "péché")]
    for label in ("péché", "pêché"):
        gold = gold_of("boxes", json.dumps([{**BOX, "label": label}]), ("péché", "pêché"))
        assert gold is not None
        assert [json.loads(each) for each in gold] == [[each for each in shapes if each["label"] == label]]


def test_labels_of_gold_may_be_written_in_another_case():
    [row] = read({"image": PICTURE, "gold": [{**BOX, "label": "CAT"}]}).rows
    assert json.loads(row.gold[0]) == [BOX]


@pytest.mark.parametrize(
    ("gold", "expected"),
    [
        ("cat", "gold_shapes"), ("[{]", "gold_shapes"), ([{**BOX, "label": "cow"}], "shape_labels"),
        ([{**BOX, "x": 0.8}], "shape_outside"), ([{**BOX, "width": 0}], "shape_small"),
        ([{"label": "cat", "points": [[0, 0], [1, 1]]}], "shape_corners"), ([BOX] * 201, "shapes_at_most"),
        ([{**RESULT, "value": {**RESULT["value"], "rotation": 30}}], "gold_shapes"),
        ({**COCO, "width": 0}, "gold_shapes"), ({"shapes": [BOX], "threshold": 2}, "gold_shapes"),
        ({**COCO, "annotations": [{"bbox": [1]}]}, "gold_shapes"), ({**COCO, "annotations": [7]}, "gold_shapes"),
        ([{**RESULT, "value": "x"}], "gold_shapes"), ([{**RESULT, "value": {"x": 1}}], "gold_shapes"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_gold_is_named(gold, expected):
    written = lines({"image": PICTURE, "gold": gold})
    assert [each.expected for each in problems(written, name="a.jsonl", options=("cat",), kind="boxes")] == [expected]


@pytest.mark.parametrize(
    ("kind", "row", "expected"),
    [
        ("boxes", {"text": "no picture"}, "one_picture"),
        ("points", {"audio": "https://example.org/a.mp3"}, "one_picture"),
        ("boxes", {"image": f"{PICTURE}|https://example.org/2.jpg"}, "one_picture"),
        ("regions", {"image": PICTURE}, "one_sound"), ("spans", {"image": PICTURE}, "text_to_mark"),
    ],
)  # fmt: skip
def test_a_task_has_to_show_what_is_drawn_on(kind, row, expected):
    assert [each.expected for each in problems(lines(row), name="a.jsonl", options=("cat",), kind=kind)] == [expected]


def test_what_is_drawn_on_needs_no_template():
    both = {"text": "Every cat", "image": PICTURE, "width": 640}
    assert read(both).template == "{image}\n{text}"
    assert read(both, kind="spans").template == "{text}"
    assert read({"text": "?", "audio": "https://example.org/a.mp3"}, kind="regions").template == "{audio}\n{text}"


def test_labels_have_to_be_said():
    found = problems(lines({"image": PICTURE}), name="a.jsonl", options=None, kind="boxes")
    assert [(each.column, each.expected) for each in found] == [("options", "labels")]


def test_spans_of_gold_lie_in_the_text():
    text = {"text": "A tabby", "gold": [{"label": "cat", "start": 2, "end": 7}]}
    [row] = read(text, kind="spans").rows
    assert kind_of("spans").answer_of_gold(row.gold) == '[{"label":"cat","start":2,"end":7}]'
    beyond = lines({**text, "gold": [{"label": "cat", "start": 2, "end": 8}]})
    [flaw] = problems(beyond, name="a.jsonl", options=("cat",), kind="spans")
    assert (flaw.column, flaw.expected) == ("gold", "shape_outside")


def test_what_a_model_drew_in_label_studio_stands_beside():
    task = {
        "data": {"image": PICTURE},
        "predictions": [{"model_version": "yolo", "score": 0.8, "result": [RESULT, {**RESULT, "id": "2"}]}],
    }
    [row] = read(task).rows
    [told] = row.ai
    assert (told.model, told.probability) == ("yolo", 0.8)
    assert json.loads(told.answer) == [BOX]
