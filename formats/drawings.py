"""Drawings in the formats of the tools that read them: COCO, YOLO; and Label Studio's regions."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import orjson

from domain.handing_in import (
    AnswerType,
    ExportType,
    ShapesType,
    Surface,
)
from domain.projects.tasks import (
    AUDIO,
    PHOTO,
    VOICE,
    kind_of_column,
    parts_of,
)
from domain.shapes.document import Size, stored
from domain.shapes.kind import SIZE, SURE
from domain.shapes.shape import (
    Box,
    Interval,
    Point,
    Polygon,
    Region,
    Shape,
    Span,
    area,
)
from formats.result_columns import Value, shape_of

TAKEN: Mapping[Surface, tuple[type[Shape], ...]] = {
    Surface.PICTURE: (Box, Polygon, Point),
    Surface.TEXT: (Span,),
    Surface.SOUND: (Region,),
}
_MEDIA = {Surface.PICTURE: (PHOTO,), Surface.TEXT: (None,), Surface.SOUND: (AUDIO, VOICE)}
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})", re.ASCII)
_SIDES = ("width", "height")  # columns of the table that name them


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A task whose consensus is a drawing: its number in the file, its picture's name, its size in pixels if that is
    known, and each shape with its confidence."""

    number: int
    task: str
    file: str
    size: Size | None
    shapes: tuple[Shape, ...]
    sure: tuple[float | None, ...]


def drawn_rows(columns: Sequence[str], rows: Iterable[Sequence[Value]], drawn: ShapesType) -> Iterator[DrawnRow]:
    """Of tasks that have a consensus: an empty one says that nothing is there."""
    shape, at = shape_of(columns), {name: place for place, name in enumerate(columns)}
    number = 0
    for row in rows:
        answer = row[at["consensus"]]
        if not isinstance(answer, str) or not answer:
            continue
        number += 1
        shapes = stored(answer, TAKEN[drawn.on]).shapes
        sure = orjson.loads(str(row[at[SURE]] or "[]"))
        content = {name: str(cell or "") for name, cell in zip(shape.content, row[1:], strict=False)}
        size = size_of(str(row[at[SIZE]] or ""), content)
        padded = (*sure, *(None for _ in shapes))[: len(shapes)]
        yield DrawnRow(number, str(row[0]), file_of(drawn, content, number), size, shapes, padded)


def size_of(told: str, content: Mapping[str, str]) -> Size | None:
    """What the people who drew saw; else the table's columns `width` and `height`."""
    if found := _SIZE.fullmatch(told):
        return int(found[1]), int(found[2])
    sides = [content.get(name, "").strip() for name in _SIDES]
    if all(side.isascii() and side.isdigit() and 0 < int(side) < 65_536 for side in sides):
        return int(sides[0]), int(sides[1])
    return None


def column_of(drawn: ShapesType, content: Mapping[str, str]) -> str | None:
    """The one that is drawn on: of those that are shown, the first of that kind with something in it."""
    kinds = _MEDIA[drawn.on]
    shown = [name for name in drawn.columns if kind_of_column(name) in kinds] or list(drawn.columns)
    names = shown or [name for name in content if kind_of_column(name) in kinds]
    return next((name for name in names if content.get(name)), next(iter(names), None))


def file_of(drawn: ShapesType, content: Mapping[str, str], number: int) -> str:
    """The picture's name: of its address the last part."""
    part = next(iter(parts_of(content.get(column_of(drawn, content) or "", ""))), "")
    name = PurePosixPath(unquote(urlsplit(part).path) if "://" in part else part).name
    return name or f"{number}"


DIGITS = 2  # of a pixel
UNKNOWN = "pictures whose size in pixels is not known: add columns width and height to the table, or take yolo"
Json = dict[str, Any]


