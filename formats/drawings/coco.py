"""COCO's JSON out: images, categories (the labels, from 1) and annotations in pixels, each with its confidence as
`score`. A box is its own outline; a point is a category's only key point.

COCO knows pixels alone: a picture whose size is not known is left out, and `info` names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import orjson

from domain.answers import AnswerType, ExportType
from domain.handing_in import ShapesType
from domain.shapes.document import Size
from domain.shapes.polygons import area
from domain.shapes.shape import Box, Point, Polygon, Shape
from formats.drawings.rows import DrawnRow, drawn_rows
from formats.values import Value

DIGITS = 2  # of a pixel
UNKNOWN = "pictures whose size in pixels is not known: add columns width and height to the table, or take yolo"
Json = dict[str, Any]


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Images are written as they come; annotations are small and wait for them."""
    if not isinstance(answer_type, ShapesType):
        raise ValueError("nothing is drawn")
    number = {label: at for at, label in enumerate(answer_type.labels, 1)}
    annotations, left_out = list[Json](), list[str]()
    file.write(b'{"images": [')
    begun = False
    for row in drawn_rows(columns, rows, answer_type):
        if row.size is None:
            left_out.append(row.task)
            continue
        file.write((b",\n" if begun else b"\n") + orjson.dumps(_image(row, row.size)))
        begun = True
        for shape, sure in zip(row.shapes, row.sure, strict=True):
            about = {"id": len(annotations) + 1, "image_id": row.number, "category_id": number[shape.label]}
            annotations.append(about | _geometry(shape, row.size) | ({} if sure is None else {"score": sure}))
    file.write(b'\n],\n"categories": ' + orjson.dumps([_category(*each, answer_type) for each in number.items()]))
    file.write(b',\n"annotations": ' + orjson.dumps(annotations))
    told = {"left_out": left_out, "why": UNKNOWN} if left_out else {}
    file.write(b',\n"info": ' + orjson.dumps({"description": "consensus of several people", **told}) + b"}\n")


def _image(row: DrawnRow, size: Size) -> Json:
    return {"id": row.number, "file_name": row.file, "width": size[0], "height": size[1], "task": row.task}


def _category(name: str, number: int, drawn: ShapesType) -> Json:
    points = {} if drawn.has_areas else {"keypoints": [name], "skeleton": []}
    return {"id": number, "name": name, "supercategory": "", **points}


def _geometry(shape: Shape, size: Size) -> Json:
    width, height = size
    if isinstance(shape, Point):
        x, y = _pixels(shape.x, width), _pixels(shape.y, height)
        nothing = {"bbox": [x, y, 0.0, 0.0], "area": 0.0, "segmentation": [], "iscrowd": 0}
        return {"keypoints": [x, y, 2], "num_keypoints": 1, **nothing}
    if not isinstance(shape, Box | Polygon):
        raise TypeError("no shape of a picture")
    left, top, right, bottom = shape.bounds
    around = (left, top), (right, top), (right, bottom), (left, bottom)
    corners = shape.corners if isinstance(shape, Polygon) else around
    ring = [(_pixels(x, width), _pixels(y, height)) for x, y in corners]
    box = [_pixels(left, width), _pixels(top, height), _pixels(right - left, width), _pixels(bottom - top, height)]
    outline = [coordinate for corner in ring for coordinate in corner]
    return {"bbox": box, "area": round(abs(area(ring)), DIGITS), "segmentation": [outline], "iscrowd": 0}


def _pixels(share: float, side: int) -> float:
    return round(share * side, DIGITS)
