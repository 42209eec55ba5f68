"""Points on a picture; each with a label, one of the options. Half alike are two at a distance of 0.05 of its sides."""

from domain.answers.boxes import Boxes
from domain.shapes.shape import Point


class Points(Boxes):
    order = 124
    takes = (Point,)
    example = '"x": 0.25, "y": 0.4'
    seconds_each, usually = 2.0, 3.0


KIND = Points()
