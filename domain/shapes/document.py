"""An answer as JSON: a list of shapes; or `{"shapes": […], "size": [width, height]}`, where the pixels are known.

    {"label": "cat", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.25}   a box
    {"label": "cat", "points": [[0.1, 0.2], [0.4, 0.2], [0.3, 0.6]]}     a polygon
    {"label": "cat", "x": 0.1, "y": 0.2}                                 a point
    {"label": "PER", "start": 0, "end": 5}                               a span of code points, a region of seconds

Canonical: without blanks, keys as above, shapes sorted (on a picture by label, else by where they begin), none twice.
"""

from __future__ import annotations

import json
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

from domain.refusals import AnswerUnfit, AnswerUnknown
from domain.shapes.shape import (
    DECIMALS,
    Box,
    Point,
    Polygon,
    Region,
    Shape,
    Span,
    area,
    box_of,
    point_of,
    polygon_of,
)

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
def stored(text: str, taken: tuple[type[Shape], ...]) -> Drawing:
    """What `Drawing.text` wrote."""
    shapes, size = apart(json.loads(text))
    return Drawing(tuple(_shape(each, taken) for each in shapes), size)


def read(text: str, taken: tuple[type[Shape], ...], labels: Collection[str]) -> Drawing:
    """What somebody sent. Raises AnswerUnfit and AnswerUnknown; no labels: any."""
    return checked(loaded(text), taken, labels)


def checked(document: Any, taken: tuple[type[Shape], ...], labels: Collection[str]) -> Drawing:
    shapes, size = apart(document)
    if len(shapes) > MOST:
        raise AnswerUnfit(what="shapes_at_most", limit=MOST)
    if sum("points" in shape for shape in shapes) > MOST_POLYGONS:
        raise AnswerUnfit(what="shapes_at_most", limit=MOST_POLYGONS)
    for shape in shapes:
        if labels and shape.get("label") not in labels:
            raise AnswerUnknown(expected=list(labels))
    return drawing_of((_shape(each, taken) for each in shapes), size)


def loaded(text: str) -> Any:
    """JSON of bounded size, without what JSON does not know."""
    try:
        if len(text.encode()) > LARGEST:
            raise AnswerUnfit(what="shapes_at_most", limit=MOST)
        return json.loads(text, parse_constant=_unknown)
    except (ValueError, RecursionError):
        raise _unreadable() from None


def apart(document: Any) -> tuple[list[Mapping[str, Any]], Size | None]:
    """The shapes, and the picture's size."""
    whole = {"shapes": document} if isinstance(document, list) else document
    if not isinstance(whole, dict) or not whole.keys() <= {"shapes", "size"}:
        raise _unreadable()
    shapes = whole.get("shapes")
    if not isinstance(shapes, list) or not all(isinstance(each, dict) for each in shapes):
        raise _unreadable()
    return shapes, size_of(whole.get("size"))


def size_of(pair: Any) -> Size | None:
    if pair is None:
        return None
    if not isinstance(pair, list) or len(pair) != 2 or not all(type(each) is int for each in pair):
        raise _unreadable()
    if not all(0 < each <= PIXELS for each in pair):
        raise _unreadable()
    return pair[0], pair[1]


def _shape(given: Mapping[str, Any], taken: tuple[type[Shape], ...]) -> Shape:
    for of in taken:
        keys, make = _FORMS[of]
        if given.keys() == keys:
            if not isinstance(given["label"], str) or not given["label"] or "\0" in given["label"]:
                raise _unreadable()
            return make(given)
    raise _unreadable()


def _box(given: Mapping[str, Any]) -> Shape:
    x, y, width, height = (_number(given[name]) for name in ("x", "y", "width", "height"))
    left, top, right, bottom = (_inside(each) for each in (x, y, x + width, y + height))
    box = box_of(given["label"], (left, top, right, bottom))
    if min(box.width, box.height) < SMALLEST:
        raise AnswerUnfit(what="shape_small")
    return box


def _polygon(given: Mapping[str, Any]) -> Shape:
    points = given["points"]
    if not isinstance(points, list) or not all(isinstance(each, list) and len(each) == 2 for each in points):
        raise _unreadable()
    if not CORNERS[0] <= len(points) <= CORNERS[1]:
        raise AnswerUnfit(what="shape_corners", limit=CORNERS[1])
    polygon = polygon_of(given["label"], [(_inside(_number(x)), _inside(_number(y))) for x, y in points])
    if len(polygon.corners) < CORNERS[0] or abs(area(polygon.corners)) < FLATTEST:
        raise AnswerUnfit(what="shape_small")
    return polygon


def _point(given: Mapping[str, Any]) -> Shape:
    return point_of(given["label"], _inside(_number(given["x"])), _inside(_number(given["y"])))


def _span(given: Mapping[str, Any]) -> Shape:
    start, end = given["start"], given["end"]
    if type(start) is not int or type(end) is not int:
        raise _unreadable()
    if not 0 <= start < end <= TEXT:
        raise AnswerUnfit(what="shape_outside")
    return Span(given["label"], start, end)


def _region(given: Mapping[str, Any]) -> Shape:
    start, end = (round(_number(given[name]), DECIMALS) for name in ("start", "end"))
    if start < 0 or end > LONGEST:
        raise AnswerUnfit(what="shape_outside")
    if end - start < SHORTEST / 2:
        raise AnswerUnfit(what="shape_small")
    return Region(given["label"], start, end)


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
        found = float(value)
    except OverflowError:  # hundreds of digits
        raise _unreadable() from None
    if not isfinite(found):
        raise _unreadable()
    return found


def _inside(value: float) -> float:
    """Of a side; what is barely beyond it is taken back."""
    if not -BEYOND <= value <= 1 + BEYOND:
        raise AnswerUnfit(what="shape_outside")
    return min(1.0, max(0.0, value))


def _unknown(name: str) -> float:
    raise ValueError(name)


def _unreadable() -> AnswerUnfit:
    return AnswerUnfit(what="shapes")


def bare(text: str, taken: tuple[type[Shape], ...]) -> str:
    """The list of shapes alone."""
    return Drawing(stored(text, taken).shapes).text


LABELS = "labels"  # ends the name of the list that holds a region's label
NAMES = ("category", "category_name", "label")


def translated(document: Any) -> Any:
    """What is in no foreign form stays as it is. Raises ValueError for what is incomplete."""
    try:
        if isinstance(document, list) and document and all("value" in each for each in document):
            return _label_studio(document)
        if isinstance(document, dict) and "annotations" in document:
            return _coco(document)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError("incomplete") from error
    return document


def _label_studio(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shapes = [_foreign_region(each["value"]) for each in results]
    sizes = [(each["original_width"], each["original_height"]) for each in results if "original_width" in each]
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
    shapes = [_annotation(each, width, height) for each in document["annotations"]]
    return {"shapes": shapes, "size": [width, height]}


def _annotation(given: Mapping[str, Any], width: int, height: int) -> dict[str, Any]:
    label = [given[name] for name in NAMES if name in given][0]  # noqa: RUF015 - without one it is incomplete
    outline = given.get("segmentation")
    if outline:
        [ring] = outline
        corners = zip(ring[::2], ring[1::2], strict=True)
        return {"label": label, "points": [[x / width, y / height] for x, y in corners]}
    x, y, across, down = given["bbox"]
    box = {"x": x / width, "y": y / height, "width": across / width, "height": down / height}
    return {"label": label, **box}
