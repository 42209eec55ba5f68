"""Drawings as other tools write them, as documents of ours: Label Studio's results, and annotations like COCO's.

    [{"type": "rectanglelabels", "value": {"x": 10, "y": 20, "width": 30, "height": 25, "rectanglelabels": ["cat"]}}, …]
    {"width": 640, "height": 480, "annotations": [{"bbox": [64, 96, 192, 120], "category": "cat"}, …]}

Label Studio's lengths are percent of the picture, COCO's are pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
    shapes = [_region(each["value"]) for each in results]
    sizes = [(each["original_width"], each["original_height"]) for each in results if "original_width" in each]
    return {"shapes": shapes, "size": list(sizes[0])} if sizes else {"shapes": shapes}


def _region(value: Mapping[str, Any]) -> dict[str, Any]:
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
