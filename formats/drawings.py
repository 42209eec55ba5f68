"""Writers of drawings: COCO and YOLO files, and Label Studio's regions."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import orjson

from domain.handing_in import AnswerType, ExportType, ShapesType, Surface
from domain.projects.tasks import AUDIO, PHOTO, VOICE, kind_of_column, parts_of
from domain.shapes.document import Size, load_stored
from domain.shapes.kind import SIZE, SURE
from domain.shapes.shape import Box, Interval, Point, Polygon, Region, Shape, Span, area
from formats.result_columns import Value, shape_of

SHAPES_BY_SURFACE: Mapping[Surface, tuple[type[Shape], ...]] = {
    Surface.PICTURE: (Box, Polygon, Point),
    Surface.TEXT: (Span,),
    Surface.SOUND: (Region,),
}
_MEDIA_BY_SURFACE = {Surface.PICTURE: (PHOTO,), Surface.TEXT: (None,), Surface.SOUND: (AUDIO, VOICE)}
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})", re.ASCII)
_SIDE_COLUMNS = ("width", "height")  # columns of the table that name them


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A task whose consensus is a drawing: its number in the file, its picture's name, its size in pixels or None
    if it is not known, and each shape with its confidence."""

    number: int
    task: str
    file: str
    size: Size | None
    shapes: tuple[Shape, ...]
    sure: tuple[float | None, ...]


def iter_drawn_rows(
    columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ShapesType
) -> Iterator[DrawnRow]:
    """Yield the tasks that have a consensus; an empty drawing is one, too: nothing is to be marked there."""
    shape, position_by_name = shape_of(columns), {name: position for position, name in enumerate(columns)}
    number = 0
    for row in rows:
        answer = row[position_by_name["consensus"]]
        if not isinstance(answer, str) or not answer:
            continue
        number += 1
        shapes = load_stored(answer, SHAPES_BY_SURFACE[answer_type.on]).shapes
        confidences = orjson.loads(str(row[position_by_name[SURE]] or "[]"))
        content = {name: str(cell or "") for name, cell in zip(shape.content, row[1:], strict=False)}
        size = size_of(str(row[position_by_name[SIZE]] or ""), content)
        padded = (*confidences, *(None for _ in shapes))[: len(shapes)]
        yield DrawnRow(
            number=number,
            task=str(row[0]),
            file=file_of(answer_type, content, number),
            size=size,
            shapes=shapes,
            sure=padded,
        )


def size_of(size_text: str, content: Mapping[str, str]) -> Size | None:
    """Return the size that workers' apps reported (`640x480`), else that of the task's columns `width` and
    `height`, else None."""
    if match := _SIZE.fullmatch(size_text):
        return int(match[1]), int(match[2])
    sides = [content.get(name, "").strip() for name in _SIDE_COLUMNS]
    if all(side.isascii() and side.isdigit() and 0 < int(side) < 65_536 for side in sides):
        return int(sides[0]), int(sides[1])
    return None


def column_of(answer_type: ShapesType, content: Mapping[str, str]) -> str | None:
    """Return the column that workers drew on: the first one of the right kind that is shown and not empty; None if
    there is none."""
    kinds = _MEDIA_BY_SURFACE[answer_type.on]
    shown_columns = [name for name in answer_type.columns if kind_of_column(name) in kinds] or list(answer_type.columns)
    names = shown_columns or [name for name in content if kind_of_column(name) in kinds]
    return next((name for name in names if content.get(name)), next(iter(names), None))


def file_of(answer_type: ShapesType, content: Mapping[str, str], number: int) -> str:
    """Return the picture's name: the last part of its address, or the task's number."""
    reference = next(iter(parts_of(content.get(column_of(answer_type, content) or "", ""))), "")
    name = PurePosixPath(unquote(urlsplit(reference).path) if "://" in reference else reference).name
    return name or f"{number}"


PIXEL_DIGITS = 2  # of a pixel
UNKNOWN_SIZE_NOTE = (
    "pictures whose size in pixels is not known: add columns width and height to the table, or take yolo"
)
Json = dict[str, Any]


