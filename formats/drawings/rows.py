"""Rows of results as pictures with what was drawn on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import orjson

from domain.handing_in import ShapesType, Surface
from domain.projects.media import AUDIO, PHOTO, VOICE, kind_of_column, parts_of
from domain.shapes.document import Size, stored
from domain.shapes.kind import SIZE, SURE
from domain.shapes.shape import Box, Point, Polygon, Region, Shape, Span
from formats.shapes import shape_of
from formats.values import Value

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
