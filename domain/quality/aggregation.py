"""Aggregate, beyond one choice: a task's answers and how far their workers are trusted → consensus and confidence.

Each answer kind has its own rule (`consensus_of` in domain/answers), made of the methods here. A confidence is the
probability that the consensus is the right answer, by the kind's own meaning of right; a kind without a model of errors
claims none.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """How two answers differ, where agreement is measured (domain/quality/agreement)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Told:
    """Nats for an option's applying that a worker `named`, and that they `left` out."""

    named: float
    left: float


@dataclass(frozen=True, slots=True)
class Usual:
    """How often each option applies in a project (`shares`), and whole `sets` of options with their shares, on which
    `weight` of what is believed beforehand is."""

    shares: tuple[float, ...]
    sets: tuple[tuple[tuple[str, ...], float], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer in canonical words, and the probability that its worker's answers are right.

    `weight` is the precision of their numbers (1/σ²) against a spread that is assumed, `habit` by how many tolerances
    they are too high; only numbers and ratings ask for them. `told`: of several options that apply, once a refit knows.
    """

    answer: str
    accuracy: float
    weight: float = 1.0
    habit: float = 0.0
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`answer` None: no consensus. `confidence` in 0…1; None where none is claimed.

    `scores` are what a kind keeps beside the answer: of a number or a rating the interval (low, high) that holds 95 %
    of what is believed.
    """

    answer: str | None
    confidence: float | None
    scores: tuple[float, ...] | None = None


NOTHING = Agreement(None, None)
