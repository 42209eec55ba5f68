"""Polygons around things on a picture; each with a label, one of the options."""

from domain.answers.boxes import Boxes
from domain.shapes.shape import Polygon


class Polygons(Boxes):
    order = 122
    takes = (Polygon,)
    example = '"points": [[0.2, 0.1], [0.7, 0.3], [0.4, 0.8]]'
    seconds_each = 15.0


KIND = Polygons()
