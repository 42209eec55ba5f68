"""Qualification of a worker in a project, from the gold they met (rank).

Gold answers are Bernoulli trials with a Beta(1, 1) prior: mean (right + 1) / (seen + 2), the rule of succession.
"""

from domain.work.submissions import Enrolment

QUIZ = 5  # a newcomer's first gold: it teaches, and it pays
PROOF = 3  # so many gold answers at least before pay is available at once
BAR = 0.6  # estimated accuracy on gold from which a worker is qualified
# Answers in a project after which gold may change what its worker sees. After a single answer the change would tell
# that this answer was to a check question.
BATCH = 5


def estimated_accuracy(right: int, seen: int) -> float:
    """Posterior mean, in 0…1; .5 before any gold."""
    return (right + 1) / (seen + 2)


def proof_after(right: int, seen: int) -> tuple[int, int]:
    """(gold answers, right ones among them) at which a worker is qualified at the earliest: all further ones right."""
    total = max(PROOF, seen)
    while estimated_accuracy(right + total - seen, total) < BAR:
        total += 1
    needed = next(right for right in range(total + 1) if estimated_accuracy(right, total) >= BAR)
    return total, needed


def is_batch_full(answered: int) -> bool:
    """Return whether gold may change now what the worker sees, after so many answers in the project."""
    return answered % BATCH == 0


def is_qualified(enrolment: Enrolment, gold_left: bool, compared: int = 0, agreeing: int = 0) -> bool:
    """Whether rewards go to *available* at once.

    Where no gold can come, agreement decides: `agreeing` of the `compared` answers that others gave, too.
    """
    right, seen = enrolment.gold_right, enrolment.gold_seen
    if gold_left or (seen >= PROOF and estimated_accuracy(right, seen) >= BAR):
        return seen >= PROOF and estimated_accuracy(right, seen) >= BAR
    together = estimated_accuracy(right + agreeing, seen + compared)
    return together >= (BAR if seen + compared >= PROOF else 0.5)


def is_credible(enrolment: Enrolment, right: bool, compared: int, agreeing: int) -> bool:
    """Whether what else is known of a worker here would qualify them, one gold answer (`right` or not) left out: it
    must not decide who may speak about itself. Agreement does not outweigh the other gold, from two on: whoever answers
    most of it wrong together with friends has no say."""
    hits, seen = enrolment.gold_right - right, enrolment.gold_seen - 1
    if seen >= PROOF - 1 and estimated_accuracy(hits, seen) < 0.5:
        return False
    return enrolment.qualified or (
        seen + compared >= PROOF and estimated_accuracy(hits + agreeing, seen + compared) >= BAR
    )
