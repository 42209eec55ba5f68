"""What was drawn, read back: COCO by pycocotools, YOLO line by line, Label Studio's regions by their keys."""

import contextlib
import io
import json
import zipfile

import pytest
from pycocotools.coco import COCO

from domain.answers import kind_of
from domain.handing_in import AnswerType
from domain.moments import Moment
from formats.result_columns import results_columns, submissions_columns
from formats.writing import WRITERS, formats_of
from jobs.exports import get_export_type
from tests.house import a_project

LABELS = ("cat", "big dog")
BOX = {"label": "big dog", "x": 0.25, "y": 0.1, "width": 0.5, "height": 0.4}
RING = {"label": "cat", "points": [[0.1, 0.2], [0.5, 0.2], [0.3, 0.6]]}
SIZED = results_columns(["image"], kind_of("boxes").score_columns(LABELS))
TOLD = ("open", None, None)


def row(task, picture, shapes, size=None, sure=None, state="closed"):
    consensus = None if shapes is None else json.dumps(shapes)
    confidences = None if shapes is None else json.dumps(sure or [0.9] * len(shapes))
    return (task, picture, consensus, 0.97, 3, state, confidences, size, None, None)


ROWS = (
    row("t1", "https://example.org/a/street%201.jpg", [RING, BOX], "640x480", [0.8, 0.95]),
    row("t2", "street 1.png", [], "10x20"),
    row("t3", "lost.jpg", [BOX]),
    row("t4", "open.jpg", None, state="open"),
)


def written(name, columns, rows, kind="boxes"):
    file = io.BytesIO()
    WRITERS[name].write(file, columns, iter(rows), kind_of(kind).answer_type(LABELS))
    return file.getvalue()


def coco_of(data, tmp_path):
    path = tmp_path / "coco.json"
    path.write_bytes(data)
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def test_coco_is_read_by_its_own_tool(tmp_path):
    coco = coco_of(written("coco", SIZED, ROWS), tmp_path)
    assert [(c["id"], c["name"]) for c in coco.loadCats(coco.getCatIds())] == [(1, "cat"), (2, "big dog")]
    one, two = coco.loadImgs(coco.getImgIds())
    assert (one["file_name"], one["width"], one["height"], one["task"]) == ("street 1.jpg", 640, 480, "t1")
    assert two["file_name"] == "street 1.png"  # nothing is on it
    outline, box = coco.loadAnns(coco.getAnnIds(imgIds=one["id"]))
    assert coco.getAnnIds(imgIds=two["id"]) == []
    assert box["bbox"] == [160, 48, 320, 192]
    assert (box["area"], box["score"], box["category_id"]) == (320 * 192, 0.95, 2)
    assert coco.annToMask(box).sum() == pytest.approx(320 * 192, rel=0.01)
    assert coco.annToMask(outline).sum() == pytest.approx(outline["area"], rel=0.02)
    assert outline["area"] == pytest.approx(256 * 192 / 2)


def test_a_picture_whose_pixels_are_not_known_is_left_out_and_named():
    found = json.loads(written("coco", SIZED, ROWS))
    assert found["info"]["left_out"] == ["t3"]
    assert "width and height" in found["info"]["why"]
    assert "left_out" not in json.loads(written("coco", SIZED, ROWS[:2]))["info"]


def test_the_tables_own_columns_may_say_how_large_a_picture_is():
    columns = results_columns(["image", "width", "height"], kind_of("boxes").score_columns(LABELS))
    task, picture, *rest = row("t1", "a.jpg", [BOX])
    [image] = json.loads(written("coco", columns, [(task, picture, "200", "100", *rest)]))["images"]
    assert (image["width"], image["height"]) == (200, 100)


def test_points_are_key_points_in_coco(tmp_path):
    rows = [row("t1", "a.jpg", [{"label": "cat", "x": 0.5, "y": 0.25}], "200x100")]
    coco = coco_of(written("coco", SIZED, rows, "points"), tmp_path)
    [point] = coco.loadAnns(coco.getAnnIds())
    assert (point["keypoints"], point["num_keypoints"]) == ([100, 25, 2], 1)
    assert coco.loadCats([1])[0]["keypoints"] == ["cat"]


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_yolo_has_a_line_a_box_in_fractions_of_the_picture():
    files = unzipped(written("yolo", SIZED, ROWS))
    assert files["classes.txt"] == "cat\nbig dog\n"
    assert '1: "big dog"' in files["data.yaml"]
    assert files["labels/street-1.txt"].splitlines() == [
        "0 0.300000 0.400000 0.400000 0.400000",  # the bounds of a polygon
        "1 0.500000 0.300000 0.500000 0.400000",
    ]
    assert files["labels/street-1-2.txt"] == ""
    assert files["labels/lost.txt"].startswith("1 ")
    assert "labels/open.txt" not in files


def test_where_only_polygons_are_drawn_yolo_has_their_corners():
    files = unzipped(written("yolo", SIZED, [row("t1", "a.jpg", [RING])], "polygons"))
    assert files["labels/a.txt"] == "0 0.100000 0.200000 0.500000 0.200000 0.300000 0.600000\n"


def test_label_studio_gets_regions_in_percent():
    one, two, three, _ = json.loads(written("labelstudio", SIZED, ROWS))
    outline, box = one["predictions"][0]["result"]
    assert box["type"] == "rectanglelabels"
    assert (box["from_name"], box["to_name"], box["score"]) == ("answer", "image", 0.95)
    assert (box["original_width"], box["original_height"], box["image_rotation"]) == (640, 480, 0)
    sides = {"x": 25, "y": 10, "width": 50, "height": 40, "rotation": 0}
    assert box["value"] == {**sides, "rectanglelabels": ["big dog"]}
    assert outline["type"] == "polygonlabels"
    assert outline["value"]["points"] == [[10, 20], [50, 20], [30, 60]]
    assert outline["value"]["polygonlabels"] == ["cat"]
    assert two["predictions"] == []
    assert "original_width" not in three["predictions"][0]["result"][0]


