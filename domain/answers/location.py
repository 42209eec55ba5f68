"""A place, shared in the chat: `latitude,longitude` in degrees. Gold has a radius: `48.85837,2.29448 ±200` metres."""

import re
from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from domain.answers import Wants
from domain.refusals import AnswerUnfit

WANTS = Wants.LOCATION
OPTIONS: tuple[str, ...] = ()
RADIUS = 100.0  # metres, where gold names none
EARTH = 6_371_008.8  # mean radius, metres
_DEGREES = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
_PLACE = re.compile(rf"\s*({_DEGREES})\s*[,;\s]\s*({_DEGREES})\s*", re.ASCII)
_GOLD = re.compile(rf"{_PLACE.pattern}(?:(?:±|\+\s*/?\s*-|\s)\s*(\d{{1,7}}(?:\.\d+)?)\s*m?\s*)?", re.ASCII)

Place = tuple[float, float]


def parse(text: str) -> Place | None:
    """(latitude, longitude) on this Earth."""
    return _place(_PLACE.fullmatch(text))


def metres(one: Place, other: Place) -> float:
    """Great-circle distance, by the haversine formula."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def written(place: Place) -> str:
    """To a tenth of a metre."""
    return f"{place[0]:.6f},{place[1]:.6f}"


def circle(gold: str) -> tuple[Place, float] | None:
    """The middle and the radius of a gold answer."""
    match = _GOLD.fullmatch(gold)
    place = _place(match)
    return (place, float(match[3] or RADIUS)) if match and place else None


def read(handed_in: str, options: Sequence[str]) -> str:
    place = parse(handed_in)
    if place is None:
        raise AnswerUnfit(what=WANTS.value)
    return written(place)


def is_right(answer: str | None, gold: Sequence[str]) -> bool:
    place = None if answer is None else parse(answer)
    accepted = [found for found in map(circle, gold) if found]
    return place is not None and any(metres(place, middle) <= radius for middle, radius in accepted)


def gold(written: str, options: Sequence[str]) -> str | None:
    return written.strip() if circle(written) else None


def known(gold: Sequence[str]) -> str:
    found = circle(gold[0])
    return written(found[0]) if found else gold[0]


def _place(match: re.Match[str] | None) -> Place | None:
    if not match:
        return None
    place = float(match[1]), float(match[2])
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


def accepted(answer: str) -> tuple[str, ...]:
    return (answer,)
