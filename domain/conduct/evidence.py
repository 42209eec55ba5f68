"""Evidence against a worker, and what it calls for: soft effects first, a restriction only on strong evidence.

Evidence of different kinds is not independent, so that nats are never added up: the strongest finding decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SUSPICIONS = ("random", "constant", "sleeper", "ring", "informed", "silent", "machine", "pasted")
HARMLESS = ("silent", "machine", "pasted")  # evidence for closer attention, never alone for a restriction
OPEN = ("machine", "pasted")  # they may have a good reason: not even fewer offers
WATCHED, CLOSELY = 1.6, 4.6  # nats: five to one meets more gold, a hundred to one is not pushed to either
RESTRICTED = 9.2  # nats: ten thousand to one
LEAST_ANSWERS = 20  # the least number of answers for a restriction


@dataclass(frozen=True, slots=True)
class Evidence:
    """`nats` for one `suspicion` against honest work (log Bayes factor), from so many answers and gold answers.

    `expected` and `observed` are the two shares a person can compare: right answers for `random` and `sleeper`, and for
    `informed` on tasks that are no check questions; the most frequent answer for `constant`, agreement for `ring`.
    """

    worker: int
    suspicion: str
    nats: float
    answers: int
    gold: int
    expected: float
    observed: float


def conclusive(found: Sequence[Evidence]) -> list[Evidence]:
    """Whether it can restrict: a machine's answers may be right, and “can't tell” is an answer, so that neither does
    alone."""
    return [each for each in found if each.suspicion not in HARMLESS]


def telling(found: Sequence[Evidence]) -> list[Evidence]:
    """All that calls for a human's look, and until then for fewer offers."""
    return [each for each in found if each.suspicion not in OPEN]


def strongest(found: Sequence[Evidence]) -> Evidence | None:
    return max(found, key=lambda evidence: evidence.nats, default=None)


def watch_level(found: Sequence[Evidence]) -> int:
    """0: normal; 1: more gold; 2: more gold and no pushes."""
    top, sure = strongest(found), strongest(telling(found))
    return int(top is not None and top.nats >= WATCHED) + int(sure is not None and sure.nats >= CLOSELY)


def calls_for_restriction(found: Sequence[Evidence]) -> Evidence | None:
    """The finding that is strong enough, from enough answers."""
    strong = [each for each in conclusive(found) if each.nats >= RESTRICTED and each.answers >= LEAST_ANSWERS]
    return strongest(strong)


def still_supports(found: Sequence[Evidence]) -> bool:
    """Whether the current evidence is still strong; else the restriction ends early."""
    top = strongest(conclusive(found))
    return top is not None and top.nats >= CLOSELY
