"""YOLO's labels out, as a ZIP: `labels/PICTURE.txt`, a line a shape, `classes.txt` and `data.yaml`.

A line is the label's number from 0, then the box's middle, width and height in fractions of the picture; where only
polygons are drawn, their corners. A polygon among boxes is its bounds. A picture on which nothing is has an empty file.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from domain.answers import AnswerType, ExportType
from domain.handing_in import ShapesType
from domain.shapes.shape import Box, Polygon, Shape
from formats.drawings.rows import drawn_rows
from formats.values import Value

LONGEST = 100  # characters of a picture's name


def write(
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
