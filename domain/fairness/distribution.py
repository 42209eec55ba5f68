"""Distribution of a crowd's figures: median and lowest tenth."""

from collections.abc import Iterable, Sequence

FEWEST = 5  # with fewer people a median would reveal one person's figure


def quantile(values: Iterable[int], share: float) -> int | None:
    """The smallest value that at least this share of them do not exceed; None of too few."""
    found = sorted(values)
    if len(found) < FEWEST:
        return None
    return found[max(0, -(-int(share * 1000) * len(found) // 1000) - 1)]


def at_least(values: Iterable[int], bounds: Sequence[int]) -> list[int]:
    """How many of them reach each bound."""
    found = list(values)
    return [sum(value >= bound for value in found) for bound in bounds]


def spread(values: Iterable[int], steps: Sequence[int]) -> list[int]:
    """How many lie below the first step, from one to the next, and from the last one on."""
    counts = [0] * (len(steps) + 1)
    for value in values:
        counts[sum(value >= step for step in steps)] += 1
    return counts