def write_coco(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write a COCO file; images are written as they come, annotations are small and wait in memory. Tasks whose
    picture's size is not known are left out and listed in `info`. Raise ValueError if nothing is drawn."""
    if not isinstance(answer_type, ShapesType):
        raise ValueError("nothing is drawn")
    category_ids = {label: category_id for category_id, label in enumerate(answer_type.labels, 1)}
    annotations, left_out = list[Json](), list[str]()
    file.write(b'{"images": [')
    has_images = False
    for row in iter_drawn_rows(columns, rows, answer_type):
        if row.size is None:
            left_out.append(row.task)
            continue
        file.write((b",\n" if has_images else b"\n") + orjson.dumps(_coco_image(row, row.size)))
        has_images = True
        for shape, confidence in zip(row.shapes, row.sure, strict=True):
            annotation = {"id": len(annotations) + 1, "image_id": row.number, "category_id": category_ids[shape.label]}
            annotations.append(
                annotation | _coco_geometry(shape, row.size) | ({} if confidence is None else {"score": confidence})
            )
    file.write(
        b'\n],\n"categories": '
        + orjson.dumps([_coco_category(*category, answer_type) for category in category_ids.items()])
    )
    file.write(b',\n"annotations": ' + orjson.dumps(annotations))
    remark = {"left_out": left_out, "why": UNKNOWN_SIZE_NOTE} if left_out else {}
    file.write(b',\n"info": ' + orjson.dumps({"description": "consensus of several people", **remark}) + b"}\n")


def _coco_image(row: DrawnRow, size: Size) -> Json:
    return {"id": row.number, "file_name": row.file, "width": size[0], "height": size[1], "task": row.task}


def _coco_category(name: str, number: int, answer_type: ShapesType) -> Json:
    points = {} if answer_type.has_areas else {"keypoints": [name], "skeleton": []}
    return {"id": number, "name": name, "supercategory": "", **points}


def _coco_geometry(shape: Shape, size: Size) -> Json:
    """Return COCO's geometry of a shape, in pixels. Raise TypeError for a shape of a text or sound."""
    width, height = size
    if isinstance(shape, Point):
        x, y = _pixels(shape.x, width), _pixels(shape.y, height)
        empty_area = {"bbox": [x, y, 0.0, 0.0], "area": 0.0, "segmentation": [], "iscrowd": 0}
        return {"keypoints": [x, y, 2], "num_keypoints": 1, **empty_area}
    if not isinstance(shape, Box | Polygon):
        raise TypeError("no shape of a picture")
    left, top, right, bottom = shape.bounds
    box_corners = (left, top), (right, top), (right, bottom), (left, bottom)
    corners = shape.corners if isinstance(shape, Polygon) else box_corners
    ring = [(_pixels(x, width), _pixels(y, height)) for x, y in corners]
    box = [_pixels(left, width), _pixels(top, height), _pixels(right - left, width), _pixels(bottom - top, height)]
    outline = [coordinate for corner in ring for coordinate in corner]
    return {"bbox": box, "area": round(abs(area(ring)), PIXEL_DIGITS), "segmentation": [outline], "iscrowd": 0}


def _pixels(share: float, side: int) -> float:
    return round(share * side, PIXEL_DIGITS)


PERCENT_DIGITS = 4
KEY_POINT_PERCENT = 0.5  # percent: how large it is shown


def to_regions(
    answer: str,
    answer_type: ShapesType,
    names: tuple[str, str],
    text: str = "",
    size: Size | None = None,
    confidences: Sequence[float] = (),
) -> list[Json]:
    """Return Label Studio's regions of a drawn answer. `names` are those of the control and of the object,
    `confidences` those of the shapes."""
    regions = []
    for number, shape in enumerate(load_stored(answer, SHAPES_BY_SURFACE[answer_type.on]).shapes):
        control, value = _region_value(shape, answer_type, text)
        region: Json = {"id": f"shape{number + 1}", "from_name": names[0], "to_name": names[1]}
        region |= {"type": control, "value": value}
        if answer_type.on is Surface.PICTURE:
            region["image_rotation"] = 0
            region |= {"original_width": size[0], "original_height": size[1]} if size else {}
        if number < len(confidences):
            region["score"] = confidences[number]
        regions.append(region)
    return regions


def _region_value(shape: Shape, answer_type: ShapesType, text: str) -> tuple[str, Mapping[str, Any]]:
    """Return the region's type and its value."""
    labels = [shape.label]
    if isinstance(shape, Box):
        sides = {name: _percent(getattr(shape, name)) for name in ("x", "y", "width", "height")}
        return "rectanglelabels", {**sides, "rotation": 0, "rectanglelabels": labels}
    if isinstance(shape, Polygon):
        points = [[_percent(x), _percent(y)] for x, y in shape.corners]
        return "polygonlabels", {"points": points, "closed": True, "polygonlabels": labels}
    if isinstance(shape, Point):
        point = {"x": _percent(shape.x), "y": _percent(shape.y), "width": KEY_POINT_PERCENT}
        return "keypointlabels", {**point, "keypointlabels": labels}
    return "labels", {**_interval_value(shape, answer_type, text), "labels": labels}


def _interval_value(shape: Interval, answer_type: ShapesType, text: str) -> Json:
    if answer_type.on is Surface.SOUND:
        return {"start": shape.start, "end": shape.end, "channel": 0}
    start, end = int(shape.start), int(shape.end)
    return {"start": start, "end": end, "text": text[start:end]}


def _percent(share: float) -> float:
    return round(100 * share, PERCENT_DIGITS)


MAX_NAME_CHARS = 100  # characters of a picture's name


def write_yolo(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write a ZIP with YOLO's `data.yaml`, `classes.txt` and a text for each picture. Raise ValueError if nothing
    is drawn."""
    if not isinstance(answer_type, ShapesType):
        raise ValueError("nothing is drawn")
    class_ids = {label: class_id for class_id, label in enumerate(answer_type.labels)}
    taken_names: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("classes.txt", "".join(f"{_on_one_line(label)}\n" for label in class_ids))
        archive.writestr("data.yaml", _data_yaml(answer_type.labels))
        for row in iter_drawn_rows(columns, rows, answer_type):
            lines = [
                f"{class_ids[shape.label]} {_yolo_numbers(shape, answer_type.are_outlines)}\n" for shape in row.shapes
            ]
            archive.writestr(f"labels/{_choose_name(row.file, taken_names)}.txt", "".join(lines))


def _yolo_numbers(shape: Shape, as_outline: bool) -> str:
    """Return YOLO's coordinates: the outline, or centre and size of the box, as shares of the sides. Raise
    TypeError for other shapes."""
    if not isinstance(shape, Box | Polygon):
        raise TypeError("no shape with an area")
    if as_outline and isinstance(shape, Polygon):
        coordinates = [coordinate for corner in shape.corners for coordinate in corner]
    else:
        left, top, right, bottom = shape.bounds
        coordinates = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
    return " ".join(f"{share:.6f}" for share in coordinates)


def _choose_name(picture: str, taken_names: set[str]) -> str:
    """Return the picture's name without its extension, with a number if the name is taken. Adds the name to
    `taken_names`."""
    stem = re.sub(r"[^\w.-]+", "-", PurePosixPath(picture).stem)[:MAX_NAME_CHARS].strip(".-") or "picture"
    name, suffix = stem, 1
    while name.casefold() in taken_names:
        suffix += 1
        name = f"{stem}-{suffix}"
    taken_names.add(name.casefold())
    return name


def _data_yaml(labels: Sequence[str]) -> str:
    """Return YOLO's `data.yaml`. Labels are quoted as JSON strings, which are YAML, too."""
    names = "".join(f"  {class_id}: {json.dumps(label, ensure_ascii=False)}\n" for class_id, label in enumerate(labels))
    return f"# the pictures belong into images/, beside labels/\npath: .\ntrain: images\nval: images\nnames:\n{names}"


def _on_one_line(label: str) -> str:
    return " ".join(label.split())
