"""An answer as JSON: a list of shapes; or `{"shapes": […], "size": [width, height]}`, where the pixels are known.

    {"label": "cat", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.25}   a box
    {"label": "cat", "points": [[0.1, 0.2], [0.4, 0.2], [0.3, 0.6]]}     a polygon
    {"label": "cat", "x": 0.1, "y": 0.2}                                 a point
    {"label": "PER", "start": 0, "end": 5}                               a span of code points, a region of seconds

Canonical: without blanks, keys as above, shapes sorted (on a picture by label, else by where they begin), none twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

from domain.refusals import AnswerUnfit, AnswerUnknown
from domain.shapes.shape import DECIMALS, Box, Point, Polygon, Region, Shape, Span, area, box_of, point_of, polygon_of

MOST, MOST_POLYGONS, LARGEST = 200, 100, 64 << 10  # shapes, polygons and bytes of an answer
CORNERS = 3, 200
SMALLEST, FLATTEST = 0.001, 1e-6  # a box's side, a polygon's area
BEYOND = 0.01  # of a side: a finger that slipped over the picture's edge is taken back to it
LONGEST, SHORTEST = 86_400.0, 0.01  # seconds of a sound, and of a region
PIXELS = 65_535
TEXT = 1 << 20  # code points

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`size`: of the picture, in pixels; None where it is not known."""

    shapes: tuple[Shape, ...]
    size: Size | None = None

    @property
    def text(self) -> str:
        """The canonical form."""
        shapes = [shape.document() for shape in self.shapes]
        whole = shapes if self.size is None else {"shapes": shapes, "size": list(self.size)}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def drawing_of(shapes: Iterable[Shape], size: Size | None = None) -> Drawing:
    """Sorted, each shape once."""
    return Drawing(tuple(sorted(set(shapes), key=lambda shape: shape.order)), size)


@lru_cache(maxsize=4096)
def load_stored(text: str, kinds: tuple[type[Shape], ...]) -> Drawing:
    """Return the drawing that `Drawing.text` wrote."""
    shapes, size = split_document(json.loads(text))
    return Drawing(tuple(_shape(fields, kinds) for fields in shapes), size)


def parse_drawing(text: str, kinds: tuple[type[Shape], ...], labels: Collection[str]) -> Drawing:
    """Return the drawing that a worker sent. Raise AnswerUnfit or AnswerUnknown; empty `labels` allow any label."""
    return check_drawing(loaded(text), kinds, labels)


def check_drawing(document: Any, kinds: tuple[type[Shape], ...], labels: Collection[str]) -> Drawing:
    """Return the drawing of a document. Raise AnswerUnfit for too many shapes, AnswerUnknown for other labels."""
    shapes, size = split_document(document)
    if len(shapes) > MOST:
        raise AnswerUnfit(what="shapes_at_most", limit=MOST)
    if sum("points" in shape for shape in shapes) > MOST_POLYGONS:
        raise AnswerUnfit(what="shapes_at_most", limit=MOST_POLYGONS)
    for shape in shapes:
        if labels and shape.get("label") not in labels:
            raise AnswerUnknown(expected=list(labels))
    return drawing_of((_shape(fields, kinds) for fields in shapes), size)


def loaded(text: str) -> Any:
    """JSON of bounded size, without what JSON does not know."""
    try:
        if len(text.encode()) > LARGEST:
            raise AnswerUnfit(what="shapes_at_most", limit=MOST)
        return json.loads(text, parse_constant=_unknown)
    except (ValueError, RecursionError):
        raise _unreadable() from None


def split_document(document: Any) -> tuple[list[Mapping[str, Any]], Size | None]:
    """Return the shapes, and the picture's size or None. Raise AnswerUnfit if the document is no drawing."""
    whole = {"shapes": document} if isinstance(document, list) else document
    if not isinstance(whole, dict) or not whole.keys() <= {"shapes", "size"}:
        raise _unreadable()
    shapes = whole.get("shapes")
    if not isinstance(shapes, list) or not all(isinstance(fields, dict) for fields in shapes):
        raise _unreadable()
    return shapes, size_of(whole.get("size"))


def size_of(pair: Any) -> Size | None:
    if pair is None:
        return None
    if not isinstance(pair, list) or len(pair) != 2 or not all(type(side) is int for side in pair):
        raise _unreadable()
    if not all(0 < side <= PIXELS for side in pair):
        raise _unreadable()
    return pair[0], pair[1]


def _shape(fields: Mapping[str, Any], kinds: tuple[type[Shape], ...]) -> Shape:
    for shape_type in kinds:
        keys, make = _FORMS[shape_type]
        if fields.keys() == keys:
            if not isinstance(fields["label"], str) or not fields["label"] or "\0" in fields["label"]:
                raise _unreadable()
            return make(fields)
    raise _unreadable()


def _box(fields: Mapping[str, Any]) -> Shape:
    x, y, width, height = (_number(fields[name]) for name in ("x", "y", "width", "height"))
    left_side, top, right, bottom = (_inside(value) for value in (x, y, x + width, y + height))
    box = box_of(fields["label"], (left_side, top, right, bottom))
    if min(box.width, box.height) < SMALLEST:
        raise AnswerUnfit(what="shape_small")
    return box


