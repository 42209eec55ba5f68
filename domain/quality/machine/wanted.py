"""The confidence wanted beside models where a requester names none: as sure as the people asked for would be alone."""

from math import comb

from domain.quality.machine.asking import PEOPLE


def as_sure_as(people: int) -> float:
    """P(the majority of so many is right), each as often as is usual, of two answers; a tie is tossed for.

    Condorcet 1785: 0.75 for one, 0.84 for three, 0.90 for five.
    """
    shares = [comb(people, right) * PEOPLE**right * (1 - PEOPLE) ** (people - right) for right in range(people + 1)]
    won = sum(share for right, share in enumerate(shares) if 2 * right > people)
    return round(min(0.99, won + sum(share for right, share in enumerate(shares) if 2 * right == people) / 2), 2)
