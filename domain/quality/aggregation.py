"""Inputs and results of aggregation: the votes that an answer kind's rule (`consensus_of` in domain/answers) combines
into a consensus. A confidence is the probability that the consensus is right, by the kind's own meaning of right."""

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """Scale of measurement of an answer kind: how the disagreement of two answers is measured
    (domain/quality/agreement)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    MASI = "masi"
    KENDALL = "kendall"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class OptionEvidence:
    """Log-odds (nats) that an option applies, added by a worker who `named` it or `left` it out."""

    named: float
    left: float


@dataclass(frozen=True, slots=True)
class UsualSets:
    """Prior of answers of which several options apply: the share of tasks to which each option applies (`shares`, by
    option), and the usual `sets` of options with their shares of the tasks. `weight` (0…1) is the part of the prior
    that is on the sets."""

    shares: tuple[float, ...]
    sets: tuple[tuple[tuple[str, ...], float], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer in canonical words with the probability that its worker is right (`accuracy`). For numbers and ratings,
    `weight` is the precision (1/σ²) relative to the assumed spread, and `habit` the worker's bias in tolerances.
    `option_evidence`: the worker's evidence per option where several apply, None before the first refit."""

    answer: str
    accuracy: float
    weight: float = 1.0
    habit: float = 0.0
    option_evidence: OptionEvidence | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Consensus of a task. `answer` None: no consensus. `confidence` in 0…1, None where none is claimed. `scores`:
    figures that a kind stores beside the answer; for numbers and ratings the 95 % credible interval (low, high)."""

    answer: str | None
    confidence: float | None
    scores: tuple[float, ...] | None = None


NO_CONSENSUS = Agreement(None, None)