def write_coco(
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


PERCENT_DIGITS = 4
KEY_POINT = 0.5  # percent: how large it is shown


def regions(
    answer: str,
    drawn: ShapesType,
    names: tuple[str, str],
    text: str = "",
    size: Size | None = None,
    sure: Sequence[float] = (),
) -> list[Json]:
    """`names` are those of the control and of the object; `sure` the confidence of each shape."""
    found = []
    for number, shape in enumerate(stored(answer, TAKEN[drawn.on]).shapes):
        control, value = _value(shape, drawn, text)
        region: Json = {"id": f"shape{number + 1}", "from_name": names[0], "to_name": names[1]}
        region |= {"type": control, "value": value}
        if drawn.on is Surface.PICTURE:
            region["image_rotation"] = 0
            region |= {"original_width": size[0], "original_height": size[1]} if size else {}
        if number < len(sure):
            region["score"] = sure[number]
        found.append(region)
    return found


def _value(shape: Shape, drawn: ShapesType, text: str) -> tuple[str, Mapping[str, Any]]:
    named = [shape.label]
    if isinstance(shape, Box):
        sides = {name: _percent(getattr(shape, name)) for name in ("x", "y", "width", "height")}
        return "rectanglelabels", {**sides, "rotation": 0, "rectanglelabels": named}
    if isinstance(shape, Polygon):
        points = [[_percent(x), _percent(y)] for x, y in shape.corners]
        return "polygonlabels", {"points": points, "closed": True, "polygonlabels": named}
    if isinstance(shape, Point):
        place = {"x": _percent(shape.x), "y": _percent(shape.y), "width": KEY_POINT}
        return "keypointlabels", {**place, "keypointlabels": named}
    return "labels", {**_interval(shape, drawn, text), "labels": named}


def _interval(shape: Interval, drawn: ShapesType, text: str) -> Json:
    if drawn.on is Surface.SOUND:
        return {"start": shape.start, "end": shape.end, "channel": 0}
    start, end = int(shape.start), int(shape.end)
    return {"start": start, "end": end, "text": text[start:end]}


def _percent(share: float) -> float:
    return round(100 * share, PERCENT_DIGITS)


LONGEST = 100  # characters of a picture's name


def write_yolo(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    if not isinstance(answer_type, ShapesType):
        raise ValueError("nothing is drawn")
    number = {label: at for at, label in enumerate(answer_type.labels)}
    taken: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("classes.txt", "".join(f"{_line(label)}\n" for label in number))
        packed.writestr("data.yaml", _about(answer_type.labels))
        for row in drawn_rows(columns, rows, answer_type):
            lines = [f"{number[each.label]} {_numbers(each, answer_type.are_outlines)}\n" for each in row.shapes]
            packed.writestr(f"labels/{_named(row.file, taken)}.txt", "".join(lines))


def _numbers(shape: Shape, outlines: bool) -> str:
    if not isinstance(shape, Box | Polygon):
        raise TypeError("no shape with an area")
    if outlines and isinstance(shape, Polygon):
        found = [coordinate for corner in shape.corners for coordinate in corner]
    else:
        left, top, right, bottom = shape.bounds
        found = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
    return " ".join(f"{each:.6f}" for each in found)


def _named(picture: str, taken: set[str]) -> str:
    """The picture's name without its end; another where two pictures have the same."""
    stem = re.sub(r"[^\w.-]+", "-", PurePosixPath(picture).stem)[:LONGEST].strip(".-") or "picture"
    name, more = stem, 1
    while name.casefold() in taken:
        more += 1
        name = f"{stem}-{more}"
    taken.add(name.casefold())
    return name


def _about(labels: Sequence[str]) -> str:
    """JSON strings are YAML, too."""
    names = "".join(f"  {at}: {json.dumps(label, ensure_ascii=False)}\n" for at, label in enumerate(labels))
    return f"# the pictures belong into images/, beside labels/\npath: .\ntrain: images\nval: images\nnames:\n{names}"


def _line(label: str) -> str:
    return " ".join(label.split())
