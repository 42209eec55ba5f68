"""A robust weighted centre of the numbers given, to the digit they were given to.

Right is what differs by at most half of the last digit given, or by one percent of the value, whichever is more.
"""

from collections.abc import Sequence
from decimal import Decimal

from domain.aggregation import NOTHING, Agreement, Vote
from domain.answers.number import parse, plain
from domain.centre import centre_of

SHARE = 0.01


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    pairs = [(value, vote.accuracy) for vote in votes if (value := parse(vote.answer)) is not None]
    if not pairs:
        return NOTHING
    digit = Decimal(1).scaleb(min(_exponent(value) for value, _ in pairs))
    values = [float(value) for value, _ in pairs]
    trust = [accuracy for _, accuracy in pairs]
    middle = sorted(map(abs, values))[len(values) // 2]
    tolerance = max(float(digit) / 2, SHARE * middle)
    centre = centre_of(values, trust, tolerance)
    answer = round(Decimal(centre.value) / digit) * digit
    sure = centre.probability(float(answer) - tolerance, float(answer) + tolerance)
    return Agreement(plain(answer), sure, centre.interval)


def _exponent(value: Decimal) -> int:
    """0 for whole numbers, −2 for 1.25."""
    return min(0, int(value.normalize().as_tuple().exponent))
