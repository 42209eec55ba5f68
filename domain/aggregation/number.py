"""A robust weighted centre of the numbers given, to the digit they were given to.

Right is what differs by at most half of the last digit given, or by one percent of the value, whichever is more.
"""

from collections.abc import Sequence
from decimal import Decimal

from domain.aggregation import NOTHING, Agreement, Vote
from domain.answers.number import bounds, parse, plain
from domain.centre import centre_of

SHARE = 0.01


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    pairs = [(value, vote.weight) for vote in votes if (value := parse(vote.answer)) is not None]
    if not pairs:
        return NOTHING
    values = [value for value, _ in pairs]
    digit, tolerance = last_digit(values), tolerance_of(values)
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
    return list(map(float, values)), tolerance_of(values)


def off(value: float, gold: Sequence[str], options: Sequence[str]) -> float:
    """How far it is from what gold accepts."""
    accepted = [found for found in map(bounds, gold) if found]
    return min((max(0.0, float(low) - value, value - float(high)) for low, high in accepted), default=0.0)


def last_digit(values: Sequence[Decimal]) -> Decimal:
    """The finest digit that any of them was given to: 1 for whole numbers, 0.01 for 1.25."""
    return Decimal(1).scaleb(min(map(_exponent, values)))


def tolerance_of(values: Sequence[Decimal]) -> float:
    """The difference that would not matter."""
    middle = sorted(map(abs, values))[len(values) // 2]
    return max(float(last_digit(values)) / 2, SHARE * float(middle))


def _exponent(value: Decimal) -> int:
    """0 for whole numbers, −2 for 1.25."""
    return min(0, int(value.normalize().as_tuple().exponent))
