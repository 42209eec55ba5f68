"""A place, shared in the chat: `latitude,longitude` in degrees. Gold has a radius: `48.85837,2.29448 ±200` metres.

The consensus is the weighted median of the places, each axis apart; how right it is depends on what was asked, so that
no confidence is claimed.
"""

import re
from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from domain.answers import AnswerKind
from domain.handing_in import Wants
from domain.money.pricing import PRESS_SECONDS
from domain.quality.aggregation import NO_CONSENSUS, Agreement, Vote
from domain.refusals import AnswerUnfit

RADIUS = 100.0  # metres, where gold names none
EARTH = 6_371_008.8  # mean radius, metres
_DEGREES = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
_PLACE = re.compile(rf"\s*({_DEGREES})\s*[,;\s]\s*({_DEGREES})\s*", re.ASCII)
_GOLD = re.compile(rf"{_PLACE.pattern}(?:(?:±|\+\s*/?\s*-|\s)\s*(\d{{1,7}}(?:\.\d+)?)\s*m?\s*)?", re.ASCII)

Place = tuple[float, float]


class Location(AnswerKind):
    order = 100
    wants = Wants.LOCATION
    is_errand = True
    gold_expected = "place"
    claims_confidence = False
    agrees_nearly = True

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        place = parse(handed_in)
        if place is None:
            raise AnswerUnfit(what=self.wants.value)
        return format_place(place)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        place = None if answer is None else parse(answer)
        accepted = [area for area in map(circle, gold) if area]
        return place is not None and any(metres(place, middle) <= radius for middle, radius in accepted)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        return gold_text.strip() if circle(gold_text) else None

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        area = circle(gold[0])
        return format_place(area[0]) if area else gold[0]

    def estimate_input_seconds(self, options: int) -> float:
        return 3 * PRESS_SECONDS

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """Longitudes are unrolled around the first, so that places on both sides of the date line stay together."""
        from domain.quality.trust import weighted_median  # here: files are read without scipy

        pairs = [(place, vote.accuracy) for vote in votes if (place := parse(vote.answer))]
        if not pairs:
            return NO_CONSENSUS
        weights, first_longitude = [accuracy for _, accuracy in pairs], pairs[0][0][1]
        lat = weighted_median([place[0] for place, _ in pairs], weights)
        lon = weighted_median(
            [first_longitude + _wrap_degrees(place[1] - first_longitude) for place, _ in pairs], weights
        )
        return Agreement(format_place((lat, _wrap_degrees(lon))), None)

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        """The share of trust within RADIUS; a worker's own vote counts with their accuracy."""
        places = [parse(vote.answer) for vote in votes]
        everybody = sum(vote.accuracy for vote in votes)
        shares = []
        for place, vote in zip(places, votes, strict=True):
            near = [bool(place and other_place and metres(place, other_place) <= RADIUS) for other_place in places]
            beside = sum(other_place.accuracy for other_place, is_near in zip(votes, near, strict=True) if is_near)
            shares.append(beside / (1 + everybody - vote.accuracy))
        return shares


def parse(text: str) -> Place | None:
    """(latitude, longitude) on this Earth."""
    return _place(_PLACE.fullmatch(text))


def metres(place_a: Place, place_b: Place) -> float:
    """Great-circle distance, by the haversine formula."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, place)) for place in (place_a, place_b))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def format_place(place: Place) -> str:
    """Return the place as text, to a tenth of a metre."""
    return f"{place[0]:.6f},{place[1]:.6f}"


def circle(gold: str) -> tuple[Place, float] | None:
    """The middle and the radius of a gold answer."""
    match = _GOLD.fullmatch(gold)
    place = _place(match)
    return (place, float(match[3] or RADIUS)) if match and place else None


def _wrap_degrees(degrees: float) -> float:
    """Return the angle between -180 and 180 degrees."""
    return (degrees + 180) % 360 - 180


def _place(match: re.Match[str] | None) -> Place | None:
    if not match:
        return None
    place = float(match[1]), float(match[2])
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


KIND = Location()