def _polygon(fields: Mapping[str, Any]) -> Shape:
    points = fields["points"]
    if not isinstance(points, list) or not all(isinstance(corner, list) and len(corner) == 2 for corner in points):
        raise _unreadable()
    if not CORNERS[0] <= len(points) <= CORNERS[1]:
        raise AnswerUnfit(what="shape_corners", limit=CORNERS[1])
    polygon = polygon_of(fields["label"], [(_inside(_number(x)), _inside(_number(y))) for x, y in points])
    if len(polygon.corners) < CORNERS[0] or abs(area(polygon.corners)) < FLATTEST:
        raise AnswerUnfit(what="shape_small")
    return polygon


def _point(fields: Mapping[str, Any]) -> Shape:
    return point_of(fields["label"], _inside(_number(fields["x"])), _inside(_number(fields["y"])))


def _span(fields: Mapping[str, Any]) -> Shape:
    start, end = fields["start"], fields["end"]
    if type(start) is not int or type(end) is not int:
        raise _unreadable()
    if not 0 <= start < end <= TEXT:
        raise AnswerUnfit(what="shape_outside")
    return Span(fields["label"], start, end)


def _region(fields: Mapping[str, Any]) -> Shape:
    start, end = (round(_number(fields[name]), DECIMALS) for name in ("start", "end"))
    if start < 0 or end > LONGEST:
        raise AnswerUnfit(what="shape_outside")
    if end - start < SHORTEST / 2:
        raise AnswerUnfit(what="shape_small")
    return Region(fields["label"], start, end)


_FORMS: Mapping[type[Shape], tuple[set[str], Callable[[Mapping[str, Any]], Shape]]] = {
    Box: ({"label", "x", "y", "width", "height"}, _box),
    Polygon: ({"label", "points"}, _polygon),
    Point: ({"label", "x", "y"}, _point),
    Span: ({"label", "start", "end"}, _span),
    Region: ({"label", "start", "end"}, _region),
}


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unreadable()
    try:
        number = float(value)
    except OverflowError:  # hundreds of digits
        raise _unreadable() from None
    if not isfinite(number):
        raise _unreadable()
    return number


def _inside(value: float) -> float:
    """Return the fraction of a side; one that is barely outside is moved to the edge. Raise AnswerUnfit if it is far
    outside."""
    if not -BEYOND <= value <= 1 + BEYOND:
        raise AnswerUnfit(what="shape_outside")
    return min(1.0, max(0.0, value))


def _unknown(name: str) -> float:
    raise ValueError(name)


def _unreadable() -> AnswerUnfit:
    return AnswerUnfit(what="shapes")


def bare_shapes(text: str, kinds: tuple[type[Shape], ...]) -> str:
    """Return the text of the list of shapes alone."""
    return Drawing(load_stored(text, kinds).shapes).text


LABELS = "labels"  # ends the name of the list that holds a region's label
NAMES = ("category", "category_name", "label")


def translate_foreign(document: Any) -> Any:
    """Return the document of Label Studio or COCO in our form; any other document unchanged. Raise ValueError for an
    incomplete one."""
    try:
        if isinstance(document, list) and document and all("value" in result for result in document):
            return _label_studio(document)
        if isinstance(document, dict) and "annotations" in document:
            return _coco(document)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError("incomplete") from error
    return document


def _label_studio(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shapes = [_foreign_region(result["value"]) for result in results]
    sizes = [(result["original_width"], result["original_height"]) for result in results if "original_width" in result]
    return {"shapes": shapes, "size": list(sizes[0])} if sizes else {"shapes": shapes}


def _foreign_region(value: Mapping[str, Any]) -> dict[str, Any]:
    if value.get("rotation"):
        raise ValueError("a rotated box")
    [[label]] = [value[key] for key in value if key.endswith(LABELS)]
    if "start" in value:
        return {"label": label, "start": value["start"], "end": value["end"]}
    if "points" in value:
        return {"label": label, "points": [[x / 100, y / 100] for x, y in value["points"]]}
    corner = {"label": label, "x": value["x"] / 100, "y": value["y"] / 100}
    if "height" not in value:
        return corner  # a key point; its width is how large it is shown
    return {**corner, "width": value["width"] / 100, "height": value["height"] / 100}


def _coco(document: Mapping[str, Any]) -> dict[str, Any]:
    width, height = document["width"], document["height"]
    shapes = [_annotation(annotation, width, height) for annotation in document["annotations"]]
    return {"shapes": shapes, "size": [width, height]}


def _annotation(fields: Mapping[str, Any], width: int, height: int) -> dict[str, Any]:
    label = [fields[name] for name in NAMES if name in fields][0]  # noqa: RUF015 - without one it is incomplete
    outline = fields.get("segmentation")
    if outline:
        [ring] = outline
        corners = zip(ring[::2], ring[1::2], strict=True)
        return {"label": label, "points": [[x / width, y / height] for x, y in corners]}
    x, y, across, down = fields["bbox"]
    box = {"x": x / width, "y": y / height, "width": across / width, "height": down / height}
    return {"label": label, **box}
