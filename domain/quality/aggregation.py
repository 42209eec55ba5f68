"""Aggregate: what the rule of each answer kind (`consensus_of` in domain/answers) is given of a task, and gives. A
confidence is the probability that the consensus is right, by the kind's own meaning of right."""

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """How two answers differ, where agreement is measured (domain/quality/agreement)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    MASI = "masi"
    KENDALL = "kendall"
    PLACES = "places"


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
    """An answer in canonical words, and the probability that its worker's answers are right. Of numbers and ratings
    `weight` is their precision (1/σ²) against a spread that is assumed, `habit` by how many tolerances they are too
    high. `told`: of several options that apply, once a refit knows."""

    answer: str
    accuracy: float
    weight: float = 1.0
    habit: float = 0.0
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`answer` None: no consensus. `confidence` in 0…1; None where none is claimed. `scores`: what a kind keeps beside
    the answer, of a number or a rating the 95 % credible interval (low, high)."""

    answer: str | None
    confidence: float | None
    scores: tuple[float, ...] | None = None


NOTHING = Agreement(None, None)
