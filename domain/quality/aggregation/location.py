"""The weighted median of the places, each axis apart; how right it is depends on what was asked: no confidence."""

from collections.abc import Sequence

import numpy as np

from domain.answers.location import RADIUS, metres, parse, written
from domain.quality.aggregation import NOTHING, Agreement, Vote
from domain.quality.aggregation.robust_numbers import weighted_median


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    """Longitudes are unrolled around the first, so that the date line parts nobody."""
    pairs = [(place, vote.accuracy) for vote in votes if (place := parse(vote.answer))]
    if not pairs:
        return NOTHING
    weights = np.array([accuracy for _, accuracy in pairs])
    first = pairs[0][0][1]
    latitudes = np.array([place[0] for place, _ in pairs])
    longitudes = np.array([first + (place[1] - first + 180) % 360 - 180 for place, _ in pairs])
    lat, lon = weighted_median(latitudes, weights), weighted_median(longitudes, weights)
    return Agreement(written((lat, (lon + 180) % 360 - 180)), None)


def rightness(votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
    """The trust in those who are within RADIUS, as a share of all; one's own word is worth one's accuracy."""
    places = [parse(vote.answer) for vote in votes]
    everybody = sum(vote.accuracy for vote in votes)
    found = []
    for place, vote in zip(places, votes, strict=True):
        near = [bool(place and other and metres(place, other) <= RADIUS) for other in places]
        beside = sum(other.accuracy for other, is_near in zip(votes, near, strict=True) if is_near)
        found.append(beside / (1 + everybody - vote.accuracy))
    return found
