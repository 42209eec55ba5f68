"""Aggregate: what a task's submissions say together, and when it has been asked enough.

Majority vote. Its confidence is the posterior of the leading answer when every worker is right with the same
probability A and errs evenly over the other options (the one-coin model of Dawid & Skene 1979):
P(k) ∝ (A (K - 1) / (1 - A)) ^ votes(k).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

ACCURACY = 0.75  # of one answer; the mean over public crowds


@dataclass(frozen=True, slots=True)
class Consensus:
    """`answer` is None while nobody could tell; `confidence` is in 0…1."""

    answer: str | None
    confidence: float


def consensus_of(answers: Sequence[str | None], options: Sequence[str]) -> Consensus:
    """“Can't tell” (None) votes for nothing; a tie goes to the option that stands first."""
    votes = Counter(answer for answer in answers if answer is not None)
    if not votes:
        return Consensus(None, 1 / max(1, len(options)))
    odds = ACCURACY * (max(2, len(options)) - 1) / (1 - ACCURACY)
    leader = max(options, key=lambda option: votes[option])
    weights = [odds ** (votes[option] - votes[leader]) for option in options]
    return Consensus(leader, 1 / sum(weights))


def is_enough(received: int, overlap: int, max_overlap: int, confidence: float, wanted: float | None) -> bool:
    """With a wanted confidence a task closes when its consensus is that sure, else after `overlap` submissions."""
    if wanted is None:
        return received >= overlap
    return received >= max(overlap, max_overlap) or confidence >= wanted
