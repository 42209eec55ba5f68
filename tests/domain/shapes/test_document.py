"""The JSON of what is drawn: what is taken, and its one canonical form."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.refusals import AnswerUnfit, AnswerUnknown
from domain.shapes.document import LARGEST, MOST, bare_shapes, load_stored, parse_drawing
from domain.shapes.shape import Box, Point, Polygon, Region, Span

LABELS = ("cat", "dog | wolf")
ANYTHING = (Box, Polygon)


def refused(document, taken=ANYTHING):
    with pytest.raises((AnswerUnfit, AnswerUnknown)) as why:
        parse_drawing(document if isinstance(document, str) else json.dumps(document), taken, LABELS)
    return getattr(why.value, "what", "label")


def box(**more):
    return {"label": "cat", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.25, **more}


def test_shapes_are_sorted_rounded_and_there_once():
    told = [box(label="dog | wolf"), box(x=0.12345678), box(), box()]
    assert json.loads(parse_drawing(json.dumps(told), ANYTHING, LABELS).text) == [
        box(),
        box(x=0.1235),
        box(label="dog | wolf"),
    ]


def test_the_text_has_no_blanks_and_keeps_the_pictures_size():
    text = parse_drawing(json.dumps({"size": [640, 480], "shapes": [box()]}), ANYTHING, LABELS).text
    assert text == '{"shapes":[{"label":"cat","x":0.1,"y":0.2,"width":0.3,"height":0.25}],"size":[640,480]}'
    assert bare_shapes(text, ANYTHING) == '[{"label":"cat","x":0.1,"y":0.2,"width":0.3,"height":0.25}]'
    assert parse_drawing("[]", ANYTHING, LABELS).text == "[]"


def test_a_polygon_begins_at_its_left_most_corner_whichever_way_it_was_drawn():
    ring = [[0.5, 0.1], [0.9, 0.5], [0.1, 0.6]]
    forms = {
        parse_drawing(json.dumps([{"label": "cat", "points": each}]), ANYTHING, LABELS).text
        for each in (ring, ring[::-1], [*ring[1:], ring[0]], [*ring, ring[0]])
    }
    assert forms == {'[{"label":"cat","points":[[0.1,0.6],[0.5,0.1],[0.9,0.5]]}]'}


def test_a_finger_may_slip_a_little_over_the_edge():
    [shape] = parse_drawing(json.dumps([box(x=-0.005, width=1.01)]), ANYTHING, LABELS).shapes
    assert shape == Box("cat", 0.0, 0.2, 1.0, 0.25)
    assert refused([box(x=-0.02)]) == "shape_outside"
    assert refused([box(width=0.95)]) == "shape_outside"


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ("", "shapes"), ("[", "shapes"), ("[" * 60_000, "shapes"), ("7", "shapes"), ("{}", "shapes"), ("[1]", "shapes"),
        ('[{"label":"cat","x":NaN,"y":0,"width":1,"height":1}]', "shapes"),
        ('[{"label":"cat","x":1e999,"y":0,"width":1,"height":1}]', "shapes"),
        ([box(x=10**400)], "shapes"), ([box(width=-(10**400))], "shapes"),
        ([{"label": "cat", "points": [[0, 0], [1, 0], [1, 10**400]]}], "shapes"),
        ([box(x=True)], "shapes"), ([box(x="0.1")], "shapes"), ([box(color="red")], "shapes"),
        ([{"label": "cat", "x": 0.1, "y": 0.2}], "shapes"), ([{"label": "cat", "start": 0, "end": 1}], "shapes"),
        ([{"label": "cat", "points": [[0, 0], [1, 0], [1]]}], "shapes"),
        ({"shapes": [], "size": [0, 3]}, "shapes"), ({"shapes": [], "size": [3.5, 3]}, "shapes"),
        ({"shapes": [], "size": [10**9, 3]}, "shapes"), ({"shapes": [], "more": 1}, "shapes"),
        ([box(label="cow")], "label"), ([box(label=["cat"])], "label"), ([{"x": 0}], "label"),
        ([box(width=0)], "shape_small"), ([box(height=-0.1)], "shape_small"),
        ([{"label": "cat", "points": [[0, 0], [0.5, 0.5], [1, 1]]}], "shape_small"),
        ([{"label": "cat", "points": [[0, 0], [1, 0]]}], "shape_corners"),
        ([box(x=0.1 + at / 10_000) for at in range(MOST + 1)], "shapes_at_most"),
        ([{"label": "cat", "points": [[0, 0], [1, 0], [1, at / 200 + 0.1]]} for at in range(101)], "shapes_at_most"),
        ('["' + "x" * LARGEST + '"]', "shapes_at_most"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_by_name(document, what):
    assert refused(document) == what


def test_spans_are_whole_code_points_and_regions_hundredths_of_seconds():
    span = {"label": "cat", "start": 2, "end": 5}
    assert parse_drawing(json.dumps([span]), (Span,), LABELS).shapes == (Span("cat", 2, 5),)
    region = {"label": "cat", "start": 0.123, "end": 2}
    assert parse_drawing(json.dumps([region]), (Region,), LABELS).text == '[{"label":"cat","start":0.12,"end":2.0}]'
    for start, end in ((5, 5), (-1, 3), (6, 5)):
        assert refused([{**span, "start": start, "end": end}], (Span,)) == "shape_outside"
    assert refused([{**span, "end": 5.0}], (Span,)) == "shapes"
    assert refused([{**region, "end": 0.12}], (Region,)) == "shape_small"
    assert refused([{**region, "end": 90_000}], (Region,)) == "shape_outside"


SIDE = st.floats(0, 1)


@settings(max_examples=60, derandomize=True)
@given(st.lists(st.tuples(SIDE, SIDE, SIDE, SIDE), max_size=4), st.lists(st.tuples(SIDE, SIDE), min_size=3, max_size=9))
def test_what_was_read_is_read_back_as_it_is(boxes, ring):
    told = [
        {"label": "cat", "x": x * 0.9, "y": y * 0.9, "width": 0.01 + w * (0.99 - x * 0.9), "height": 0.01 + h * 0.05}
        for x, y, w, h in boxes
    ]
    try:
        drawing = parse_drawing(json.dumps([*told, {"label": "cat", "points": ring}]), ANYTHING, LABELS)
    except AnswerUnfit:  # the ring is flat
        drawing = parse_drawing(json.dumps(told), ANYTHING, LABELS)
    assert load_stored(drawing.text, ANYTHING) == drawing
    assert parse_drawing(drawing.text, ANYTHING, LABELS).text == drawing.text


def test_points_are_points():
    assert parse_drawing('[{"label":"cat","x":0.5,"y":1}]', (Point,), LABELS).shapes == (Point("cat", 0.5, 1.0),)
