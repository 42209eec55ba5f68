"""Aggregate, beyond one choice: a task's answers and how far their workers are trusted → consensus and confidence.

One file an answer kind, found here by name; `choice` and `compare` have worker models of their own (domain/quality).
A confidence is the probability that the consensus is the right answer, by the kind's own meaning of right:

choices    exactly these options apply        rating    the scale's true step is this one
number     the true value is within the tolerance of domain/aggregation/number
text       the right words are these, apart from case, accents and white space
rank       the true order is this one         location  none is claimed
photo, voice have no consensus: every one of them is a result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer in canonical words, and the probability that its worker's answers are right."""

    answer: str
    accuracy: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """`answer` None: nothing can be said. `confidence` in 0…1; None where none is claimed.

    `interval` holds 95 % of what is believed of a number or a rating: (low, high).
    """

    answer: str | None
    confidence: float | None
    interval: tuple[float, float] | None = None


class Aggregation(Protocol):
    """A module of this package."""

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        """At least one vote, in the order of their workers, so that arrival changes nothing."""
        ...


NOTHING = Agreement(None, None)


def consensus_of(kind: str, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    """By the kind's own rule; nothing where it has none, or nobody could tell."""
    return _of(kind).consensus_of(votes, options) if votes and kind in aggregated() else NOTHING


@cache
def aggregated() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def _of(kind: str) -> Aggregation:
    return cast(Aggregation, import_module(f"{__name__}.{kind}"))
