"""Regions of the sound that a task plays, in seconds; each with a label, one of the options."""

from collections.abc import Mapping

from domain.handing_in import Surface
from domain.shapes.kind import ShapesKind
from domain.shapes.shape import Region, sounds_of


class Regions(ShapesKind):
    order = 128
    takes = (Region,)
    example = '"start": 0.5, "end": 2.25'
    on = Surface.SOUND
    seconds_each, usually = 6.0, 3.0

    def find_missing_content(self, template: str, content: Mapping[str, str]) -> str:
        return "" if len(sounds_of(template, content)) == 1 else "one_sound"


KIND = Regions()
