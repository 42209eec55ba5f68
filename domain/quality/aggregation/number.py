"""A robust weighted centre of the numbers given, to the digit they were given to.

Right is what differs by at most half of the last digit given, or by one percent of the value, whichever is more.
"""

from collections.abc import Sequence
from decimal import Decimal

from domain.answers.number import bounds, last_digit, parse, plain, tolerance_of
from domain.quality.aggregation import NOTHING, Agreement, Vote
from domain.quality.aggregation.robust_centre import centre_of


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    pairs = [(value, vote.weight) for vote in votes if (value := parse(vote.answer)) is not None]
    if not pairs:
        return NOTHING
    values = [value for value, _ in pairs]
    digit, tolerance = last_digit(values), float(tolerance_of(values))
    centre = centre_of(list(map(float, values)), [weight for _, weight in pairs], tolerance)
    answer = round(Decimal(centre.value) / digit) * digit
    sure = centre.probability(float(answer) - tolerance, float(answer) + tolerance)
    return Agreement(plain(answer), sure, centre.interval)


def rightness(votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
    values, tolerance = measured([vote.answer for vote in votes], options)
    centre = centre_of(values, [vote.weight for vote in votes], tolerance)
    return [centre.probability(value - tolerance, value + tolerance) for value in values]


def measured(answers: Sequence[str], options: Sequence[str]) -> tuple[list[float], float]:
    """The numbers, and the difference that would not matter."""
    values = [parse(answer) or Decimal(0) for answer in answers]
    return list(map(float, values)), float(tolerance_of(values))


def off(value: float, gold: Sequence[str], options: Sequence[str]) -> float:
    """How far it is from what gold accepts."""
    accepted = [found for found in map(bounds, gold) if found]
    return min((max(0.0, float(low) - value, value - float(high)) for low, high in accepted), default=0.0)
