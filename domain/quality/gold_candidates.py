"""Tasks whose right answer, once a requester has given it, tells most."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log

ASKED = 20  # known answers: from so many on they pay (docs/quality.md)
UNANIMOUS, LEAST_AGREEING, SURE = 0.9, 3, 0.95  # share, answers and confidence from which a consensus may be gold


def is_unanimous(consensus: str, answers: Sequence[str], received: int) -> bool:
    """Whether so many of the `received` answers that hardly any differs are the consensus, whatever their case."""
    alike = sum(answer.casefold() == consensus.casefold() for answer in answers)
    return alike >= UNANIMOUS * received


def worth_checking(posteriors: Mapping[int, Sequence[float]], turn: int) -> int:
    """Of tasks with a posterior over the options (people's, models', or both), the one to be checked. Classes take
    turns, so that rare ones are met; of a class it is the most contested one, by entropy."""
    by_class: dict[int, list[int]] = defaultdict(list)
    for task, posterior in posteriors.items():
        by_class[max(range(len(posterior)), key=lambda at: posterior[at])].append(task)
    of_class = sorted(by_class.values(), key=len)[turn % len(by_class)]
    return min(of_class, key=lambda task: (sum(p * log(p) for p in posteriors[task] if p > 0), task))
