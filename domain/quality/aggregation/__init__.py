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
from typing import Protocol, cast, runtime_checkable


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer in canonical words, and the probability that its worker's answers are right.

    `weight` is the precision of their numbers (1/σ²) against the crowd's; only numbers and ratings ask for it.
    """

    answer: str
    accuracy: float
    weight: float = 1.0


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

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        """P(right) of each of the votes, by what all of them say together."""
        ...


NOTHING = Agreement(None, None)
UNCLAIMED = ("location", "photo", "voice")  # kinds whose consensus, where there is one, has no confidence


def consensus_of(kind: str, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    """By the kind's own rule; nothing where it has none, or nobody could tell."""
    return _of(kind).consensus_of(votes, options) if votes and kind in aggregated() else NOTHING


def rightness(kind: str, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
    """P(right) of each vote of a kind that is aggregated; what stands alone is as right as its worker."""
    return [vote.accuracy for vote in votes] if len(votes) < 2 else _of(kind).rightness(votes, options)


@runtime_checkable
class Measure(Protocol):
    """A module of this package whose answers are numbers."""

    def measured(self, answers: Sequence[str], options: Sequence[str]) -> tuple[list[float], float]:
        """The answers to one task as numbers, and the difference between two that would not matter."""
        ...

    def off(self, value: float, gold: Sequence[str], options: Sequence[str]) -> float:
        """How far a number is from what gold accepts."""
        ...


def measure_of(kind: str) -> Measure | None:
    """None for kinds whose answers are no numbers."""
    found = _of(kind) if kind in aggregated() else None
    return found if isinstance(found, Measure) else None


@cache
def aggregated() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def _of(kind: str) -> Aggregation:
    return cast(Aggregation, import_module(f"{__name__}.{kind}"))
