"""Boxes around things on a picture, or polygons where a box says too little; each with a label, one of the options."""

from collections.abc import Mapping

from domain.handing_in import Surface
from domain.shapes.kind import ShapesKind
from domain.shapes.shape import Box, Polygon, Shape, pictures_of


class Boxes(ShapesKind):
    order = 120
    takes: tuple[type[Shape], ...] = (Box, Polygon)
    example = '"x": 0.25, "y": 0.1, "width": 0.5, "height": 0.4'
    on = Surface.PICTURE

    def find_missing_content(self, template: str, content: Mapping[str, str]) -> str:
        return "" if len(pictures_of(template, content)) == 1 else "one_picture"


KIND = Boxes()