def test_label_studio_gets_labels_of_texts_and_sounds():
    span = json.dumps([{"label": "cat", "start": 2, "end": 7}])
    columns = submissions_columns(["text"])
    [task] = json.loads(
        written("labelstudio", columns, [("t1", "A tabby 🐈", "w1", span, None, 4, "accepted", None)], "spans")
    )
    [region] = task["annotations"][0]["result"]
    assert (region["type"], region["to_name"]) == ("labels", "text")
    assert region["value"] == {"start": 2, "end": 7, "text": "tabby", "labels": ["cat"]}
    heard = json.dumps([{"label": "cat", "start": 0.5, "end": 2.25}])
    columns = submissions_columns(["audio"])
    [task] = json.loads(
        written("labelstudio", columns, [("t1", "a.mp3", "w1", heard, None, 4, "accepted", None)], "regions")
    )
    [region] = task["annotations"][0]["result"]
    assert (region["to_name"], region["value"]["channel"], region["value"]["end"]) == ("audio", 0, 2.25)


def test_what_label_studio_was_given_is_gold_again():
    """There and back."""
    result = json.loads(written("labelstudio", SIZED, ROWS))[0]["predictions"][0]["result"]
    gold = kind_of("boxes").parse_gold(json.dumps(result), LABELS)
    assert json.loads(gold) == {"shapes": [BOX, RING], "size": [640, 480]}


def test_lines_of_json_hold_lists_of_shapes():
    import pandas as pd  # here: it takes half a second, which every process that collects tests would spend

    lines = written("jsonl", SIZED, ROWS)
    found = pd.read_json(io.BytesIO(lines), lines=True)
    outline, box = found["consensus"][0]
    assert (outline["label"], box["label"]) == ("cat", "big dog")
    assert outline["points"][1] == pytest.approx([0.5, 0.2])
    assert found["shape_confidences"][0] == pytest.approx([0.8, 0.95])


def test_only_what_is_drawn_on_pictures_comes_as_coco_and_only_what_has_an_area_as_yolo():
    offered = {
        kind: [each for each in ("coco", "yolo") if each in formats_of(kind_of(kind).answer_type(LABELS), True)]
        for kind in ("boxes", "polygons", "points", "spans", "regions")
    }
    both = ["coco", "yolo"]
    assert offered == {"boxes": both, "polygons": both, "points": ["coco"], "spans": [], "regions": []}
    assert "coco" not in formats_of(AnswerType.OPTION, of_results=True)
    assert "yolo" not in formats_of(kind_of("boxes").answer_type(LABELS), of_results=False)


@pytest.mark.parametrize("text", ["a cat", "12", ""])
def test_what_a_requester_calls_an_answer_stays_their_text(text):
    columns = results_columns(["image", "answer", "crowd"], kind_of("boxes").score_columns(LABELS))
    task, picture, *rest = row("t1", "a.jpg", [BOX])
    told = json.loads(written("jsonl", columns, [(task, picture, text, text, *rest)]))
    assert (told["answer"], told["crowd"], told["consensus"]) == (text, text, [BOX])
    columns = submissions_columns(["image", "shape_confidences", "picture_size"])
    given = ("t1", "a.jpg", text, "big", "w1", json.dumps([BOX]), None, 1.5, "accepted", None)
    assert json.loads(written("jsonl", columns, [given]))["shape_confidences"] == text
    (told,) = json.loads(written("labelstudio", columns, [given]))
    assert (told["data"]["shape_confidences"], len(told["annotations"][0]["result"])) == (text, 1)


@pytest.mark.parametrize(("kind", "shown"), [("spans", "text"), ("boxes", "image_b"), ("regions", "audio_2")])
def test_regions_are_of_what_was_shown(kind, shown):
    """Of a table with a title before the text, they named the title."""
    first = {"spans": "title", "boxes": "image_a", "regions": "audio_1"}[kind]
    project = a_project(1, Moment(0), kind=kind, options=LABELS, columns=(first, shown), template=f"Look!\n{{{shown}}}")
    shape = {"label": "cat", "start": 0, "end": 4} if kind != "boxes" else BOX
    columns = submissions_columns([first, shown])
    given = ("t1", "My holidays", "Anna went", "w1", json.dumps([shape]), None, 1.5, "accepted", None)
    file = io.BytesIO()
    WRITERS["labelstudio"].write(file, columns, iter([given]), get_export_type(project, "labelstudio"))
    (region,) = json.loads(file.getvalue())[0]["annotations"][0]["result"]
    assert (region["to_name"], region["value"].get("text", "Anna")) == (shown, "Anna")


def test_files_of_drawings_are_named_after_the_picture_that_was_shown():
    names = ("image_a", "image_b")
    project = a_project(1, Moment(0), kind="boxes", options=LABELS, columns=names, template="{image_b}")
    columns = results_columns(names, kind_of("boxes").score_columns(LABELS))
    task, picture, *rest = row("t1", "a.jpg", [BOX], "640x480")
    for form in ("coco", "yolo"):
        file = io.BytesIO()
        WRITERS[form].write(file, columns, iter([(task, picture, "b.jpg", *rest)]), get_export_type(project, form))
        if form == "coco":
            assert json.loads(file.getvalue())["images"][0]["file_name"] == "b.jpg"
        else:
            assert "labels/b.txt" in unzipped(file.getvalue())
