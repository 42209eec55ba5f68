"""Regions of Label Studio: rectanglelabels, polygonlabels, keypointlabels on pictures, in percent; labels in texts and
sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.handing_in import ShapesType, Surface
from domain.shapes.document import Size, stored
from domain.shapes.shape import Box, Interval, Point, Polygon, Shape
from formats.drawings.rows import TAKEN

DIGITS = 4
KEY_POINT = 0.5  # percent: how large it is shown
Json = dict[str, Any]


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
    return round(100 * share, DIGITS)
